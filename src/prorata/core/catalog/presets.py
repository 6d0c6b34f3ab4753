"""The two presets of terms that are shipped: data, to be copied and edited by a seller."""

from __future__ import annotations

from prorata.core.catalog.terms import CancelLimit, LicenceBounds, RefundPolicy, Terms

CLASSIC = Terms(
    billed="advance",
    anchor="start",
    end_day="free",
    add_licences="now",
    remove_licences="credit",
    cancel="now",
    window_days=7,
    refund=RefundPolicy(end="to_method", change="credit"),
    invoice_changes="next",
    final_document="now",
    online_cancel_limit=CancelLimit(licences=25, counts="assigned"),
    licences=LicenceBounds(fewest=1, most=10_000),
    payment_terms=30,
    disabled_days=90,
)
"""Cancel at any time with the rest credited; changes wait for the next bill."""

COMMIT = Terms(
    billed="advance",
    anchor="start",
    end_day="free",
    add_licences="now",
    remove_licences="window",
    cancel="window",
    window_days=7,
    refund=RefundPolicy(end="to_method", change="credit"),
    invoice_changes="now",
    final_document="now",
    online_cancel_limit=None,
    licences=LicenceBounds(fewest=1, most=10_000),
    payment_terms=30,
    disabled_days=90,
)
"""A commitment: licences and subscriptions can be given back within seven days, else at the renewal."""

# Longer windows that the law of a country asks of the commit preset, in days.
COMMIT_WINDOWS: tuple[tuple[str, int], ...] = (("CL", 10),)
