"""The facts of a mail, each as its letter may tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from prorata.usecases.permissions import ROLES, STAFF_ROLES
from prorata.wording.letters.blocks import harmless
from prorata.wording.roles import role_word, staff_role_word
from prorata.wording.words import Wording

_NOT_IN_LINKS: Final = re.compile(r"[^!-~]|[\\<>\"]")


class WrongFact(ValueError):
    """A fact of a mail is missing, or not what its letter can tell. It is named, not shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a mail and the language to tell them in; `address`: of the site, without a slash at its end.

    Each of its ways to read a fact raises `WrongFact` where it is missing or something else.
    """

    w: Wording
    data: Mapping[str, str | int]
    address: str

    @property
    def site(self) -> str:
        """The site's name, as a reader sees it in the address bar."""
        return urlsplit(self.address).netloc

    def text(self, name: str) -> str:
        """A fact that somebody typed."""
        return harmless(str(self._fact(name)))

    def plain(self, name: str) -> str:
        """A fact that we have written ourselves, for what reads it further."""
        return str(self._fact(name))

    def count(self, name: str) -> int:
        """A fact that is a number."""
        value = self._fact(name)
        if not isinstance(value, int):
            raise WrongFact(name)
        return value

    def is_so(self, name: str) -> bool:
        """Whether something is so; where nothing is told of it, it is not."""
        return bool(self.data.get(name))

    def moment(self, name: str) -> str:
        """A fact that is an instant in ISO form, with the zone it is said in."""
        try:
            at = datetime.fromisoformat(str(self._fact(name)))
        except ValueError as error:
            raise WrongFact(name) from error
        return f"{self.w.moment(at)} {at.tzname() or ''}".strip()

    def day(self, name: str) -> date:
        """A fact that is a day in ISO form."""
        try:
            return date.fromisoformat(str(self._fact(name)))
        except ValueError as error:
            raise WrongFact(name) from error

    def money(self, name: str, *, currency: str = "currency") -> str:
        """A fact that is an amount in minor units, with the fact that names its currency."""
        return self.w.money(self.count(name), self.plain(currency))

    def link(self, name: str) -> str:
        """A fact that is an address of the site, with or without its beginning."""
        given = str(self._fact(name))
        whole = given if given.startswith(f"{self.address}/") else f"{self.address}{given}"
        path = whole.removeprefix(self.address)
        if not path.startswith("/") or path.startswith("//") or _NOT_IN_LINKS.search(whole):
            raise WrongFact(name)
        return whole

    def role(self, name: str = "role") -> str:
        """A fact that is a role; one of an account's own comes as its name."""
        role = str(self._fact(name))
        if role in ROLES:
            return role_word(self.w, role)
        return staff_role_word(self.w, role) if role in STAFF_ROLES else self.text(name)

    def _fact(self, name: str) -> str | int:
        if name not in self.data:
            raise WrongFact(name)
        return self.data[name]
