"""The metrics in the text format of Prometheus, as its page "Exposition formats" describes version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Literal

from prorata.usecases.metrics import Metrics

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Labels = Mapping[str, str]
Sample = tuple[Labels, int]


@dataclass(frozen=True, slots=True)
class _Family:
    """A metric under its name, with a sample for each set of labels."""

    name: str
    help: str
    samples: tuple[Sample, ...]
    kind: Literal["gauge", "counter"] = "gauge"

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        yield from (f"{self.name}{_labels(labels)} {value}" for labels, value in self.samples)


def exposition(metrics: Metrics) -> str:
    """Every metric, those without a sample too, so that a monitor knows what there can be."""
    families = (*_of_runs(metrics), *_of_work(metrics), *_of_verification(metrics))
    return "".join(f"{line}\n" for family in families for line in family.lines())


def _of_runs(metrics: Metrics) -> Iterator[_Family]:
    yield _Family(
        "prorata_runs",
        "Billing runs by state.",
        tuple((_seller(seller, state=state), count) for (seller, state), count in metrics.runs.items()),
    )
    yield _Family(
        "prorata_last_run_finished_seconds",
        "When the finished run of the latest day was finished, as unix time.",
        tuple((_seller(run.seller), _seconds(run.finished_at)) for run in metrics.finished),
    )
    yield _Family(
        "prorata_last_run_day_seconds",
        "The day of that run: its midnight in UTC, as unix time.",
        tuple((_seller(run.seller), _seconds(_midnight(run.as_of))) for run in metrics.finished),
    )
    yield _Family(
        "prorata_run_batches",
        "Batches of the run of the latest day.",
        tuple(
            (_seller(run.seller, state=state), count)
            for run in metrics.latest
            for state, count in (("done", run.batches - run.waiting), ("waiting", run.waiting))
        ),
    )
    yield _Family(
        "prorata_run_accounts_billed",
        "Accounts for which the run of the latest day wrote something.",
        tuple((_seller(run.seller), run.billed) for run in metrics.latest),
    )
    yield _Family(
        "prorata_run_parked",
        "Subscriptions that the run of the latest day parked; unexpected: by a failure that no rule foresaw.",
        tuple(
            (_seller(run.seller, unexpected=unexpected), count)
            for run in metrics.latest
            for unexpected, count in (("false", run.parked - run.unexpected), ("true", run.unexpected))
        ),
    )


def _of_work(metrics: Metrics) -> Iterator[_Family]:
    yield _Family(
        "prorata_documents_issued_total",
        "Documents ever issued; a series with a T in front is that of test accounts, with a C of credit notes.",
        tuple((_seller(seller, series=series), count) for (seller, series), count in metrics.issued.items()),
        kind="counter",
    )
    yield _Family(
        "prorata_parked_subscriptions",
        "Subscriptions that cannot be billed until somebody mends them, by the code of the reason.",
        tuple(({"code": code}, count) for code, count in metrics.parked.items()),
    )
    yield _Family(
        "prorata_jobs",
        "Jobs in the queue by task and status; ended ones are kept for a week, failed ones for a month.",
        tuple(({"task": task, "status": status}, count) for (task, status), count in metrics.jobs.items()),
    )
    yield _Family(
        "prorata_mails",
        "Mails by what became of them; settled ones are kept for a month. Those given up want somebody to look.",
        tuple(({"state": state}, count) for state, count in _states_of_mails(metrics)),
    )
    yield _Family("prorata_workers", "Workers that have said lately that they live.", _one(metrics.workers))


def _of_verification(metrics: Metrics) -> Iterator[_Family]:
    last = metrics.verification
    yield _Family(
        "prorata_verification_ended_seconds",
        "When everything was last verified, as unix time.",
        _one(_seconds(last.ended_at) if last else None),
    )
    yield _Family(
        "prorata_verification_duration_seconds",
        "How long that took.",
        _one(int((last.ended_at - last.began_at).total_seconds()) if last else None),
    )
    yield _Family(
        "prorata_verification_documents", "Documents made again then.", _one(last.documents if last else None)
    )
    yield _Family("prorata_verification_lines", "Lines made again then.", _one(last.lines if last else None))
    yield _Family(
        "prorata_verification_findings",
        "What was found wrong then; anything but 0 wants somebody to look.",
        _one(last.findings if last else None),
    )


def _states_of_mails(metrics: Metrics) -> Iterator[tuple[str, int]]:
    mails = metrics.mails
    if mails is None:
        return iter(())
    return iter((("waiting", mails.waiting), ("sent", mails.sent), ("given_up", mails.given_up)))


def _one(value: int | None) -> tuple[Sample, ...]:
    return () if value is None else (({}, value),)


def _seller(seller: int, **more: str) -> Labels:
    return {"seller": str(seller), **more}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(_label(labels.items())) + "}"


def _label(labels: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in labels:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        yield f'{name}="{escaped}"'
