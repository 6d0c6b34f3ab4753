"""A story, which of its bills is explained, and what is said of it."""

from dataclasses import dataclass

from prorata.core.insights.explain import explain
from prorata.core.insights.past import past_of
from prorata.wording import Language, wording_for
from prorata.wording.reasons import sentences
from support.stories import told
from wording.lines import plain

TEN = "- {at: 2026-01-15, subscribe: business, licences: 10}\n"


@dataclass(frozen=True)
class Case:
    """A story, which of its documents is explained (from 1), and what is said in English, Dutch and Italian."""

    events: str
    document: int
    en: tuple[str, ...]
    nl: tuple[str, ...]
    it: tuple[str, ...]
    more: str = ""


def said(case: Case, language: Language) -> tuple[str, ...]:
    played = told(case.events, more=f"{case.more}\n")
    documents = [issued.document for issued in played.documents]
    document = documents[case.document - 1]
    explained = explain(document, past_of(document, documents))
    names = {subscription.id: subscription.name for subscription in played.subscriptions}
    return tuple(plain(text) for text in sentences(document, explained, w=wording_for(language), names=names))
