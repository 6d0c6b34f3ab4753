"""The chain of an account's audit: each entry is hashed together with the hash of the one before.

So no entry can be changed, taken out, put in or moved without every later hash being another one, and the account
keeps the last. The form in which an entry is hashed is never changed: what was hashed once has to come out the same.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Final, NamedTuple, cast

BEFORE_THE_FIRST: Final = bytes(32)
"""What stands in for the hash of an entry before the first."""


class Said(NamedTuple):
    """What is hashed of an entry: all its columns. `detail` is JSON as `spelled` gives it."""

    account_id: int
    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    on_behalf: str | None
    action: str
    subject: str
    detail: str
    address: str
    way: str


def hash_of(said: Said, *, previous: bytes | None) -> bytes:
    """The hash of an entry after that of the one before; None where there is none."""
    return sha256((previous or BEFORE_THE_FIRST) + _text(said).encode()).digest()


def spelled(detail: object) -> str:
    """Plain data as the database spells it, so that it can look by itself; TypeError for a float and all else.

    Short keys come first, and keys of one length in the order of their bytes.
    """
    if isinstance(detail, str):
        return encode_basestring(detail)
    if detail is None or isinstance(detail, bool):
        return _CONSTANTS[detail]
    if isinstance(detail, int):
        return int.__repr__(detail)
    if isinstance(detail, list | tuple):
        return f"[{', '.join([spelled(one) for one in cast('list[object]', detail)])}]"
    if isinstance(detail, dict):
        parts = sorted(cast("dict[str, object]", detail).items(), key=_order)
        return f"{{{', '.join([f'{encode_basestring(name)}: {spelled(one)}' for name, one in parts])}}}"
    raise TypeError(detail)


def _order(part: tuple[str, object]) -> tuple[int, bytes]:
    name = str.encode(part[0])
    return len(name), name


_CONSTANTS: Final = {True: "true", False: "false", None: "null"}


def _text(said: Said) -> str:
    """The canonical JSON of an entry. Put together here: entries are many, and their keys always the same."""
    text = encode_basestring
    at = said.at.astimezone(UTC).isoformat(timespec="microseconds")
    actor = "null" if said.actor_id is None else said.actor_id
    on_behalf = "null" if said.on_behalf is None else text(said.on_behalf)
    return (
        f'{{"account_id":{said.account_id},"action":{text(said.action)},"actor_id":{actor},'
        f'"actor_kind":{text(said.actor_kind)},"actor_name":{text(said.actor_name)},"address":{text(said.address)},'
        f'"at":"{at}","detail":{said.detail},"id":{said.id},"on_behalf":{on_behalf},'
        f'"subject":{text(said.subject)},"way":{text(said.way)}}}'
    )
