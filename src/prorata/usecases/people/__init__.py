"""Who belongs to an account, as what: inviting, roles, and taking access away."""
