"""The demo as data: a made-up vendor, what it sells, and five accounts whose clocks stand still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from prorata.usecases.permissions import Role, StaffRole

Language = Literal["en", "nl", "it"]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """A plan of a product: its code in the catalogue, how often it is billed, and how much a licence costs.

    `steps` in the place of a price: up to how many licences each costs how much, the last one for all that come after.
    `flat`: for the subscription, beside it. `trial`: free for so long.
    """

    code: str
    every: str
    price: str | None
    steps: tuple[tuple[int | None, str], ...] = ()
    flat: str | None = None
    trial: str | None = None


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product with its description in three languages."""

    code: str
    name: str
    description: dict[str, str]
    plans: tuple[DemoPlan, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of an account whom one can be in the demo."""

    name: str
    role: Role
    language: Language


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Somebody who works for the vendor, and whom one can be in the demo."""

    name: str
    language: Language
    role: StaffRole


Trouble = Literal["other price", "mended since"]


@dataclass(frozen=True, slots=True)
class DemoPurchase:
    """A plan that the account bought on a day, and how many of its members hold a licence.

    `trouble`: why it cannot be billed on the last day. "other price": it was given one in another currency. "mended
    since": its licence ledger had a gap, which somebody has closed by now.
    """

    on: date
    plan: str
    licences: int
    assigned: int
    trouble: Trouble | None = None


Deed = Literal["pause", "renewal off", "cancel"]


@dataclass(frozen=True, slots=True)
class DemoDeed:
    """What an account does on a day to the subscription that it has of a plan."""

    on: date
    deed: Deed
    plan: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account, its people, and what has happened until its clock stands still on `today`.

    `by_transfer`: from that day on its bills wait for a transfer. `paid`: on which day it pays which of its bills.
    `deeds`: what it does besides. `waits`: the day on which its clock stands is left to the vendor's run.
    """

    name: str
    country: str
    address: tuple[str, ...]
    people: tuple[DemoPerson, ...]
    colleagues: int
    purchases: tuple[DemoPurchase, ...]
    today: date
    by_transfer: date | None = None
    paid: tuple[tuple[date, int], ...] = ()
    deeds: tuple[DemoDeed, ...] = ()
    waits: bool = False


SELLER_NAME = "Kadans Software B.V."
SELLER_ADDRESS = ("Oude Vest 41", "2312 XS Leiden", "Nederland")
SELLER_ZONE = "Europe/Amsterdam"

STAFF = (DemoStaff("Eva Lindhout", "nl", "owner"), DemoStaff("Tom Becker", "en", "finance"))
"""The vendor's people."""

PRODUCTS = (
    DemoProduct(
        "kadans-team",
        "Kadans Team",
        {
            "en": "Mail, calendar and files for everybody in the organisation.",
            "nl": "E-mail, agenda en bestanden voor iedereen in de organisatie.",
            "it": "Posta, calendario e file per tutta l’organizzazione.",
        },
        (
            DemoPlan("kadans-team-monthly", "month", "12.50"),
            DemoPlan("kadans-team-yearly", "year", "135.00"),
            DemoPlan("kadans-team-premium-monthly", "month", "18.75"),
            DemoPlan("kadans-team-premium-yearly", "year", "202.50"),
        ),
    ),
    DemoProduct(
        "kadans-projects",
        "Kadans Projects",
        {
            "en": "Plan work together: boards, time and budgets.",
            "nl": "Samen werk plannen: borden, tijd en budgetten.",
            "it": "Pianificare il lavoro insieme: bacheche, tempi e budget.",
        },
        (
            DemoPlan("kadans-projects-monthly", "month", "8.20"),
            DemoPlan("kadans-projects-yearly", "year", "88.00"),
            DemoPlan(
                "kadans-projects-large-monthly",
                "month",
                None,
                ((10, "8.20"), (50, "7.40"), (None, "6.60")),
                flat="15.00",
            ),
        ),
    ),
    DemoProduct(
        "kadans-sign",
        "Kadans Sign",
        {
            "en": "Have documents signed, with proof of who signed when.",
            "nl": "Documenten laten ondertekenen, met bewijs van wie wanneer tekende.",
            "it": "Far firmare i documenti, con la prova di chi ha firmato e quando.",
        },
        (
            DemoPlan("kadans-sign-monthly", "month", "4.95"),
            DemoPlan("kadans-sign-yearly", "year", "49.50"),
            DemoPlan("kadans-sign-trial-monthly", "month", "4.95", trial="month"),
        ),
    ),
)

ACCOUNTS = (
    DemoAccount(
        name="Bakkerij De Korenbloem",
        country="NL",
        address=("Twijnstraat 8", "3511 ZK Utrecht", "Nederland"),
        people=(
            DemoPerson("Marieke de Wit", "owner", "nl"),
            DemoPerson("Daan Visser", "billing_admin", "en"),
            DemoPerson("Fatima el Amrani", "reader", "nl"),
        ),
        colleagues=9,
        purchases=(DemoPurchase(date(2026, 1, 15), "kadans-team-monthly", 10, 7),),
        today=date(2026, 1, 20),
    ),
    DemoAccount(
        name="Officina Rossi S.r.l.",
        country="IT",
        address=("Via San Vitale 27", "40125 Bologna BO", "Italia"),
        people=(
            DemoPerson("Giulia Rossi", "owner", "it"),
            DemoPerson("Luca Ferri", "invoice_manager", "it"),
        ),
        colleagues=4,
        purchases=(
            DemoPurchase(date(2025, 10, 6), "kadans-projects-yearly", 3, 3),
            DemoPurchase(date(2025, 11, 10), "kadans-team-monthly", 5, 4),
        ),
        today=date(2026, 1, 20),
        by_transfer=date(2025, 10, 6),
        paid=((date(2025, 10, 20), 1), (date(2025, 11, 24), 2), (date(2026, 1, 15), 4)),
    ),
    DemoAccount(
        name="Noordzee Logistiek B.V.",
        country="NL",
        address=("Waalhaven Oostzijde 85", "3087 BM Rotterdam", "Nederland"),
        people=(
            DemoPerson("Sanne Kuipers", "owner", "nl"),
            DemoPerson("Peter O’Neill", "billing_admin", "en"),
        ),
        colleagues=43,
        purchases=(DemoPurchase(date(2026, 1, 5), "kadans-team-monthly", 42, 40),),
        today=date(2026, 1, 20),
    ),
    DemoAccount(
        name="Atelier Zuidwijk",
        country="NL",
        address=("Gasthuisring 12", "5041 DR Tilburg", "Nederland"),
        people=(DemoPerson("Ilse Zuidwijk", "owner", "nl"),),
        colleagues=7,
        purchases=(
            DemoPurchase(date(2026, 1, 5), "kadans-team-monthly", 6, 6),
            DemoPurchase(date(2026, 1, 5), "kadans-projects-monthly", 4, 4, trouble="other price"),
            DemoPurchase(date(2026, 1, 5), "kadans-sign-monthly", 6, 5, trouble="mended since"),
        ),
        today=date(2026, 2, 5),
        waits=True,
    ),
    DemoAccount(
        name="Muziekschool Vivace",
        country="NL",
        address=("Koornmarkt 31", "2611 EB Delft", "Nederland"),
        people=(
            DemoPerson("Noortje Brandsma", "owner", "nl"),
            DemoPerson("Hannah Brooks", "billing_admin", "en"),
            DemoPerson("Carlo Marini", "reader", "it"),
        ),
        colleagues=14,
        purchases=(
            DemoPurchase(date(2025, 10, 13), "kadans-team-premium-monthly", 5, 4),
            DemoPurchase(date(2025, 11, 3), "kadans-team-monthly", 12, 10),
            DemoPurchase(date(2025, 11, 18), "kadans-sign-monthly", 6, 5),
            DemoPurchase(date(2025, 11, 24), "kadans-projects-large-monthly", 15, 14),
            DemoPurchase(date(2025, 12, 5), "kadans-projects-monthly", 8, 8),
            DemoPurchase(date(2026, 1, 8), "kadans-sign-trial-monthly", 10, 3),
        ),
        deeds=(
            DemoDeed(date(2025, 12, 20), "renewal off", "kadans-team-premium-monthly"),
            DemoDeed(date(2026, 1, 12), "pause", "kadans-projects-monthly"),
            DemoDeed(date(2026, 1, 20), "renewal off", "kadans-sign-monthly"),
            DemoDeed(date(2026, 1, 21), "cancel", "kadans-projects-large-monthly"),
        ),
        today=date(2026, 1, 26),
    ),
)

FIRST_NAMES = (
    *("Anna", "Bram", "Carla", "Dirk", "Elisa", "Finn", "Greta", "Hugo", "Irene", "Jan", "Karin", "Leo", "Mila"),
    *("Noor", "Otto", "Petra", "Rosa", "Stijn", "Tess", "Vera", "Willem", "Yara"),
)
LAST_NAMES = (
    *("Bakker", "Bruni", "Conti", "de Boer", "Dijkstra", "Esposito", "Greco", "Jansen", "Leone", "Mulder"),
    *("Peeters", "Ricci", "Smit", "Vos", "Zijlstra"),
)
