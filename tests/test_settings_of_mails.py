"""Who takes our mails and whom they come from: read once, and refused by name without repeating a password."""

import pytest

from prorata.settings import MailServer, SettingError, Settings


def server_of(text: str) -> MailServer | None:
    return Settings.from_environment({"PRORATA_MAIL_URL": text}).mail_url


def sender_of(text: str) -> str:
    return str(Settings.from_environment({"PRORATA_MAIL_FROM": text}).mail_from)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        (
            "smtps://kadans:abc@mail.kadans.example",
            MailServer(host="mail.kadans.example", port=465, security="tls", user="kadans", password="abc"),
        ),
        (
            "smtp+starttls://kadans:abc@mail.kadans.example",
            MailServer(host="mail.kadans.example", port=587, security="starttls", user="kadans", password="abc"),
        ),
        (
            "smtp+starttls://me%40kadans.example:p%2Fq%3A%40@mail.kadans.example:2587/",
            MailServer(
                host="mail.kadans.example", port=2587, security="starttls", user="me@kadans.example", password="p/q:@"
            ),
        ),
        ("smtps://relay.internal:8465", MailServer(host="relay.internal", port=8465, security="tls")),
        ("smtp://localhost", MailServer(host="localhost", port=25, security="none")),
        ("smtp://[::1]:1025", MailServer(host="::1", port=1025, security="none")),
    ],
)
def test_a_mail_server_is_read_from_its_address(text: str, server: MailServer):
    assert server_of(text) == server


def test_without_one_there_is_none():
    assert server_of("") is None
    assert Settings.from_environment({}).mail_from is None


@pytest.mark.parametrize(
    "text",
    [
        "mail.kadans.example",
        "https://kadans:hush@mail.kadans.example",
        "smtps://",
        "smtps://kadans@mail.kadans.example",
        "smtps://:hush@mail.kadans.example",
        "smtps://kadans:hush@mail.kadans.example/inbox",
        "smtps://kadans:hush@mail.kadans.example?tls=off",
        "smtps://kadans:hush@mail.kadans.example#x",
        "smtps://kadans:hush@mail.kadans.example:0",
        "smtps://kadans:hush@mail.kadans.example:70000",
        "smtps://kadans:hush@mail.kadans.example:smtp",
        "smtps://kadans:hush%0d%0a@mail.kadans.example",
        "smtps://kadans:hush%ff@mail.kadans.example",
        "smtps://kadans:hush@[mail",
        "smtps://kadans:hush@mail kadans",
    ],
)
def test_what_is_no_mail_server_is_refused_without_repeating_its_password(text: str):
    with pytest.raises(SettingError, match=r"PRORATA_MAIL_URL must look like smtps://") as caught:
        server_of(text)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("host", ["mail.kadans.example", "10.0.0.5", "localhost.kadans.example", "[2001:db8::1]"])
def test_without_tls_a_mail_goes_to_this_machine_only(host: str):
    with pytest.raises(SettingError, match="PRORATA_MAIL_URL must look like smtps://"):
        server_of(f"smtp://{host}:25")


def test_settings_do_not_show_a_password():
    settings = Settings.from_environment({"PRORATA_MAIL_URL": "smtps://kadans:hush@mail.kadans.example"})
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("billing@kadans.example", "billing@kadans.example"),
        ("Kadans Software B.V. <billing@kadans.example>", '"Kadans Software B.V." <billing@kadans.example>'),
        ("Zoë <zoe@kadans.example>", "Zoë <zoe@kadans.example>"),
        ('"Kadans, Leiden" <billing@kadans.example>', '"Kadans, Leiden" <billing@kadans.example>'),
    ],
)
def test_whom_mails_come_from_is_one_address_with_or_without_a_name(text: str, sender: str):
    assert sender_of(text) == sender


@pytest.mark.parametrize(
    "text",
    [
        "Kadans",
        "Kadans <>",
        "@kadans.example",
        "billing@",
        "billing@kadans.example, other@kadans.example",
        "Kadans, Leiden <billing@kadans.example>",
        "Kadans\r\nBcc: x <billing@kadans.example>",
        "billing@kädans.example",
    ],
)
def test_what_is_no_address_is_refused_by_name(text: str):
    with pytest.raises(SettingError, match="PRORATA_MAIL_FROM must be one address, such as Prorata <billing@"):
        sender_of(text)
