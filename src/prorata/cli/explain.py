"""`prorata explain`: why a document is what it is, and why it differs from the one before it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from prorata.cli.failure import Failure
from prorata.cli.output import as_json
from prorata.cli.own_data import OPERATOR
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.documents.model import Line, LineRef
from prorata.core.errors import DomainError
from prorata.core.insights.explain import Reason, TaxReason
from prorata.core.stories.result import Json
from prorata.usecases.explain_document import Explained
from prorata.usecases.explain_document import explain_document as explain_one
from prorata.wording import Language, Wording, wording_for
from prorata.wording.errors import sentence
from prorata.wording.explain import formula, says, tax_says, why
from prorata.wording.reasons import sentences, summary
from prorata.wording.terms import document_kind_word

_LAST_ID = 2**63 - 1  # of a bigint
_WIDTH = 96


@click.command(short_help="Say why a bill is what it is.")
@click.argument("number")
@click.option("--account", type=click.IntRange(1, _LAST_ID), metavar="ID", help="Whose document it is.")
@click.option("--demo", "on_demo", is_flag=True, help="Look in the demo's data.")
@click.option("--json", "wants_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default=Language.EN.value,
    show_default=True,
    help="The language of the sentences.",
)
@click.pass_context
def explain(
    context: click.Context, *, number: str, account: int | None, on_demo: bool, wants_json: bool, language: str
) -> None:
    """Explain the document NUMBER: why it differs from the one before it, and how each amount on it was made.

    Sellers count their documents alike: where several accounts have the number, --account says whose is meant.

    Exit codes: 0 it is explained, 2 there is no such document.
    """
    w = wording_for(Language(language))
    with wiring_of(context.find_object(Wiring)).services("demo" if on_demo else "own") as services:
        try:
            found = explain_one(services, OPERATOR, number=number, account=account)
        except DomainError as error:
            raise Failure(sentence(error, wording_for(Language.EN))) from None
    click.echo(as_json(_result(found, w)) if wants_json else "\n".join(_text(found, w)).encode() + b"\n", nl=False)


# ------------------------------------------------------------------------------------------ for people


def _text(found: Explained, w: Wording) -> Iterator[str]:
    document = found.issued.document
    yield f"{document_kind_word(w, document.kind)} {found.issued.number}, {w.date(document.date)}"
    yield from _wrapped(_summary(found, w))
    yield ""
    yield w.t("Why is this bill different from the last one?")
    for said in _sentences(found, w):
        yield from _wrapped(said, bullet="- ")
    yield ""
    yield w.t("How each amount was made")
    several = len({line.subscription for line in document.lines}) > 1
    for place, line in enumerate(document.lines, start=1):
        said = f"{why(line, w)}. {says(line, w)}"
        yield from _wrapped(f"{found.names[line.subscription]}: {said}" if several else said, bullet=f"{place}. ")
        yield from _wrapped(formula(line, w), bullet="   ")
        if line.corrects:
            yield from _wrapped(_takes_back(line.corrects, found, w=w), bullet="   ")
    for group in document.taxes:
        yield from _wrapped(f"{w.t('Tax')}: {tax_says(group, w)}", bullet="- ")


def _wrapped(text: str, *, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"  {bullet}", subsequent_indent=" " * (2 + len(bullet)), break_on_hyphens=False
    )


def _takes_back(ref: LineRef, found: Explained, *, w: Wording) -> str:
    number = found.numbers.get(ref.document, str(ref.document))
    return w.t("It takes back from line {line} of {number}.", line=ref.line, number=number)


def _summary(found: Explained, w: Wording) -> str:
    number = found.before.number if found.before else None
    return summary(found.issued.document, found.explanation, w=w, number=number)


def _sentences(found: Explained, w: Wording) -> tuple[str, ...]:
    return sentences(found.issued.document, found.explanation, w=w, names=found.names)


# ------------------------------------------------------------------------------------------ for programs


def _result(found: Explained, w: Wording) -> dict[str, Json]:
    document, before, explanation = found.issued.document, found.before, found.explanation
    said = _sentences(found, w)
    reasons, taxes = said[: len(explanation.reasons)], said[len(explanation.reasons) :]
    return {
        "number": found.issued.number,
        "kind": document.kind,
        "date": document.date.isoformat(),
        "net": str(document.net),
        "tax": str(document.tax),
        "total": str(document.total),
        "before": {"number": before.number, "total": str(before.document.total)} if before else None,
        "says": _summary(found, w),
        "difference": {"net": str(explanation.net), "tax": str(explanation.tax)},
        "reasons": [_reason(one, text, names=found) for one, text in zip(explanation.reasons, reasons, strict=True)],
        "taxes": [_tax(one, text) for one, text in zip(explanation.taxes, taxes, strict=True)],
        "lines": [_line(line, found, w=w) for line in document.lines],
    }


def _reason(reason: Reason, said: str, *, names: Explained) -> Json:
    return {
        "subscription": names.names[reason.subscription],
        "why": reason.why,
        "kind": reason.kind,
        "on": reason.on.isoformat() if reason.on else None,
        "by": reason.by,
        "amount": str(reason.amount),
        "says": said,
    }


def _tax(reason: TaxReason, said: str) -> Json:
    return {"rate": str(reason.rate), "amount": str(reason.amount), "says": said}


def _line(line: Line, found: Explained, *, w: Wording) -> Json:
    back = line.corrects
    return {
        "subscription": found.names[line.subscription],
        "kind": line.kind,
        "why": line.cause.why,
        "on": line.cause.on.isoformat(),
        "by": line.cause.by,
        "amount": str(line.amount),
        "price_version": line.price_version,
        "corrects": {"number": found.numbers.get(back.document), "line": back.line} if back else None,
        "says": says(line, w),
        "formula": formula(line, w),
    }
