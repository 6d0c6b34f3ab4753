"""The certificate of a closing: what was erased, and what is kept until when and by which law. It names nobody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypedDict, cast

from prorata.core.closing import Backup
from prorata.core.decision import Decision
from prorata.core.documents.numbers import Issued
from prorata.core.money import total
from prorata.core.retention import Retention, kept_until, rule_of
from prorata.store.retention import IssuedDocument

FORM: Final = 1
"""Of what stands in a certificate; it says so itself."""


class Kept(TypedDict):
    """Documents that are kept until a day, by the law of a country."""

    what: str
    count: int
    numbers: list[str]
    until: str
    country: str
    years: int
    law: str


class MoneyMoved(TypedDict):
    """What of account credit was paid back, and what lapsed."""

    currency: str
    paid_back: str
    lapsed: str


class Said(TypedDict):
    """All that a certificate says. `erased`: how many rows of each kind; instants and days in ISO form."""

    form: int
    account: int
    closed_at: str
    closed_on: str
    backup: str
    erased: dict[str, int]
    kept: list[Kept]
    money: MoneyMoved
    last_documents: list[str]


class Certificate(Said):
    """The same with its hash."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a certificate is about: which account, how it ended, and what was erased of each kind."""

    account: int
    at: datetime
    on: date
    backup: Backup
    decision: Decision
    issued: Sequence[Issued]
    erased: Mapping[str, int]


def certificate(closing: Closing, *, documents: Iterable[IssuedDocument], rules: Sequence[Retention]) -> Certificate:
    """The certificate of a closing. Raises `NoRetention`."""
    said = Said(
        form=FORM,
        account=closing.account,
        closed_at=closing.at.isoformat(),
        closed_on=closing.on.isoformat(),
        backup=closing.backup,
        erased=dict(closing.erased),
        kept=kept_documents(documents, rules),
        money=_money(closing.decision),
        last_documents=[one.number for one in closing.issued],
    )
    return Certificate(**said, sha256=sha256_of(said))


def sha256_of(said: Mapping[str, object]) -> str:
    """The hash of what a certificate says, but for the hash itself: of its JSON with sorted keys and no blanks."""
    without = {key: value for key, value in said.items() if key != "sha256"}
    plain = json.dumps(without, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def read_certificate(stored: Mapping[str, object]) -> Certificate:
    """A certificate as it was stored."""
    return cast("Certificate", stored)


def kept_documents(documents: Iterable[IssuedDocument], rules: Sequence[Retention]) -> list[Kept]:
    """Documents by the day until which they are kept, those that may go first before the others."""
    by_rule: dict[tuple[date, Retention], list[str]] = {}
    for one in documents:
        rule = rule_of(rules, one.country, issued=one.on)
        by_rule.setdefault((kept_until(rule, one.on), rule), []).append(one.number)
    ordered = sorted(by_rule.items(), key=lambda pair: (pair[0][0], pair[0][1].country))
    return [
        Kept(
            what="documents",
            count=len(numbers),
            numbers=numbers,
            until=until.isoformat(),
            country=rule.country,
            years=rule.years,
            law=rule.law,
        )
        for (until, rule), numbers in ordered
    ]


def _money(decision: Decision) -> MoneyMoved:
    of = decision.after.account.currency
    used = [one for one in decision.transfers if one.debit.name == "customer_credit"]
    return MoneyMoved(
        currency=of.code,
        paid_back=str(total((one.amount for one in used if one.credit.name == "cash"), of)),
        lapsed=str(total((one.amount for one in used if one.credit.name == "sales"), of)),
    )
