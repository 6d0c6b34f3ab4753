"""The pages of the documentation that are written by a program, and what each should say."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pages import roles_page, stories_page, terms_page

PAGES: Mapping[Path, Callable[[], str]] = {
    terms_page.PAGE: terms_page.written,
    roles_page.PAGE: roles_page.written,
    stories_page.PAGE: stories_page.written,
}
