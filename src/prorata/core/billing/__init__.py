"""Billing: what should have been charged, what was charged, and the difference, which is what gets written.

Read in this order: `due.py` (what a day asks for), `contradictions.py` (what cannot be billed), `desired.py`,
`billed.py`, `difference.py` (days into rectangles), `lines.py` (rectangles into amounts), `draft.py` (lines into a
document), `post.py` (every movement of money), `settle.py` (what becomes of a document), `pay.py` (paying what is
open), and `write.py`, which puts it together.
"""
