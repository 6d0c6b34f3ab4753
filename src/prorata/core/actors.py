"""Who does something: a customer's person, somebody of the vendor, or the product by itself."""

from __future__ import annotations

from typing import Literal

Side = Literal["admin", "vendor", "system"]
"""`admin`: somebody of the account; `vendor`: staff of the seller; `system`: the daily run."""
