"""The command line. Each group of commands has its own file and is added here with one line."""

import click

from prorata.cli.account import account
from prorata.cli.bench import bench_command
from prorata.cli.db import db
from prorata.cli.explain import explain
from prorata.cli.parked import parked
from prorata.cli.play import play
from prorata.cli.run import run
from prorata.cli.seller import seller
from prorata.cli.serve import demo, serve, work
from prorata.cli.staff import staff
from prorata.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="prorata", message="%(prog)s %(version)s")
def main() -> None:
    """Bill licences by subscription, with every amount explained."""


main.add_command(play)
main.add_command(demo)
main.add_command(serve)
main.add_command(work)
main.add_command(run)
main.add_command(parked)
main.add_command(explain)
main.add_command(verify)
main.add_command(bench_command)
main.add_command(staff)
main.add_command(seller)
main.add_command(account)
main.add_command(db)
