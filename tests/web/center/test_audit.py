"""The audit as people read it: what was done, by whom, when, from where and why; newest first, chosen and in pages."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from prorata.store import audit
from prorata.store.audit import AuditEntry
from prorata.usecases.act import Request, act
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.pages.audit import audit_page
from prorata.usecases.permissions import NotAllowed, Origin, Role, member_actor, staff_actor
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture(scope="module")
def account(shop: Shop) -> Account:
    """Bought, assigned, run in February, renewal switched off by support, cancelled from another place."""
    found = shop.account(on="2026-01-15")
    found.buy(10)
    found.assign(found.add("Giulia Rossi", "licence_admin"), 1)
    found.until("2026-02-15")
    support = staff_actor(
        "Sam de Boer", "support", behalf="asked on the phone <b>", origin=Origin("198.51.100.4", "web")
    )
    act(shop.services, Request(found.id, support), SetRenewal(NAME, renews=False))
    owner = member_actor("Marieke de Wit-Bos", "owner", member=1, proved=True, origin=Origin("2001:db8::7", "api"))
    act(shop.services, Request(found.id, owner), CancelSubscription(NAME, words="too dear: and slow"))
    return found


def test_what_was_done_by_whom_when_and_from_where_newest_first(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        page = browser.get("/audit")
    said = words(page)
    support = "Sam de Boer For the account. Reason: asked on the phone <b>"
    both = "Marieke de Wit and Giulia Rossi"
    lines = [
        "Cancelled Kadans Team C2026-000001 Marieke de Wit-Bos 15 February 2026, 12:00",
        "2001:db8::7, by the API",
        f"Renewal set Kadans Team, does not renew {support} 15 February 2026, 12:00 198.51.100.4, on this site",
        "Billed by the daily run 15 February 2026 2026-000002 Prorata by itself 15 February 2026",
        f"Licences assigned or taken back Kadans Team, for {both} Marieke de Wit 15 January 2026, 12:00 –",
        "Bought Kadans Team Business, monthly 2026-000001 Marieke de Wit 15 January 2026, 12:00 –",
    ]
    places = [said.find(line) for line in lines]
    assert -1 not in places, said
    assert "too dear" not in said  # why somebody cancelled is kept elsewhere: it goes with the account
    assert places == sorted(places)
    assert 'href="/bills/2026-000002"' in page.text


@pytest.mark.parametrize(
    ("language", "title", "line"),
    [
        ("nl", "Logboek", "Verlenging ingesteld Kadans Team, wordt niet verlengd Sam de Boer Namens het account."),
        ("it", "Registro", "Rinnovo impostato Kadans Team, non si rinnova Sam de Boer Per conto dell’account."),
    ],
)
def test_it_is_told_in_the_readers_language(
    shop: Shop, account: Account, *, language: str, title: str, line: str
) -> None:
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get("/audit"))
    assert said.startswith(title)
    assert line in said


@pytest.mark.parametrize(
    ("chosen", "there", "not_there"),
    [
        ({"who": "admin:1"}, "Bought", "Renewal set"),
        ({"who": "vendor:Sam de Boer"}, "Renewal set", "Bought"),
        ({"who": "system:Prorata"}, "Billed by the daily run", "Bought"),
        ({"kind": "billing"}, "Billed by the daily run", "Bought Kadans"),
        ({"kind": "subscriptions"}, "Bought Kadans", "Billed by the daily run"),
        ({"kind": "access"}, "Nothing like this was done", "Bought Kadans"),
        ({"kind": "billing", "who": "admin:1"}, "Nothing like this was done", "daily run 15"),
        ({"who": "admin:999999999999"}, "Nothing like this was done", "Bought Kadans"),
        ({"who": "admin:1 OR true"}, "Nothing like this was done", "Bought Kadans"),
        ({"who": "admin:²"}, "Nothing like this was done", "Bought Kadans"),
        ({"who": "nobody"}, "Bought Kadans", "Nothing like"),
        ({"kind": "%"}, "Bought Kadans", "Nothing like"),
        ({"page": "99999999999999999999"}, "Bought Kadans", "Nothing like"),
        ({"page": "-1"}, "Bought Kadans", "Nothing like"),
        ({"page": "two"}, "Bought Kadans", "Nothing like"),
    ],
    ids=str,
)
def test_somebodys_deeds_or_those_of_a_kind_are_chosen(
    shop: Shop, account: Account, *, chosen: dict[str, str], there: str, not_there: str
) -> None:
    with shop.visitor(account) as browser:
        page = browser.get("/audit", params=chosen)
    assert page.status_code == 200
    assert there in words(page)
    assert not_there not in words(page)


def test_everybody_who_did_something_can_be_chosen_once_by_the_name_they_have_now(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        page = browser.get("/audit?who=admin:1").text
    options = page[page.index('name="who"') : page.index('name="kind"')]
    assert "Marieke de Wit-Bos" in options
    assert "Marieke de Wit<" not in options
    assert "Sam de Boer (Kadans Software B.V.)" in options
    assert "Prorata (by itself)" in options


def test_a_long_audit_has_pages(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    with shop.services.database.account(account.id) as conn:
        for n in range(1, 121):
            entry = AuditEntry(
                at=datetime(2026, 1, 15, 12, n % 60, tzinfo=UTC),
                actor_kind="admin",
                actor_id=1,
                actor_name="Marieke de Wit",
                action="key.make",
                subject=f"key no. {n}.",
            )
            audit.write(conn, account.id, entry=entry)
    with shop.visitor(account) as browser:
        first, second, last = (words(browser.get(f"/audit?kind=access&page={page}")) for page in (1, 2, 3))
    assert "1–50 of 120" in first
    assert "key no. 120." in first
    assert "key no. 71." in first
    assert "key no. 70." not in first
    assert "51–100 of 120" in second
    assert "101–120 of 120" in last
    assert "key no. 1." in last


def test_an_account_of_which_nothing_was_noted_says_so(shop: Shop) -> None:
    with shop.visitor(shop.account(on="2026-01-15")) as browser:
        assert "Nothing was done yet" in words(browser.get("/audit"))


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", True),
        ("billing_admin", True),
        ("licence_admin", False),
        ("invoice_manager", False),
        ("reader", False),
        ("member", False),
    ],
)
def test_only_who_may_see_it_does(shop: Shop, account: Account, *, role: Role, allowed: bool) -> None:
    request = Request(account.id, member_actor("X", role, member=1))
    if allowed:
        assert audit_page(shop.services, request).count == 5
    else:
        with pytest.raises(NotAllowed):
            audit_page(shop.services, request)


def test_who_may_not_see_it_is_told_so_and_is_not_led_there(shop: Shop, account: Account) -> None:
    with shop.visitor(account, member=2) as browser:
        assert browser.get("/audit").status_code == 403
        assert 'href="/audit"' not in browser.get("/").text
    with shop.visitor(account) as browser:
        assert 'href="/audit"' in browser.get("/").text


def test_nothing_of_another_account_is_in_it(shop: Shop, account: Account) -> None:
    other = shop.account(on="2026-01-15", name="Officina Rossi S.r.l.")
    assert account.id != other.id
    with shop.visitor(other) as browser:
        assert "Sam de Boer" not in browser.get("/audit").text
        assert "Nothing like this was done" in words(browser.get("/audit", params={"who": "vendor:Sam de Boer"}))


def test_an_entry_that_says_odd_things_is_still_told(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    odd = [
        ("credit.give", "12.50 XXY, account: thanks"),
        ("credit.give", "10.00 EUR, document 4: thanks"),
        ("account.run", "2026-02-31"),
        ("licences.assign", "team: +7"),
        ("subscription.buy", "plan 999"),
        ("discount.give", "account, 10 % for 3 months: fair"),
        ("late.enter", "subscription.cancel business as of 2026-01-03: forgotten"),
        ("moon.land", "<script>"),
    ]
    with shop.services.database.account(account.id) as conn:
        for action, subject in odd:
            entry = AuditEntry(
                at=datetime(2026, 1, 15, 23, 30, tzinfo=UTC),
                actor_kind="vendor",
                actor_name="Fin",
                action=action,
                subject=subject,
                detail={"documents": "none"},
                way="cli",
            )
            audit.write(conn, account.id, entry=entry)
    with shop.visitor(account) as browser:
        page = browser.get("/audit")
    said = words(page)
    for line in (
        "Account credit given 12.50 XXY, account: thanks",
        "Account credit given bill 4, €10.00 Reason: thanks",
        "Billed by the daily run 2026-02-31",
        "Licences assigned or taken back team, for member 7",
        "Bought plan 999",
        "Discount given 10% Reason: fair",
        "Cancelled, entered later as of 3 January 2026 business Reason: forgotten",
        "moon.land <script>",
        "Fin Kadans Software B.V. 15 January 2026, 23:30 at the command line",
    ):
        assert line in said
    assert "<script>" not in page.text.split("<main")[1].split("</main>")[0]


def test_the_page_reads_a_day_in_the_accounts_own_zone(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    with shop.services.database.owner() as conn:
        conn.execute(text("UPDATE accounts SET zone = 'Europe/Amsterdam' WHERE account_id = :a"), {"a": account.id})
    with shop.services.database.account(account.id) as conn:
        at = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
        entry = AuditEntry(at=at, actor_kind="admin", actor_name="Anna", action="key.make", subject="Backup")
        audit.write(conn, account.id, entry=entry)
    with shop.visitor(account) as browser:
        assert "16 January 2026, 00:30" in words(browser.get("/audit"))
