"""The settings of a product that adds files to back ups: both or neither, and nothing secret in an error."""

import pytest

from prorata.settings import ExportHook, SettingError, Settings

URL = "https://product.kadans.example/back-up?for=prorata"
SECRET = "VbmUKrTFyTF3y0cIYk5QTwxY6wGgcYJuUDsmL9GrVPs"


def hook(url: str, secret: str = SECRET) -> ExportHook | None:
    return Settings.from_environment({"PRORATA_EXPORT_HOOK": url, "PRORATA_EXPORT_SECRET": secret}).export_hook


def refusal(url: str, secret: str = SECRET) -> str:
    with pytest.raises(SettingError) as caught:
        hook(url, secret)
    return str(caught.value)


def test_both_or_neither():
    assert hook(URL) == ExportHook(url=URL, secret=SECRET)
    assert hook("", "") is None
    assert refusal(URL, "") == "PRORATA_EXPORT_SECRET is missing: what goes to PRORATA_EXPORT_HOOK is signed with it."
    assert refusal("") == "PRORATA_EXPORT_HOOK is missing: PRORATA_EXPORT_SECRET is of no use without it."
    assert SECRET not in repr(hook(URL))


def test_on_this_machine_it_may_do_without_tls():
    assert hook("http://127.0.0.1:9000/back-up")
    assert hook("http://[::1]:9000/back-up")


@pytest.mark.parametrize(
    "url",
    [
        "http://product.kadans.example/back-up",
        "ftp://product.kadans.example/",
        "product.kadans.example",
        "https://user:hush@product.kadans.example/",
        "https://product.kadans.example:port/",
        "https://product.kadans.example:0/",
        "https://product.kadans.example/#part",
        "https://product kadans.example/",
        "https:///back-up",
        "https://[::1",
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_and_not_repeated(url: str):
    said = refusal(url)
    assert said.startswith("PRORATA_EXPORT_HOOK must look like https://product.your-firm.com/back-up")
    assert "hush" not in said


def test_a_weak_secret_is_refused():
    assert refusal(URL, "short").startswith("PRORATA_EXPORT_SECRET must have 32 or more characters")
