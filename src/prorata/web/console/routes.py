"""The screens of the console."""

from __future__ import annotations

from prorata.web.console import mended, parked, run, runs, today

# Of two addresses that fit the first one answers: /console/runs/today comes before /console/runs/{run_id}.
SCREENS = (runs, today, run, mended, parked)
