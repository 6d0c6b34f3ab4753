"""What the page on which an account is closed shows: the steps, what is lost, what is kept, what goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from prorata.core.calendar import business_date
from prorata.core.closing import Facts, Step, closing_steps, running_on
from prorata.core.events import CloseAccount
from prorata.core.insights.fingerprint import fingerprint
from prorata.core.step import step
from prorata.store import accounts, closures, members, retention
from prorata.usecases.act import Request, Services, now
from prorata.usecases.certificate import Kept, kept_documents
from prorata.usecases.closing_facts import all_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingPage:
    """`planned`: the day on which the account is to be closed already. `people`: how many belong to it, with those who
    have left; `backed_up`: when the data were taken out last, `changed_since` whether anything was done after that,
    `waived` that nobody needs them. `kept`: the documents that there are by now. `seen`: the fingerprint of what a
    closing would do now, None while a step is blocked or a day is planned.
    """

    account: str
    number: int
    today: date
    steps: tuple[Step, ...]
    facts: Facts
    people: int
    backed_up: date | None
    changed_since: bool
    kept: Sequence[Kept]
    planned: date | None
    waived: bool
    seen: str | None

    @property
    def blocked(self) -> int:
        """How many steps are still to be done."""
        return sum(not one.done for one in self.steps)


def closing_page(services: Services, request: Request) -> ClosingPage:
    """The page as of now. Raises `NotAllowed`, `NoSuchAccount`."""
    request.actor.must("see")
    with services.database.account(request.account, read_only=True) as conn:
        account = accounts.find(conn, request.account)
        at = request.at or now(services, account)
        facts, tail = all_facts(conn, account, closer=request.actor.member, at=at)
        planned = closures.pending(conn, request.account)
        if planned:
            facts = replace(facts, backup=planned.backup, running=running_on(tail, planned.on))
        steps = closing_steps(facts)
        is_free = all(one.done or one.what == "backup" for one in steps)
        backed_up = closures.last_backup_at(conn, request.account)
        return ClosingPage(
            account=account.name,
            number=account.account_id,
            today=business_date(at, account.zone),
            steps=steps,
            facts=facts,
            people=len(members.all_of(conn, request.account)),
            backed_up=backed_up.astimezone(account.zone).date() if backed_up else None,
            kept=kept_documents(retention.issued(conn, request.account), retention.of_documents(conn)),
            planned=planned.on if planned else None,
            changed_since=closures.changed_since_backup(conn, request.account),
            waived=facts.backup == "waived",
            seen=fingerprint(step(tail, CloseAccount(request.actor.side), at)) if is_free and not planned else None,
        )
