"""What is looked at beside other work: its answer is waited for, and it is given up where the other work fails."""

import sys
import time

import pytest
from sqlalchemy import Connection, text

from prorata.store.engine import Database
from prorata.store.errors import DatabaseUnfit
from prorata.store.verify import beside, short_turns
from prorata.store.verifying.fetching import fetch
from prorata.store.verifying.rows import ParkedRow


def _stop_after(seconds: float) -> None:
    time.sleep(seconds)
    raise KeyboardInterrupt


def test_the_answer_comes_when_it_is_asked_for(db: Database):
    with beside(db, lambda conn: conn.scalar(text("SELECT 7"))) as answer:
        assert answer() == 7


def test_what_fails_beside_fails_where_the_answer_is_asked_for(db: Database):
    def fail(_: Connection) -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError), beside(db, fail) as answer:
        answer()


def test_a_query_is_given_up_when_the_other_work_fails(db: Database):
    ended: list[float] = []

    def sleep(conn: Connection) -> None:
        conn.execute(text("SELECT pg_sleep(25)"))
        ended.append(25)

    for seconds in (0, 0.2):
        with pytest.raises(KeyboardInterrupt), beside(db, sleep):
            _stop_after(seconds)
    assert ended == [], "nobody waits for the end of the query"
    with db.owner(read_only=True) as conn:
        assert conn.scalar(text("SELECT 1")) == 1


def test_turns_are_as_long_as_before_afterwards():
    before = sys.getswitchinterval()
    with short_turns():
        assert sys.getswitchinterval() < before
    assert sys.getswitchinterval() == before


def test_what_the_database_refuses_is_raised_by_its_name(db: Database):
    with pytest.raises(DatabaseUnfit), db.owner(read_only=True) as conn:
        fetch(conn, "SELECT account_id, 1 FROM nowhere WHERE account_id = ANY($1)", of=[1], kind=ParkedRow)
