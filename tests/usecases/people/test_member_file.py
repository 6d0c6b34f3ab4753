"""Reading lists of people: encodings, separators, names of columns, and what no list is."""

import codecs

import pytest

from prorata.core.errors import DomainError
from prorata.usecases.people.member_file import (
    ColumnMissing,
    ColumnTwice,
    FileEmpty,
    FileRow,
    NotATable,
    NotReadable,
    TooManyRows,
    read,
    text_of,
)

TABLE = "name,email\nZoë Çelik,zoe@example.com\n"


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("utf-16"),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
    ],
)
def test_utf_8_and_utf_16_with_its_mark_are_read(data: bytes):
    (row,) = read(text_of(data)).rows
    assert (row.name, row.email) == ("Zoë Çelik", "zoe@example.com")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        # ë is one byte in Latin-1, and the byte after it does not go on as UTF-8 does.
        (TABLE.encode("latin-1"), 2),
        (b"name,email\na,a@example.com\r\nb,b@example.com\r\n\xff,c@example.com", 4),
        (TABLE.encode("utf-16-le"), 2),
        (TABLE.encode("utf-32"), 1),
        (codecs.BOM_UTF16_LE + "name,email\nZoë".encode("utf-16-le") + b"\x00", 2),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1),
        (b"PK\x03\x04\x14\x00\x06\x00", 1),
    ],
)
def test_what_is_in_another_encoding_or_no_text_is_refused_with_its_line(data: bytes, line: int):
    with pytest.raises(NotReadable) as refusal:
        text_of(data)
    assert refusal.value.parameters == {"line": line}


@pytest.mark.parametrize(
    "text",
    [
        "name,email,language,licence\nAnna Vos,anna@example.com,nl,team\n",
        "Naam;E-mailadres;Taal;Licentie\r\nAnna Vos;anna@example.com;nl;team\r\n",
        "Nome\tIndirizzo e-mail\tLingua\tLicenze\nAnna Vos\tanna@example.com\tnl\tteam",
        'LICENCES,"E-mail",Full_name,Language\n"team","anna@example.com","Anna  Vos ",nl',
        "\n\n ; ; \nnome;email;lingua;abbonamento\n;;;\nAnna Vos;anna@example.com;nl;team\n;;\n",
        "\ufeffname,mail,language,license\rAnna Vos,anna@example.com,nl,team\r",
    ],
)
def test_columns_are_known_by_their_names_in_three_languages_in_any_order(text: str):
    (row,) = read(text).rows
    assert (row.name, row.email, row.language, row.licences) == ("Anna Vos", "anna@example.com", "nl", ("team",))


def test_quoted_cells_hold_separators_lines_and_quotes():
    text = 'name,email,licences\n"Vos, Anna ""An""",anna@example.com,"team; mail|team"\n"Bram\nVisser",b@example.com\n'
    assert read(text + "Carla,c@example.com").rows == (
        FileRow(2, 'Vos, Anna "An"', "anna@example.com", "", ("team", "mail"),
                'Vos, Anna "An", anna@example.com, team; mail|team'),
        FileRow(3, "Bram Visser", "b@example.com", "", (), "Bram Visser, b@example.com"),
        FileRow(5, "Carla", "c@example.com", "", (), "Carla, c@example.com"),
    )  # fmt: skip


def test_columns_that_mean_nothing_are_named():
    assert read("name,Department,email,,Room\nAnna,Sales,a@example.com,,12").unused == ("Department", "Room")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", FileEmpty),
        ("\n \n;;\n", FileEmpty),
        ("name,email\n", FileEmpty),
        ("Anna,anna@example.com\nBram,bram@example.com\n", ColumnMissing),
        ("name\nAnna\n", ColumnMissing),
        ("email\na@example.com\n", ColumnMissing),
        ("name,email,E-mail\nAnna,a@example.com,b@example.com\n", ColumnTwice),
        ('name,email\n"Anna,a@example.com\nBram,b@example.com\n', NotATable),
        ('name,email\n"Anna"x,a@example.com\n', NotATable),
        (f"name,email\n{'x' * 200_000},a@example.com\n", NotATable),
    ],
)
def test_what_is_no_list_of_people_is_refused(text: str, refusal: type[DomainError]):
    with pytest.raises(refusal):
        read(text)


def test_ten_thousand_rows_are_read_and_one_more_is_not():
    rows = [f"Member {place},m{place}@example.com" for place in range(1, 10_002)]
    assert len(read("\n".join(["name,email", *rows[:10_000]])).rows) == 10_000
    with pytest.raises(TooManyRows) as refusal:
        read("\n".join(["name,email", *rows]))
    assert refusal.value.parameters == {"most": 10_000}
