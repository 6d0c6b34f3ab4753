"""Why somebody cancelled: kept with the cancellation or not at all, beside the audit, and counted for the vendor."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from prorata.core.errors import DomainError
from prorata.store import cancellation_reasons
from prorata.usecases.act import Request, act, preview
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import REASONS, CancelSubscription, TooManyWords, UnknownReason
from prorata.usecases.pages.reasons import reasons_page
from prorata.usecases.permissions import NotAllowed, member_actor, staff_actor
from prorata.usecases.undo_change import UndoChange
from prorata.wording import Language, wording_for
from prorata.wording.cancelling import reason_word
from support.databases import Database
from support.shop import Shop, admin, opened_shop

STAFF = staff_actor("Eva", "support")


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with opened_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> int:
    made = shop.account()
    act(shop.services, admin(made), BuySubscription(shop.plan, 3, "team"))
    return made


def said(shop: Shop, account: int) -> list[tuple[str, str]]:
    with shop.services.database.account(account) as conn:
        found = cancellation_reasons.of_subscription(conn, account, subscription=1)
        return [(one.reason, one.words) for one in found]


def test_it_is_kept_with_the_cancellation_and_stands_in_no_audit(shop: Shop, account: int):
    command = CancelSubscription("team", "now", reason="missing", words="Anna’s calendar")
    preview(shop.services, admin(account), command)
    assert said(shop, account) == []
    act(shop.services, admin(account), command)
    assert said(shop, account) == [("missing", "Anna’s calendar")]
    with shop.services.database.owner() as conn:
        audited = conn.execute(text("SELECT CAST(audit AS text) FROM audit WHERE account_id = :a"), {"a": account})
        assert all("calendar" not in row and "missing" not in row for row in audited.scalars())


def test_nobody_has_to_say_anything(shop: Shop, account: int):
    act(shop.services, admin(account), CancelSubscription("team", "now"))
    assert said(shop, account) == [("", "")]


def test_what_is_refused_leaves_nothing_behind(shop: Shop, account: int):
    for wrong in (
        CancelSubscription("team", "now", reason="because"),
        CancelSubscription("team", "now", words="x" * 501),
        CancelSubscription("other", "now", reason="missing"),
    ):
        with pytest.raises(DomainError) as caught:
            act(shop.services, admin(account), wrong)
        assert isinstance(caught.value, UnknownReason | TooManyWords) or wrong.subscription == "other"
    assert said(shop, account) == []


def test_cancelled_again_at_the_same_instant_of_a_clock_that_stands_still(shop: Shop, account: int):
    for reason in ("not_used", "other"):
        act(shop.services, admin(account), CancelSubscription("team", "period_end", reason=reason))
        act(shop.services, admin(account), UndoChange("team"))
    assert said(shop, account) == [("not_used", ""), ("other", "")]


def test_of_two_who_cancel_at_once_one_does_and_one_reason_is_kept(shop: Shop, account: int):
    def cancel(reason: str) -> str:
        try:
            act(shop.services, admin(account), CancelSubscription("team", "now", reason=reason))
        except DomainError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(cancel, ("missing", "other")))
    assert answers == ["already_ended", "done"]
    assert len(said(shop, account)) == 1


def test_the_vendor_reads_counts_and_the_newest_words(shop: Shop):
    before = {one.reason: one.count for one in reasons_page(shop.services, STAFF).counted}
    for words in ("first words", "second words"):
        made = shop.account()
        act(shop.services, admin(made), BuySubscription(shop.plan, 1, "team"))
        act(shop.services, admin(made), CancelSubscription("team", "now", reason="not_working", words=words))
    page = reasons_page(shop.services, STAFF)
    after = {one.reason: one.count for one in page.counted}
    assert after.pop("not_working") == before.pop("not_working", 0) + 2
    assert after == before
    assert {"first words", "second words"} <= {one.words for one in page.said}
    assert page.cancellations == sum(after.values()) + 2


def test_who_may_not_see_accounts_reads_no_reasons(shop: Shop):
    customer = member_actor("Daan", "owner", member=1)
    for nobody in (customer, staff_actor("Nia", "catalogue")):
        with pytest.raises(NotAllowed):
            reasons_page(shop.services, nobody)


def test_another_account_sees_nothing_of_it(shop: Shop, account: int):
    act(shop.services, admin(account), CancelSubscription("team", "now", words="ours"))
    other = shop.account()
    act(shop.services, Request(other, admin(other).actor), BuySubscription(shop.plan, 1, "team"))
    assert said(shop, other) == []


@pytest.mark.parametrize("language", Language)
def test_every_reason_has_its_words(language: Language):
    w = wording_for(language)
    called = [reason_word(w, reason) for reason in REASONS]
    assert len(set(called)) == len(REASONS)
    assert reason_word(w, "") not in called
