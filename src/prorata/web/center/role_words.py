"""Roles as choices of a form, with what each may do."""

from __future__ import annotations

from collections.abc import Iterable

from prorata.usecases.pages.members import RoleFacts
from prorata.usecases.people.rules import BeyondYourRole
from prorata.usecases.permissions import ACCOUNT_PERMISSIONS, Permission
from prorata.web.views import Option
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import permission_word, role_does, role_word


def role_options(w: Wording, roles: Iterable[RoleFacts]) -> tuple[Option, ...]:
    """Every role of an account; those that may do more than the reader cannot be taken, and say so."""
    return tuple(
        Option(
            value=one.key,
            label=role_word(w, one.key, own=one.own),
            hint=may_words(w, one.permissions) if one.own else role_does(w, one.key),
            disabled_reason=sentence(BeyondYourRole(), w) if one.beyond else None,
        )
        for one in roles
    )


def may_words(w: Wording, permissions: Iterable[Permission] | Iterable[str]) -> str:
    """What may be done, as a list in words."""
    given = set(permissions)
    return w.list([permission_word(w, one) for one in ACCOUNT_PERMISSIONS if one in given])
