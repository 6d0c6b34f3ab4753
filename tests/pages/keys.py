"""What the reference says of each key of the terms: its meaning, and that of each value which is a word.

A key inside a key is written with a point: `refund.end`. What may stand there, what the presets say and which story
shows it are not told here: they are read from the code and from the stories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the terms. `form`: what may be written that is none of the words in `values`."""

    path: str
    means: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    form: str = ""


DAYS = "A number of days, 0 to 3650."
LICENCES = "A number of licences."

_GIVEN_BACK = {
    "to_method": "it is paid back to the methods that paid, never more than was received; the rest is account credit",
    "credit": "it becomes account credit and pays what is billed next",
    "none": "no credit is written",
}

KEYS = (
    Key("preset", "What the other keys start from.", {
        "classic": "cancel at any time and the rest is credited; changes wait for the next bill",
        "commit": "a commitment: given back only within a window, else at the renewal; changes are billed at once",
    }),
    Key("billed", "When a period is billed.", {
        "advance": "on its first day",
        "arrears": "on the day after its last, with everything that changed in it",
    }),
    Key("anchor", "The day that periods begin on. In a month that has no such day it is the last one, and after it the "
        "day itself again. What lies before the first whole period is billed as a share.", {
        "start": "the day of the purchase, or the first paid day after a trial",
        "calendar": "Mondays; the first of the month; January, April, July and October; January",
    }, form="Or a day of the month, 1 to 31, or a whole date."),
    Key("proration", "How a part of a period is counted.", {
        "day": "by days, of the days that this very period has",
        "second": "by seconds, of the seconds that this very period has in the account's zone",
        "thirty": "by days of months that all have thirty",
        "none": "not at all: a part is charged like a whole, and nothing is credited inside a period",
    }),
    Key("end_day", "Whether the day of a cancellation is charged.", {
        "free": "it is not: the day before is the last one charged",
        "charged": "it is the last one charged",
    }),
    Key("add_licences", "When more licences count. `when` on the change overrides it.", {
        "now": "from their day on, charged for the rest of the period",
        "renewal": "from the next period on",
    }),
    Key("remove_licences", "When fewer licences count. `when` on the change overrides it.", {
        "credit": "from their day on; the rest of the period is credited, the newest licences first",
        "window": "from their day on where they were bought in the last `window_days`, the others at the renewal",
        "renewal": "from the next period on",
        "kept": "at once, but what is charged stays charged to the end of the period",
    }),
    Key("change_plan", "When another plan of the same frequency counts. `when` on the change overrides it.", {
        "now": "from its day on: the old plan is credited for the rest of the period, the new one charged",
        "renewal": "from the next period on",
        "by_direction": "dearer or equal per month now, cheaper at the renewal",
    }),
    Key("change_frequency", "When a plan of another frequency counts; it rules where plan and frequency change.", {
        "now": "from its day on",
        "renewal": "from the next period on",
        "by_direction": "dearer or equal per month now, cheaper at the renewal",
    }),
    Key("change_anchor", "Whether a change of frequency moves the renewal. `anchor` on the change overrides it.", {
        "keep": "it does not: the first year ends on the next anniversary of the first start",
        "restart": "a new period begins on the day of the change, which then does not wait for a bill",
    }),
    Key("cancel", "What a cancellation means that names no day.", {
        "now": "it ends at once",
        "window": "it ends at once within `window_days` of the start or the last renewal, then with its period",
        "period_end": "it ends with its period, and nothing is credited",
    }),
    Key("window_days", "How long the windows of `cancel` and `remove_licences` are open.", form=DAYS),
    Key("refund", "What becomes of a credit. One word sets both; a map with one key keeps the other's."),
    Key("refund.end", "What becomes of the credit of an ending.", _GIVEN_BACK),
    Key("refund.change", "What becomes of the credit of fewer licences, another plan or a pause.", _GIVEN_BACK),
    Key("invoice_changes", "When changes of licences and plans are billed.", {
        "next": "with the profile's next bill, at the latest 30 days after the oldest of them; opposite ones net out",
        "now": "by the run of their day, all of the day in one document",
    }),
    Key("final_document", "When the document of an ending is written.", {
        "now": "at once",
        "next_billing_date": "on the next billing date, at the latest 30 days after the end; access ends at once",
    }),
    Key("online_cancel_limit", "Up to how many licences a business may cancel online; it never holds for consumers, "
        "nor for the vendor.", {
        "none": "there is no limit",
    }),
    Key("online_cancel_limit.licences", "The limit itself, included.", form=LICENCES),
    Key("online_cancel_limit.counts", "Which licences count for it.", {
        "assigned": "those that members hold",
        "purchased": "all that were bought",
    }),
    Key("licences", "How many licences a subscription may have."),
    Key("licences.min", "The fewest.", form=LICENCES),
    Key("licences.max", "The most.", form=LICENCES),
    Key("trial", "How a plan with a trial is tried. How long is said by the plan."),
    Key("trial.licences", "The most licences that can be tried.", form=LICENCES),
    Key("trial.card", "Whether a trial needs a payment method to begin.", {
        "true": "it does",
        "false": "it does not",
    }),
    Key("trial.converts", "What becomes of a trial at its end.", {
        "with_method": "with a payment method it converts and is billed, without one it lapses",
        "always": "it converts; without a payment method its bill waits for a transfer",
    }),
    Key("extend_trial", "Whether a trial can be made longer.", {
        "none": "it cannot",
    }),
    Key("extend_trial.days", "By how many days.", form="A number of days, 1 to 3650."),
    Key("extend_trial.once", "How often.", {
        "true": "once",
        "false": "again and again",
    }),
    Key("extend_trial.within_days", "From how many days before its end on.", form="A number of days, 1 to 3650."),
    Key("payment_terms", "When a document is due that no saved method pays, in days after its date.", form=DAYS),
    Key("grace_days", "How long what is not paid when it is due may wait until its subscriptions are disabled, in days "
        "after the day it is due.", form=DAYS),
    Key("expired_days", "How long what has ended with its term is used on before it is disabled.", form=DAYS),
    Key("disabled_days", "How long the data of what is disabled is kept before it is deleted.", form=DAYS),
    Key("conflict_days", "How long more licences may be assigned than there are, after fewer were asked for at a "
        "renewal; then the newest holders lose theirs.", form=DAYS),
    Key("price_change_notice", "How many days before a renewal a new price must begin to hold from it on.", form=DAYS),
    Key("announce_days", "How many days before each loss it is told by mail: a list of numbers of days, 1 to 3650, "
        "`[]` for never. It changes no bill."),
    Key("backdate_days", "For how many days back something can be entered late.", form=DAYS),
    Key("by_country", "Any of these keys for the customers of a country: `{CL: {window_days: 10}}`.",
        form="A map of countries, in two capital letters."),
    Key("by_kind", "Any of these keys for one kind of customer: `{consumer: {window_days: 14}}`. It goes over the "
        "country's.", form="A map of `consumer` and `business`."),
)  # fmt: skip
"""In the order of the terms."""
