"""What somebody has chosen about a cancellation: as it stands in the fields, and what it means."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from prorata.usecases.cancel_subscription import MOST_WORDS, REASONS
from prorata.web.forms import Form
from prorata.web.views import FieldError, Option
from prorata.wording import Wording
from prorata.wording.cancelling import reason_word

When = Literal["now", "period_end"] | date
_HIGHEST_MEMBER = 100_000
"""Numbers above it belong to nobody who can be picked on a page: an account has ten thousand members at most."""
_LONGEST_PICK = _HIGHEST_MEMBER // 6 + 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen: as it stands in the fields, and what it means; `when` is None where it means nothing.

    `whom`: the members who give their licence back first, packed; `gone` are they.
    """

    choice: str
    end: str
    reason: str
    words: str
    when: When | None
    whom: str = ""
    gone: frozenset[int] = frozenset()
    errors: tuple[FieldError, ...] = ()

    def query(self) -> dict[str, str]:
        """The same as the values of an address, but for the words: those are nobody's but the reader's."""
        found = {"when": self.choice, "end": self.end, "reason": self.reason, "whom": self.whom}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Days:
    """What can be chosen: `usual` is chosen already, `example` stands in the field, `latest` is the last day."""

    usual: str
    example: date
    latest: date


def read_wish(w: Wording, form: Form, *, days: Days, words: str) -> Wish:
    """Read the fields, each with what is wrong with it; `words` are those of the body, or sealed in the address."""
    choice = form.text("when", days.usual)
    end, reason = form.text("end", days.example.isoformat()), form.text("reason")
    errors: list[FieldError] = []
    when: When | None = None
    match choice:
        case "now" | "period_end":
            when = choice
        case "date":
            found = _day(w, days, text=end)
            when, problem = (found, None) if isinstance(found, date) else (None, found)
            errors += [FieldError(field="end", text=problem)] if problem else []
        case _:
            errors.append(FieldError(field="when", text=w.t("Choose when the subscription ends.")))
    errors += _about_reasons(w, reason, words)
    whom = form.text("whom")
    gone = unpacked(whom)
    return Wish(choice, end, reason, words, when, whom if gone else "", gone, tuple(errors))


def reasons(w: Wording) -> tuple[Option, ...]:
    """Why somebody may say that they cancel; first that they say nothing."""
    return (
        Option(value="", label=w.t("I would rather not say")),
        *(Option(value=reason, label=reason_word(w, reason)) for reason in REASONS),
    )


def _about_reasons(w: Wording, reason: str, words: str) -> list[FieldError]:  # noqa: PLR0917 - two fields in their order
    found: list[FieldError] = []
    if reason and reason not in REASONS:
        found.append(FieldError(field="reason", text=w.t("Choose a reason from the list, or none.")))
    if len(words) > MOST_WORDS:
        text = w.t("This is too long. Write {most} characters at most.", most=MOST_WORDS)
        found.append(FieldError(field="words", text=text))
    return found


def _day(w: Wording, days: Days, *, text: str) -> date | str:
    """The day that was typed, or the sentence that says what is wrong with it."""
    if not text:
        return w.t("Choose the day on which the subscription ends.")
    found = _iso_day(text)
    if found is None:
        example = days.example.isoformat()
        return w.t("“{text}” is not a day. Write it like this: {example}.", text=text[:40], example=example)
    if found > days.latest:
        return w.t("{day} is too far away. Choose a day up to {latest}.", day=found, latest=days.latest)
    return found


def _iso_day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None  # Python reads other forms of ISO 8601 too


# ------------------------------------------------------------------------------------------ who was picked


def packed(members: Iterable[int]) -> str:
    """Members as a short text for an address, however many they are: a bit for each number."""
    bits = sum(1 << member for member in set(members) if 0 < member <= _HIGHEST_MEMBER)
    return urlsafe_b64encode(bits.to_bytes((bits.bit_length() + 7) // 8, "little")).decode("ascii").rstrip("=")


def unpacked(text: str) -> frozenset[int]:
    """The members of such a text; nobody where it is none."""
    if not text.isascii() or len(text) > _LONGEST_PICK:
        return frozenset()
    try:
        found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return frozenset()
    return frozenset(8 * place + bit for place, byte in enumerate(found) for bit in range(8) if byte >> bit & 1)
