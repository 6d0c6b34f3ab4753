"""`prorata staff`: who works for the vendor, and the link that lets them in."""

from collections.abc import Iterator

import pytest

from cli.command_line import prorata
from prorata.usecases.door.links import use_link
from prorata.usecases.door.sessions import Seen, who
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop

HERE = Seen("Chrome/Linux", "192.0.2.1")
EVA = ("eva@kadans.example", "--name", "Eva Lindhout")


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        found = billing_on(shop, "2026-01-15")
        found.sql("DELETE FROM sessions")
        found.sql("DELETE FROM links")
        found.sql("DELETE FROM staff")
        yield found


def test_the_first_of_the_vendors_people_is_made_here_and_comes_in_by_the_link(billing: Billing) -> None:
    assert prorata(billing, "staff", "list").output == (
        "Nobody works for the vendor yet. Begin with: prorata staff create EMAIL --name NAME\n"
    )
    made = prorata(billing, "staff", "create", *EVA, "--language", "nl")
    link, told = made.output.splitlines()
    assert made.exit_code == 0
    assert told == "This link signs Eva Lindhout in, once, within 24 hours. Whoever has it can use it."
    token = use_link(billing.shop.services, link.rpartition("/")[2], seen=HERE)
    known = who(billing.shop.services, token, seen=HERE)
    assert known is not None
    assert known.actor is not None
    assert (known.actor.role, known.session.language) == ("owner", "nl")
    assert prorata(billing, "staff", "list").output == "eva@kadans.example  Eva Lindhout, owner, since 2026-01-15\n"


def test_who_has_lost_every_way_in_gets_a_new_link(billing: Billing) -> None:
    prorata(billing, "staff", "create", *EVA)
    made = prorata(billing, "staff", "link", "Eva@Kadans.example")
    assert (made.exit_code, "/sign-in/link/" in made.output) == (0, True)


def test_who_is_let_go_is_listed_with_the_day(billing: Billing) -> None:
    prorata(billing, "staff", "create", *EVA)
    prorata(billing, "staff", "create", "tom@kadans.example", "--name", "Tom Becker", "--role", "support")
    ended = prorata(billing, "staff", "end", "tom@kadans.example")
    assert ended.output == "tom@kadans.example does not work for the vendor any more, and is signed out everywhere.\n"
    assert "Tom Becker, support, since 2026-01-15, until 2026-01-15" in prorata(billing, "staff", "list").output


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("create", "eva", "--name", "Eva"), "This is not a mail address. Write it like this: name@example.com.\n"),
        (("create", "tom@x.example", "--name", " "), "Write a name of at most a hundred characters.\n"),
        (("create", *EVA), "Somebody with the address eva@kadans.example works for the vendor already.\n"),
        (("link", "tom@x.example"), "Nobody with the address tom@x.example works for the vendor.\n"),
        (("end", "tom@x.example"), "Nobody with the address tom@x.example works for the vendor.\n"),
        (
            ("end", "eva@kadans.example"),
            (
                "This is the last owner at the vendor: nobody could decide any more who may do what. Make somebody "
                "else an owner first.\n"
            ),
        ),
    ],
)
def test_what_cannot_be_is_one_sentence(billing: Billing, command: tuple[str, ...], said: str) -> None:
    prorata(billing, "staff", "create", *EVA)
    refused = prorata(billing, "staff", *command)
    assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", said)


def test_a_role_that_there_is_not_is_refused(billing: Billing) -> None:
    refused = prorata(billing, "staff", "create", *EVA, "--role", "king")
    assert (refused.exit_code, "'king' is not one of" in refused.stderr) == (2, True)
