"""Whom a request goes to, and that what comes back can hold nobody up."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

import pytest

from adapters.asking import AT, DESCRIPTION, OIDC, QUESTION, client, refused
from prorata.adapters.oidc.client import OpenIdConnect
from prorata.adapters.oidc.wire import Bounds, checked, reachable
from prorata.usecases.vouching import (
    Client,
    DirectoryAddressRefused,
    DirectoryAnswersTooMuch,
    DirectoryMoved,
    DirectoryRefusedUs,
    DirectoryUnreachable,
    NoDirectoryThere,
    OtherDirectory,
)
from support.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Provider,
    drips,
    forwards,
    says,
)


def test_what_calls_itself_otherwise_is_not_the_directory(directory: Provider) -> None:
    directory.document = {"issuer": f"{directory.issuer}/"}
    with pytest.raises(OtherDirectory) as caught:
        OIDC.reach(client(directory))
    assert caught.value.parameters == {"issuer": directory.issuer, "other": f"{directory.issuer}/"}


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize(
    "address", ["http://elsewhere.example/x", "https://u:p@elsewhere.example/", "/x", 5, "https://"]
)
def test_addresses_that_are_not_encrypted_or_none_are_refused(directory: Provider, name: str, address: object) -> None:
    directory.document = {name: address}
    with pytest.raises(DirectoryAddressRefused):
        OIDC.reach(client(directory))


@pytest.mark.parametrize("path", [DESCRIPTION, "/keys", "/token"])
def test_nothing_is_followed_elsewhere(directory: Provider, path: str) -> None:
    directory.answers[path] = forwards(f"{directory.issuer}/elsewhere")
    assert refused(directory) is DirectoryMoved
    assert "/elsewhere" not in {asked[0] for asked in directory.asked}


@pytest.mark.parametrize("path", [DESCRIPTION, "/keys", "/token"])
def test_a_huge_answer_is_not_read_to_its_end(directory: Provider, path: str) -> None:
    directory.answers[path] = says(b'{"a": "' + b"x" * 300_000 + b'"}')
    assert refused(directory) is DirectoryAnswersTooMuch


@pytest.mark.parametrize("path", [DESCRIPTION, "/keys", "/token"])
def test_who_answers_a_byte_at_a_time_holds_nobody_up(directory: Provider, path: str) -> None:
    directory.answers[path] = drips(directory.stopped)
    hasty = OpenIdConnect(loopback=True, seconds=0.5)
    with pytest.raises(DirectoryUnreachable):
        hasty.answer(client(directory), QUESTION, code="a code", at=AT)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b"\xff", b"[" * 50_000])
def test_what_is_no_object_is_no_directory(directory: Provider, body: bytes) -> None:
    directory.answers[DESCRIPTION] = says(body)
    assert refused(directory) is NoDirectoryThere


@pytest.mark.parametrize("document", [{"issuer": None}, {"issuer": 5}])
def test_a_description_without_an_issuer_is_none(directory: Provider, document: dict[str, Any]) -> None:
    directory.document = document
    assert refused(directory) is NoDirectoryThere


def test_a_description_that_lacks_an_address_is_none(directory: Provider) -> None:
    directory.answers[DESCRIPTION] = says(json.dumps({"issuer": directory.issuer}).encode())
    assert refused(directory) is NoDirectoryThere


def test_keys_that_are_no_list_are_none(directory: Provider) -> None:
    directory.answers["/keys"] = says(b'{"keys": {}}')
    assert refused(directory) is NoDirectoryThere


def test_a_page_that_is_not_there_is_no_directory(directory: Provider) -> None:
    directory.answers[DESCRIPTION] = says(b"{}", status=404)
    assert refused(directory) is NoDirectoryThere


def test_a_directory_that_fails_does_not_answer(directory: Provider) -> None:
    directory.answers["/token"] = says(b"{}", status=502)
    assert refused(directory) is DirectoryUnreachable


def test_a_code_that_the_directory_does_not_take_is_told(directory: Provider) -> None:
    directory.answers["/token"] = says(b'{"error": "invalid_grant"}', status=400)
    assert refused(directory) is DirectoryRefusedUs


def test_where_nobody_listens_nobody_answers(directory: Provider) -> None:
    gone = client(directory)
    directory.answers[DESCRIPTION] = lambda handler: handler.connection.close()
    with pytest.raises(DirectoryUnreachable):
        OIDC.reach(gone)


def test_this_machine_is_not_asked_unless_that_is_said(directory: Provider) -> None:
    for address in (directory.issuer, directory.issuer.replace("http:", "https:")):
        with pytest.raises(DirectoryAddressRefused):
            OpenIdConnect().reach(Client(address, CLIENT_ID, CLIENT_SECRET))
        with pytest.raises(DirectoryAddressRefused):
            OpenIdConnect().reach(Client(address, CLIENT_ID, CLIENT_SECRET, inside=True))
    assert directory.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "127.0.0.1",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:a00:1::f5ff:fffe",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_not_reached(address: str) -> None:
    assert not reachable(ip_address(address), bounds=Bounds("https://a.example"))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_of_the_internet_are_reached(address: str) -> None:
    assert reachable(ip_address(address), bounds=Bounds("https://a.example"))


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.1", "fd00::1"])
def test_the_vendors_own_directory_may_be_inside(address: str) -> None:
    assert reachable(ip_address(address), bounds=Bounds("https://a.example", inside=True))


@pytest.mark.parametrize(
    "address",
    [
        "", "x", "https://", "http://a.example", "ftp://a.example", "https://a.example/#x", "https://u@a.example",
        "https://a.example:99999", "https://a.exa mple", "https://a.example/\n", "https://é.example", "https://[::1",
        "https://a.example/" + "x" * 2000, None, 5,
    ],
)  # fmt: skip
def test_what_is_no_encrypted_address_is_refused(address: object) -> None:
    with pytest.raises(DirectoryAddressRefused):
        checked(address, Bounds("https://a.example"))
