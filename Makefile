# One entry to everything that is done with this project. `make` alone lists it.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ Try it
.PHONY: demo demo-reset serve
demo: .venv/.package ## start the demo and print where to open it; a second start keeps its data
	@$(BIN)/prorata demo

demo-reset: .venv/.package ## start the demo from the beginning
	@$(BIN)/prorata demo --reset

serve: .venv/.package ## start the server on your own data
	@$(BIN)/prorata serve

##@ Work on it
.PHONY: env check test soak format messages docs lock help
env: .venv/.dev ## make or renew the environment in .venv

check: .venv/.dev ## layout, lint, types, floors and the rules of the house
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright --warnings
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house

# With compiled modules kept: the tests start the program a hundred times.
test: .venv/.dev ## the whole suite, on a real PostgreSQL
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 2

soak: .venv/.dev ## hunt on new histories for so long: MINUTES=30 (5), KINDS=properties (all)
	@PYTHONPATH=tests $(BIN)/python -W error -m soak \
	    $(if $(MINUTES),--minutes=$(MINUTES)) $(if $(KINDS),--kinds=$(KINDS))

format: .venv/.dev ## lay out the code and mend what can be mended by a tool
	$(BIN)/ruff check --fix-only --exit-zero
	$(BIN)/ruff format

LOCALE := src/prorata/wording/locale
messages: .venv/.dev ## collect what users read and bring the catalogues up to date
	$(BIN)/pybabel -q extract --mapping=src/prorata/wording/babel.cfg --no-location --sort-output --omit-header \
	    --output=$(LOCALE)/prorata.pot src/prorata
	$(BIN)/pybabel -q update --domain=prorata --no-fuzzy-matching --ignore-obsolete --omit-header \
	    --input-file=$(LOCALE)/prorata.pot --output-dir=$(LOCALE)

docs: .venv/.dev ## write the pages that are made from the code and the stories: terms.md, roles.md, stories/README.md
	@PYTHONPATH=tests $(BIN)/python -W error -m pages

COMPILE := cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url
lock: .venv/.dev ## choose versions anew for requirements/*.in; add UP=--upgrade to take the newest
	$(COMPILE) $(UP) base.in --output-file base.txt
	$(COMPILE) $(UP) dev.in --output-file dev.txt

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	    /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

# The environment. A stamp is older than what it stands for only when that has changed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo 'Prorata needs Python 3.11 or newer; name one with: make PYTHON=python3.12 <target>' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo 'This Python cannot make environments; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
.venv/.base: requirements/base.txt | .venv/bin/python
	$(INSTALL) --require-hashes --requirement requirements/base.txt
	@touch $@

# The package itself, and its command: installed as it lies here, so that a change of the code needs no renewal.
.venv/.package: pyproject.toml | .venv/.base
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/.package
	$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@touch $@
