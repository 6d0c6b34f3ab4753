"""Finding people in a long list and picking some of them, or all that are found: for every page that does so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from prorata.store.account_roles import OwnRole
from prorata.usecases.people.picking import LEFT, Filter, Pick
from prorata.usecases.permissions import ROLES
from prorata.web.center import paths
from prorata.web.forms import Form
from prorata.web.views import FilterForm, Option, Pages
from prorata.wording import Wording
from prorata.wording.roles import role_word

MOST_IN_ADDRESS = 200
"""So many ticked people come back from showing who one is; of more the boxes are empty again."""
_WITH, _WITHOUT = "with", "without"


def filter_of(form: Form) -> Filter:
    """What is looked for; what makes no sense is as if it were not there."""
    way, _, name = form.text("licence").partition(":")
    known = way in {_WITH, _WITHOUT} and name
    return Filter(
        text=form.text("q")[:200],
        role=form.text("role")[:30],
        holds=name if known else "",
        without=bool(known) and way == _WITHOUT,
    )


def query_of(of: Filter) -> dict[str, str]:
    """The same as an address or hidden fields have it; only what is said."""
    way = f"{_WITHOUT if of.without else _WITH}:{of.holds}" if of.holds else ""
    said = {"q": of.text, "role": of.role, "licence": way}
    return {name: value for name, value in said.items() if value}


def pick_of(form: Form) -> Pick | None:
    """Who is picked; None where something stands in the fields that no page of ours sends."""
    if form.text("all"):
        count = form.whole_number("found")
        if count is None or not 0 <= count < 10**6:
            return None
        return Pick(filter=filter_of(form), count=count, seen=form.text("seen")[:64])
    ids = ids_of(form, "member")
    return Pick(ids) if ids is not None else None


def ids_of(form: Form, field: str) -> frozenset[int] | None:
    """The members of a field; None where something else stands in it."""
    values = form.all(field)
    if not all(value.isascii() and value.isdecimal() and len(value) < 10 for value in values):
        return None
    return frozenset(map(int, values))


def hidden(pick: Pick) -> tuple[tuple[str, str], ...]:
    """A pick as hidden fields, for the page that asks once more."""
    if pick.filter is None:
        return tuple(("member", str(member)) for member in sorted(pick.members))
    return (("all", "1"), ("found", str(pick.count)), ("seen", pick.seen), *query_of(pick.filter).items())


def filter_form(w: Wording, of: Filter, *, action: str, own: Iterable[OwnRole], names: Mapping[str, str]) -> FilterForm:
    """The fields for a reader. `names`: what the subscriptions are called of which somebody can hold a licence."""
    roles = [Option(value=role, label=role_word(w, role)) for role in ROLES]
    roles += [Option(value=one.key, label=one.name) for one in own]
    licences = [
        Option(value=f"{way}:{name}", label=label)
        for name, title in names.items()
        for way, label in (
            (_WITH, w.t("with a licence of {product}", product=title)),
            (_WITHOUT, w.t("without a licence of {product}", product=title)),
        )
    ]
    return FilterForm(
        action=action,
        text=of.text,
        roles=(Option(value="", label=w.t("every role")), *roles, Option(value=LEFT, label=w.t("has left"))),
        role=of.role,
        licences=(Option(value="", label=w.t("with and without licences")), *licences),
        licence=query_of(of).get("licence", ""),
        active=not of.is_empty,
    )


def pages_of(
    w: Wording, *, page: int, shown: int, found: int, per_page: int, address: str, query: Mapping[str, str]
) -> Pages | None:
    """The way through the list, each page at an address with a query; None where it stands on one page."""
    if found <= per_page:
        return None
    first = (page - 1) * per_page + 1

    def href(number: int) -> str:
        return paths.with_query(address, **query, page=number)

    return Pages(
        shown=w.t("{first}–{last} of {all}", first=first, last=first + shown - 1, all=found),
        previous_href=href(page - 1) if page > 1 else None,
        next_href=href(page + 1) if page * per_page < found else None,
    )


def part(rows: Sequence[object], page: int, *, per_page: int) -> slice:
    """Which of some rows stand on a page."""
    last = max(-(-len(rows) // per_page), 1)
    page = min(max(page, 1), last)
    return slice((page - 1) * per_page, page * per_page)
