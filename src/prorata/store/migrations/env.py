"""What Alembic runs: the steps, in the transaction of whoever called `schema.migrate`."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
