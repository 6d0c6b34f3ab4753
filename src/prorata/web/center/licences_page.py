"""Licences: what is bought, assigned and free of everything, what the free ones cost, and how to remove them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.insights.unused import Unused
from prorata.usecases.pages.licences import LicencesPage, LicencesRow, licences_page
from prorata.web.center import paths
from prorata.web.center.conflicts import ConflictNotice, conflict_notice, too_many
from prorata.web.center.too_few import too_few
from prorata.web.center.words import Names, amount, chip_kinds, licences, price_each, titles
from prorata.web.forms import get
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Link
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencesLine:
    """A subscription in the table. `free_note` says how many too many, `year_note` what removing them would cost."""

    name: str
    href: str
    price: str
    chips: tuple[str, ...]
    bought: str
    assigned: str
    free: str
    free_note: str | None
    renewal: str
    renewal_note: str | None
    month: str
    year: str
    year_note: str | None
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What stands below the columns."""

    label: str
    bought: str
    assigned: str
    free: str
    renewal: str
    month: str
    year: str


def routes() -> Sequence[BaseRoute]:
    """The page."""
    return (get(paths.LICENCES, show, name="all_licences"),)


def show(request: Request) -> Response:
    """Show it: conflicts first, then the table."""
    here, w = visit(request), wording_of(request)
    page = licences_page(here.services, here.request())
    names = titles(w, page.subscriptions)
    rows = sorted(page.rows, key=lambda row: (names[row.facts.subscription.id].casefold(), row.facts.subscription.id))
    return render(
        request,
        "center/licences_page.html",
        lead=_lead(w, page),
        conflicts=tuple(
            _ways_out(w, here, row=row, notice=notice)
            for row in rows
            if (notice := conflict_notice(w, row.facts, today=page.here.today, name=names[row.facts.subscription.id]))
        ),
        lines=tuple(_line(w, row, names=names) for row in rows),
        totals=_totals(w, rows, unused=page.unused) if page.unused and len(rows) > 1 else None,
        buy=Action(
            label=w.t("Buy a product"),
            href=paths.BUY,
            kind="secondary" if rows else "primary",
            disabled_reason=refused_to(w, here.actor, permission="buy"),
        ),
    )


def _ways_out(w: Wording, here: Visit, *, row: LicencesRow, notice: ConflictNotice) -> ConflictNotice:
    """The banner with both ways out: buy what is missing, at its price, or choose whom to unassign."""
    subscription = row.facts.subscription
    few = too_few(w, here, facts=row.facts, missing=too_many(subscription))
    choose = Action(
        label=w.t("Choose whom to unassign"),
        href=paths.product(subscription.name, "conflict"),
        disabled_reason=refused_to(w, here.actor, permission="assign"),
    )
    return replace(notice, text=f"{notice.text} {few.text}".strip(), actions=(few.buy, choose))


def _lead(w: Wording, page: LicencesPage) -> str:
    """How many are not assigned, and what those cost."""
    counted = _counted(page.rows)
    bought = sum(row.standing.bought for row in counted)
    free = sum(row.standing.free for row in counted)
    if not page.rows or not page.unused:
        return w.t("There are no licences.")
    if not free:
        return w.n("The only licence is assigned.", "All {count} licences are assigned.", bought)
    said = w.n(
        "{count} of {bought} licences is not assigned.",
        "{count} of {bought} licences are not assigned.",
        free,
        bought=bought,
    )
    return f"{said} {_cost(w, page.unused, count=free)}"


def _counted(rows: Sequence[LicencesRow]) -> Sequence[LicencesRow]:
    """The licences of what runs; of what has ended only where nothing else is there."""
    return [row for row in rows if row.facts.subscription.is_running] or rows


def _cost(w: Wording, unused: Sequence[Unused], *, count: int) -> str:
    if not any(one.month or one.year for one in unused):
        return w.n("It costs nothing just now.", "They cost nothing just now.", count)
    return w.n(
        "It costs {month} this month, {year} a year, before tax.",
        "They cost {month} this month, {year} a year, before tax.",
        count,
        month=_month(w, unused),
        year=_year(w, unused),
    )


def _month(w: Wording, unused: Sequence[Unused]) -> str:
    return w.list([amount(w, one.month) for one in _told(unused)])


def _year(w: Wording, unused: Sequence[Unused]) -> str:
    return w.list([amount(w, one.year) for one in _told(unused)])


def _told(unused: Sequence[Unused]) -> Sequence[Unused]:
    """Those in whose currency something is charged, or the first."""
    return [one for one in unused if one.month or one.year] or unused[:1]


def _line(w: Wording, row: LicencesRow, *, names: Names) -> LicencesLine:
    facts, standing, unused = row.facts, row.standing, row.unused
    subscription = facts.subscription
    many = too_many(subscription)
    return LicencesLine(
        name=names[subscription.id],
        href=paths.product(subscription.name),
        price=price_each(w, subscription.plan, phase=facts.phase),
        chips=tuple(kind for kind in chip_kinds(facts) if kind != "active"),
        bought=w.number(standing.bought),
        assigned=w.number(standing.assigned),
        free=w.number(standing.free),
        free_note=w.n("{count} too many", "{count} too many", many) if many else None,
        renewal=w.number(standing.at_renewal),
        renewal_note=w.date(standing.renewal) if standing.renewal else w.t("nothing renews"),
        month=amount(w, unused.month),
        year=amount(w, unused.year),
        year_note=w.t("Without them it would be {amount} more.", amount=amount(w, unused.more))
        if unused.more
        else None,
        links=_links(w, row),
    )


def _links(w: Wording, row: LicencesRow) -> tuple[Link, ...]:
    """What can be done with the licences: see who holds one, remove those that nobody does. Disabled: nothing."""
    subscription = row.facts.subscription
    if subscription.state == "disabled":
        return ()
    assign = Link(label=w.t("Assign licences"), href=paths.product(subscription.name, "members"))
    fewest = max(subscription.assigned, subscription.terms.licences.fewest)
    away = subscription.licences - fewest
    if not row.unused.count or row.unused.more or away <= 0:
        return (assign,)
    remove = Link(
        label=w.t("Remove {licences}", licences=licences(w, away)),
        href=paths.product(subscription.name, "licences", licences=fewest),
    )
    return assign, remove


def _totals(w: Wording, rows: Sequence[LicencesRow], *, unused: Sequence[Unused]) -> Totals:
    counted = _counted(rows)
    return Totals(
        label=w.t("In all") if len(counted) == len(rows) else w.t("In all, without what has ended"),
        bought=w.number(sum(row.standing.bought for row in counted)),
        assigned=w.number(sum(row.standing.assigned for row in counted)),
        free=w.number(sum(row.standing.free for row in counted)),
        renewal=w.number(sum(row.standing.at_renewal for row in counted)),
        month=_month(w, unused),
        year=_year(w, unused),
    )
