"""Wishes into the core's events: what somebody asks for, as the program is asked."""

from datetime import date, timedelta
from decimal import Decimal

from properties.offers import Offer
from properties.wishes import (
    Again,
    Back,
    ByHand,
    Dearer,
    Gift,
    Members,
    Move,
    Off,
    Other,
    Renewal,
    Rest,
    Return,
    SimpleChange,
    Stop,
    Total,
    Trying,
)
from prorata.core.calendar import Every, every
from prorata.core.catalog.plans import Phase, Plan, Price, Step, Tiers
from prorata.core.events import (
    Assign,
    Cancel,
    ChangeLicences,
    ChangePlan,
    Event,
    ExtendTrial,
    GiveBack,
    GiveCredit,
    GiveDiscount,
    MoveAnchor,
    OfSubscription,
    Pause,
    Reactivate,
    Resume,
    SetPrice,
    SetRenewal,
    StopConversion,
    Undo,
)
from prorata.core.history import History
from prorata.core.money import Currency, UnitPrice
from prorata.core.money import Money as Amount

MINOR_UNITS = {"EUR": 100, "JPY": 1, "KWD": 1000}


def core_plan(offer: Offer, *, name: str, of: Currency) -> Plan:
    """The core's plan of an offer, at its first price."""

    def price(amount: Decimal) -> UnitPrice:
        return UnitPrice(amount, of)

    def money(amount: Decimal | None) -> Amount | None:
        return None if amount is None else Amount(int(amount * MINOR_UNITS[of.code]), of)

    def length(text: str | None) -> Every | None:
        return every(text) if text else None

    steps = tuple(Step(up_to, price(cost), price(flat) if flat else None) for up_to, cost, flat in offer.stairs)
    tiers = Tiers("graduated" if offer.graduated else "volume", steps) if steps else None
    return Plan(
        name,
        every(offer.every),
        Price(1, price(offer.price), price(offer.flat) if offer.flat else None, tiers),
        money(offer.setup),
        length(offer.trial),
        tuple(Phase(length(long), price(cost), money(setup)) for long, cost, setup in offer.stretches),
        length(offer.term),
    )


def asked_of(  # noqa: PLR0911 - one line for each verb
    wish: SimpleChange, name: str, *, today: date, offers: dict[str, Offer], of: Currency
) -> OfSubscription | None:
    """What is asked of a subscription; None where there is nothing to choose from."""
    match wish:
        case Total(_, licences, when):
            return ChangeLicences(name, licences, when=when)
        case Members(_, assigned):
            return Assign(name, assigned)
        case Stop(_, when, refund):
            return Cancel(name, when=today + timedelta(days=when) if isinstance(when, int) else when, refund=refund)
        case Back():
            return Undo(name)
        case Other(_, to, when, anchor, licences):
            if not offers:
                return None
            plan = list(offers)[to % len(offers)]
            sold = core_plan(offers[plan], name=plan, of=of)
            return ChangePlan(name, sold, when=when, anchor=anchor, licences=licences)
        case _:
            return _asked_simply(wish, name, today=today)


def _asked_simply(wish: SimpleChange, name: str, *, today: date) -> OfSubscription | None:
    match wish:
        case Move(_, anchor):
            return MoveAnchor(name, anchor if anchor > 0 else today - timedelta(days=anchor))
        case Rest(_, begins):
            return Pause(name) if begins else Resume(name)
        case Renewal(_, renews):
            return SetRenewal(name, renews)
        case Again():
            return Reactivate(name)
        case Trying(_, longer):
            return ExtendTrial(name) if longer else StopConversion(name)
        case _:
            return None


def asked_by_hand(wish: ByHand, history: History, names: str, *, offers: dict[str, Offer]) -> Event | None:
    """What the vendor's people do; None where there is nothing to do it to."""
    known, of = len(history.subscriptions), history.account.currency
    minor = MINOR_UNITS[of.code]
    match wish:
        case Gift(None, _, many):
            return GiveCredit(Amount(many * minor, of))
        case Gift(document, line, many):
            left = sum(c.left.minor for c in history.charges if (c.ref.document, c.ref.line) == (document, line))
            return GiveCredit(Amount(left * many // 10, of), document, line)
        case Return(document, tenths, adjust):
            received = sum(p.left.minor for p in history.payments if p.document == document)
            return GiveBack(document, None if tenths == 10 else Amount(received * tenths // 10, of), adjust=adjust)
        case Off(which, percent, amount, long):
            off = None if percent else Amount(amount * minor, of)
            whose = names[which % known] if known and which is not None else None
            return GiveDiscount(whose, percent, off, every(long) if long else None)
        case Dearer(which, price):
            if not known:
                return None
            plan = history.subscriptions[which % known].plan
            sold = core_plan(offers[plan.name], name=plan.name, of=of) if plan.name in offers else plan
            return SetPrice(sold, UnitPrice(price, of))
