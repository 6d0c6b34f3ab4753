"""What every refusal has in common: a code and its parameters, never prose.

The classes live beside the functions that raise them. `wording/errors.py` turns a code into a sentence.
"""

from __future__ import annotations

from typing import ClassVar

Parameter = int | str


class DomainError(Exception):
    """A rule of the product refuses something; nothing has happened.

    `code` names the rule for ever (stories, API and screens show it); `parameters` are the facts of the sentence,
    in words of data: dates as ISO text, amounts as text in major units.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **parameters: Parameter) -> None:
        """Keep the facts that the sentence about this refusal needs."""
        super().__init__(self.code, parameters)
        self.parameters: dict[str, Parameter] = parameters
