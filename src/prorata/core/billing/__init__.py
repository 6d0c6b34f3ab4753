"""Billing: what should have been charged, what was charged, and the difference, which is what gets written.

Read in this order: `due.py` (what a day asks for), `contradictions.py` (what cannot be billed), `desired.py`,
`billed.py`, `difference.py` (days into rectangles), `lines.py` (what is missing into charges; `shares.py`,
`causes.py`), `credits.py` (what is too much into credits), `by_the_second.py` (the same on instants), `discounts.py`,
`draft.py` (lines into a document), `post.py` (every movement of money), `settle.py` and `issue.py` (what becomes of a
document), `pay.py` (paying what is open), `give_back.py` (goodwill and refunds), and `write.py`, which puts it all
together.
"""
