"""The vendor's own directory: all of it or nothing, at an address that can be trusted."""

import pytest

from prorata.settings import OwnDirectory, SettingError, Settings

_ALL = {
    "PRORATA_OIDC_ISSUER": "https://login.kadans.example/realms/staff",
    "PRORATA_OIDC_CLIENT_ID": "billing",
    "PRORATA_OIDC_CLIENT_SECRET": "flour & water",
}


def test_a_directory_need_not_be_set() -> None:
    assert Settings.from_environment({}).directory is None
    assert Settings.from_environment(dict.fromkeys(_ALL, "")).directory is None


def test_a_directory_is_set_by_its_issuer_id_and_secret() -> None:
    found = Settings.from_environment(_ALL).directory
    assert found == OwnDirectory(
        issuer="https://login.kadans.example/realms/staff", client_id="billing", client_secret="flour & water"
    )
    assert "flour" not in repr(found)


@pytest.mark.parametrize("name", list(_ALL))
def test_a_directory_that_lacks_something_is_refused_by_the_name_of_it(name: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({**_ALL, name: ""})
    assert str(caught.value) == (
        f"{name} is missing: a directory needs PRORATA_OIDC_ISSUER, PRORATA_OIDC_CLIENT_ID, "
        "PRORATA_OIDC_CLIENT_SECRET together."
    )


@pytest.mark.parametrize(
    "issuer",
    ["login.kadans.example", "http://login.kadans.example", "https://", "https://u:p@x.example", "https://x.example?a",
     "https://x.example#a", "https://x .example", "https://[::1", "https://x.example:port"],
)  # fmt: skip
def test_an_issuer_that_is_no_encrypted_address_is_refused_and_not_repeated(issuer: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({**_ALL, "PRORATA_OIDC_ISSUER": issuer})
    assert str(caught.value) == (
        "PRORATA_OIDC_ISSUER must be the address that the directory calls its issuer, such as "
        "https://login.your-firm.com."
    )


def test_a_directory_on_this_machine_may_do_without_tls() -> None:
    found = Settings.from_environment({**_ALL, "PRORATA_OIDC_ISSUER": "http://localhost:9400"}).directory
    assert found is not None
    assert found.issuer == "http://localhost:9400"
