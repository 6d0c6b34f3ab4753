"""Every deed that the audit can tell of has its words, in each language."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import prorata
from prorata.usecases.pages.audit import KINDS, VENDOR_KINDS
from prorata.usecases.pages.deeds import Deed
from prorata.wording import Language, wording_for
from prorata.wording.deeds import DEEDS, what

USECASES = Path(prorata.__file__).parent / "usecases"
TREES = [ast.parse(module.read_text()) for module in USECASES.rglob("*.py")]
# Not of an account, though a story tells it of one: prices belong to the seller's catalogue.
OF_NO_ACCOUNT = {"price.set"}


def _of_commands() -> Iterator[str]:
    """The actions of commands, which `act` notes."""
    for node in _nodes():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "action":
            yield from _texts(node.value)


def _of_calls(*writers: str) -> Iterator[str]:
    """What is written into an audit by calls of these."""
    for node in _nodes():
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in writers:
            named = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
            for value in named or node.args[1:2]:
                yield from _texts(value)


def _nodes() -> Iterator[ast.AST]:
    for tree in TREES:
        yield from ast.walk(tree)


def _texts(value: ast.expr | None) -> Iterator[str]:
    """The texts that a value may be."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)
        case _:
            pass


ACTIONS = {*_of_commands(), *_of_calls("note", "_note", "_noted", "AuditEntry")} - OF_NO_ACCOUNT
OF_VENDOR = {*_of_calls("note_of_vendor", "note_passkey")}


def test_every_action_has_words_and_no_words_are_for_nothing():
    assert {"subscription.buy", "account.run", "people.invite", "behalf.end"} <= ACTIONS
    assert {"price.set", "run.start", "staff.create", "staff.sign_in", "behalf.end", "passkey.add"} <= OF_VENDOR
    assert set(DEEDS) == ACTIONS | OF_VENDOR


@pytest.mark.parametrize(
    ("actions", "kinds"), [(ACTIONS - {"story"}, KINDS), (OF_VENDOR, VENDOR_KINDS)], ids=["account", "vendor"]
)
def test_every_action_is_of_one_kind(actions: set[str], kinds: Mapping[str, tuple[str, ...]]):
    beginnings = [begin for kind in kinds.values() for begin in kind]
    for action in actions:
        assert sum(action.startswith(begin) for begin in beginnings) == 1, action


@pytest.mark.parametrize("language", list(Language))
def test_no_two_deeds_are_told_by_the_same_words(language: Language):
    w = wording_for(language)
    said = [what(w, Deed(action=action)) for action in DEEDS]
    assert len(set(said)) == len(said)
    assert not any(text in DEEDS for text in said)
