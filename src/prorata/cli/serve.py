"""`prorata demo` and `prorata serve`: the web server."""

from __future__ import annotations

import logging

import click

from prorata.cli.failure import Failure
from prorata.cli.verify import tell_verified
from prorata.cli.verify_progress import many
from prorata.cli.web_server import ending_well, listening, run
from prorata.cli.wiring import Address, Demo, Wiring, wiring_of

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""This machine and no other."""


@click.command(short_help="Show the product with made-up data.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away and start again.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port instead of 8000 or the next free one.")
@click.pass_context
def demo(context: click.Context, *, reset: bool, port: int | None) -> None:
    """Show the product: a made-up vendor, five test accounts, and a clock that you move.

    Needs nothing else on this machine. Your data stay until --reset. Stop with Ctrl-C. At the beginning and at the end
    it verifies everything that it has stored, as `prorata verify --demo` does.

    Exit codes: 0 nothing was found in the end, 1 something was, 2 refused.
    """
    wiring = wiring_of(context.find_object(Wiring))
    address = _on(_of_this_machine(wiring.address()), port)
    with ending_well(), listening(address) as listener, wiring.demo("anew" if reset else "go on") as ready:
        tell_verified(ready.verify(), name_parked=False)
        try:
            click.echo(_welcome(ready, host=address.host, port=listener.getsockname()[1]))
            run(ready.app, listener, own_log=True)
        finally:
            # A signal that has stopped the server comes here as SystemExit(0): what is found has the last word.
            verified = ready.verify()
            tell_verified(verified, name_parked=False)
            if verified.count:
                context.exit(1)


@click.command(short_help="Serve the site, and bill your own accounts on schedule.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port instead of 8000 or the next free one.")
@click.pass_context
def serve(context: click.Context, *, port: int | None) -> None:
    """Show your accounts to their people and the console to yours, bill on schedule, verify everything each night.

    Needs PRORATA_BASE_URL, PRORATA_SECRET, PRORATA_MAIL_URL and PRORATA_MAIL_FROM, and a proxy in front of it that ends
    TLS. It tells how it goes at /health, /ready and /metrics, and on standard error, a line of JSON for each request.
    Several can work on one database. Stop with Ctrl-C; what is at hand has twenty seconds to end.
    """
    wiring = wiring_of(context.find_object(Wiring))
    address = _on(wiring.outside_address(), port)
    with ending_well(), listening(address) as listener, wiring.standing() as ready:
        shown = f"http://{_shown(address.host)}:{listener.getsockname()[1]}"
        click.echo(f"Prorata is at {ready.address} and at work. {ready.schedule}")
        click.echo(f"How it goes: {shown}/metrics  Stop with Ctrl-C.")
        run(ready.app, listener, own_log=False)


@click.command(short_help="Do what is in the queue, and end.")
@click.pass_context
def work(context: click.Context) -> None:
    """Do what billing runs have left in the queue, such as reading back what they wrote, and end.

    For those who start `prorata run` by themselves; `prorata serve` does this all the time.

    Exit codes: 0 all went well, 1 a job failed, which the log on standard error names, 2 refused.
    """
    _log_to_standard_error()
    done, failed = wiring_of(context.find_object(Wiring)).work_off()
    told = f"{many(done, 'job')} done" + (f", {failed:,} failed" if failed else "")
    click.echo(f"{told}." if done or failed else "Nothing was in the queue.")
    context.exit(1 if failed else 0)


def _log_to_standard_error() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("prorata").setLevel(logging.INFO)
    # While the database is away the pool says so many times a second; the worker says it once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def _of_this_machine(settings: Address) -> Address:
    if settings.host not in LOOPBACK:
        raise Failure(
            f"The demo does not listen on {settings.host}: it has no sign-in, so it is for this machine only. "
            "Leave PRORATA_HOST out, or set it to 127.0.0.1."
        )
    return settings


def _on(settings: Address, port: int | None) -> Address:
    return Address(settings.host, port or settings.port, chosen=port is not None or settings.chosen)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _welcome(ready: Demo, *, host: str, port: int) -> str:
    state = "New data." if ready.fresh else "Your data are as you left them."
    lines = [
        "",
        f"  Prorata's demo is ready:  http://{_shown(host)}:{port}/",
        "",
        "  What to try first",
        "  1. Be Daan Visser of Bakkerij De Korenbloem (10 licences). Move the clock at the top to the next bill.",
        "  2. Buy two more licences, and see what they will cost before you confirm.",
        "  3. Cancel the subscription: the preview shows each cent and each date. Then confirm.",
        "  4. Be Giulia Rossi of Officina Rossi: Italian, with a bill past due. Pay it.",
        "  5. Be Peter O’Neill of Noordzee Logistiek: 40 licences assigned, over the limit. Cancel all the same.",
        "  6. Be Hannah Brooks of Muziekschool Vivace: a trial, a pause, an end. See what each change would cost.",
        "  7. Be Tom Becker, who works for the vendor: see the billing runs, and what they could not bill.",
        "",
        f"  {state} make demo-reset starts again. Stop with Ctrl-C.",
        "",
    ]
    return "\n".join(lines)
