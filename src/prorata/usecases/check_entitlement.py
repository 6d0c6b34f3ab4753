"""May this member use this product now, and if not, why not: what a product asks when somebody opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prorata.core.calendar import business_date
from prorata.core.errors import DomainError
from prorata.core.subscriptions.use import Use, best, use_of
from prorata.store import entitlements
from prorata.store.entitlements import Asked
from prorata.usecases.act import Request, Services

MOST_QUESTIONS: Final = 1000


class TooManyQuestions(DomainError):
    """More is asked at once than is answered at once."""

    code = "too_many_questions"


@dataclass(frozen=True, slots=True)
class Question:
    """`member`: the address by which the account knows somebody; `product`: its code in the catalogue."""

    member: str
    product: str


def check_entitlement(services: Services, request: Request, *, question: Question) -> Use:
    """The answer to one question; who is not in the account, and what it has not bought, is an answer too."""
    return check_entitlements(services, request, questions=[question])[0]


def check_entitlements(services: Services, request: Request, *, questions: Sequence[Question]) -> tuple[Use, ...]:
    """The answers to questions, in their order. Raises `NotAllowed`, `TooManyQuestions`."""
    request.actor.must("check_use")
    if len(questions) > MOST_QUESTIONS:
        raise TooManyQuestions(count=len(questions), most=MOST_QUESTIONS)
    if not questions:
        return ()
    pairs = [(question.member, question.product) for question in questions]
    with services.database.account(request.account, read_only=True) as conn:
        found = entitlements.look_up(conn, request.account, questions=pairs)
    today = business_date(request.at or found.clock_at or services.clock.now(), found.zone)
    return tuple(_answer(asked, today=today) for asked in found.asked)


def _answer(asked: Asked, *, today: date) -> Use:
    if asked.member is None:
        return Use(allowed=False, why="unknown_member")
    if asked.left:
        return Use(allowed=False, why="member_left")
    return best(tuple(use_of(one.sold, holds=one.holds, today=today) for one in asked.holdings))
