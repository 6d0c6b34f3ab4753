"""The screens of the console."""

from __future__ import annotations

from prorata.web.console import accounts, audit, behalf, mended, parked, reasons, run, runs, staff, today

# Of two addresses that fit the first one answers: /console/runs/today comes before /console/runs/{run_id}.
SCREENS = (runs, today, run, mended, parked, behalf, accounts, reasons, staff, audit)
