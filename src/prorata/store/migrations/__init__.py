"""The steps that make the tables, run by `prorata.store.schema`."""
