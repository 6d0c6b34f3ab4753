"""What came of verifying everything."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

_TABLES = """
CREATE TABLE verifications (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accounts BIGINT NOT NULL,
    documents BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    parked INTEGER NOT NULL,
    findings BIGINT NOT NULL,
    first_findings JSONB NOT NULL,
    CONSTRAINT verifications_pkey PRIMARY KEY (id),
    CONSTRAINT verifications_ended_check CHECK (ended_at >= began_at)
);
CREATE INDEX verifications_ended_idx ON verifications (ended_at);
"""


def upgrade() -> None:
    # The owner verifies; the application has no business here.
    op.execute(_TABLES)
