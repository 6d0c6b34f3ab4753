"""What is said where signing in by a directory does not work: to who wants in, and to the owner who sets it up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.wording.marking import mark

DIRECTORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "directory_address_refused": mark(
            "{issuer} cannot be used: a directory is reached over the internet, at an address that begins with "
            "https://. Write the address that the directory calls its issuer."
        ),
        "directory_unreachable": mark("The directory at {issuer} does not answer just now. Try again in a moment."),
        "directory_answers_too_much": mark(
            "The answer of the directory at {issuer} is far too long, so it was not read. Whoever looks after the "
            "directory can find out why."
        ),
        "directory_moved": mark(
            "The directory at {issuer} sends elsewhere, and that is not followed. Write the address that the directory "
            "calls its issuer now."
        ),
        "no_directory_there": mark(
            "What answers at {issuer} is no directory of OpenID Connect. Write the address that the directory calls "
            "its issuer."
        ),
        "other_directory": mark(
            "The directory at {issuer} calls itself {other}. If that is the one you mean, write its address just so."
        ),
        "directory_refused_us": mark(
            "The directory at {issuer} did not accept the sign-in. Whoever looks after it checks the client id, the "
            "secret and the redirect address."
        ),
        "directory_wrong_signature": mark(
            "The answer of the directory was not signed by {issuer}, so nobody was signed in. Try again; if it stays "
            "so, tell whoever looks after the directory."
        ),
        "directory_wrong_algorithm": mark(
            "The answer of the directory at {issuer} is signed in a way that proves nothing, so nobody was signed in. "
            "Whoever looks after the directory chooses RS256, PS256, ES256 or EdDSA."
        ),
        "directory_wrong_issuer": mark(
            "The answer came from another directory than {issuer}, so nobody was signed in. Begin again at your "
            "sign-in address."
        ),
        "directory_wrong_audience": mark(
            "The answer of the directory at {issuer} was made for another application, so nobody was signed in. "
            "Whoever looks after the directory checks the client id."
        ),
        "directory_wrong_nonce": mark(
            "The answer of the directory at {issuer} belongs to another sign-in, so nobody was signed in. Begin again "
            "at your sign-in address."
        ),
        "directory_answer_too_old": mark(
            "The answer of the directory at {issuer} is not of this moment, so nobody was signed in. Try again; if it "
            "stays so, whoever looks after the directory checks its clock."
        ),
        "directory_answer_unreadable": mark(
            "The answer of the directory at {issuer} lacks what is needed, so nobody was signed in. Try again; if it "
            "stays so, tell whoever looks after the directory."
        ),
        "unknown_directory": mark(
            "Nobody signs in at this address, or not any more. Ask for the sign-in address of your account."
        ),
        "directory_no_question": mark(
            "This sign-in was begun in another browser or window, was used already, or is more than ten minutes old. "
            "Begin again at your sign-in address."
        ),
        "directory_declined": mark(
            "The directory did not let you go on, or you stopped there. Nobody was signed in; you can begin again."
        ),
        "directory_stranger": mark(
            "The directory knows you as {email}, but the account {account} does not know you yet. Ask for an "
            "invitation: {ask}."
        ),
        "directory_without_email": mark(
            "The directory confirms no e-mail address of yours, so the account {account} cannot tell who you are. Ask "
            "for an invitation: {ask}."
        ),
        "directory_access_ended": mark(
            "Your access to the account {account} has ended. Who can invite you again: {ask}."
        ),
        "directory_not_staff": mark(
            "The directory knows you as {email}, but nobody who works here has this address. An owner at the vendor "
            "can let you in."
        ),
        "directory_incomplete": mark(
            "A directory needs a name, an issuer, a client id and a client secret, each of at most {most} characters. "
            "Complete what is missing."
        ),
        "not_a_role_for_new": mark("New people cannot become {role}. Choose a role from the list."),
        "no_directory": mark("The account has no directory, or it was removed meanwhile. Set one first."),
    }
)
