"""The vendor's console: billing runs and what they could not bill, for the vendor's own staff."""
