"""A shop that makes exports, and archives taken apart again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from prorata.store import exports
from prorata.store.exports import ExportRow
from prorata.usecases.export.ask import ask_export
from prorata.usecases.export.content import Exporting
from prorata.usecases.export.download import download_export
from prorata.usecases.export.make import make_export
from prorata.usecases.ports import ProductFiles
from prorata.web.center.printing import PagePrinter
from support.shop import Shop, admin

PRINTER = PagePrinter()


@dataclass(frozen=True)
class Unpacked:
    """An archive, read as its reader would: by names and by sums."""

    zip: ZipFile

    @staticmethod
    def of(data: bytes) -> Unpacked:
        return Unpacked(ZipFile(io.BytesIO(data)))

    def names(self) -> list[str]:
        return self.zip.namelist()

    def text(self, path: str) -> str:
        return self.zip.read(path).decode()

    def rows(self, name: str) -> list[dict[str, Any]]:
        return json.loads(self.text(f"data/{name}.json"))

    def cells(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.text(f"data/{name}.csv"), newline=""), strict=True))

    def manifest(self) -> dict[str, Any]:
        return json.loads(self.text("manifest.json"))

    def sums(self) -> dict[str, str]:
        found = re.findall(r"(?m)^([0-9a-f]{64})  (.+)$", self.text("SHA256SUMS"))
        return {path: digest for digest, path in found}

    def sha256(self, path: str) -> str:
        return hashlib.sha256(self.zip.read(path)).hexdigest()


def make(shop: Shop, account: int, export: int, *, product: ProductFiles | None = None, last: bool = True) -> ExportRow:
    """What becomes of an export that is made now."""
    make_export(shop.services, Exporting(PRINTER, product), account=account, export=export, last=last)
    return row_of(shop, account, export)


def asked(shop: Shop, account: int) -> int:
    return ask_export(shop.services, admin(account), language="en")


def row_of(shop: Shop, account: int, export: int) -> ExportRow:
    with shop.services.database.account(account) as conn:
        return exports.find(conn, account, export=export)


def downloaded(shop: Shop, account: int, export: int) -> bytes:
    return b"".join(download_export(shop.services, admin(account), export=export).pieces)


def unpacked(shop: Shop, account: int) -> Unpacked:
    """All that an account owns, asked for, made and downloaded."""
    export = asked(shop, account)
    assert make(shop, account, export).state == "ready"
    return Unpacked.of(downloaded(shop, account, export))
