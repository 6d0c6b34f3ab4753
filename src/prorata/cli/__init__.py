"""The command line. Each group of commands has its own file and is added here with one line."""

import click

from prorata.cli.play import play


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="prorata", message="%(prog)s %(version)s")
def main() -> None:
    """Bill licences by subscription, with every amount explained."""


main.add_command(play)
