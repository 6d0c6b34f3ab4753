"""The settings that `prorata serve` cannot do without: what it takes, and the one sentence for what it does not."""

from ipaddress import ip_network

import pytest

from prorata.settings import SettingError, Settings, site_of

SECRET = "VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJuUDsmL9GrVPs"
WHOLE = {
    "PRORATA_BASE_URL": "https://billing.kadans.example",
    "PRORATA_SECRET": SECRET,
    "PRORATA_MAIL_URL": "smtps://kadans:abc@mail.kadans.example:465",
    "PRORATA_MAIL_FROM": "Kadans <billing@kadans.example>",
    "PRORATA_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/24,2001:db8::/64",
}


def refusal(**settings: str) -> str:
    with pytest.raises(SettingError) as caught:
        site_of(Settings.from_environment({**WHOLE, **settings}))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{caught.value.variable} ")
    return str(caught.value)


def test_a_whole_site():
    settings = Settings.from_environment(WHOLE)
    site = site_of(settings)
    assert (site.base_url, site.secret, site.encrypted) == ("https://billing.kadans.example", SECRET, True)
    named = ("127.0.0.1/32", "10.0.0.0/24", "2001:db8::/64")
    assert settings.trusted_proxies == tuple(ip_network(each) for each in named)


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ("PRORATA_BASE_URL", "is missing: serve needs it to say where people reach the site."),
        ("PRORATA_SECRET", "is missing: serve needs it to make the installation's keys from."),
        ("PRORATA_MAIL_URL", "is missing: serve needs it to mail codes and invitations."),
        ("PRORATA_MAIL_FROM", "is missing: serve needs it to say whom mails come from."),
        ("PRORATA_TRUSTED_PROXIES", "is missing: serve needs to know which proxy ends TLS in front of it"),
    ],
)
def test_what_is_missing_is_named(variable: str, says: str):
    assert refusal(**{variable: ""}).startswith(f"{variable} {says}")


def test_on_this_machine_alone_it_does_without_tls():
    here = {**WHOLE, "PRORATA_BASE_URL": "http://localhost:8000", "PRORATA_TRUSTED_PROXIES": ""}
    site = site_of(Settings.from_environment(here))
    assert (site.encrypted, site.port) == (False, 8000)


def test_other_addresses_are_listened_on_with_tls_only():
    everywhere = "0.0.0.0"  # noqa: S104 - only read here
    assert site_of(Settings.from_environment({**WHOLE, "PRORATA_HOST": everywhere})).encrypted
    said = refusal(PRORATA_HOST=everywhere, PRORATA_BASE_URL="http://localhost:8000")
    assert said == "PRORATA_HOST must be 127.0.0.1, not '0.0.0.0', unless PRORATA_BASE_URL begins with https://."


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://billing.kadans.example/", "https://billing.kadans.example"),
        ("https://Billing.Kadans.EXAMPLE", "https://billing.kadans.example"),
        ("HTTPS://billing.kadans.example:443", "https://billing.kadans.example"),
        ("https://billing.kadans.example:8443", "https://billing.kadans.example:8443"),
        ("https://xn--kadns-5qa.example", "https://xn--kadns-5qa.example"),
        ("http://localhost", "http://localhost"),
        ("http://localhost:80", "http://localhost"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(written: str, meant: str):
    assert Settings.from_environment({"PRORATA_BASE_URL": written}).base_url == meant


@pytest.mark.parametrize(
    "written",
    [
        "billing.kadans.example",
        "ftp://billing.kadans.example",
        "https://",
        "https:///billing",
        "https://billing.kadans.example/prorata",
        "https://billing.kadans.example?a=1",
        "https://billing.kadans.example#top",
        "https://admin:hunter2@billing.kadans.example",
        "https://@billing.kadans.example",
        "https://billing.kadans.example:0",
        "https://billing.kadans.example:99999",
        "https://billing.kadans.example:port",
        "https://kadáns.example",
        "https://billing_kadans.example",
        "https://-kadans.example",
        "https://kadans.example.",
        "https://kadans.example evil.example",
        "https://kadans.example\\evil.example",
        "https://[::1",
        "https://kadans.example\n",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(written: str):
    with pytest.raises(SettingError, match=r"^PRORATA_BASE_URL must look like https:") as caught:
        Settings.from_environment({"PRORATA_BASE_URL": written})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("written", ["http://billing.kadans.example", "http://10.0.0.2:8000", "http://localhost.evil"])
def test_without_tls_only_this_machine_is_an_address(written: str):
    with pytest.raises(SettingError, match="PRORATA_BASE_URL must begin with https://: http:// is for localhost alone"):
        Settings.from_environment({"PRORATA_BASE_URL": written})


@pytest.mark.parametrize("variable", ["PRORATA_SECRET", "PRORATA_METRICS_TOKEN"])
@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJ", "must have 32 or more characters without blanks."),  # 31
        ("VbmUKrTFyTF3y0cI Yk5QTwxY6wGgcYJuUDs", "must have 32 or more characters without blanks."),
        ("VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJuUDsé", "must have 32 or more characters without blanks."),
        ("VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJuUDs\n", "must have 32 or more characters without blanks."),
        ("a" * 64, "must not repeat itself."),
        ("VbmUKrTFyTF" * 4, "must not repeat itself."),
        ("abcabdabcabdabcabdabdabcabcabcabdabd", "must not repeat itself."),
        ("VbmUKrTFyTF3y0cIYk5QVbmUKrTFyTF3y0cIYk5Q", "must not repeat itself."),
        ("changeme-VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJ", "must be random, with no word of an example in it."),
        ("ThisIsMySECRETwhichNobodyWillGuess-94!kd", "must be random, with no word of an example in it."),
        ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "must be random, with no word of an example in it."),
    ],
)
def test_a_weak_secret_is_refused_without_repeating_it(variable: str, written: str, says: str):
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({variable: written})
    assert str(caught.value).startswith(f"{variable} {says} Make one with: python3 -c")
    assert written not in str(caught.value)
    assert caught.value.__cause__ is None


def test_thirty_two_characters_are_enough():
    assert Settings.from_environment({"PRORATA_SECRET": SECRET[:32]}).secret == SECRET[:32]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("proxy.internal", "must be addresses or networks with commas between them"),
        ("10.0.0.1/24", "must be addresses or networks"),
        ("10.0.0.0/33", "must be addresses or networks"),
        ("127.0.0.1;10.0.0.2", "must be addresses or networks"),
        ("*", "must be addresses or networks"),
        ("127.0.0.1, ", "must be addresses or networks"),
        ("0.0.0.0/0", "must not name everybody, as '0.0.0.0/0' does."),
        ("10.0.0.1,::/0", "must not name everybody, as '::/0' does."),
    ],
)
def test_proxies_are_named_one_by_one_or_by_their_network(written: str, says: str):
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({"PRORATA_TRUSTED_PROXIES": written})
    assert str(caught.value).startswith(f"PRORATA_TRUSTED_PROXIES {says}")


def test_no_secret_is_shown_where_settings_are_printed():
    settings = Settings.from_environment({**WHOLE, "PRORATA_METRICS_TOKEN": SECRET[::-1]})
    shown = repr(settings) + repr(site_of(settings))
    assert SECRET not in shown
    assert SECRET[::-1] not in shown
    assert "abc" not in shown
