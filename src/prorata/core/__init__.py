"""The rules of billing: data and pure functions, nothing else.

No clock, no files, no database, no prose. Start reading at `step.py`, the only place where the rules are put together;
then `billing/`, which says what should have been charged, what was charged, and writes the difference.
"""
