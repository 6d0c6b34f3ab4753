"""No kept file names a folder of somebody's machine, or a host that packages are fetched from."""

import re

import pytest

from support.tree import called, kept_files

_HOSTS = ("pypi.org", "pythonhosted.org", "npmjs.org", "npmjs.com", "jsdelivr.net", "unpkg.com", "deb.debian.org")
_OWN_FOLDER = re.compile(r"(?<![\w.~:/-])/(?:root|work|opt|tmp|home/\w+|Users/\w+)/\w|\b[A-Z]:\\Users\\")
_HOST = re.compile(r"//(?:[\w-]+\.)*(?:" + "|".join(re.escape(host) for host in _HOSTS) + r")\b")


def _traces(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if _OWN_FOLDER.search(line) or _HOST.search(line)]


def test_no_kept_file_names_a_machine_or_a_package_host() -> None:
    found: list[str] = []
    for path in kept_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{called(path)}: {line}" for line in _traces(text)]
    assert found == []


def test_there_are_files_to_check() -> None:
    assert "pyproject.toml" in {called(path) for path in kept_files()}


# Put together here, so that this file does not find itself.
_SLASH = "/"


@pytest.mark.parametrize(
    "line",
    [
        _SLASH + "root/project/x.py",
        "see " + _SLASH + "home/anna/project",
        f'open("{_SLASH}tmp/out.json")',
        _SLASH + "opt/wheels",
        _SLASH + "Users/anna/x",
        "C:" + "\\Users\\anna",
        "https:" + _SLASH * 2 + "files.pythonhosted.org/a.whl",
        "https:" + _SLASH * 2 + "cdn.jsdelivr.net/x.js",
    ],
)
def test_a_trace_is_found(line: str) -> None:
    assert _traces(line) == [line]


@pytest.mark.parametrize(
    "line", ["~/.local/share/prorata", "/var/lib/prorata", 'dir="/tmp"', 'href="/home"', "http://127.0.0.1:8000/work/x"]
)
def test_what_is_on_every_machine_is_let_through(line: str) -> None:
    assert _traces(line) == []
