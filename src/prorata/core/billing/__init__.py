"""Billing: what should have been charged, what was charged, and the difference, which is what gets written.

Read in this order: `due.py` (what a day asks for), `desired.py`, `billed.py`, `difference.py` (days into rectangles),
`lines.py` (rectangles into amounts), `draft.py` (lines into a document), `settle.py` (what becomes of a document).
"""
