"""What an entry of the audit is about, taken from its subject as the verbs write it.

Subjects are kept for good in one plain form, in no reader's language, and name people by their ids. What follows no
form known here, such as a person's name in an entry of before, is told as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from prorata.core.errors import DomainError
from prorata.core.money import Money, currency, money
from prorata.store.audit import AuditEntry
from prorata.usecases.permissions import STAFF_ROLES, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done, to what: as much as its subject says.

    `plan`, `document`, `member`, `invitation`, `gained` and `lost` (members and their licences) are ids; `people`: how
    many they were; `choice` is what was chosen of
    several, `role` what somebody became at the vendor; `percent` or `amount`: how much. `text` is told as it stands.
    `late`: entered afterwards, as of `day`.
    """

    action: str
    subscription: str | None = None
    plan: int | None = None
    document: int | None = None
    member: int | None = None
    invitation: int | None = None
    people: int | None = None
    gained: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    amount: Money | None = None
    percent: str | None = None
    day: date | None = None
    choice: str | None = None
    role: StaffRole | None = None
    text: str = ""
    reason: str = ""
    late: bool = False


def deed_of(entry: AuditEntry) -> Deed:
    """What an entry is about."""
    try:
        return _deed(entry.action, entry.subject)
    except (DomainError, ValueError):  # A currency or a day that there is no more, or never was.
        return Deed(action=entry.action, text=entry.subject)


def _deed(action: str, subject: str) -> Deed:
    form = _PEOPLE if action.startswith("people.") else _FORMS.get(action)
    found = form.fullmatch(subject) if form else None
    if found is None:
        return Deed(action=action, text=subject)
    said = {name: text for name, text in found.groupdict().items() if text}
    if "late" in said:
        inner = _deed(said["late"], said["what"])
        return replace(inner, late=True, day=_day(said), reason=said.get("reason", ""))
    gained, lost = (_ids(said.get("members", ""), sign) for sign in "+-")
    subscription = said.get("subscription")
    return Deed(
        action=action,
        subscription=subscription if action != "discount.give" or subscription != "account" else None,
        plan=_number(said, "plan"),
        document=_number(said, "document"),
        member=_number(said, "member"),
        invitation=_number(said, "invitation"),
        people=_number(said, "people"),
        gained=gained,
        lost=lost,
        amount=money(said["amount"], currency(said["currency"])) if "amount" in said else None,
        percent=said.get("percent"),
        day=_day(said),
        choice=said.get("choice"),
        role=next((role for role in STAFF_ROLES if role == said.get("role")), None),
        text=said.get("text", ""),
        reason=said.get("reason", ""),
    )


def _number(said: Mapping[str, str], name: str) -> int | None:
    return int(said[name]) if name in said else None


def _day(said: Mapping[str, str]) -> date | None:
    return date.fromisoformat(said["day"]) if "day" in said else None


def _ids(members: str, sign: str) -> tuple[int, ...]:
    return tuple(int(one[1:]) for one in members.split() if one[0] == sign)


_NAME: Final = "(?P<subscription>.+)"
_BEFORE_COLON: Final = "(?P<subscription>[^:]+)"
_DAY: Final = r"(?P<day>\d{4}-\d\d-\d\d)"
_DOCUMENT: Final = r"document (?P<document>\d{1,9})"
_PLAN: Final = r"plan (?P<plan>\d{1,9})"
_AMOUNT: Final = r"(?P<amount>-?\d+(?:\.\d+)?) (?P<currency>[A-Z]{3})"
_REASON: Final = r"(?:: (?P<reason>.*))?"
_ROLE: Final = rf"(?P<text>\S+) as (?P<role>{'|'.join(STAFF_ROLES)})"

_PEOPLE: Final = re.compile(
    r"member (?P<member>\d{1,9})|invitation (?P<invitation>\d{1,9})|(?P<people>\d{1,9}) members"
)

_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    action: re.compile(form, re.DOTALL)
    for action, form in {
        "account.run": _DAY,
        "account.close": "account",
        "account.close_announced": _DAY,
        "account.close_planned": _DAY,
        "account.keep": _DAY,
        "account.not_closed": _DAY,
        "account.bill": "account",
        "account.open": "account",
        "behalf.begin": r"account(?: (?P<text>\d{1,18}))?",
        "behalf.end": r"account(?: (?P<text>\d{1,18}))?",
        "credit.give": rf"{_AMOUNT}, (?:{_DOCUMENT}|account)(?:, line \d+)?{_REASON}",
        "discount.give": rf"{_BEFORE_COLON}, (?:(?P<percent>\S+) %|{_AMOUNT})(?: for [^:]+)?{_REASON}",
        "document.pay": f"everything open|{_DOCUMENT}",
        "document.refund": rf"{_DOCUMENT}, (?:everything|{_AMOUNT})(?:, adjusted)?{_REASON}",
        "export.ask": r"export (?P<text>\d{1,9})",
        "export.download": r"export (?P<text>\d{1,9})",
        "late.enter": rf"(?P<late>[a-z_.]+) (?P<what>.+) as of {_DAY}{_REASON}",
        "licences.assign": rf"{_BEFORE_COLON}:(?: (?P<people>\d{{1,9}}) members|(?P<members>(?: [+-]\d{{1,9}})*))",
        "licences.change": _NAME,
        "payment.mode": "(?P<choice>automatic|declining|none)",
        "plan.change": f"{_NAME} to {_PLAN}",
        "price.set": f"{_PLAN}: {_AMOUNT} from {_DAY}",
        "run.start": f"(?P<text>.+), {_DAY}",
        "staff.change_role": _ROLE,
        "staff.create": _ROLE,
        "staff.sign_in": r"(?P<text>\S+) by (?P<choice>passkey|code|directory|link)",
        "subscription.anchor": f"{_NAME} to (?P<text>.+)",
        "subscription.buy": _PLAN,
        "subscription.cancel": _BEFORE_COLON + _REASON,
        "subscription.mend": _NAME,
        "subscription.pause": _NAME,
        "subscription.reactivate": _NAME,
        "subscription.renewal": f"{_NAME}: (?P<choice>on|off)",
        "subscription.resume": _NAME,
        "subscription.undo": _NAME,
        "taken_in_by_directory": r"member (?P<member>\d{1,9})",
        "trial.extend": _NAME,
        "trial.stop": _NAME,
    }.items()
}
