"""What addresses take: a part of a list, and text that can be a name. What is not known is refused, not passed over."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Security
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from prorata.usecases.pages.listed import MOST_LISTED, Part
from prorata.web.api.v1.problems import MEDIA_TYPE
from prorata.web.api.v1.security import Caller, caller

Reader = Annotated[Caller, Security(caller, scopes=["read"])]
"""Who asks with a key that may read."""
Asker = Annotated[Caller, Security(caller, scopes=["entitlements"])]
"""Who asks with a key that may ask who may use what."""

PLAIN: Final = r"^[^\x00-\x1f\x7f]+$"
"""No name and no address has a character that is none."""
Text = Annotated[str, StringConstraints(pattern=PLAIN)]


class ListQuery(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=25, ge=1, le=MOST_LISTED, description="How many at most.", examples=[25])
    cursor: str = Field(
        default="0",
        pattern=r"^[0-9]{1,9}$",
        description="Where this part begins: `next` of the part before, as it is; 0: at the start.",
        examples=["25"],
    )

    @property
    def part(self) -> Part:
        """The same for a use case."""
        return Part(after=int(self.cursor) or None, limit=self.limit)


class NoQuery(BaseModel):
    """Nothing at all."""

    model_config = ConfigDict(extra="forbid")


def cursor_of(after: int | None) -> str | None:
    """What a next part is asked for with."""
    return None if after is None else str(after)


def refusals(*more: int) -> dict[int | str, dict[str, object]]:
    """The problems that an address can answer, for the description: those of every address, and `more`."""
    always = {
        401: "No key, or none that is good.",
        403: "The key may not be used for this.",
        414: "The address is longer than any of ours.",
        421: "The site has another name, or answers over an encrypted connection only.",
        422: "What was sent does not fit.",
        429: "Too many requests with this key; `Retry-After` says when to go on.",
        431: "The headers are longer than what is read of them.",
        503: "The database does not answer; `Retry-After` says when to try again.",
    }
    known = always | {
        400: "The body could not be read.",
        404: "There is no such thing in this account.",
        408: "Not all of the body had come after half a minute.",
        413: "What was sent is larger than 1 MB.",
        415: "What was sent is no JSON.",
    }
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": known[status], "content": content} for status in sorted((*always, *more))}
