"""Once an account is closed its people are nowhere in the database, but on the documents that the law keeps."""

from dataclasses import dataclass

import pytest

from prorata.usecases.certificate import sha256_of
from prorata.usecases.close_account import Closed
from prorata.usecases.ports import Message
from prorata.usecases.send_mails import tend_mails
from prorata.usecases.verify import verify
from support.shop import Shop
from support.tree import ROOT
from usecases.closing_ground import Leaving, full
from usecases.sweep import places_of

THEIRS = (
    "Femke", "Wierda", "Sjoerd", "Onrust", "Ottavia", "Brambilla", "Gudrun", "Ysbrandsz", "onrust.example",
    "b.example", "198.51.100.77", "203.0.113.99", "Hendrikje",
)  # fmt: skip
"""What says who they are: names, addresses, what they typed about each other, and where they came from."""

KEPT = {("documents", "customer"), ("documents", "seller")}
"""Issued documents keep what they said: seven years in the Netherlands, ten in Italy (`retention`)."""


@dataclass
class Noted:
    """A post that keeps what it was given."""

    sent: list[Message]

    def send(self, message: Message) -> None:
        self.sent.append(message)


@pytest.fixture(scope="module")
def left(shop: Shop) -> tuple[Leaving, Closed, set[tuple[str, str, str]], list[Message]]:
    """The account after its closing; what was found before; and the mails that went out."""
    here, post = full(shop), Noted([])
    with here.services.database.owner() as conn:
        before = places_of(conn, THEIRS)
    here.on("2026-02-10")
    closed = here.close()
    assert isinstance(closed, Closed)
    tend_mails(here.services, post)
    return here, closed, before, post.sent


Left = tuple[Leaving, Closed, set[tuple[str, str, str]], list[Message]]


def test_before_the_closing_their_data_are_found_in_many_places(left: Left):
    _, _, before, _ = left
    tables = {table for table, _, _ in before}
    assert {"people", "sessions", "passkeys", "outbox", "invitations", "export_pieces"} <= tables
    assert {"directories", "directory_subjects", "cancellation_reasons", "billing_profiles"} <= tables


def test_a_copy_without_the_tables_that_the_guide_names_says_of_them_what_was_typed_alone(left: Left):
    _, _, before, _ = left
    guide = (ROOT / "docs" / "howto" / "put-it-on-the-internet.md").read_text(encoding="utf-8")
    apart = set(guide.split('PEOPLE="')[1].split('"')[0].split())
    typed = {"account_roles", "billing_profiles", "cancellation_reasons", "directories"}
    assert {table for table, _, _ in before} - apart == typed


def test_after_the_closing_they_are_found_nowhere_but_on_issued_documents(left: Left):
    here, *_ = left
    with here.services.database.owner() as conn:
        found = places_of(conn, THEIRS)
    assert {place for place in found if place[:2] not in KEPT} == set()


def test_the_audit_chain_and_everything_else_still_verify(left: Left):
    here, *_ = left
    assert verify(here.services, account=here.account).findings == ()


def test_the_certificate_counts_what_was_erased_and_says_what_is_kept_until_when(left: Left):
    here, closed, *_ = left
    told = closed.certificate
    assert told["account"] == here.account
    assert told["closed_on"] == "2026-02-10"
    assert told["backup"] == "made"
    # Three members, three people at the door; three invitations, and one more to a role of the account's own.
    assert (told["erased"]["members"], told["erased"]["people"], told["erased"]["invitations"]) == (3, 3, 4)
    assert told["erased"]["sessions"] >= 1
    assert [told["erased"][kind] for kind in ("exports", "keys", "roles", "passkeys")] == [1, 2, 1, 1]
    # Of 2026 an invoice and two credit notes, of what was given back and of the end: seven years from its end.
    (kept,) = told["kept"]
    assert (kept["count"], kept["until"], kept["years"], kept["law"]) == (3, "2033-12-31", 7, "art. 52 AWR")
    assert told["sha256"] == sha256_of(told)


def test_the_certificate_is_stored_as_it_was_told_and_mailed_to_who_closed(left: Left):
    here, closed, _, sent = left
    (row,) = here.rows("SELECT certificate, done_at FROM closures WHERE account_id = :account")
    assert row["certificate"] == closed.certificate
    (mail,) = [one for one in sent if one.kind == "account_closed"]
    assert (mail.to, mail.language) == ("femke@wierda.example", "nl")
    assert mail.data["sha256"] == closed.certificate["sha256"]
    assert here.mails() == []
