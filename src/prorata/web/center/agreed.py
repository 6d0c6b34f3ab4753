"""The terms of an agreement as sentences: what is agreed, in the order in which a buyer asks."""

from __future__ import annotations

from prorata.core.catalog.terms import Terms
from prorata.web.center.words import licences
from prorata.wording import Wording


def term_sentences(w: Wording, terms: Terms) -> tuple[str, ...]:
    """When it is billed, how licences change, how it ends, and what happens to the data."""
    return (_billed(w, terms), _more(w, terms), _fewer(w, terms), _ends(w, terms), _after(w, terms))


def _billed(w: Wording, terms: Terms) -> str:
    if terms.billed == "arrears":
        return w.t("Each period is billed after it has ended.")
    return w.t("Each period is billed on its first day.")


def _more(w: Wording, terms: Terms) -> str:
    if terms.add_licences == "renewal":
        return w.t("More licences begin with the next period.")
    if terms.invoice_changes == "next":
        return w.t("More licences begin at once; the days up to the next period are on the next bill.")
    return w.t("More licences begin at once and are billed at once, for the days up to the next period.")


def _fewer(w: Wording, terms: Terms) -> str:
    match terms.remove_licences:
        case "credit":
            return w.t("Licences can be removed at any time; the days not used are credited.")
        case "window":
            return w.n(
                "Licences can be removed within {count} day of buying them, else with the next period.",
                "Licences can be removed within {count} days of buying them, else with the next period.",
                terms.window_days,
            )
        case "renewal":
            return w.t("Licences can be removed with the next period.")
        case _:
            return w.t("Licences can be removed at any time; they are charged up to the next period.")


def _ends(w: Wording, terms: Terms) -> str:
    if terms.cancel == "period_end":
        return w.t("The subscription can be cancelled for the end of a period.")
    if terms.cancel == "window":
        return w.n(
            "It can be cancelled at once within {count} day of the beginning of a period, else for its end.",
            "It can be cancelled at once within {count} days of the beginning of a period, else for its end.",
            terms.window_days,
        )
    if terms.refund.end == "none":
        return w.t("The subscription can be cancelled at any time; paid days are not credited.")
    return w.t("The subscription can be cancelled at any time; the days not used are credited.")


def _after(w: Wording, terms: Terms) -> str:
    limit = terms.online_cancel_limit
    said = w.n(
        "After the end, admins can reach the data for {count} day; then the data is deleted.",
        "After the end, admins can reach the data for {count} days; then the data is deleted.",
        terms.disabled_days,
    )
    if limit is None:
        return said
    counted = licences(w, limit.licences)
    more = (
        w.t("The subscription can be cancelled online while up to {licences} are assigned.", licences=counted)
        if limit.counts == "assigned"
        else w.t("The subscription can be cancelled online while it has up to {licences}.", licences=counted)
    )
    return f"{said} {more}"
