"""How hard the properties are hunted.

Without more they see the same histories each time, so that a red run is a change's doing. `PRORATA_TEST_EXAMPLES=5000`
hunts on new ground, for as long as it takes.
"""

import os

from hypothesis import HealthCheck, settings

_EXAMPLES = os.environ.get("PRORATA_TEST_EXAMPLES")
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "fast", max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW
)
settings.register_profile(
    "hunt", max_examples=int(_EXAMPLES or 300), deadline=None, database=None, suppress_health_check=_SLOW
)
settings.load_profile("hunt" if _EXAMPLES else "fast")
