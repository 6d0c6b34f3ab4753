"""No module imports itself by a detour."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import grimp


def _cycle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """One cycle of modules, or nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph("prorata", cache_dir=None)
    assert _cycle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


def test_a_cycle_is_found() -> None:
    assert _cycle({"a": ["b"], "b": ["c"], "c": []}) == []
    assert set(_cycle({"a": ["b"], "b": ["c"], "c": ["a"]})) == {"a", "b", "c"}
