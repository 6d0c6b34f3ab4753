"""What a person reads on a page, and what its form would send."""

import re
from html import unescape

import httpx


def words(answer: httpx.Response) -> str:
    """The text of the work on a page, in one line, without the frame around it; no-break spaces stay."""
    work = re.search(r"<main.*?</main>", answer.text, flags=re.DOTALL)
    assert work is not None
    text = re.sub(r"<svg.*?</svg>", "", work[0], flags=re.DOTALL)
    return re.sub(r"[ \n\t]+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def field(answer: httpx.Response, name: str) -> str:
    """The value of the last field of a name: that of the form which confirms."""
    found = re.findall(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', answer.text)
    assert found, f"the page has no field {name}"
    return unescape(found[-1])


def boxes(answer: httpx.Response, name: str) -> dict[str, bool]:
    """The boxes of a name by the words beside them: whether each is ticked."""
    pattern = rf'<input type="checkbox"[^>]* name="{name}" value="[^"]*"( checked)?[^>]*><span>([^<]*)<'
    return {unescape(label).strip(): bool(checked) for checked, label in re.findall(pattern, answer.text)}


def value_of(answer: httpx.Response, name: str, *, label: str) -> str:
    """What the box beside a word would send."""
    pattern = rf'<input type="checkbox"[^>]* name="{name}" value="([^"]*)"[^>]*><span>{re.escape(label)}'
    found = re.search(pattern, answer.text)
    assert found is not None
    return found[1]
