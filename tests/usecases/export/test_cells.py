"""How a row is written, cell by cell."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from prorata.core.money import Money, currency
from prorata.store.exporting.files import Value
from prorata.usecases.export.cells import csv_lines, json_line
from prorata.usecases.export.content import file_name

EUR, JPY, KWD = currency("EUR"), currency("JPY"), currency("KWD")
ROME = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("cell", "in_json", "in_csv"),
    [
        (None, "null", ""),
        ("", '""', ""),
        (True, "true", "true"),
        (12, "12", "12"),
        (-12, "-12", "-12"),
        (Money(-1250, EUR), '"-12.50"', "-12.50"),
        (Money(1250, JPY), '"1250"', "1250"),
        (Money(5, KWD), '"0.005"', "0.005"),
        (Decimal("1E+2"), '"100"', "100"),
        (date(2026, 2, 28), '"2026-02-28"', "2026-02-28"),
        (datetime(2026, 3, 14, 14, 5, tzinfo=ROME), '"2026-03-14T13:05:00+00:00"', "2026-03-14T13:05:00+00:00"),
        (datetime(2026, 3, 14, tzinfo=UTC), '"2026-03-14T00:00:00+00:00"', "2026-03-14T00:00:00+00:00"),
        ("de Wit, Marieke", '"de Wit, Marieke"', '"de Wit, Marieke"'),
        ('a "b"\nc', '"a \\"b\\"\\nc"', '"a ""b""\nc"'),
        ("perché", '"perché"', "perché"),
        ({"a": ["x"]}, '{"a":["x"]}', '"{""a"":[""x""]}"'),
        ("=1+1", '"=1+1"', "'=1+1"),
        ("+31 6", '"+31 6"', "'+31 6"),
        ("-", '"-"', "'-"),
        ("\uff0b31 6", '"\uff0b31 6"', "'\uff0b31 6"),
        ("@SUM(A1)", '"@SUM(A1)"', "'@SUM(A1)"),
        ("\t=1", '"\\t=1"', "'\t=1"),
        ("\r=1", '"\\r=1"', '"\'\r=1"'),
        ("\n=1", '"\\n=1"', '"\'\n=1"'),
        ("Rome\n-12", '"Rome\\n-12"', '"Rome\n\'-12"'),
        ("a;=1+1", '"a;=1+1"', "a;'=1+1"),
        ("a; -1;b", '"a; -1;b"', "a; '-1;b"),
        ({"a": "x;@B"}, '{"a":"x;@B"}', '"{""a"":""x;\'@B""}"'),
        ("1=1", '"1=1"', "1=1"),
        ("de Wit, -a; b", '"de Wit, -a; b"', '"de Wit, -a; b"'),
    ],
)
def test_a_cell(cell: Value, in_json: str, in_csv: str):
    assert json_line(["n"], (cell,)) == f'{{"n":{in_json}}}'
    assert csv_lines([(1, cell, 2)]) == f"1,{in_csv},2\r\n"


def test_the_files_of_a_document_are_named_after_its_number():
    assert file_name("C2026-000012", 5) == "C2026-000012"
    assert file_name("../A/1", 5) == ".._A_1-5"
