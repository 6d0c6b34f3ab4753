"""Whether somebody may use a product, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.core.subscriptions.use import Use
from prorata.wording.marking import mark
from prorata.wording.words import Wording

_MAY: Final = mark("This person may use the product.")
_WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unknown_member": mark("Nobody in this account has this address."),
        "member_left": mark("This person has left the account."),
        "no_subscription": mark("The account has no subscription of this product."),
        "no_licence": mark("This person holds no licence of this product."),
        "not_started": mark("The subscription has not begun yet."),
        "paused": mark("The subscription is paused."),
        "disabled": mark("The subscription has ended and is disabled."),
        "deleted": mark("The subscription has ended and is deleted."),
    }
)


def use_sentence(w: Wording, use: Use) -> str:
    """That they may, or what stands in the way."""
    return w.t(_WHY.get(use.why, _MAY))
