"""The customer's admin center: one module for each screen, one template beside it in `templates/center/`.

A screen translates a request into one use case and its answer into views. `visit.py` says who is here, `failing.py`
turns refusals into answers, `words.py` has the phrases that several screens share, `routes.py` lists all screens.
"""
