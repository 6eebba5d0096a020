# Everything a person needs to type. Only Python 3.11 or 3.12, git and make must be there.

.DEFAULT_GOAL := help
.PHONY: help run stop status test check static pytest controls shots demo bench docs messages front fmt openapi environment environment-dev lock
SHELL := /bin/bash

PYTHON := .venv/bin/python
RUNTIME := $(PYTHON) -m config.runtime
MANAGE := $(PYTHON) manage.py
# Two processes suit two cores; WORKERS=0 runs everything in one.
WORKERS ?= 2
ARGS ?=

# A copy of the lock file inside the environment tells what is installed there.
define install
@cmp -s requirements/$(1).txt .venv/$(1).lock || { set -e; found=; \
	for candidate in python3.11 python3.12 python3; do \
		if $$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Baylink needs Python 3.11 or 3.12; none of python3.11, python3.12, python3 is."; exit 1; fi; \
	echo "Installing the pinned packages of requirements/$(1).txt into .venv ..."; \
	[ -x $(PYTHON) ] || $$found -m venv .venv || { echo "Could not make .venv (on Debian: apt install python3-venv)."; exit 1; }; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt; \
	cp requirements/$(1).txt .venv/$(1).lock; }
endef

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## start everything and print addresses and log-ins
	@$(RUNTIME) up

stop: ## stop what make run started
	@[ ! -x $(PYTHON) ] || $(RUNTIME) stop

status: ## show what is running
	@[ ! -x $(PYTHON) ] || $(RUNTIME) status || true

demo: environment ## replace the database's contents by the demo world
	@$(RUNTIME) exec $(MANAGE) demo --reset

test: static pytest ## every check and every test

pytest: environment-dev
	@$(PYTHON) -m pytest -n $(WORKERS) $(ARGS)

check: static ## style, types, layers, sizes, migrations, translations, API description
	$(PYTHON) -m pytest tests/gates -q

static: environment-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet templates
	$(RUNTIME) test-exec $(MANAGE) makemigrations --check --dry-run
	$(MANAGE) messages --check
	$(MANAGE) openapi --check
	$(MANAGE) document --check

fmt: environment-dev ## format Python code
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

controls: environment-dev ## take out one rule at a time and see its tests fail
	@$(PYTHON) -m tests.controls $(ARGS)

shots: environment-dev ## a picture of every screen, in var/shots
	@SHOTS=1 $(PYTHON) -m pytest tests/browser/test_shots.py -n 0 -s -q $(ARGS)

bench: environment-dev ## measure, and write docs/performance.md
	@$(PYTHON) -m benchmarks $(ARGS)

docs: environment-dev ## rebuild the generated parts of docs/
	$(MANAGE) document
	$(PYTHON) -m tests.controls --document

messages: environment-dev ## collect texts for translation and compile the catalogues
	$(MANAGE) messages

openapi: environment-dev ## rewrite docs/api/openapi.json
	$(MANAGE) openapi

front: ## rebuild static/baylink from assets/ (needs Node 20)
	cd assets && npm ci && npm run build

lock: ## resolve requirements/*.txt anew from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/base.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/base.txt --extra monitoring pyproject.toml -o requirements/monitoring.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/monitoring.txt --extra dev --extra monitoring pyproject.toml -o requirements/dev.txt

environment:
	$(call install,base)

environment-dev:
	$(call install,dev)
