"""`python -m prorata`: the same program as `prorata`."""

from prorata.bootstrap import main

main()
