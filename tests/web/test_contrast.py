"""That everything can be read: contrast, computed from the colours as they stand in the style sheet (WCAG 2.2)."""

import re

import pytest

from prorata.web.assets import STATIC_FOLDER

TOKENS = (STATIC_FOLDER / "css" / "tokens.css").read_text(encoding="utf-8")
PAIRS = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIRS.findall(TOKENS)}
SCHEMES = [0, 1]  # light, dark

GROUNDS = ["ground", "surface", "raised", "sunken"]
READ = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-strong", "bad") for ground in GROUNDS],
    *[("ink", wash) for wash in ("accent-wash", "good-wash", "info-wash", "warn-wash", "bad-wash", "rest-wash")],
    *[(state, f"{state}-wash") for state in ("good", "info", "warn", "bad", "rest")],
    *[(state, ground) for state in ("good", "info", "warn", "rest") for ground in GROUNDS],
    ("accent-strong", "accent-wash"),
    ("accent", "accent-wash"),
    ("ink-soft", "accent-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
]
SEEN = [(line, ground) for line in ("edge", "focus", "accent") for ground in GROUNDS]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_names() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: int) -> None:
    faint = {
        (ink, ground): round(found, 2)
        for ink, ground in READ
        if (found := contrast(COLOURS[ink][scheme], COLOURS[ground][scheme])) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
def test_the_edges_of_what_can_be_used_are_seen(scheme: int) -> None:
    faint = {
        (line, ground): round(found, 2)
        for line, ground in SEEN
        if (found := contrast(COLOURS[line][scheme], COLOURS[ground][scheme])) < 3
    }
    assert faint == {}


def test_no_colour_is_written_outside_the_tokens() -> None:
    # print.css sets ink on paper; the veil behind a dialog is neither text nor edge.
    written = {
        (sheet.name, colour)
        for sheet in (STATIC_FOLDER / "css").glob("*.css")
        if sheet.name not in {"tokens.css", "print.css"}
        for colour in re.findall(r"(?<!&)#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8"))
    }
    assert written <= {("components.css", "#000")}  # a mask: only its opacity counts
