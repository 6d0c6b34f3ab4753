"""Names and addresses that stood there readable are sealed when the database goes forward."""

from collections.abc import Generator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from prorata.store import invitations, members, schema
from prorata.store.embedded import APP, OWNER, EmbeddedServer
from prorata.store.engine import Database

# Anna twice, in small letters and in capital ones: who came first was found by it.
BEFORE = (
    """INSERT INTO sellers (name, address, country, zone, tax_ids, test)
       VALUES ('Kadans', 'Oude Vest 41', 'NL', 'UTC', '{}', true)""",
    """INSERT INTO accounts (seller_id, name, country, kind, currency, zone, billing, payment_mode, test, next_member)
       SELECT 1, 'Account ' || n, 'NL', 'business', 'EUR', 'UTC', 'daily', 'none', true, 4
       FROM generate_series(1, 2) AS n""",
    """INSERT INTO members (account_id, id, name, email, role, language, left_at)
       SELECT account, id, name, email, 'member', 'nl', NULL
       FROM generate_series(1, 2) AS account,
            (VALUES (1, 'Zoë', 'zoe@example.test'), (2, 'Anna', 'Anna@example.test'), (3, 'A.', 'anna@example.test'))
                AS member (id, name, email)""",
    """INSERT INTO invitations (account_id, id, token_hash, name, email, role, language, invited_by, invited_by_name,
                                at, expires_at, used_at, revoked_at)
       SELECT 1, n, sha256(CAST(CAST(n AS text) AS bytea)), 'Bram', 'bram@example.test', 'reader', 'nl',
              nullif(n, 4), 'Anna', now(), now(), CASE WHEN n IN (2, 4) THEN now() END, CASE n WHEN 3 THEN now() END
       FROM generate_series(1, 4) AS n""",
)


@pytest.fixture(scope="module")
def forward(server: EmbeddedServer) -> Generator[Database]:
    server.ensure_database("members_before")
    url = server.url("members_before", user=OWNER)
    schema.migrate(url, to="0010")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        for statement in BEFORE:
            conn.exec_driver_sql(statement)
    schema.migrate(url)
    database = Database(url, server.url("members_before", user=APP))
    yield database
    database.dispose()
    server.drop_database("members_before")


def test_everybody_is_who_they_were_and_is_found_by_their_address(forward: Database):
    for account in (1, 2):
        with forward.account(account, read_only=True) as conn:
            assert [(m.id, m.name, m.email) for m in members.all_of(conn, account)] == [
                (1, "Zoë", "zoe@example.test"),
                (2, "Anna", "Anna@example.test"),
                (3, "A.", "anna@example.test"),
            ]
            found = [members.by_email(conn, account, email=e) for e in ("zoe@example.test", "anna@example.test")]
            assert [one and one.id for one in found] == [1, 2]
    with forward.owner(read_only=True) as conn:
        assert conn.scalar(text("SELECT count(DISTINCT key) FROM member_keys")) == 6
        assert conn.scalar(text("SELECT count(DISTINCT pepper) FROM accounts")) == 2


def test_an_invitation_that_waits_says_for_whom_it_is_and_no_other_does(forward: Database):
    with forward.account(1, read_only=True) as conn:
        found = [invitations.find(conn, 1, invitation=n) for n in range(1, 5)]
    assert [(one.name, one.email, one.by_name) for one in found if one] == [
        ("Bram", "bram@example.test", "Anna"),
        ("", "", ""),
        ("", "", ""),
        ("", "", "Anna"),  # one of the vendor's people
    ]
