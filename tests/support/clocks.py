"""A clock that a test moves."""

from datetime import UTC, datetime


class TestClock:
    """Stands at an instant until it is moved; `at` is aware."""

    __test__ = False

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def set(self, text: str) -> None:
        """Move to noon of a day, or to an instant, in UTC: `2026-02-15`, `2026-02-15 06:00`."""
        at = datetime.fromisoformat(text)
        self.at = at.replace(hour=12 if len(text) == len("2026-02-15") else at.hour, tzinfo=UTC)
