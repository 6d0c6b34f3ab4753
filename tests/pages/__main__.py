"""Writing the pages that are made from the code and the stories: `make docs`."""

from pages import PAGES

for page, written in PAGES.items():
    page.write_text(written(), encoding="utf-8")
