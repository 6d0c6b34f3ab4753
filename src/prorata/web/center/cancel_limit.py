"""Above the online limit: whose licence goes first, or how many are given up; all of it in the one act that cancels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.pages.cancel import CancelPage
from prorata.web.center.cancel_wish import Wish, packed
from prorata.web.forms import Form, whole_numbers
from prorata.web.views import FieldError
from prorata.wording import Wording


@dataclass(frozen=True, slots=True)
class Pick:
    """Who was picked, or what is wrong with it; `members` are those of them who hold a licence."""

    members: frozenset[int] = frozenset()
    error: FieldError | None = None

    @property
    def whom(self) -> str:
        """The same for an address."""
        return packed(self.members)


def pick(w: Wording, page: CancelPage, *, form: Form) -> Pick:
    """Those who got theirs last, as many as must go, or those who were ticked."""
    wanted = page.above.unassign if page.above else 0
    if form.text("how") == "newest":
        return Pick(frozenset(page.newest[:wanted]))
    ticked = frozenset(whole_numbers(form.all("member")))
    known = ticked & page.holders
    missing = wanted - len(known)
    text = None
    if missing > 0:
        text = w.n("Pick {count} more member.", "Pick {count} more members.", missing)
    elif ticked - known:
        text = w.t("Somebody who was picked holds no licence any more. Please look at the list again.")
    return Pick(known, FieldError(field="member", text=text) if text else None)


def strangers(page: CancelPage, wish: Wish) -> frozenset[int]:
    """Who was picked and holds no licence by now."""
    return wish.gone - page.holders if page.above else frozenset()


def to_choose(page: CancelPage, wish: Wish) -> bool:
    """Whether it is still to be said whose licence goes, or nothing can be done about the limit today."""
    above = page.above
    if above is None:
        return False
    return above.waits is not None or len(wish.gone & page.holders) < above.unassign or bool(strangers(page, wish))


def commands(page: CancelPage, wish: Wish) -> tuple[Command, ...]:
    """All that is done in one transaction: licences taken back, licences given up, the cancellation."""
    name = page.facts.subscription.name
    return (*_first(page, wish), CancelSubscription(name, wish.when, reason=wish.reason, words=wish.words))


def _first(page: CancelPage, wish: Wish) -> Iterable[Command]:
    name, above = page.facts.subscription.name, page.above
    if above is None:
        return
    if wish.gone:
        yield AssignLicences(name, remove=wish.gone)
    if above.licences is not None and not above.waits:
        yield ChangeLicences(name, above.licences)
