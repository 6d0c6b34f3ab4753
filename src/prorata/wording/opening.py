"""What is said where a seller or an account cannot be set up, and how a real account pays."""

from __future__ import annotations

from typing import Final

from prorata.wording.marking import mark

BY_TRANSFER: Final = mark(
    "Bills of this account are paid by transfer. What has arrived is entered by the vendor’s people."
)
REFUSALS: Final = {
    "pays_by_transfer": BY_TRANSFER,
    "unknown_country": mark("{country} is not a country. Write its two letters, such as NL."),
    "unknown_zone": mark("{zone} is not a time zone. Write one such as Europe/Amsterdam."),
    "address_needed": mark("Write an address: one to {most} lines of at most a hundred characters."),
    "tax_id_needed": mark("A tax number has one to a hundred characters, and there are at most ten. Correct them."),
    "seller_already": mark("There is a seller {name} already. Choose another name."),
    "no_seller": mark("There is no seller yet whose customer an account could be. Set one up first."),
    "seller_needed": mark("There are several sellers. Say whose customer the account is."),
    "not_a_tax_rate": mark("{text} is not a tax rate. Write a number of percent below 100, such as 21 or 5.5."),
}
