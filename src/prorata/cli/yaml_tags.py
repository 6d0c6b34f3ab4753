"""The tags of a file: only those of YAML itself, each before something that it is true of.

A tag that means nothing here would else be passed over, and with it what its writer wanted to say.
"""

from __future__ import annotations

from typing import Final, cast

import yaml

from prorata.cli.yaml_values import TAG, Value, children, described, pairs, shown

_KNOWN: Final = frozenset(("bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value"))
_RESOLVER: Final = yaml.resolver.Resolver()


def check_tags(root: Value) -> None:
    """Refuse a tag that is not known or not true, with the key that it stands under. Raises `WrongFile`."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if id(value.node) not in seen:
            seen.add(id(value.node))
            _check(value)
            # Backwards, so that the first in the file is the first that is told.
            waiting += reversed(_within(value))


def _check(value: Value) -> None:
    if value.kind not in _KNOWN:
        raise value.wrong(f"the tag {_written(value)} means nothing here: take it away")
    if value.kind == "str" and value.raw is not None:
        return
    # What YAML takes it for where no tag says anything.
    plain = cast("str", _RESOLVER.resolve(type(value.node), value.node.value, (True, False)))  # pyright: ignore[reportUnknownMemberType]
    if value.node.tag != plain:
        raise value.wrong(f"{described(value)} is not what its tag {_written(value)} says: take the tag away")


def _within(value: Value) -> list[Value]:
    """What stands in a list, under its key; in a map each key under its own name, and then what is under it."""
    node = value.node
    if isinstance(node, yaml.SequenceNode):
        return [Value(child, value.key) for child in children(node)]
    if not isinstance(node, yaml.MappingNode):
        return []
    found: list[Value] = []
    for key_node, child in pairs(node):
        name = Value(key_node, value.key).raw
        key = value.key if name is None else shown(name)
        found += (Value(key_node, key), Value(child, key))
    return found


def _written(value: Value) -> str:
    """A tag as it is written in a file."""
    tag = value.node.tag
    return shown(f"!!{value.kind}" if tag.startswith(TAG) else tag)
