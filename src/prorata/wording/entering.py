"""What is said where somebody cannot come in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.wording.marking import mark, mark_plural

REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_an_email": mark("This is not a mail address. Write it like this: name@example.com."),
        "not_a_code": mark("A code has six digits. Write it as it stands in the mail."),
        "code_over": mark(
            "No code waits in this browser: it was used, was tried too often, or is too old. Ask for a new one."
        ),
        "nowhere_to_go": mark(
            "The code is right, but you belong to no account here. Ask somebody who looks after the account to invite "
            "you."
        ),
        "link_unknown": mark("There is no such link. It may be incomplete, or a newer one has taken its place."),
        "link_used": mark("This link was used already: it lets in once. A code that is mailed to you lets you in."),
        "link_expired": mark("This link is too old. A code that is mailed to you lets you in."),
        "not_our_seal": mark(
            "What is kept here was sealed with another secret than the one of now. Write it anew, or start with the "
            "secret of before."
        ),
        "session_over": mark("That browser is signed out already."),
        "name_needed": mark("Write a name of at most a hundred characters."),
        "staff_already": mark("Somebody with the address {email} works for the vendor already."),
        "unknown_staff": mark("Nobody with the address {email} works for the vendor."),
        "last_staff_owner": mark(
            "This is the last owner at the vendor: nobody could decide any more who may do what. Make somebody else "
            "an owner first."
        ),
    }
)
COUNTED: Final = MappingProxyType(
    {
        "too_often": (
            "minutes",
            mark_plural(
                "This was tried too often. Please wait {count} minute, then try again.",
                "This was tried too often. Please wait {count} minutes, then try again.",
            ),
        ),
        "wrong_code": (
            "left",
            mark_plural(
                "This is not the code that was mailed. You can try {count} more time.",
                "This is not the code that was mailed. You can try {count} more times.",
            ),
        ),
    }
)
