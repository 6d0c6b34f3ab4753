"""What was done, as the audit tells it: each deed in words, what it was done to, and from where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from prorata.store.audit import AuditEntry
from prorata.usecases.pages.deeds import Deed
from prorata.wording.marking import mark
from prorata.wording.people import former_member
from prorata.wording.roles import staff_role_word
from prorata.wording.words import Wording

DEEDS: Final[Mapping[str, str]] = {
    "account.bill": mark("Billed on request"),
    "account.close": mark("Account closed"),
    "account.close_announced": mark("Closing of the account announced"),
    "account.close_planned": mark("Closing of the account planned"),
    "account.keep": mark("Planned closing taken back"),
    "account.not_closed": mark("Account not closed on the planned day"),
    "account.open": mark("Account opened"),
    "account.run": mark("Billed by the daily run"),
    "behalf.begin": mark("Began to act for the account"),
    "behalf.end": mark("Stopped acting for the account"),
    "change_directory": mark("Sign-in by directory changed"),
    "credit.give": mark("Account credit given"),
    "discount.give": mark("Discount given"),
    "document.pay": mark("Bills paid"),
    "document.refund": mark("Given back"),
    "export.ask": mark("Back up asked for"),
    "export.download": mark("Back up downloaded"),
    "export.write": mark("Back up written to a file"),
    "key.make": mark("API key made"),
    "key.revoke": mark("API key revoked"),
    "late.enter": mark("Entered later"),
    "licences.assign": mark("Licences assigned or taken back"),
    "licences.change": mark("Number of licences changed"),
    "passkey.add": mark("Passkey added"),
    "passkey.remove": mark("Passkey removed"),
    "passkey.rename": mark("Passkey renamed"),
    "payment.mode": mark("Way of paying changed"),
    "people.add": mark("Added without an invitation"),
    "people.change_role": mark("Role changed"),
    "people.end_access": mark("Access ended"),
    "people.erase": mark("Personal data erased"),
    "people.import": mark("Added from a list"),
    "people.invite": mark("Invited"),
    "people.invite_again": mark("Invited again"),
    "people.join": mark("Joined by invitation"),
    "people.take_back": mark("Invitation taken back"),
    "plan.change": mark("Plan changed"),
    "price.set": mark("Price set"),
    "remove_directory": mark("Sign-in by directory removed"),
    "roles.change": mark("Role of the account’s own changed"),
    "roles.make": mark("Role of the account’s own made"),
    "roles.remove": mark("Role of the account’s own removed"),
    "run.start": mark("Billing run started"),
    "seller.open": mark("Seller set up"),
    "set_directory": mark("Sign-in by directory set up"),
    "staff.change_role": mark("Role at the vendor changed"),
    "staff.create": mark("Taken on by the vendor"),
    "staff.end": mark("Let go by the vendor"),
    "staff.link": mark("Link made that lets in once"),
    "staff.sign_in": mark("Signed in"),
    "staff.sign_out": mark("Signed out"),
    "story": mark("Entered in the name of others"),
    "subscription.anchor": mark("Billing day moved"),
    "subscription.buy": mark("Bought"),
    "subscription.cancel": mark("Cancelled"),
    "subscription.mend": mark("Billing resumed after a repair"),
    "subscription.pause": mark("Paused"),
    "subscription.reactivate": mark("Reactivated"),
    "subscription.renewal": mark("Renewal set"),
    "subscription.resume": mark("Resumed"),
    "subscription.undo": mark("Change that waited taken back"),
    "taken_in_by_directory": mark("Taken in by the directory"),
    "trial.extend": mark("Trial extended"),
    "trial.stop": mark("Trial will not be followed by a purchase"),
}
"""Each action of the audit; one that is missing is told by its name, which the tests do not let happen."""

_CHOICES: Final[Mapping[str, str]] = {
    "on": mark("renews by itself"),
    "off": mark("does not renew"),
    "automatic": mark("bills are paid at once with the saved method"),
    "declining": mark("the saved method is declined"),
    "none": mark("no method is saved"),
    "passkey": mark("with a passkey"),
    "code": mark("with a mailed code"),
    "directory": mark("by the vendor’s directory"),
    "link": mark("with a link"),
}
_WAYS: Final[Mapping[str, str]] = {
    "web": mark("on this site"),
    "api": mark("by the API"),
    "cli": mark("at the command line"),
    "job": mark("by itself"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What is called how for this reader: subscriptions by their names; members, invitations, documents and plans by
    their ids. A member without a name was erased.
    """

    subscriptions: Mapping[str, str] = field(default_factory=dict[str, str])
    members: Mapping[int, str] = field(default_factory=dict[int, str])
    invited: Mapping[int, str] = field(default_factory=dict[int, str])
    documents: Mapping[int, str] = field(default_factory=dict[int, str])
    plans: Mapping[int, str] = field(default_factory=dict[int, str])


def what(w: Wording, deed: Deed) -> str:
    """What was done: "Plan changed"."""
    said = w.t(DEEDS[deed.action]) if deed.action in DEEDS else deed.action
    return w.t("{deed}, entered later as of {day}", deed=said, day=deed.day) if deed.late and deed.day else said


def about(w: Wording, deed: Deed, *, called: Called) -> str:
    """What it was done to, and how much: "Kadans Team, 10%"."""
    return ", ".join(_parts(w, deed, called=called))


def _parts(w: Wording, deed: Deed, *, called: Called) -> Iterator[str]:
    yield from _things(w, deed, called=called)
    if deed.day is not None and not deed.late:
        yield w.date(deed.day)
    yield from _amounts(w, deed)
    if deed.text:
        yield deed.text
    if deed.choice is not None:
        yield w.t(_CHOICES[deed.choice])
    if deed.role is not None:
        yield staff_role_word(w, deed.role)
    yield from _whom(w, deed, called=called)


def _things(w: Wording, deed: Deed, *, called: Called) -> Iterator[str]:
    if deed.subscription is not None:
        yield called.subscriptions.get(deed.subscription, deed.subscription)
    if deed.plan is not None:
        yield called.plans.get(deed.plan) or w.t("plan {plan}", plan=str(deed.plan))
    if deed.document is not None:
        yield w.t("bill {number}", number=called.documents.get(deed.document, str(deed.document)))


def _whom(w: Wording, deed: Deed, *, called: Called) -> Iterator[str]:
    if deed.member is not None:
        yield _name(w, deed.member, called=called)
    if deed.invitation is not None:
        number = str(deed.invitation)
        yield called.invited.get(deed.invitation) or w.t("invitation {number}", number=number)
    if deed.people is not None:
        yield w.n("{count} person", "{count} people", deed.people)
    yield from _holders(w, deed, called=called)


def _holders(w: Wording, deed: Deed, *, called: Called) -> Iterator[str]:
    if deed.gained:
        yield w.t("for {members}", members=_names(w, deed.gained, called=called))
    if deed.lost:
        yield w.t("no longer for {members}", members=_names(w, deed.lost, called=called))


def _amounts(w: Wording, deed: Deed) -> Iterator[str]:
    if deed.amount is not None:
        yield w.money(deed.amount.minor, deed.amount.currency.code, exponent=deed.amount.currency.exponent)
    if deed.percent is not None:
        yield w.percent(Decimal(deed.percent))


def _names(w: Wording, ids: Sequence[int], *, called: Called) -> str:
    return w.list([_name(w, one, called=called) for one in ids])


def _name(w: Wording, member: int, *, called: Called) -> str:
    name = called.members.get(member)
    return w.t("member {member}", member=str(member)) if name is None else name or former_member(w, member)


def where(w: Wording, entry: AuditEntry) -> str:
    """From where it was asked for, and how: "203.0.113.7, on this site"; a dash where neither is known."""
    way = w.t(_WAYS[entry.way]) if entry.way in _WAYS else entry.way
    return ", ".join(one for one in (entry.address, way) if one) or "–"
