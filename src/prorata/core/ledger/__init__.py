"""The double-entry ledger: transfers between accounts."""
