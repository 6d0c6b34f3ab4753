"""What was noted before entries were hashed is hashed when the database goes forward, and goes on from there."""

from collections.abc import Generator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from prorata.store import audit, schema
from prorata.store.audit import AuditEntry
from prorata.store.embedded import APP, OWNER, EmbeddedServer
from prorata.store.engine import Database
from prorata.store.verifying.chain import check_chain
from store.ground import noon

BEFORE = (
    """INSERT INTO sellers (name, address, country, zone, tax_ids, test)
       VALUES ('Kadans', 'Oude Vest 41', 'NL', 'UTC', '{}', true)""",
    """INSERT INTO accounts (seller_id, name, country, kind, currency, zone, billing, payment_mode, test, next_audit)
       SELECT 1, 'Account ' || n, 'NL', 'business', 'EUR', 'UTC', 'daily', 'none', true, CASE n WHEN 2 THEN 1 ELSE 4 END
       FROM generate_series(1, 3) AS n""",
    """INSERT INTO audit (account_id, id, at, actor_kind, actor_id, actor_name, on_behalf, action, subject, detail)
       SELECT account_id, id, '2026-01-15 12:00:00.000001+01', 'admin', NULLIF(id, 2), 'Zoë "Z"', NULL, 'document.pay',
              E'all\\n', '{"documents": ["2026-000001"], "b": {"long": 1, "a": null}}'
       FROM (VALUES (1), (3)) AS account (account_id), generate_series(1, 3) AS id""",
)


@pytest.fixture(scope="module")
def forward(server: EmbeddedServer) -> Generator[Database]:
    server.ensure_database("noted_before")
    url = server.url("noted_before", user=OWNER)
    schema.migrate(url, to="0008")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        for statement in BEFORE:
            conn.exec_driver_sql(statement)
    schema.migrate(url)
    database = Database(url, server.url("noted_before", user=APP))
    yield database
    database.dispose()
    server.drop_database("noted_before")


def test_what_was_noted_before_hangs_together_and_goes_on(forward: Database):
    with forward.account(3) as conn:
        entry = AuditEntry(at=noon("2026-01-16"), actor_kind="admin", actor_name="A", action="key.make", subject="k")
        assert audit.write(conn, 3, entry=entry) == 4
        assert [one.way for one in audit.page(conn, 3)] == [""] * 4
    with forward.owner(read_only=True) as conn:
        assert list(check_chain(conn, [1, 2, 3])) == []
        heads = conn.scalars(text("SELECT audit_hash FROM accounts ORDER BY account_id")).all()
    assert heads[1] is None
    assert len({*heads}) == 3
