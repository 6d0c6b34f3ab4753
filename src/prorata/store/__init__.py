"""The store: the only SQL, and the PostgreSQL that comes with Prorata."""
