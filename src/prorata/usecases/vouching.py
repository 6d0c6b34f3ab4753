"""What asks a directory who somebody is: the requests of OpenID Connect, which go out to another machine.

What may go wrong there is named here, one class for each, so that a reader is told which it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from prorata.core.errors import DomainError


class DirectoryAddressRefused(DomainError):
    """It is no https address, or it leads to a machine that is not reached over the internet."""

    code = "directory_address_refused"


class DirectoryUnreachable(DomainError):
    """It does not answer, or not in time."""

    code = "directory_unreachable"


class DirectoryAnswersTooMuch(DomainError):
    """Its answer is longer than any that a directory has to give."""

    code = "directory_answers_too_much"


class DirectoryMoved(DomainError):
    """It sends the request elsewhere, which is not followed: nobody said that what lies there is trusted."""

    code = "directory_moved"


class NoDirectoryThere(DomainError):
    """What answers is no directory of OpenID Connect, or lacks what is needed of one."""

    code = "no_directory_there"


class OtherDirectory(DomainError):
    """What answers calls itself by another address than the one that is trusted."""

    code = "other_directory"


class DirectoryRefusedUs(DomainError):
    """It does not accept the client id, the secret, or the code that came back with the reader."""

    code = "directory_refused_us"


class WrongSignature(DomainError):
    """Its answer was signed by none of its keys, or changed on the way."""

    code = "directory_wrong_signature"


class WrongAlgorithm(DomainError):
    """Its answer is not signed, or in a way in which anybody could have done it."""

    code = "directory_wrong_algorithm"


class WrongIssuer(DomainError):
    """Its answer says that another directory gave it."""

    code = "directory_wrong_issuer"


class WrongAudience(DomainError):
    """Its answer was made for another application."""

    code = "directory_wrong_audience"


class WrongNonce(DomainError):
    """Its answer belongs to another sign-in than the one that was begun here."""

    code = "directory_wrong_nonce"


class AnswerTooOld(DomainError):
    """Its answer has expired, or comes from a time that has not come."""

    code = "directory_answer_too_old"


class AnswerUnreadable(DomainError):
    """Its answer lacks what is needed, or is not of the form that was agreed."""

    code = "directory_answer_unreadable"


@dataclass(frozen=True, slots=True)
class Client:
    """How the product is known at a directory. `inside`: it may be a machine of the same network."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One sign-in. `redirect`: where the answer goes; `state`, `nonce`, `verifier`: by which it is known again."""

    redirect: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who somebody is. `subject` never changes hands; `email` only where the directory says that it was checked."""

    subject: str
    email: str | None
    name: str


class Directories(Protocol):
    """Asks directories. Every call goes out to another machine: no transaction may be open meanwhile.

    Raises what stands above.
    """

    def reach(self, client: Client) -> None:
        """See whether a directory is there and is what it is trusted as."""
        ...

    def way_there(self, client: Client, question: Question) -> str:
        """The address at the directory where the reader says who they are."""
        ...

    def answer(self, client: Client, question: Question, *, code: str, at: datetime) -> Vouched:
        """Who came back with a code."""
        ...


class NoDirectories:
    """Where nothing may go out: no directory can be reached."""

    def reach(self, client: Client) -> None:
        """Raise `DirectoryUnreachable`."""
        raise DirectoryUnreachable(issuer=client.issuer)

    def way_there(self, client: Client, question: Question) -> str:
        """Raise `DirectoryUnreachable`."""
        del question
        raise DirectoryUnreachable(issuer=client.issuer)

    def answer(self, client: Client, question: Question, *, code: str, at: datetime) -> Vouched:
        """Raise `DirectoryUnreachable`."""
        del question, code, at
        raise DirectoryUnreachable(issuer=client.issuer)
