"""What is said of lists of people that are taken in: of a whole list, and of a single row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from prorata.wording.marking import mark

LISTS: Final[Mapping[str, str]] = {
    "file_not_readable": mark(
        "Line {line} cannot be read. Save the list as UTF-8 (in a spreadsheet: “CSV UTF-8”) and choose it again."
    ),
    "file_not_a_table": mark("In line {line} a quotation mark opens that nothing closes. Close it, or leave it out."),
    "file_empty": mark("Nobody stands in this list. Below the names of the columns there must be a row for each."),
    "file_too_large": mark("This list is larger than {most} megabytes. Divide it, and import the parts one by one."),
    "column_missing": mark(
        "The first row must name the columns, with one of names and one of e-mail addresses, such as: name, email."
    ),
    "column_twice": mark("Two columns are called {column}, or mean the same. Leave one of them out."),
    "too_many_rows": mark("There are more than {most} rows. Divide the list, and import the parts one by one."),
    "too_many_members": mark(
        "An account can have {most} people, counting those who have left. Ask the vendor for another account."
    ),
    "twice_in_file": mark("{email} stands in line {line} already. Leave one of the two out."),
    "unknown_language": mark("{language} is not a language of this site. Write en, nl or it, or leave it empty."),
    "no_such_licence": mark("No subscription is called {licence}. Choose one that this account has."),
    "nobody_chosen": mark("Nobody is chosen. Tick those with whom something is to be done."),
}
