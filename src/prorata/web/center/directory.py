"""Sign-in by the account's own directory: what an owner sets up, tries, changes and removes."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.door.directories import (
    FOR_NEW,
    DirectoryIncomplete,
    DirectoryPage,
    NotARoleForNew,
    Wish,
    directory_page,
    remove_directory,
    set_directory,
    try_directory,
)
from prorata.usecases.permissions import NotAllowed, ProofNeeded
from prorata.web.addresses import PROOF, with_query
from prorata.web.center import paths
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import door_of, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.marking import mark
from prorata.wording.roles import refused_to, role_word

_EDIT = paths.DIRECTORY + "/edit"
_REMOVE = paths.DIRECTORY + "/remove"
_TRY = paths.DIRECTORY + "/try"
_NEWS = {
    "set": mark("The directory is set. People of the account can sign in by it now."),
    "changed": mark("The directory is changed."),
    "removed": mark("The directory is removed. Nobody signs in by it any more."),
    "answers": mark("The directory answers and shows its keys. Sign in by it once to try all of it."),
}
_LABELS = {
    "name": mark("Name"),
    "issuer": mark("Issuer"),
    "client_id": mark("Client id"),
    "client_secret": mark("Client secret"),
}


def routes() -> Sequence[BaseRoute]:
    """What there is, setting or changing it, trying and removing it."""
    return (
        get(paths.DIRECTORY, show, name="own_directory"),
        get(_EDIT, edit, name="edit_directory"),
        post(_EDIT, save),
        post(_TRY, try_it),
        get(_REMOVE, ask_removal, name="remove_directory"),
        post(_REMOVE, remove),
    )


def show(request: Request) -> Response:
    """The directory with the addresses that are copied, or what one would be good for."""
    return _page(request)


def edit(request: Request) -> Response:
    """The form, with what is there or what was typed before."""
    here, query = visit(request), query_form(request)
    page = directory_page(here.services, here.request(), change=True)
    typed = _typed(query) if "issuer" in query or "name" in query else _kept(page)
    return _form_page(request, page, typed=typed)


def save(request: Request, form: Form) -> Response:
    """Set or change it, if it answers; what is wrong is said beside its field."""
    here, wish = visit(request), _typed(form)
    try:
        before = directory_page(here.services, here.request())
        set_directory(here.services, here.request(), wish=wish)
    except ProofNeeded:
        return _prove_first(wish)
    except NotAllowed:
        raise
    except DomainError as error:
        page = directory_page(here.services, here.request())
        return _form_page(request, page, typed=wish, errors=_errors(request, error), status=422)
    return _told("changed" if before.directory else "set")


def try_it(request: Request, _: Form) -> Response:
    """See whether it answers."""
    here = visit(request)
    try:
        try_directory(here.services, here.request())
    except NotAllowed:
        raise
    except DomainError as error:
        return _page(request, problem=sentence(error, wording_of(request)))
    return _told("answers")


def ask_removal(request: Request) -> Response:
    """Say what removing it does."""
    here = visit(request)
    page = directory_page(here.services, here.request(), change=True)
    if page.directory is None:
        return RedirectResponse(paths.DIRECTORY, status_code=303)
    return render(
        request, "center/directory_remove.html", name=page.directory.name, action=_REMOVE, back=paths.DIRECTORY
    )


def remove(request: Request, _: Form) -> Response:
    """Remove it."""
    here = visit(request)
    remove_directory(here.services, here.request())
    return _told("removed")


def _told(news: str) -> Response:
    return RedirectResponse(with_query(paths.DIRECTORY, news=news), status_code=303)


def _prove_first(wish: Wish) -> Response:
    """To the proof, and back to the form with what was typed; but for the secret, which stands in no address."""
    typed = with_query(
        _EDIT, name=wish.name, issuer=wish.issuer, client_id=wish.client_id, role_for_new=wish.role_for_new
    )
    return RedirectResponse(with_query(PROOF, next=typed), status_code=303)


def _page(request: Request, *, problem: str = "") -> Response:
    here, w = visit(request), wording_of(request)
    refused = refused_to(w, here.actor, permission="manage_directory")
    page = None if refused else directory_page(here.services, here.request())
    news = query_form(request).text("news")
    return render(
        request,
        "center/directory.html",
        status=403 if refused else 422 if problem else 200,
        refused=refused,
        rows=_rows(w, page) if page else (),
        redirect=page.redirect if page else "",
        sign_in=page.directory.sign_in if page and page.directory else "",
        actions=_actions(w, page) if page else (),
        try_action=_TRY,
        news=w.t(_NEWS[news]) if news in _NEWS and not problem else "",
        problem=problem,
        nothing_goes_out=door_of(request).demo,
    )


def _rows(w: Wording, page: DirectoryPage) -> Sequence[tuple[str, str]]:
    found = page.directory
    if found is None:
        return ()
    return (
        (w.t("Name"), found.name),
        (w.t("Issuer"), found.issuer),
        (w.t("Client id"), found.client_id),
        (w.t("What new people become"), _role(w, found.role_for_new)),
    )


def _role(w: Wording, role: str | None) -> str:
    return role_word(w, role) if role else w.t("nobody new is taken in")


def _actions(w: Wording, page: DirectoryPage) -> Sequence[Action]:
    if page.directory is None:
        return (Action(label=w.t("Set up a directory"), href=_EDIT, kind="primary"),)
    return (
        Action(label=w.t("Change the directory"), href=_EDIT),
        Action(label=w.t("Remove"), href=_REMOVE, kind="danger"),
    )


def _form_page(
    request: Request, page: DirectoryPage, *, typed: Wish, errors: Sequence[FieldError] = (), status: int = 200
) -> Response:
    w = wording_of(request)
    return render(
        request,
        "center/directory_edit.html",
        status=status,
        there=page.directory,
        redirect=page.redirect,
        typed=typed,
        errors=tuple(errors),
        roles=_options(w),
        action=_EDIT,
        back=paths.DIRECTORY,
    )


def _options(w: Wording) -> Sequence[Option]:
    nobody = Option(
        value="", label=w.t("Nobody is taken in"), hint=w.t("Only who is invited comes in, by the same mail address.")
    )
    return (nobody, *(Option(value=role, label=role_word(w, role)) for role in FOR_NEW))


def _errors(request: Request, error: DomainError) -> Sequence[FieldError]:
    w = wording_of(request)
    if isinstance(error, DirectoryIncomplete):
        most = int(error.parameters["most"])
        return [
            FieldError(
                field=name, text=w.t("{field}: write between 1 and {most} characters.", field=w.t(label), most=most)
            )
            for name, label in _LABELS.items()
            if name in str(error.parameters["fields"]).split(",")
        ]
    field = "role_for_new" if isinstance(error, NotARoleForNew) else "issuer"
    return [FieldError(field=field, text=sentence(error, w))]


def _typed(form: Form) -> Wish:
    return Wish(
        name=form.text("name"),
        issuer=form.text("issuer"),
        client_id=form.text("client_id"),
        client_secret=form.text("client_secret"),
        role_for_new=form.text("role_for_new"),
    )


def _kept(page: DirectoryPage) -> Wish:
    found = page.directory
    if found is None:
        return Wish(name="", issuer="", client_id="")
    return Wish(name=found.name, issuer=found.issuer, client_id=found.client_id, role_for_new=found.role_for_new or "")
