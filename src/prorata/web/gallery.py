"""A page that shows every component with sample values, in the reader's language."""

from datetime import date
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from prorata.web.documents import Detail, DocumentLine, DocumentView, LineGroup, Party, SumLine, TaxRow
from prorata.web.forms import query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import ClockBar, ClockStep, FieldError, LedgerLine, LifePoint, Moment, NavItem, Shell
from prorata.wording import Wording
from prorata.wording.terms import document_kind_word

_TODAY = date(2026, 3, 3)
_DUE = date(2026, 3, 17)
_PRICE = 1250  # cents a licence and month
_MOST = 10_000


def gallery(request: Request) -> Response:
    """Show all components."""
    w = wording_of(request)
    licences = query_form(request).whole_number("licences")
    return render(
        request,
        "gallery.html",
        today=_TODAY,
        due=_DUE,
        sample_shell=_shell(w),
        ledger_lines=_ledger(w),
        ledger_total=w.money(9831, "EUR"),
        refund_lines=_refund(w),
        refund=w.money(5294, "EUR"),
        next_bill=w.money(18150, "EUR"),
        moments=_moments(w),
        lifeline=_lifeline(w),
        bills=_bills(w),
        owed=w.money(9831, "EUR"),
        errors=_errors(w),
        document=_document(w),
        preview=_preview(w, 12 if licences is None else licences),
    )


def _shell(w: Wording) -> Shell:
    places = (
        (w.t("Home"), "home"),
        (w.t("Your products"), "products"),
        (w.t("Licences"), "licences"),
        (w.t("Members"), "members"),
        (w.t("Bills & payments"), "bills"),
        (w.t("Payment methods"), "card"),
        (w.t("Billing profiles"), "profiles"),
        (w.t("Settings"), "settings"),
    )
    return Shell(
        nav=tuple(
            NavItem(
                label=label,
                href="/gallery",
                icon=icon,
                current=icon == "products",
                count=w.number(1) if icon == "bills" else None,
                count_words=w.n("{count} bill is past due", "{count} bills are past due", 1)
                if icon == "bills"
                else None,
            )
            for label, icon in places
        ),
        home="/gallery",
        seller="Noorderlicht Software",
        account="Van der Meer Logistiek B.V.",
        person="Sanne de Wit",
        clock=ClockBar(
            today=_TODAY,
            action="/gallery",
            steps=(
                ClockStep(day=date(2026, 3, 15), text=w.t("next bill")),
                ClockStep(day=date(2026, 6, 1), text=w.t("data deleted")),
            ),
        ),
    )


def _line(w: Wording, licences: int, *, period: tuple[date, date], days: tuple[int, int]) -> str:
    return w.n(
        "{licences} × {price}, {period} ({days} of {count} day)",
        "{licences} × {price}, {period} ({days} of {count} days)",
        days[1],
        licences=w.n("{count} licence", "{count} licences", licences),
        price=w.unit_price(Decimal("12.50"), "EUR"),
        period=w.period(*period),
        days=days[0],
    )


def _refund(w: Wording) -> tuple[LedgerLine, ...]:
    # 125.00 × 12/28 = 53.57 for the days from 3 March; 25.00 × 11/28 = 9.82 for two more licences until then.
    return (
        LedgerLine(
            label=w.t("Credit for days no longer used"),
            amount=w.money(-5357, "EUR"),
            note=_line(w, 10, period=(date(2026, 3, 3), date(2026, 3, 15)), days=(12, 28)),
        ),
        LedgerLine(
            label=w.t("Added licences, not yet billed"),
            amount=w.money(982, "EUR"),
            note=_line(w, 2, period=(date(2026, 2, 20), date(2026, 3, 3)), days=(11, 28)),
        ),
        # 21% of -43.75 is -9.1875.
        LedgerLine(label=w.t("Tax {rate}", rate=w.percent(Decimal(21))), amount=w.money(-919, "EUR")),
    )


def _ledger(w: Wording) -> tuple[LedgerLine, ...]:
    first, *rest = _refund(w)
    return (
        LedgerLine(
            heading=w.t("Open now"), label=w.t("Bill {number}", number="2026-000002"), amount=w.money(15125, "EUR")
        ),
        LedgerLine(heading=w.t("On the final document"), label=first.label, amount=first.amount, note=first.note),
        *rest,
    )


def _moments(w: Wording) -> tuple[Moment, ...]:
    return (
        Moment(day=date(2026, 1, 15), title=w.t("Bought, 10 licences"), state="past"),
        Moment(
            day=_TODAY,
            title=w.t("Members lose access"),
            note=w.t("Admins keep reading and backing up the data."),
            state="now",
        ),
        Moment(
            day=date(2026, 6, 1),
            title=w.t("The data is deleted"),
            note=w.t("The documents remain. This cannot be undone."),
        ),
    )


def _lifeline(w: Wording) -> tuple[LifePoint, ...]:
    unless = w.t("Unless what is past due is paid before.")
    return (
        LifePoint(day=date(2026, 1, 15), titles=(w.t("Bought, 10 licences"),), kind="active", state="past"),
        LifePoint(day=_TODAY, titles=(), kind="active", state="now"),
        LifePoint(
            day=date(2026, 3, 17), titles=(w.t("Members lose access"),), kind="disabled", note=unless, conditional=True
        ),
        LifePoint(day=date(2026, 4, 15), titles=(w.t("It expires"),), kind="expired"),
        LifePoint(day=date(2026, 5, 15), titles=(w.t("Members lose access"),), kind="disabled"),
        LifePoint(day=date(2026, 8, 13), titles=(w.t("The data is deleted"),), kind="deleted"),
    )


def _bills(w: Wording) -> tuple[dict[str, object], ...]:
    rows = (
        ("C2026-000001", "credit_note", date(2026, 3, 3), -5294, 0, "settled", w.t("settled")),
        ("2026-000002", "invoice", date(2026, 2, 15), 15125, 9831, "past_due", w.t("past due")),
        ("2026-000001", "invoice", date(2026, 1, 15), 15125, 0, "paid", w.t("paid")),
    )
    return tuple(
        {
            "number": number,
            "kind": document_kind_word(w, kind),
            "day": day,
            "total": w.money(total, "EUR"),
            "left": w.money(left, "EUR"),
            "state": state,
            "word": word,
        }
        for number, kind, day, total, left, state, word in rows
    )


def _errors(w: Wording) -> tuple[FieldError, ...]:
    return (
        FieldError(field="total", text=w.t("12 licences are assigned. Enter 12 or more, or unassign some first.")),
        FieldError(field="end", text=w.t("This day is before the start of the subscription.")),
    )


def _preview(w: Wording, licences: int) -> dict[str, object]:
    if not 1 <= licences <= _MOST:
        return {"value": licences, "error": w.t("Enter a number from 1 to {most}.", most=_MOST)}
    charge = licences * _PRICE
    return {
        "value": licences,
        "error": None,
        "total": w.money(charge, "EUR"),
        "lines": (
            LedgerLine(
                label=w.n("{count} licence", "{count} licences", licences),
                amount=w.money(charge, "EUR"),
                note=_line(w, licences, period=(date(2026, 3, 15), date(2026, 4, 15)), days=(31, 31)),
            ),
        ),
        "confirm": w.t("Buy for {amount} per month", amount=w.money(charge, "EUR")),
    }


def _document(w: Wording) -> DocumentView:
    return DocumentView(
        seller="Noorderlicht Software B.V.",
        seller_line="Noorderlicht Software B.V., Keizersgracht 12, 1015 CS Amsterdam",
        kind=document_kind_word(w, "invoice"),
        number="2026-000002",
        headline_label=w.t("To pay by {day}", day=date(2026, 3, 17)),
        headline=w.money(9831, "EUR"),
        headline_note=w.t("After {amount} of credit", amount=w.money(5294, "EUR")),
        buyer=Party(
            label=w.t("To"),
            name="Van der Meer Logistiek B.V.",
            lines=("t.a.v. Sanne de Wit", "Havenstraat 4", "3011 TB Rotterdam"),
        ),
        vendor=Party(
            label=w.t("From"),
            name="Noorderlicht Software B.V.",
            lines=("Keizersgracht 12", "1015 CS Amsterdam", "KvK 61234567", "NL004495445B01"),
        ),
        details=_details(w),
        groups=_groups(w),
        sums=(
            SumLine(label=w.t("Net"), amount=w.money(12500, "EUR")),
            SumLine(label=w.t("Tax {rate}", rate=w.percent(Decimal(21))), amount=w.money(2625, "EUR")),
            SumLine(label=w.t("Total"), amount=w.money(15125, "EUR"), strong=True),
        ),
        taxes=(TaxRow(rate=w.percent(Decimal(21)), net=w.money(12500, "EUR"), tax=w.money(2625, "EUR")),),
        statement=(
            SumLine(label=w.t("Open before"), amount=w.money(15125, "EUR")),
            SumLine(label=w.t("Credited by {number}", number="C2026-000001"), amount=w.money(-5294, "EUR")),
            SumLine(label=w.t("Still to pay"), amount=w.money(9831, "EUR"), strong=True),
        ),
        payment=(
            w.t(
                "By bank transfer to {account}, naming {number}.",
                account="NL02 ABNA 0123 4567 89",
                number="2026-000002",
            ),
        ),
        test_document=True,
    )


def _details(w: Wording) -> tuple[Detail, ...]:
    return (
        Detail(label=w.t("Date"), value=w.date(date(2026, 2, 15))),
        Detail(label=w.t("Due"), value=w.date(date(2026, 3, 17))),
        Detail(label=w.t("Billing period"), value=w.period(date(2026, 2, 15), date(2026, 3, 15))),
    )


def _groups(w: Wording) -> tuple[LineGroup, ...]:
    period = (date(2026, 2, 15), date(2026, 3, 15))
    return (
        LineGroup(
            title=w.t("New charges"),
            lines=(
                DocumentLine(
                    name="Noorderlicht Business",
                    formula=_line(w, 10, period=period, days=(28, 28)),
                    quantity=w.number(10),
                    unit_price=w.unit_price(Decimal("12.50"), "EUR"),
                    amount=w.money(12500, "EUR"),
                ),
            ),
        ),
    )
