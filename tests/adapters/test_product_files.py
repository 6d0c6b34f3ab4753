"""A product that adds files of its own is asked with a signature, and believed in nothing."""

from __future__ import annotations

import hmac
import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipInfo

import pytest

from adapters.products import Product, product, zipped
from prorata.adapters.product_files.http import Bounds, HttpProduct
from prorata.usecases.ports import NoProductFiles

SECRET = "tF8s0Zq-w2LrYpN6hXe9uBv4cJmKdAgQ"
AT = datetime(2026, 3, 14, 12, tzinfo=UTC)
BOUNDS = Bounds(seconds=20, silent=20, bytes=10_000, unpacked=50_000, entries=3)


@pytest.fixture(scope="module")
def running() -> Iterator[Product]:
    with product() as found:
        yield found


@pytest.fixture
def told(running: Product) -> Product:
    running.__dict__.update(replace(running, status=200, body=b"", cut=False, silent=None, asked=[]).__dict__)
    return running


def files(told: Product, bounds: Bounds = BOUNDS) -> dict[str, bytes]:
    asking = HttpProduct(url=told.url, secret=SECRET, bounds=bounds)
    with asking.of(7, export=3, at=AT) as found:
        return {one.name: b"".join(one.chunks()) for one in found}


def problem(told: Product, bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(NoProductFiles) as refused:
        files(told, bounds)
    return refused.value.problem


def test_it_is_asked_with_a_signature_of_the_very_bytes(told: Product):
    told.body = zipped(("notes/one.txt", b"one"), ("two.bin", b"\x00" * 4000))
    assert files(told) == {"notes/one.txt": b"one", "two.bin": b"\x00" * 4000}
    ((headers, body),) = told.asked
    assert json.loads(body) == {"account": 7, "export": 3, "at": "2026-03-14T12:00:00+00:00"}
    expected = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    assert headers["prorata-signature"] == f"sha256={expected}"
    assert headers["content-type"] == "application/json"
    assert SECRET not in str(headers)


def test_one_that_has_nothing_says_204(told: Product):
    told.status = 204
    assert files(told) == {}


def test_folders_are_no_files(told: Product):
    told.body = zipped(("notes/", b""), ("notes/one.txt", b"one"))
    assert list(files(told)) == ["notes/one.txt"]


@pytest.mark.parametrize("status", [201, 301, 302, 401, 404, 500, 503])
def test_any_other_answer_is_a_refusal_and_nothing_is_followed(told: Product, status: int):
    told.status = status
    assert problem(told) == "product_refuses"
    assert len(told.asked) == 1


@pytest.mark.parametrize("body", [b"", b"no zip at all", b"PK\x05\x06", b"<html></html>" * 50])
def test_what_is_no_zip_is_refused(told: Product, body: bytes):
    told.body = body
    assert problem(told) == "product_no_zip"


def test_a_zip_that_is_damaged_inside_is_refused(told: Product):
    body = bytearray(zipped(("one.txt", b"one and two and three" * 20)))
    body[40:46] = b"\xff" * 6
    told.body = bytes(body)
    assert problem(told) == "product_no_zip"


def test_one_that_hangs_up_halfway_is_tried_again_later(told: Product):
    told.body, told.cut = zipped(("one.txt", b"one")), True
    assert problem(told) == "product_silent"


def test_one_that_says_nothing_is_given_up(told: Product):
    told.silent = threading.Event()
    assert problem(told, replace(BOUNDS, silent=0.05)) == "product_silent"
    told.silent.set()


def test_one_whose_answer_takes_too_long_is_given_up(told: Product):
    told.body = zipped(("one.txt", b"one"))
    assert problem(told, replace(BOUNDS, seconds=-1)) == "product_silent"


def test_nobody_there(told: Product):
    nobody = replace(told, url="http://127.0.0.1:9/back-up")
    assert problem(nobody) == "product_silent"


def test_more_bytes_than_allowed_packed_or_unpacked(told: Product):
    told.body = b"x" * 10_001
    assert problem(told) == "product_too_large"
    told.body = zipped(("bomb.txt", b"0" * 50_001))
    assert len(told.body) < 10_000
    assert problem(told) == "product_too_large"


def test_more_entries_than_allowed(told: Product):
    told.body = zipped(*((f"{place}.txt", b"") for place in range(4)))
    assert problem(told) == "product_too_many"


def test_a_list_of_entries_that_is_longer_than_any_allowed_is_not_even_read(told: Product):
    """3,000 entries of 55 bytes and more: 165,000 bytes of nothing but names."""
    bounds = replace(BOUNDS, bytes=1_000_000)
    told.body = zipped(*((f"{place:09}", b"") for place in range(3000)))
    with pytest.raises(NoProductFiles, match="product_too_many: a list of more than"):
        files(told, bounds)


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_what_is_packed_in_a_way_that_unpacks_without_a_bound_is_refused(told: Product, method: int):
    """A few bytes of these are hundreds of megabytes at once, before anybody can count them."""
    info = ZipInfo("one.txt")
    info.compress_type = method
    told.body = zipped((info, b"0" * 40_000))
    assert problem(told) == "product_no_zip"


def _link() -> ZipInfo:
    info = ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "name",
    [
        "../one.txt",
        "notes/../../one.txt",
        "/etc/passwd",
        "//host/one.txt",
        "notes//one.txt",
        "./one.txt",
        "C:/one.txt",
        "..\\one.txt",
        "notes\\one.txt",
        "one\n.txt",
        "one\u202e.txt",
        "one?.txt",
        "one.txt ",
        "one.",
        "x" * 201,
        _link(),
    ],
)
def test_a_name_that_leads_elsewhere_or_is_no_plain_file_is_refused(told: Product, name: str | ZipInfo):
    told.body = zipped(("good.txt", b""), (name, b"bad"))
    assert problem(told) == "product_bad_name"


def test_two_names_that_some_systems_take_for_one_are_refused(told: Product):
    told.body = zipped(("one.txt", b""), ("ONE.txt", b""))
    assert problem(told) == "product_bad_name"
