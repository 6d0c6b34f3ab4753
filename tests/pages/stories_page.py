"""`stories/README.md`: the stories in the order in which they are read, each with its rule."""

from pages.told import STORIES, Told, told

PAGE = STORIES / "README.md"

GROUPS = {
    "first-bill": "Begin here: a purchase, its bill, its payment, its end.",
    "periods": "Which days a period has: months that are too short, years, weeks, the calendar, arrears, time zones.",
    "prices": "What a period costs: per licence, flat, setup, tiers, phases, fixed terms, and prices that change.",
    "licences": "More licences, and fewer: when they count, what they cost, which are credited.",
    "trials": "Free first: what becomes of a trial, and everything that can happen in it.",
    "changing-plan": "To a dearer plan, to a cheaper one, now or at the renewal, and back again.",
    "changing-frequency": "From months to years and back, with the renewal kept or moved.",
    "anchors": "Moving the day that periods begin on: only what is not covered yet is billed.",
    "pause": "Not used, not charged: what a pause gives back, and what a resumption costs. The renewal stays.",
    "cancelling": "Ends that are asked for: now, with the period, on a date; windows, limits, the timetable after it.",
    "renewal-and-expiry": "Ends that come by themselves, because the renewal is off.",
    "life": "The states and their dates: what nobody pays, what comes back, who loses a licence and when.",
    "reactivation": "Coming back: into the same period after a cancellation, into a new term after an expiry.",
    "credit-and-refund": "Where a credit goes: open bills first, then back to the method or to account credit.",
    "goodwill-and-refunds": "Money and credit that a person gives, and why it changes nothing else.",
    "discounts": "Percent and amounts, for a time or for ever, and their share in every credit.",
    "settling": "Paying: in parts, late, declined, all at once.",
    "closing": "Closing an account: what must be done first, what is paid back and what lapses.",
    "documents-and-tax": "What a document adds up to: rounding, tax, numbers, currencies.",
    "proration": "Parts of periods counted otherwise: by the second, by months of thirty days, or not at all.",
    "late-and-restated": "What is known too late: the difference is written, today, for the days it is for.",
    "refused": "What cannot be done, and what can be done instead; plans that contradict themselves.",
    "mistakes-of-others": "Mistakes that billing systems have made: each is a rule here.",
    "whole-lives": "All of it together: accounts over months and years.",
}
"""The folders in reading order, with what each is about."""

FIRST = {
    "first-bill": ("one-licence-is-paid-every-month", "a-bill-without-a-saved-method-waits-for-a-transfer"),
    "periods": ("the-29th-30th-and-31st-all-renew-on-28-february", "shares-of-a-clamped-month-count-its-own-days"),
    "prices": (
        "a-flat-price-stands-beside-the-price-of-each-licence",
        "under-volume-tiers-all-licences-cost-the-steps-price",
    ),
    "licences": ("added-licences-come-with-the-next-bill", "fewer-licences-are-credited-on-the-next-bill"),
    "trials": ("in-the-trial-nothing-is-billed", "a-trial-is-free-then-the-first-bill-comes"),
    "changing-plan": ("a-change-of-plan-is-a-credit-and-a-charge", "classic-changes-to-a-cheaper-plan-at-once-too"),
    "changing-frequency": ("monthly-to-yearly-keeps-the-first-start",),
    "anchors": ("moved-forward-inside-a-period-the-days-to-the-new-day-are-billed",),
    "pause": ("a-pause-within-a-month-is-credited-and-the-rest-charged-again",),
    "cancelling": ("the-final-invoice-credits-what-is-left", "cancelled-at-the-period-end-it-is-used-to-the-end"),
    "renewal-and-expiry": ("with-renewal-off-it-is-used-to-the-end", "it-expires-on-the-end-date"),
    "life": ("not-paid-in-time-it-is-disabled-and-comes-back-once-it-is-paid", "never-paid-it-is-deleted-and-stays-so"),
    "reactivation": ("after-a-cancellation-the-anchor-stays", "what-had-expired-begins-a-new-term"),
    "credit-and-refund": ("account-credit-pays-the-next-bill",),
    "goodwill-and-refunds": ("goodwill-pays-the-next-bills", "a-refund-reopens-the-bill"),
    "discounts": ("ten-percent-come-off-each-charge-for-ever", "a-discount-in-money-is-taken-once-for-each-period"),
    "settling": ("a-bill-may-be-paid-in-parts",),
    "closing": ("everything-settled-the-account-is-closed", "credit-that-was-money-is-paid-back"),
    "documents-and-tax": ("tax-is-rounded-once-for-all-lines-of-a-rate",),
    "late-and-restated": ("licences-entered-late-come-with-the-next-bill",),
}
"""What is read first in a folder; the others follow by name."""

_HEAD = """# Stories

Each file tells what happens to one account, on which days, on what terms, and what is billed for it to the cent. The
lines above `story:` are the rule, the comments above each amount how it comes about; all of it is worked out by hand.
`prorata play FILE` tells a story, `prorata play --expect FILE` compares. How a story is written stands in
[the reference](../docs/reference/stories.md); which one shows a certain choice of the terms [in that of the
terms](../docs/reference/terms.md). Where nothing else is said, terms are *classic*.

This page is written by `make docs`, from the stories themselves.
"""


def written() -> str:
    """The page as it should be."""
    groups = [f"- [{_title(group)}](#{group}): {about}" for group, about in GROUPS.items()]
    sections = ["\n".join(_section(group)) for group in GROUPS]
    return "\n".join([_HEAD, *groups, "", *sections]).rstrip("\n") + "\n"


def _title(group: str) -> str:
    return group.replace("-", " ").capitalize()


def _section(group: str) -> list[str]:
    first = {name: place for place, name in enumerate(FIRST.get(group, ()))}
    stories = [story for story in told() if story.group == group]
    stories.sort(key=lambda story: first.get(story.path.stem, len(first)))
    items = [_item(story) for story in stories]
    return [f"## {_title(group)}", "", GROUPS[group], "", *items, ""]


def _item(story: Told) -> str:
    refusal = story.refusal.split(": ", 2)[-1]
    ends = f" *{refusal.rstrip('.')}.*" if refusal else ""
    return f"- [{story.title}]({story.group}/{story.path.name}). {story.rule}{ends}"
