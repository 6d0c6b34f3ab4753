"""The text of a file into its tree, within limits: size, depth, and how large aliases let it grow."""

from __future__ import annotations

import json
import re

import yaml

from prorata.cli.yaml_tags import check_tags
from prorata.cli.yaml_values import Value, WrongFile, children, line_of, pairs

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_VALUES = 500_000
"""Keys and values with every alias counted as often as it stands; ten thousand events have about 100,000."""

# Each escape as a whole, so that a backslash which is itself escaped begins none.
_ESCAPE = re.compile(r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|.)", re.IGNORECASE)
_TOO_DEEP = "lists and maps are nested too deeply"
_KEY = "yaml"
"""What an error names where the file is wrong before there are keys."""


def tree(raw: bytes, *, key: str) -> Value:
    """Read a YAML (or JSON) file of one document; `key` names it as a whole. Raises `WrongFile`."""
    if len(raw) > MAX_BYTES:
        raise WrongFile(1, _KEY, sentence=f"the file is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WrongFile(line, _KEY, sentence="this is not UTF-8 text") from None
    node = _composed(text)
    if node is None:
        raise WrongFile(1, key, sentence="the file is empty")
    _check_size(node)
    found = Value(node, key)
    check_tags(found)
    return found


def _composed(text: str) -> yaml.Node | None:
    try:
        loader = _Loader(_as_yaml(text) if _is_json(text) else text)
        return loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise WrongFile(line, _KEY, sentence="there is a character that YAML does not allow") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise WrongFile(mark.line + 1 if mark else 1, _KEY, sentence=_problem(error)) from None


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _as_yaml(text: str) -> str:
    """JSON as the reader takes it, line for line: tabs between values, and two escapes for one character."""
    return _ESCAPE.sub(_unescaped, text.replace("\t", " "))


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    return (chr(int(found[1], 16)) + chr(int(found[2], 16))).encode("utf-16", "surrogatepass").decode("utf-16")


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "something"
    if "'\\t'" in problem:
        return "a tab cannot indent: use spaces"
    if "another document" in problem:
        return "a story is one document: take away the line with ---"
    return f"this is not YAML: {problem}"


class _Loader(yaml.SafeLoader):
    """Composes nodes, and refuses to go deeper than any story is."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise WrongFile(line_of(parent) if parent else 1, _KEY, sentence=_TOO_DEEP)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _check_size(root: yaml.Node) -> None:
    """Refuse what aliases let grow too large or too deep. Each node is measured once, however often it stands."""
    measured: dict[int, tuple[int, int]] = {}
    running: set[int] = set()

    def measure(node: yaml.Node) -> tuple[int, int]:
        if id(node) in running:
            raise WrongFile(line_of(node), _KEY, sentence="an alias stands inside of what it stands for")
        if id(node) not in measured:
            running.add(id(node))
            inner = [measure(child) for child in _within(node)]
            running.remove(id(node))
            depth = 1 + max((depth for _, depth in inner), default=0)
            measured[id(node)] = 1 + sum(count for count, _ in inner), depth
        return measured[id(node)]

    count, depth = measure(root)
    if count > MAX_VALUES:
        raise WrongFile(line_of(root), _KEY, sentence=f"there are more than {MAX_VALUES:,} keys and values")
    if depth > MAX_DEPTH:
        raise WrongFile(line_of(root), _KEY, sentence=_TOO_DEEP)


def _within(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return children(node)
    if isinstance(node, yaml.MappingNode):
        return [inner for pair in pairs(node) for inner in pair]
    return []
