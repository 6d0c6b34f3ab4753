"""OpenID Connect: what asks an account's or the vendor's own directory who somebody is.

`wire.py` sends requests and bounds what comes back, `document.py` reads what a directory says of itself, `tokens.py`
judges the signed answer, `client.py` puts them together as `prorata.usecases.vouching` wants it.
"""
