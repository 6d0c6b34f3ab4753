"""API keys: what programs of the account sign in with; made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.store.api_keys import KeyNameTaken, KeyRow, UnknownKey
from prorata.usecases.api_keys import (
    LONGEST_NAME,
    SCOPES,
    KeyDaysOutOfBounds,
    KeyNameMissing,
    KeyNeedsMember,
    KeyWish,
    KeyWithoutScope,
    ListedKey,
    MadeKey,
    Scope,
    TooManyKeys,
    list_keys,
    make_key,
    revoke_key,
)
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.proving import prove_first
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import visit
from prorata.wording import Wording, mark
from prorata.wording.api_keys import key_state_word, scope_does, scope_word
from prorata.wording.errors import sentence
from prorata.wording.people import former_member

_REVOKE = paths.KEYS + "/{key}/revoke"
_DAYS = (30, 90, 180, 365)
_USUAL_DAYS = 90
_FIELDS: dict[type[DomainError], str] = {
    KeyNameMissing: "name",
    KeyNameTaken: "name",
    KeyNeedsMember: "name",
    TooManyKeys: "name",
    KeyWithoutScope: "scopes",
    KeyDaysOutOfBounds: "days",
}
_NEWS = {"revoked": mark("The key is revoked: it opens nothing any more.")}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A key in the list. `chip`: its state as a kind and a word; `revoke`: where that is done, None where it is."""

    name: str
    ends: str
    scopes: str
    made: str
    until: str
    used: str
    chip: tuple[str, str]
    revoke: str | None


def routes() -> Sequence[BaseRoute]:
    """The list, making one, revoking one."""
    return (
        get(paths.KEYS, show, name="keys"),
        get(paths.NEW_KEY, ask_new, name="new_key"),
        post(paths.NEW_KEY, make),
        get(_REVOKE, ask_revoke, name="revoke_key"),
        post(_REVOKE, revoke),
    )


def show(request: Request) -> Response:
    """Every key."""
    here, w = visit(request), wording_of(request)
    found = list_keys(here.services, here.request())
    good = sum(one.state == "good" for one in found.keys)
    news = _NEWS.get(query_form(request).text("news"))
    return render(
        request,
        "center/api_keys.html",
        news=w.t(news) if news else "",
        lead=w.n("{count} key is accepted.", "{count} keys are accepted.", good)
        if good
        else w.t("No key is accepted."),
        keys=tuple(_line(w, one, zone=found.zone) for one in found.keys),
        make=Action(label=w.t("Make a key"), href=paths.NEW_KEY, kind="primary"),
    )


def ask_new(request: Request) -> Response:
    """The form, with what the address says of it."""
    here = visit(request)
    list_keys(here.services, here.request())  # who may not see them makes none
    return _form(request, query_form(request))


def make(request: Request, form: Form) -> Response:
    """Make it, and show it this once."""
    here = visit(request)
    wish = KeyWish(form.text("name"), _scopes(form), _days(form))
    try:
        made = make_key(here.services, here.request(), wish=wish)
    except ProofNeeded:
        return prove_first(
            paths.NEW_KEY, name=wish.name, scopes=" ".join(sorted(wish.scopes)) or "none", days=str(wish.days)
        )
    except tuple(_FIELDS) as refusal:
        return _form(request, form, refusal=refusal)
    return _made(request, made)


def ask_revoke(request: Request) -> Response:
    """Say what comes of it, before it is done."""
    here, w = visit(request), wording_of(request)
    found = list_keys(here.services, here.request())
    one = next((one for one in found.keys if one.row.id == _id(request) and one.state != "revoked"), None)
    if one is None:
        raise UnknownKey(key=_id(request))
    return render(
        request,
        "center/revoke_key.html",
        name=one.row.name,
        facts=_facts(w, one, zone=found.zone),
        action=paths.key(one.row.id, "revoke"),
        revoke=Action(label=w.t("Revoke {name}", name=one.row.name), kind="danger"),
        keep=Action(label=w.t("Leave it as it is"), href=paths.KEYS, kind="quiet"),
        back_href=paths.KEYS,
    )


def revoke(request: Request, _: Form) -> Response:
    """Revoke it."""
    here = visit(request)
    try:
        revoke_key(here.services, here.request(), key=_id(request))
    except ProofNeeded:
        return prove_first(paths.key(_id(request), "revoke"))
    return RedirectResponse(paths.with_query(paths.KEYS, news="revoked"), status_code=303)


# ------------------------------------------------------------------------------------------ what was typed


def _id(request: Request) -> int:
    """The key of the address; what is no number is none."""
    number = whole_number(request.path_params["key"])
    return number if number is not None and 0 < number < 2**31 else 0


def _scopes(form: Form) -> frozenset[Scope]:
    """What is ticked; after a way round, one field has all of them."""
    named = {word for value in form.all("scopes") for word in value.split()}
    return frozenset(scope for scope in SCOPES if scope in named)


def _days(form: Form) -> int:
    """For how long; 0 for what is no number, which is refused like every other one out of bounds."""
    found = form.whole_number("days")
    return found if found is not None and abs(found) < _NO_DAYS else 0


_NO_DAYS = 100_000


def _form(request: Request, typed: Form, *, refusal: DomainError | None = None) -> Response:
    w = wording_of(request)
    ticked = _scopes(typed) if "scopes" in typed or refusal else frozenset[Scope]({"read"})
    days = _days(typed) if "days" in typed else _USUAL_DAYS
    return render(
        request,
        "center/new_key.html",
        status=422 if refusal else 200,
        errors=(FieldError(field=_FIELDS[type(refusal)], text=sentence(refusal, w)),) if refusal else (),
        name=typed.text("name"),
        longest=LONGEST_NAME,
        scopes=tuple(Option(value=s, label=scope_word(w, s), hint=scope_does(w, s)) for s in SCOPES),
        ticked=tuple(ticked),
        lengths=tuple(Option(value=str(n), label=_length(w, n)) for n in _DAYS),
        days=str(days if days in _DAYS else _USUAL_DAYS),
        action=paths.NEW_KEY,
        make=Action(label=w.t("Make the key"), kind="primary"),
        keep=Action(label=w.t("Make none"), href=paths.KEYS, kind="quiet"),
        back_href=paths.KEYS,
    )


# ------------------------------------------------------------------------------------------ what is shown


def _made(request: Request, made: MadeKey) -> Response:
    w = wording_of(request)
    return render(
        request,
        "center/made_key.html",
        name=made.row.name,
        secret=made.secret,
        facts=_facts(w, ListedKey(made.row, "good"), zone=made.zone),
        back_href=paths.KEYS,
    )


def _facts(w: Wording, one: ListedKey, *, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    return (
        (w.t("May be used for"), _scope_words(w, one)),
        (w.t("Made by"), _maker(w, one.row)),
        (w.t("Good until"), _moment(w, one.row.expires_at, zone=zone)),
        (w.t("Last used"), _used(w, one, zone=zone)),
    )


def _line(w: Wording, one: ListedKey, *, zone: ZoneInfo) -> KeyLine:
    row = one.row
    kind = {"good": "active", "maker_gone": "disabled"}.get(one.state, "ended")
    return KeyLine(
        name=row.name,
        ends=w.t("ends in {characters}", characters=f"…{row.last_four}"),
        scopes=_scope_words(w, one),
        made=w.t("{name}, {day}", name=_maker(w, row), day=row.at.astimezone(zone).date()),
        until=_moment(w, row.expires_at, zone=zone),
        used=_used(w, one, zone=zone),
        chip=(kind, key_state_word(w, one.state)),
        revoke=None if one.state == "revoked" else paths.key(row.id, "revoke"),
    )


def _scope_words(w: Wording, one: ListedKey) -> str:
    return w.list([scope_word(w, scope) for scope in SCOPES if scope in one.row.scopes])


def _used(w: Wording, one: ListedKey, *, zone: ZoneInfo) -> str:
    return _moment(w, one.row.used_at, zone=zone) if one.row.used_at else w.t("never")


def _moment(w: Wording, at: datetime, *, zone: ZoneInfo) -> str:
    return w.moment(at.astimezone(zone))


def _length(w: Wording, days: int) -> str:
    return w.t("1 year") if days == max(_DAYS) else w.n("{count} day", "{count} days", days)


def _maker(w: Wording, row: KeyRow) -> str:
    """Who made a key; their name is gone where they were erased."""
    return row.made_by_name or (former_member(w, row.made_by) if row.made_by is not None else "")
