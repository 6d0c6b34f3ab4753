"""The demo's door: one is whom one chose to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.act import Services
from prorata.usecases.pages.people import person, staff_person
from prorata.usecases.people.accept_invitation import Joined
from prorata.web.addresses import PEOPLE
from prorata.web.auth import invitation
from prorata.web.demo import mailbox, people
from prorata.web.demo.choice import STAFF, choose, choose_behalf, choose_staff, chosen
from prorata.web.views import Link
from prorata.web.visits import StaffVisit, Visit
from prorata.wording import Language, Wording


def _be(request: Request, response: Response, joined: Joined) -> None:  # noqa: PLR0917 - what an invitation calls
    choose(request, response, account=joined.account, member=joined.member)


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """Everybody may be anybody."""

    services: Services
    entrance: str = PEOPLE
    demo: bool = True

    def screens(self) -> Sequence[BaseRoute]:
        """The choice of person; invitations: whoever accepts one is chosen; and everybody's mails."""
        return [*people.routes(), *invitation.routes(_be), *mailbox.routes()]

    def who(self, request: Request) -> Visit | StaffVisit | None:
        """Who was chosen; None for nobody, and for who is not there any more."""
        match chosen(request):
            case [int(account), int(member)]:
                return self._member(account, member)
            case [str(kind), int(place)] if kind == STAFF:
                return self._staff(place)
            case [str(kind), int(place), int(account), str(reason)] if kind == STAFF:
                return self._behalf(place, account=account, reason=reason)
            case _:
                return None

    def way_out(self, w: Wording) -> Link:
        """The choice again."""
        return Link(label=w.t("Be somebody else"), href=PEOPLE)

    def session(self, request: Request) -> int | None:
        """None: who one is stands in a cookie."""
        del request

    def keep_behalf(self, request: Request, response: Response, *, account: int | None, reason: str = "") -> None:
        """Keep it with who was chosen."""
        match chosen(request):
            case [str(kind), int(place)] if kind == STAFF and account is not None:
                choose_behalf(request, response, place=place, account=account, reason=reason)
            case [str(kind), int(place), int(), str()] if kind == STAFF and account is None:
                choose_staff(request, response, place=place)
            case _:
                pass

    def _member(self, account: int, member: int) -> Visit | None:
        found = person(self.services, account=account, member=member)
        return Visit(self.services, account, found[0], Language(found[1].language)) if found else None

    def _staff(self, place: int) -> StaffVisit | None:
        found = staff_person(self.services, place)
        return StaffVisit(self.services, found[0], found[2], Language(found[1].language)) if found else None

    def _behalf(self, place: int, *, account: int, reason: str) -> Visit | None:
        found = staff_person(self.services, place)
        if found is None:
            return None
        actor = replace(found[0], behalf=reason)
        return Visit(self.services, account, actor, Language(found[1].language))
