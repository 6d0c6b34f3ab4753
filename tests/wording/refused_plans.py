"""Refusals of plans that contradict themselves, each with the sentence that says it."""

from prorata.core.catalog.check_plans import (
    ContradictoryPlan,
    LastPhaseEnds,
    LastStepEnds,
    NoLength,
    NoPrice,
    NothingListed,
    PhaseWithoutEnd,
    PriceTwice,
    StepsDoNotRise,
    StepWithoutEnd,
    StepWithoutPrice,
    TooManyParts,
    WindowWithoutDays,
)
from prorata.core.errors import DomainError

OF_PLANS: tuple[tuple[DomainError, str], ...] = (
    (ContradictoryPlan(key="price"), "This plan contradicts itself at price. Correct it there."),
    (
        NoPrice(key="price", plan="team"),
        "The plan team says nothing of what it costs. Give it a price, a flat price, phases or tiers.",
    ),
    (
        PriceTwice(key="price", plan="team", beside="tiers"),
        "price and tiers both say what a licence costs. Leave one of them out.",
    ),
    (NothingListed(key="phases"), "Nothing is listed here. Write at least one, or a price in their place."),
    (TooManyParts(key="phases", most=100), "A plan has at most 100 phases or steps. Leave some out."),
    (
        PhaseWithoutEnd(key="phases.1.for", phase=1),
        "Phase 1 has no end, so the next one would never begin. Say how long it lasts.",
    ),
    (
        LastPhaseEnds(key="phases.2.for", phase=2),
        (
            "Phase 2 is the last one, so it cannot have an end: there would be no price after it. "
            "Leave its length out, or give the plan a term."
        ),
    ),
    (
        StepsDoNotRise(key="tiers.steps.2.up_to", step=2, up_to=5, before=10),
        "Step 2 ends at 5, which is not above 10. Let each step end higher than the one before it.",
    ),
    (
        StepWithoutEnd(key="tiers.steps.1.up_to", step=1),
        "Step 1 has no end, so the next one would never be reached. Say up to where it goes.",
    ),
    (
        LastStepEnds(key="tiers.steps.2.up_to", step=2, up_to=10),
        ("Step 2 is the last one, so it cannot end at 10: more licences would have no price. Leave its end out."),
    ),
    (
        StepWithoutPrice(key="tiers.steps.1.price", step=1),
        "Step 1 has no price. Give it one for each licence, a flat one, or both.",
    ),
    (NoLength(key="term"), "A length of time has at least one day. Correct it, or leave it out."),
    (
        WindowWithoutDays(key="window_days", window="cancel"),
        "A window of no days is never open. Give it a day or more, or leave the window out.",
    ),
)
