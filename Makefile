# `make up` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
OPENSEARCH ?=
ARGS ?=
RUN = .venv/bin/python -m crm.local

.DEFAULT_GOAL := help
.PHONY: help up test bench check format lock translations psql reset

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

up: .venv/installed ## start everything (PORT=8000, OPENSEARCH=1 to search with OpenSearch); Ctrl-C stops it
	@exec $(RUN) up --port $(PORT) $(if $(OPENSEARCH),--opensearch)

test: .venv/installed ## everything that must hold (ARGS= goes to pytest)
	@exec $(RUN) test -- $(ARGS)

check: .venv/installed ## only formatting, lint, types, import rules and migrations
	@exec $(RUN) check

format: .venv/installed ## format Python and templates, and mend what lint can mend
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format . && git ls-files -z '*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2

bench: .venv/installed ## the benchmarks, which print figures
	@exec $(RUN) with-services --as-installed --opensearch -- sh -c '.venv/bin/python tests/benchmarks/_machine.py; for file in tests/benchmarks/[!_]*.py; do echo "== $$file"; .venv/bin/python "$$file" || exit 1; done'

translations: .venv/installed ## gather what candidates and agencies read into locale/, and compile it
	@exec $(RUN) with-services -- .venv/bin/python -m crm.translations

psql: .venv/installed ## a console on the database of a running `make up`
	@exec $(RUN) psql -- $(ARGS)

reset: .venv/installed ## remove all data, after asking
	@exec $(RUN) reset

COMPILE = .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11
LOCK = $(COMPILE) pyproject.toml
lock: .venv/installed ## pin what pyproject.toml asks for (UPGRADE=1 takes the newest)
	@$(LOCK) $(if $(UPGRADE),--upgrade) --extra local --extra dev -o requirements-dev.txt
	@$(LOCK) $(if $(UPGRADE),--upgrade) -c requirements-dev.txt -o requirements.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements-dev.txt --no-deps --group pyproject.toml:semantic -o requirements-semantic.txt

.venv/installed: requirements-dev.txt requirements-semantic.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'rapport: Python 3.11 or newer is needed: install it, or name it with PYTHON=python3.12.' >&2; exit 1; }
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo 'rapport: Python could not make a virtual environment (Debian: apt-get install python3-venv).' >&2; exit 1; }
	@echo 'Installing the libraries that requirements-dev.txt names …'
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt && \
	 .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-semantic.txt || \
	  { echo 'rapport: the libraries could not be installed; what pip said is above. Run the same command again.' >&2; exit 1; }
	@touch $@
