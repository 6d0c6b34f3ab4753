"""What people read: one wording for each language, over gettext catalogues and CLDR.

`wording_for(language)` is the way in; `Wording` is what it gives. A string that users read is written in English
where it is used (`w.t("Bills & payments")`), and its Dutch and Italian stand in `locale/*/LC_MESSAGES/prorata.po`.

To add strings: write them, run `make messages`, fill in `msgstr` for `nl` and `it`. The tests name what is missing.
"""

from prorata.wording.languages import Language
from prorata.wording.marking import mark, mark_plural
from prorata.wording.words import Wording, wording_for

__all__ = ["Language", "Wording", "mark", "mark_plural", "wording_for"]
