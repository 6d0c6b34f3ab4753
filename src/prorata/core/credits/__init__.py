"""Account credit: what we owe the customer, and where it came from."""
