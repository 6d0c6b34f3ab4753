"""`prorata`, and `python -m prorata`: where the program begins.

Ctrl-C is answered from here on, for reading the rest of the program takes a moment.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import sys


def main() -> None:
    """Do what the command line says, and end with its exit code."""
    try:
        from prorata.bootstrap import main as program

        program()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
