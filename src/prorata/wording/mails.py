"""The letters that are sent by mail: for each kind what it says, in the reader's language, from the facts of the mail.

What other people have typed (names, above all) is made harmless before it stands in a letter; a link leads to our own
site or the letter is not written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from prorata.wording.agents import agent_said
from prorata.wording.letters import closing
from prorata.wording.letters.announced import ANNOUNCED
from prorata.wording.letters.blocks import Block, Button, Code, Facts, Letter, Paragraph
from prorata.wording.letters.told import Told
from prorata.wording.marking import mark_plural
from prorata.wording.words import Wording

SECURITY: Final = "/security"
"""The page of the site where one sees what one can sign in with."""

_ONCE_IN_MINUTES: Final = mark_plural(
    "It can be used once, within {count} minute, in the browser that asked for it.",
    "It can be used once, within {count} minutes, in the browser that asked for it.",
)
_ONCE_IN_DAYS: Final = mark_plural(
    "The link can be used once, within {count} day.", "The link can be used once, within {count} days."
)
_KEPT_FOR_DAYS: Final = mark_plural(
    "It can be downloaded for {count} day, by those in the account who may back up data; then the file is deleted.",
    "It can be downloaded for {count} days, by those in the account who may back up data; then the file is deleted.",
)


_Said = tuple[str, tuple[Block, ...]]  # the subject, and what stands under it


class UnknownLetter(ValueError):
    """There is no letter of this kind."""


def letter_of(kind: str, data: Mapping[str, str | int], *, wording: Wording, address: str) -> Letter:
    """The letter of a mail; `address`: where the site is reached, without a slash at its end.

    Raises `UnknownLetter`, and `WrongFact` where a fact is missing or cannot be told.
    """
    if kind not in _KINDS:
        raise UnknownLetter(kind)
    told = Told(wording, data, address)
    subject, blocks = _KINDS[kind](told)
    foot = wording.t("This mail was written by a machine at {site}. Answers to it are not read.", site=told.site)
    return Letter(subject, told.site, blocks, foot)


def _code(told: Told) -> _Said:
    w = told.w
    blocks: tuple[Block, ...] = (
        Paragraph(w.t("With this code you show at {site} who you are:", site=told.site)),
        Code(told.text("code")),
        Paragraph(w.n(*_ONCE_IN_MINUTES, told.count("minutes"))),
        Facts(((w.t("Asked for with"), agent_said(w, told.text("browser"))),)),
        Paragraph(
            w.t(
                "If you did not ask for a code, nothing needs to be done: without it nobody comes in. Tell it to "
                "nobody; nobody at {site} will ask you for it.",
                site=told.site,
            )
        ),
    )
    return w.t("Your code for {site}", site=told.site), blocks


def _invitation(told: Told) -> _Said:
    w = told.w
    by, account = told.text("by"), told.text("account")
    blocks: tuple[Block, ...] = (
        Paragraph(w.t("{by} invites you to the account {account} at {site}.", by=by, account=account, site=told.site)),
        Facts(((w.t("Your role there"), told.role()),)),
        Button(w.t("See the invitation"), told.link("link")),
        Paragraph(w.n(*_ONCE_IN_DAYS, told.count("days"))),
        Paragraph(w.t("If you did not expect this, leave it be: nothing happens until the invitation is accepted.")),
    )
    return w.t("{by} invites you to {account}", by=by, account=account), blocks


def _staff_link(told: Told) -> _Said:
    w = told.w
    blocks: tuple[Block, ...] = (
        Paragraph(w.t("With this link you sign in at {site} as one of the vendor’s people.", site=told.site)),
        Button(w.t("Sign in"), told.link("link")),
        *((Paragraph(w.n(*_ONCE_IN_DAYS, told.count("days"))),) if "days" in told.data else ()),
        Paragraph(w.t("Whoever has the link can use it. If you did not expect it, tell the owner at the vendor.")),
    )
    return w.t("Your link to sign in at {site}", site=told.site), blocks


def _new_sign_in(told: Told) -> _Said:
    w = told.w
    blocks: tuple[Block, ...] = (
        Paragraph(w.t("Somebody has signed in at {site} as you.", site=told.site)),
        Facts(
            (
                (w.t("When"), told.moment("when")),
                (w.t("With"), agent_said(w, told.text("agent"))),
                (w.t("Network address"), told.text("address")),
            )
        ),
        Paragraph(w.t("If it was you, nothing needs to be done. If not, sign that browser out here:")),
        _to_security(told),
    )
    return w.t("New sign-in at {site}", site=told.site), blocks


def _role_changed(told: Told) -> _Said:
    w = told.w
    by, account = told.text("by"), told.text("account")
    blocks: tuple[Block, ...] = (
        _closing(w.t("{by} has given you another role in the account {account}.", by=by, account=account)),
        Facts(((w.t("Your role now"), told.role()),)),
    )
    return w.t("Your role in {account} has changed", account=account), blocks


def _access_ended(told: Told) -> _Said:
    w = told.w
    by, account = told.text("by"), told.text("account")
    blocks: tuple[Block, ...] = (
        Paragraph(
            w.t(
                "{by} has ended your access to the account {account} at {site}.", by=by, account=account, site=told.site
            )
        ),
        Paragraph(w.t("If that should not be, ask them, or an owner of the account.")),
    )
    return w.t("Your access to {account} has ended", account=account), blocks


def _passkey_added(told: Told) -> _Said:
    w = told.w
    blocks: tuple[Block, ...] = (
        Paragraph(w.t("From now on you can sign in at {site} with one more passkey.", site=told.site)),
        Facts(((w.t("Passkey"), told.text("name")), (w.t("Added"), told.moment("when")))),
        Paragraph(
            w.t(
                "If it was you, nothing needs to be done. If not, remove it, and sign out the browsers that you do not "
                "know."
            )
        ),
        _to_security(told),
    )
    return w.t("A passkey was added at {site}", site=told.site), blocks


def _passkey_removed(told: Told) -> _Said:
    w = told.w
    blocks: tuple[Block, ...] = (
        Paragraph(w.t("One of your passkeys does not sign in at {site} any more.", site=told.site)),
        Facts(((w.t("Passkey"), told.text("name")), (w.t("Removed"), told.moment("when")))),
        Paragraph(w.t("If it was you, nothing needs to be done. If not, sign out the browsers that you do not know.")),
        _to_security(told),
    )
    return w.t("A passkey was removed at {site}", site=told.site), blocks


def _key_made(told: Told) -> _Said:
    w = told.w
    account = told.text("account")
    blocks: tuple[Block, ...] = (
        _closing(w.t("{by} has made an API key for the account {account}.", by=told.text("by"), account=account)),
        Facts(((w.t("API key"), told.text("name")),)),
        Paragraph(w.t("If that should not be, revoke the key: from then on it opens nothing.")),
        *((Button(w.t("API keys"), told.link("link")),) if "link" in told.data else ()),
    )
    return w.t("A new API key for {account}", account=account), blocks


def _export_ready(told: Told) -> _Said:
    w = told.w
    account = told.text("account")
    blocks: tuple[Block, ...] = (
        _closing(w.t("The back up that you asked for is ready: what is kept for {account}.", account=account)),
        Button(w.t("To the back up"), told.link("link")),
        Paragraph(w.n(*_KEPT_FOR_DAYS, told.count("days"))),
        Paragraph(w.t("If you did not ask for it, tell an owner of the account: somebody has acted as you.")),
    )
    return w.t("The back up of {account} is ready", account=account), blocks


def _closing(text: str) -> Paragraph:
    """A paragraph that ends with a name, which may have brought its own full stop: that of Kadans B.V. is enough."""
    return Paragraph(text.removesuffix(".") if text.endswith("..") else text)


def _to_security(told: Told) -> Button:
    return Button(told.w.t("Sign-in and security"), f"{told.address}{SECURITY}")


_KINDS: Final[Mapping[str, Callable[[Told], _Said]]] = MappingProxyType(
    {
        "code": _code,
        "invitation": _invitation,
        "staff_link": _staff_link,
        "new_sign_in": _new_sign_in,
        "role_changed": _role_changed,
        "access_ended": _access_ended,
        "passkey_added": _passkey_added,
        "passkey_removed": _passkey_removed,
        "key_made": _key_made,
        "account_closed": closing.account_closed,
        "account_not_closed": closing.account_not_closed,
        "closing_planned": closing.closing_planned,
        "closing_soon": closing.closing_soon,
        "closing_taken_back": closing.closing_taken_back,
        **ANNOUNCED,
        "export_ready": _export_ready,
    }
)
