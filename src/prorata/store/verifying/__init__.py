"""Making everything that is stored again, and naming what differs.

`reading` loads some accounts whole in a fixed number of queries (`fetching` gets the rows of one), `account` puts the
checks of one together: `documents` (what each says, its amounts from their proofs, its sums), `credits_` (each credit
against its line), `seats` (each day of each seat against the licence ledger), `ledger` (transfers against documents,
payments and credit) and `statements` (the face of a final document). `numbers` looks at the series of all accounts
together, `beside` all that.

Rows are looked at as they come, not made into the core's objects first: that would take most of the time. What an
amount, a wish for seats or a spelling is, is still said by the core and by `codec` alone.
"""
