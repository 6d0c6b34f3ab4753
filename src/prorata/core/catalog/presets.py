"""The two presets of terms that are shipped: data, to be copied and edited by a seller."""

from __future__ import annotations

from prorata.core.catalog.terms import CancelLimit, LicenceBounds, RefundPolicy, Terms, TrialExtension, TrialTerms

CLASSIC = Terms(
    billed="advance",
    anchor="start",
    proration="day",
    end_day="free",
    add_licences="now",
    remove_licences="credit",
    change_plan="now",
    change_frequency="now",
    change_anchor="keep",
    cancel="now",
    window_days=7,
    refund=RefundPolicy(end="to_method", change="credit"),
    invoice_changes="next",
    final_document="now",
    online_cancel_limit=CancelLimit(licences=25, counts="assigned"),
    licences=LicenceBounds(fewest=1, most=10_000),
    trial=TrialTerms(licences=25, card=False, converts="with_method"),
    extend_trial=TrialExtension(days=30, once=True, within_days=15),
    payment_terms=30,
    grace_days=30,
    expired_days=30,
    disabled_days=90,
    conflict_days=90,
    price_change_notice=30,
    announce_days=(30, 7, 1),
    backdate_days=366,
)
"""Cancel at any time with the rest credited; changes wait for the next bill."""

COMMIT = Terms(
    billed="advance",
    anchor="start",
    proration="day",
    end_day="free",
    add_licences="now",
    remove_licences="window",
    change_plan="by_direction",
    change_frequency="renewal",
    change_anchor="keep",
    cancel="window",
    window_days=7,
    refund=RefundPolicy(end="to_method", change="credit"),
    invoice_changes="now",
    final_document="now",
    online_cancel_limit=None,
    licences=LicenceBounds(fewest=1, most=10_000),
    trial=TrialTerms(licences=25, card=True, converts="always"),
    extend_trial=None,
    payment_terms=30,
    grace_days=30,
    expired_days=30,
    disabled_days=90,
    conflict_days=90,
    price_change_notice=30,
    announce_days=(30, 7, 1),
    backdate_days=366,
)
"""A commitment: licences and subscriptions can be given back within seven days, else at the renewal."""

# Longer windows that the law of a country asks of the commit preset, in days.
COMMIT_WINDOWS: tuple[tuple[str, int], ...] = (("CL", 10),)
