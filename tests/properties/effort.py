"""How hard the properties are attacked.

Without more they see the same histories each time, so that a red run is a change's doing. `PRORATA_TEST_EXAMPLES=5000`
hunts on new ground with so many for each property, for as long as it takes; `make soak` hunts until a time is up.
"""

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = "PRORATA_TEST_EXAMPLES"
EACH = 100
"""So many histories for each property, the same each time."""
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

_always = settings(deadline=None, database=None, suppress_health_check=_SLOW)
settings.register_profile("same", _always, max_examples=EACH, derandomize=True)


def as_told() -> None:
    """As the environment says: the same histories as always, or so many new ones."""
    wanted = os.environ.get(EXAMPLES)
    if wanted:
        hunt(int(wanted))
    else:
        settings.load_profile("same")


def hunt(examples: int) -> None:
    """From here on each property sees so many histories at a time that nobody has seen."""
    # To explain what was found costs many times what it cost to find it: whole lives are long.
    phases = tuple(phase for phase in Phase if phase is not Phase.explain)
    settings.register_profile("hunt", _always, max_examples=examples, report_multiple_bugs=False, phases=phases)
    settings.load_profile("hunt")
