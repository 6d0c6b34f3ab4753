"""Runs: the list, one run, and the run of today, which is shown before it is started."""

import re
from datetime import date

import pytest
from sqlalchemy import text

from prorata.store import runs
from prorata.usecases import start_run
from prorata.usecases.mail import SEND_MAILS
from prorata.usecases.run_batch import run_batch
from prorata.usecases.run_billing import open_runs, run_billing
from web.center.bills_ground import Shop
from web.center.reading import words
from web.console.ground import broken_account, console, due_account


def jobs_waiting(shop: Shop) -> list[str]:
    """What is to be done, but for the mails that the accounts have been announced something by."""
    with shop.services.database.owner(read_only=True) as conn:
        query = text("SELECT task_name FROM procrastinate.procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [name for name in conn.scalars(query) if name != SEND_MAILS]


def test_without_a_run_the_page_says_what_one_is_and_how_it_starts(shop: Shop) -> None:
    with console(shop) as browser:
        page = browser.get("/console/runs")
    assert "No run yet A run bills every account whose day has come" in words(page)
    assert 'href="/console/runs/today">Run today</a>' in page.text


def test_the_console_begins_with_the_runs(shop: Shop) -> None:
    with console(shop) as browser:
        assert browser.get("/console").headers["location"] == "/console/runs"
        assert browser.get("/").headers["location"] == "/console"


def test_a_finished_run_says_what_it_visited_billed_issued_and_parked(shop: Shop) -> None:
    due_account(shop, tax=21)
    broken_account(shop)
    run_billing(shop.services)
    with console(shop) as browser:
        page = browser.get("/console/runs")
    said = words(page)
    assert "The last run was that of 15 January 2026. Nothing is under way." in said
    # 10 × 12.50 = 125.00, and 21% of it is 26.25.
    assert "15 January 2026 Kadans Software B.V. finished 2 1 €151.25 on 1 invoice (test) 1" in said
    assert "15 January 2026, 12:00 finished 15 January 2026, 12:00" in said
    assert ", 1 subscription is parked" in page.text


def test_one_run_shows_its_totals_by_currency_and_the_reasons_of_what_it_parked(shop: Shop) -> None:
    due_account(shop, tax=21)
    broken_account(shop)
    run_billing(shop.services)
    with console(shop) as browser:
        said = words(browser.get("/console/runs/1"))
    assert "Run of 15 January 2026 finished All that was due is billed, but for what is parked." in said
    assert "Accounts visited 2" in said
    assert "Accounts billed 1" in said
    assert "EUR test accounts, in no report 1 €151.25 0 €0.00" in said
    assert "business · Atelier Zuidwijk Why Its price is in GBP, but the account is billed in EUR." in said
    assert "For the day 15 February 2026" in said


def test_a_run_under_way_says_how_far_it_is_and_renews_itself(shop: Shop) -> None:
    due_account(shop)
    due_account(shop, name="Officina Rossi S.r.l.")
    (run,) = open_runs(shop.services, as_of=None, seller=None, batch_size=1)
    run_batch(shop.services, run)
    with console(shop) as browser:
        listed = words(browser.get("/console/runs"))
        page = browser.get(f"/console/runs/{run.id}")
    assert "1 run is under way." in listed
    assert "running 1 of 2 batches are done." in listed
    assert "1 of 2 accounts visited" in words(page)
    # What is still to come is not called over.
    assert "Nothing is parked so far 1 of 2 batches are done." in words(page)
    assert "Nothing is left" not in words(page)
    assert '<progress class="bar" aria-labelledby="run-progress" max="2" value="1">' in page.text
    assert 'id="run" data-renew="3"' in page.text
    # Without scripts a link looks again.
    assert f'href="/console/runs/{run.id}">Look how far it is now</a>' in page.text


def test_a_run_that_is_over_does_not_renew_itself(shop: Shop) -> None:
    run_billing(shop.services)
    with console(shop) as browser:
        page = browser.get("/console/runs/1").text
    assert "data-renew" not in page
    assert "<progress" not in page


def test_a_run_that_was_taken_over_names_the_day_of_the_run_that_did(shop: Shop) -> None:
    due_account(shop)
    open_runs(shop.services, as_of=date(2026, 1, 14), seller=None, batch_size=None)
    run_billing(shop.services)
    with console(shop) as browser:
        listed, one = words(browser.get("/console/runs")), words(browser.get("/console/runs/1"))
    assert (
        "14 January 2026 Kadans Software B.V. taken over The run of 15 January 2026 took over what was left." in listed
    )
    assert one.startswith("Runs Run of 14 January 2026 taken over The run of 15 January 2026 took over what was left.")
    assert "Nothing is issued yet" not in one
    assert "Nothing was issued The run of 15 January 2026 took over what was left." in one
    assert "Nothing was parked The run of 15 January 2026 took over what was left." in one


@pytest.mark.parametrize("run", ["99", "0", "x", "-1", "9" * 30])
def test_an_unknown_run_is_a_page_that_says_so(shop: Shop, run: str) -> None:
    with console(shop) as browser:
        answer = browser.get(f"/console/runs/{run}")
    assert answer.status_code == 404


def test_the_run_of_today_is_shown_first_and_then_does_what_was_shown(shop: Shop) -> None:
    account = due_account(shop, tax=21)
    broken_account(shop)
    with console(shop) as browser:
        shown = browser.get("/console/runs/today")
        said = words(shown)
        assert "2 accounts are due on 15 January 2026; 1 would be billed." in said
        assert "EUR test accounts, in no report 1 €151.25 0 €0.00" in said
        assert "1 subscription cannot be billed and would be parked." in said
        assert ">Bill 2 accounts</button>" in shown.text
        # Looking has written nothing.
        assert "No run yet" in words(browser.get("/console/runs"))
        started = browser.post("/console/runs/today")
        assert started.headers["location"] == "/console/runs/1?news=started"
        done = words(browser.get("/console/runs/1?news=started"))
    assert done.startswith("The run is done. Runs Run of 15 January 2026 finished")
    assert "EUR test accounts, in no report 1 €151.25 0 €0.00" in done
    with shop.visitor(account) as browser:
        assert "€151.25" in words(browser.get("/bills"))


def test_starting_it_again_writes_nothing_twice(shop: Shop) -> None:
    due_account(shop)
    with console(shop) as browser:
        first = browser.post("/console/runs/today")
        second = browser.post("/console/runs/today")
        assert second.headers["location"] == first.headers["location"]
        said = words(browser.get("/console/runs/1"))
    assert "EUR test accounts, in no report 1 €125.00 0 €0.00" in said


def test_with_nothing_due_the_act_is_shown_and_says_why_it_cannot_be_used(shop: Shop) -> None:
    with console(shop) as browser:
        said = words(browser.get("/console/runs/today"))
    assert "Nothing is due on 15 January 2026." in said
    assert "Start the run Nothing is due today." in said


def test_a_run_too_large_for_a_page_is_opened_and_left_to_a_worker(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    due_account(shop)
    due_account(shop, name="Officina Rossi S.r.l.")
    monkeypatch.setattr(start_run, "MOST_AT_ONCE", 1)
    monkeypatch.setattr("prorata.usecases.pages.runs.MOST_AT_ONCE", 1)
    with console(shop) as browser:
        shown = words(browser.get("/console/runs/today"))
        assert "accounts are due on 15 January 2026: too many to work out on a page." in shown
        started = browser.post("/console/runs/today")
        said = words(browser.get(started.headers["location"]))
    assert said.startswith("The run is open. A worker does what is left")
    assert "0 of 2 accounts visited" in said
    with shop.services.database.owner(read_only=True) as conn:
        found = runs.get(conn, 1)
    assert found is not None
    assert found.state == "open"
    assert jobs_waiting(shop) == [start_run.DAILY_RUN]


@pytest.mark.parametrize(
    ("language", "title", "total"),
    [
        ("en", "Run of 15 January 2026", "€125.00"),
        ("nl", "Factureringsronde van 15 januari 2026", "€\u00a0125,00"),
        ("it", "Elaborazione del 15 gennaio 2026", "125,00\u00a0€"),
    ],
)
def test_a_run_speaks_each_language(shop: Shop, language: str, title: str, total: str) -> None:
    due_account(shop)
    run_billing(shop.services)
    with console(shop, language=language) as browser:
        page = browser.get("/console/runs/1")
    assert title in words(page)
    assert total in words(page)
    assert not re.search(r"\{\w+\}", words(page))
