"""Subscriptions: what was bought, how it changes, how it ends."""
