"""What is said of back ups: the first page in the archive, why one was not made, and why none can be asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from prorata.usecases.ports import ReadMe
from prorata.wording.marking import mark
from prorata.wording.words import Wording

REFUSALS: Final = {
    "export_gone": mark("The time of this back up is over and its file is deleted. Ask for another one."),
    "export_in_work": mark("A back up is in work already. Wait until it is ready; nothing is lost meanwhile."),
    "export_not_ready": mark("There is no file of this back up. Ask for another one, or wait until it is ready."),
    "nothing_to_export": mark(
        "Every subscription of this account is deleted, and its data with it. The bills stay on the bills page."
    ),
    "unknown_export": mark("This account has no such back up. Choose one from the list."),
}
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account": mark("the account: its name, country, currency, clock and way of paying"),
        "billing_profiles": mark("who is billed: names, addresses, order numbers"),
        "members": mark("the people of the account with their roles; left_at says who has left"),
        "roles": mark("roles of the account’s own, and what they allow"),
        "invitations": mark("who was invited, by whom and as what"),
        "api_keys": mark("the keys of programs, without the keys themselves"),
        "directories": mark("directories that people sign in by, without their secrets"),
        "subscriptions": mark("the subscriptions: state, licences, plan and terms as they were sold"),
        "timetable": mark("the states of each subscription by date, those that are certain to come too"),
        "licence_changes": mark("how many licences there were from which day on"),
        "plan_changes": mark("which plan was sold from which day on"),
        "holders": mark("who holds a licence now, and since when"),
        "seat_changes": mark("who was given a licence or lost one, when and why"),
        "announcements": mark("what was announced by mail, and how long before"),
        "cancellation_reasons": mark("why subscriptions were cancelled, as far as it was said"),
        "discounts": mark("what is taken off charges"),
        "documents": mark("every invoice and credit note, and what has become of it"),
        "document_lines": mark("their lines, with how each amount was made"),
        "document_taxes": mark("their taxes, by rate"),
        "payments": mark("the payments; left is what was not given back of each"),
        "transfers": mark("every transfer of the ledger, from which all balances follow"),
        "credits": mark("account credit: where it came from, and what is left of it"),
        "audit": mark("who did what and when, in order, each entry with its hash"),
    }
)
"""What stands in each file of rows."""
_PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "product_silent": mark("The product, which adds files of its own, did not answer in time."),
        "product_refuses": mark("The product, which adds files of its own, did not give them."),
        "product_no_zip": mark("What the product gave as its own files could not be read."),
        "product_too_large": mark("What the product gave as its own files is too large."),
        "product_bad_name": mark("What the product gave as its own files has a name that cannot be used."),
        "product_too_many": mark("What the product gave as its own files are too many."),
        "lost": mark("It was not finished within a day."),
        "withdrawn": mark("Somebody who was in it was erased while it was made."),
    }
)
_UNEXPECTED: Final = mark("Something went wrong that nobody had foreseen.")
_WIDTH: Final = 96
_UNITS: Final = ((10**9, mark("{size} GB")), (10**6, mark("{size} MB")), (10**3, mark("{size} kB")))


def problem_said(w: Wording, problem: str | None) -> str:
    """Why a back up was not made, in a sentence."""
    return w.t(_PROBLEMS.get(problem or "", _UNEXPECTED))


def size_said(w: Wording, count: int) -> str:
    """A number of bytes, as people say it: 12.3 MB."""
    for unit, word in _UNITS:
        if count >= unit:
            return w.t(word, size=(Decimal(count) / unit).quantize(Decimal("0.1")))
    return w.n("{count} byte", "{count} bytes", count)


def read_me(w: Wording, about: ReadMe) -> str:
    """The first page of the archive: what stands where, how it is written, and how to check it."""
    at = f"{w.moment(about.at)} {about.at.tzname() or ''}".strip()
    blocks = (
        w.t("Back up of {account} at {seller}, as of {moment}", account=about.account, seller=about.seller, moment=at),
        w.t("Everything here is as of that one moment."),
        _part(w.t("Folders"), _folders(w, product=about.product)),
        _part(w.t("Files in the folder data, each as JSON and as CSV"), _files(w, about.files)),
        _part(w.t("How it is written"), _ways(w)),
        _part(w.t("How to check it"), _checks(w)),
    )
    return "\n\n".join(blocks) + "\n"


def _part(title: str, lines: Iterable[str]) -> str:
    return "\n".join((title, "-" * len(title), *lines))


def _folders(w: Wording, *, product: bool) -> Iterable[str]:
    yield from _row("data/", w.t("what is kept, as rows"))
    yield from _row("documents/", w.t("every invoice and credit note: .html opens in a browser and prints;"))
    yield from _row("", w.t(".json is the text that was issued, of which the document carries the hash"))
    if product:
        yield from _row("product/", w.t("what the product itself has added"))
    yield from _row("manifest.json", w.t("all files with their rows, bytes and sums"))
    yield from _row("SHA256SUMS", w.t("the sums alone, for checking"))


def _files(w: Wording, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        yield from _row(name, w.t(FILES[name]) if name in FILES else name)


def _ways(w: Wording) -> Iterable[str]:
    said = (
        w.t("Text is in UTF-8. Days are written 2026-03-14; instants are in UTC, 2026-03-14T13:05:00+00:00."),
        w.t("Amounts are decimal text, such as 12.50, with the currency in a column beside them."),
        w.t("In JSON each file is a list with one row on each line. Where there is nothing, it says null."),
        w.t(
            "In CSV (RFC 4180) a cell is empty where there is nothing, and what is nested stands there as JSON. "
            "Amounts in such JSON are in the currency’s smallest unit."
        ),
        w.t(
            "In CSV = + - @ or a tab at the beginning of a text, and the same after a semicolon or a line break, has "
            "an apostrophe in front, so that no spreadsheet takes it for a formula. In JSON the text is as it was "
            "written."
        ),
        w.t("People are named by the id that they have in members. Documents are named by their number or id."),
        w.t("Of a subscription that is deleted only its documents are here."),
    )
    for sentence in said:
        yield from textwrap.wrap(sentence, _WIDTH, initial_indent="- ", subsequent_indent="  ")


def _checks(w: Wording) -> Iterable[str]:
    yield from textwrap.wrap(w.t("Unpack everything into a folder, open a command line there, and write:"), _WIDTH)
    yield ""
    yield "    sha256sum -c SHA256SUMS"
    yield ""
    said = w.t(
        "Each file must be OK. On macOS it is shasum -a 256 -c SHA256SUMS. The hash of a document, sha256 in "
        "documents, is that of its .json file."
    )
    yield from textwrap.wrap(said, _WIDTH)


def _row(name: str, said: str) -> Iterable[str]:
    indent = " " * 24
    first = f"  {name:<22}"
    return textwrap.wrap(said, _WIDTH, initial_indent=first, subsequent_indent=indent)
