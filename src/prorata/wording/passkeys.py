"""What is said where a passkey is refused: each time with the way out, for a mailed code always works."""

from __future__ import annotations

from typing import Final

from prorata.wording.marking import mark

REFUSALS: Final = {
    "passkey_not_understood": mark("This is not the answer of a passkey. Please try again, or use a mailed code."),
    "passkey_question_over": mark(
        "This question to your passkey is over: it was answered already, is older than five minutes, or was asked in "
        "another browser. Please try again."
    ),
    "passkey_other_origin": mark(
        "The passkey was asked by another address than {address}. Open that address yourself and try again there."
    ),
    "passkey_other_site": mark("This passkey belongs to another site than {site}. Choose one of this site."),
    "passkey_not_verified": mark(
        "The device did not ask for a PIN, a finger or a face, so it may be in anybody’s hands. Set up such a lock on "
        "it, or use a mailed code."
    ),
    "passkey_not_genuine": mark(
        "The answer does not fit the passkey. Please try again, use another passkey, or use a mailed code."
    ),
    "passkey_copied": mark(
        "This passkey has answered fewer times than before, so there may be a copy of it. Sign in with a mailed code, "
        "remove this passkey and add a new one."
    ),
    "passkey_unknown": mark(
        "This passkey is not known here: it was removed, or never added. Use another one, or a mailed code."
    ),
    "passkey_of_somebody_else": mark("This passkey belongs to somebody else. Use one of your own, or a mailed code."),
    "passkey_there_already": mark("This passkey was added already. It can be used to sign in."),
    "passkey_needs_name": mark("Give the passkey a name of 1 to {most} characters."),
    "passkeys_not_here": mark(
        "You came in by the directory of one account or by an invitation, and a passkey opens all that you have. "
        "Sign in with a mailed code to see and add passkeys."
    ),
    "too_many_passkeys": mark("There are {most} passkeys already. Remove one that is not used any more first."),
}
