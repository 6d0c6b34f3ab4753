"""What people read in an export: its first page, and each document as one file that needs nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from markupsafe import Markup

from prorata.usecases.ports import Paper, ReadMe
from prorata.web.assets import STATIC_FOLDER, Assets
from prorata.web.center.document_words import MovementRow, arithmetic, movements
from prorata.web.center.document_words import paper as face
from prorata.web.center.words import amount, called
from prorata.web.documents import DocumentLine, DocumentView
from prorata.web.rendering import environment
from prorata.wording import Language, wording_for
from prorata.wording.exporting import read_me
from prorata.wording.terms import document_kind_word

_SHEETS: Final = ("reset", "tokens", "base", "components", "tables", "pages", "document")
_TEMPLATE: Final = "center/printed.html"


class PagePrinter:
    """Prints documents as their page shows them, in the language in which each was issued."""

    def __init__(self) -> None:
        """Templates are compiled when something is first printed with them."""
        assets = Assets()
        self._environments = {language: environment(language, assets) for language in Language}

    def read_me(self, facts: ReadMe) -> str:
        """The first page, in plain text."""
        return read_me(wording_for(Language(facts.language)), facts)

    def document(self, paper: Paper) -> bytes:
        """A document as HTML."""
        language = Language(paper.view.face.language)
        w = wording_for(language)
        names = called(w, paper.subscriptions)
        issued = paper.view.issued
        page = self._environments[language].get_template(_TEMPLATE)
        return page.render(
            title=f"{document_kind_word(w, issued.document.kind)} {issued.number}",
            style=_style(),
            view=_standing_alone(face(w, paper, names=names), paper),
            movements=tuple(_without_link(row) for row in movements(w, paper)),
            left=amount(w, issued.standing.left),
            arithmetic=arithmetic(w, paper, names=names),
            total=amount(w, issued.document.total),
        ).encode()


@cache
def _style() -> Markup:
    sheets = [_sheet(name) for name in _SHEETS]
    return Markup("\n".join((*sheets, f"@media print {{\n{_sheet('print')}\n}}")))  # noqa: S704 - our own files


def _sheet(name: str) -> str:
    return (STATIC_FOLDER / "css" / f"{name}.css").read_text()


def _standing_alone(view: DocumentView, paper: Paper) -> DocumentView:
    """The same with links to the files beside it, not to the site."""
    groups = (replace(group, lines=tuple(_line(line, paper) for line in group.lines)) for group in view.groups)
    return replace(view, groups=tuple(groups))


def _line(line: DocumentLine, paper: Paper) -> DocumentLine:
    if line.corrects_href is None:
        return line
    path, _, anchor = line.corrects_href.partition("#")
    file = paper.files.get(path.rpartition("/")[2])
    return replace(line, corrects_href=f"{file}#{anchor}" if file else None)


def _without_link(row: MovementRow) -> MovementRow:
    return replace(row, href=None)
