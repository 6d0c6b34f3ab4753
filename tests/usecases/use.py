"""How a use case is tried: as whom, where, and what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from prorata.usecases.act import Request, Services
from prorata.usecases.permissions import Actor, Permission

NAME = "only-in-the-other-account"
"""The subscription that another account has."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a use case is tried: as somebody, in an account. `number` is a document's of another account."""

    services: Services
    account: int
    actor: Actor
    number: str

    @property
    def request(self) -> Request:
        return Request(self.account, self.actor)


def unproved(place: Place) -> Request:
    """The same of somebody who has not just shown who they are: nothing is done for them."""
    return Request(place.account, replace(place.actor, proved=False))


@dataclass(frozen=True, slots=True)
class Use:
    """`foreign`: it names something that only another account has, which must be as if it did not exist."""

    permission: Permission
    call: Callable[[Place], object]
    foreign: bool = False
