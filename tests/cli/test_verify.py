"""`prorata verify`: what it says, where, and with which exit code."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from prorata.cli import main
from prorata.cli.verify_progress import Teller
from prorata.cli.wiring import Whose, Wiring
from prorata.store import verify as store
from prorata.usecases.act import Services, act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.verify import Progress, last_verified
from support import databases
from support.shop import Shop, admin, opened_shop

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(database: databases.Database) -> Iterator[Shop]:
    """A shop with two accounts: one bought 10 licences, the other nothing."""
    with opened_shop(database) as opened:
        account = opened.account()
        act(opened.services, admin(account), BuySubscription(opened.plan, 10, "team"))
        opened.account()
        yield opened


def _nothing(*_: object) -> None:
    raise AssertionError("not for this command")


def verify(shop: Shop, *words: str) -> Result:
    @contextmanager
    def services(_: Whose) -> Generator[Services]:
        yield shop.services

    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, _nothing)
    return CliRunner().invoke(main, ["verify", *words], obj=Wiring(**(others | {"services": services})))


@contextmanager
def changed(shop: Shop, there: str, back: str) -> Generator[None]:
    def execute(statement: str) -> None:
        with shop.services.database.owner() as conn:
            assert conn.execute(text(statement)).rowcount == 1

    execute(there)
    try:
        yield
    finally:
        execute(back)


def test_nothing_found_is_said_with_what_was_looked_at(shop: Shop):
    done = verify(shop)
    assert done.stdout == "2 accounts, 1 document, 1 line verified: nothing found.\n"
    assert (done.exit_code, done.stderr) == (0, "")


def test_one_account_alone(shop: Shop):
    assert verify(shop, "--account", "2").stdout == "1 account, 0 documents, 0 lines verified: nothing found.\n"


def test_what_is_wrong_is_said_with_its_place(shop: Shop):
    spoil = "UPDATE transfers SET amount = amount {} 1 WHERE id = 1 AND credit = 'sales'"
    with changed(shop, spoil.format("+"), spoil.format("-")):
        found = verify(shop)
    assert (found.exit_code, found.stdout) == (1, "")
    # 10 × 12.50.
    assert (
        "account 1: document 1 line 1: ledger_differs: 125.00 EUR is stored, 125.01 is what it should be\n"
        in found.stderr
    )
    assert re.search(r"^2 accounts, 1 document, 1 line verified: \d findings\.$", found.stderr, re.MULTILINE)


def test_what_belongs_to_no_account_is_said_so(shop: Shop):
    spoil = "UPDATE number_ranges SET next = next {} 1"
    with changed(shop, spoil.format("+"), spoil.format("-")):
        found = verify(shop)
    assert f"all accounts: 2026-000002: number_missing: at seller {shop.seller}\n" in found.stderr
    assert found.exit_code == 1


def test_what_is_parked_is_named_and_no_finding(shop: Shop):
    park = (
        "INSERT INTO parked (account_id, subscription_id, at, as_of, code, parameters, trace)"
        " VALUES (1, 1, now(), '2026-02-15', 'unexpected', '{}', '')"
    )
    with (
        changed(shop, park, "DELETE FROM parked"),
        changed(
            shop,
            "UPDATE accounts SET due_on = NULL WHERE account_id = 1",
            "UPDATE accounts SET due_on = '2026-02-15' WHERE account_id = 1",
        ),
    ):
        done = verify(shop)
    assert done.stdout == "2 accounts, 1 document, 1 line verified: nothing found, 1 subscription parked.\n"
    assert done.stderr == "account 1: team is parked: what it lacks is no finding, see `prorata parked`\n"
    assert done.exit_code == 0


def test_what_comes_of_it_is_kept_when_asked(shop: Shop):
    before = last_verified(shop.services)
    assert verify(shop).exit_code == 0
    assert last_verified(shop.services) == before
    assert verify(shop, "--record").exit_code == 0
    kept = last_verified(shop.services)
    assert kept is not None
    assert (kept.accounts, kept.documents, kept.lines, kept.findings) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--account", "77"), "There is no such account"),
        (("--account", "0"), "0 is not in the range"),
        (("--account", "1", "--record"), "leave out --account"),
    ],
)
def test_what_cannot_be_verified_is_refused(shop: Shop, words: tuple[str, ...], says: str):
    refused = verify(shop, *words)
    assert refused.exit_code == 2
    assert says in refused.stderr
    assert refused.stdout == ""


def _progress(accounts: int, *, seconds: int, findings: int = 0) -> Progress:
    return Progress(
        accounts=accounts,
        of_accounts=1000,
        documents=accounts * 10,
        lines=accounts * 20,
        findings=findings,
        since=NOON,
        now=NOON + timedelta(seconds=seconds),
    )


def test_on_a_screen_one_line_says_how_far_it_is(capsys: pytest.CaptureFixture[str]):
    teller = Teller(on_screen=True)
    teller.tell(_progress(0, seconds=0))
    teller.tell(_progress(250, seconds=5))
    teller.tell(_progress(1000, seconds=20, findings=1))
    # 250 of 1000 accounts in 5 s: 15 s are left; 5,000 lines in 5 s. What clears a line is left out where no screen is.
    assert capsys.readouterr().err == (
        "\r0 of 1,000 accounts, 0 lines"
        "\r250 of 1,000 accounts, 5,000 lines, 1,000 a second, 15 s left"
        "\r1,000 of 1,000 accounts, 20,000 lines, 1,000 a second, 0 s left, 1 finding\n"
    )


def test_elsewhere_it_is_said_every_ten_seconds(capsys: pytest.CaptureFixture[str]):
    teller = Teller(on_screen=False)
    for seconds in (5, 9, 10, 15, 25):
        teller.tell(_progress(10 * seconds, seconds=seconds))
    assert capsys.readouterr().err.splitlines() == [
        "100 of 1,000 accounts, 2,000 lines, 200 a second, 90 s left",
        "250 of 1,000 accounts, 5,000 lines, 200 a second, 75 s left",
    ]


def test_a_short_one_says_nothing_meanwhile(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "_MOST_ACCOUNTS", 1)
    assert verify(shop).stderr == ""
