"""Dates as people say them: 14 March 2026, 14 maart 2026, 14 marzo 2026."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location

_FULL = "d MMMM y"
_WITHOUT_YEAR = "d MMMM"
_TIME = "HH:mm"

# In Italian the article joins a number that begins with a vowel sound: dall’8 (otto), all’11 (undici), l’8.
_ITALIAN_ARTICLE = re.compile(r"\b(dal|al|del|nel|sul|il|Dal|Al|Del|Nel|Sul|Il) (?=(?:8|11)\b)")


def day(value: date, locale: Locale) -> str:
    """Write a day with its month in words and its year."""
    return format_date(value, _FULL, locale=locale)


def day_without_year(value: date, locale: Locale) -> str:
    """Write a day with its month in words, where the year stands beside it already."""
    return format_date(value, _WITHOUT_YEAR, locale=locale)


def time_of_day(value: datetime, locale: Locale) -> str:
    """Write the hours and minutes of an instant, as a clock in its own zone shows them: 14:05."""
    return format_time(value, _TIME, tzinfo=value.tzinfo, locale=locale)


def place_of(zone: ZoneInfo, locale: Locale) -> str:
    """Name the town that a zone is named after: Amsterdam, San Paolo; UTC is UTC."""
    return get_timezone_location(zone, locale=locale, return_city=True)


def with_joined_articles(text: str) -> str:
    """Join Italian articles to the numbers 8 and 11 that follow them."""
    return _ITALIAN_ARTICLE.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    article = match.group(1)
    return {"il": "l’", "Il": "L’"}.get(article, f"{article}l’")
