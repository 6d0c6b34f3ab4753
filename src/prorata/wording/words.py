"""The wording of one language: sentences, amounts, dates and lists."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from zoneinfo import ZoneInfo

from babel.lists import format_list

from prorata.wording import amounts, dates
from prorata.wording.catalogues import translations
from prorata.wording.languages import Language

Param = str | int | Decimal | dt.date


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything that is needed to say something in one language. Get it from `wording_for`.

    The parameters of a sentence stand in it as `{name}`. A string goes in as it is; a whole number, a `Decimal` and
    a date are written as the language writes them. A name that the sentence has and the call has not is a `KeyError`.
    """

    language: Language
    catalogue: GNUTranslations

    def t(self, msgid: str, /, **params: Param) -> str:
        """Say a sentence, given in English: `w.t("Cancelled on {day}", day=d)`."""
        return self._filled(self.catalogue.gettext(msgid), params)

    def n(self, singular: str, plural: str, count: int, /, **params: Param) -> str:  # noqa: PLR0917 - the order of ngettext
        """Say a sentence with a number, which stands in it as `{count}`: `w.n("{count} day", "{count} days", 3)`."""
        return self._filled(self.catalogue.ngettext(singular, plural, count), {"count": count, **params})

    def p(self, context: str, msgid: str, /, **params: Param) -> str:
        """Say a word whose translation depends on where it stands: `w.p("filter", "All")`."""
        return self._filled(self.catalogue.pgettext(context, msgid), params)

    def money(self, minor: int, currency: str, *, exponent: int | None = None) -> str:
        """Write whole minor units of a currency; `exponent` is its number of decimals (ISO 4217's if left out)."""
        return amounts.money(minor, currency, locale=self.language.locale, exponent=exponent)

    def unit_price(self, price: Decimal, currency: str, *, exponent: int | None = None) -> str:
        """Write a price for one in major units, with every decimal it has and never fewer than the currency has."""
        return amounts.unit_price(price, currency, locale=self.language.locale, exponent=exponent)

    def number(self, value: int | Decimal) -> str:
        """Write a number: 10,000 or 10.000."""
        return amounts.number(value, self.language.locale)

    def percent(self, value: Decimal) -> str:
        """Write a rate in hundredths: `Decimal("21")` reads 21%."""
        return amounts.percent(value, self.language.locale)

    def date(self, day: dt.date) -> str:
        """Write a day: 14 March 2026."""
        return dates.day(day, self.language.locale)

    def moment(self, at: dt.datetime) -> str:
        """Write an instant by the day and the clock of its own zone: 14 March 2026, 14:05."""
        return f"{self.date(at.date())}, {dates.time_of_day(at, self.language.locale)}"

    def place_of(self, zone: ZoneInfo) -> str:
        """Name the town whose clock a zone goes by: Amsterdam, Roma; UTC is UTC."""
        return dates.place_of(zone, self.language.locale)

    def period(self, start: dt.date, end_exclusive: dt.date) -> str:
        """Write the days of `[start, end_exclusive)`: 15 January to 14 February 2026. The last day named is inside.

        The year is said once where both days have the same. A single day reads as that day alone, and so does an
        empty period, which is how a charge on one moment is dated. Raises `ValueError` where the end comes first.
        """
        if end_exclusive < start:
            message = f"a period cannot end on {end_exclusive}, before its start on {start}"
            raise ValueError(message)
        last = end_exclusive - dt.timedelta(days=1)
        if last <= start:
            return self.date(start)
        same_year = start.year == last.year
        first = dates.day_without_year(start, self.language.locale) if same_year else self.date(start)
        return self.t("{start} to {end}", start=first, end=last)

    def in_days(self, days: int) -> str:
        """Say how far off a day is: today, tomorrow, in 12 days, 12 days ago."""
        if days == 0:
            return self.t("today")
        if days == 1:
            return self.t("tomorrow")
        if days == -1:
            return self.t("yesterday")
        if days > 0:
            return self.n("in {count} day", "in {count} days", days)
        return self.n("{count} day ago", "{count} days ago", -days)

    def list(self, items: Sequence[str]) -> str:
        """Join words into one phrase: a, b and c."""
        return format_list(items, locale=self.language.locale)

    def _filled(self, message: str, params: dict[str, Param]) -> str:
        text = message.format(**{name: self._written(value) for name, value in params.items()})
        return dates.with_joined_articles(text) if self.language is Language.IT else text

    def _written(self, value: Param) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, dt.date):
            return self.date(value)
        return self.number(value)


@cache
def wording_for(language: Language) -> Wording:
    """The wording of a language; its catalogue is read once."""
    return Wording(language, translations(language))
