# Two commands: `make demo` and `make test`. Nothing is needed but git, make and Python 3.11 or newer.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SERVE ?= 1
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
BUILT_FROM := pyproject.toml hatch_build.py package-lock.json
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
WORKERS ?= 2

.PHONY: help demo test test-all lint lock wheel clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-9s %s\n", $$1, $$2}'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'No Python 3.11 or newer on the PATH: install one, or name it: make demo PYTHON=/path/to/python3.12' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'Python cannot make a virtual environment: on Debian and Ubuntu install python3-venv' >&2; exit 2; }

$(RUN_STAMP): requirements.lock $(BUILT_FROM) | $(BIN)/python
	@echo 'Installing (a minute or two the first time) ...'
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo 'Installing what the tests need ...'
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(RUN_STAMP) ## reports -> out/incidents.geojson and out/map.html, then the dashboard (SERVE=0: the files only)
	@mkdir -p out
	@$(BIN)/incident-mapper extract data/reports -o out/incidents.geojson
	@$(BIN)/incident-mapper map out/incidents.geojson -o out/map.html --title 'Sample reports'
ifneq ($(SERVE),0)
	@$(BIN)/incident-mapper app out/incidents.geojson
endif

test: $(DEV_STAMP) ## the tests, in the browser too where Chromium is present
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m 'not campaign'

test-all: test ## the tests and the long campaigns
	@$(BIN)/python -m pytest -m campaign

lint: $(DEV_STAMP) ## lint, format, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

wheel: $(DEV_STAMP) ## dist/*.whl
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock: $(DEV_STAMP) ## make the two lock files again from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links \
		--custom-compile-command 'make lock' --group pyproject.toml:build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links \
		--custom-compile-command 'make lock' --group pyproject.toml:build --group pyproject.toml:dev pyproject.toml \
		-c requirements.lock -o requirements-dev.lock

clean: ## what the commands made, the virtual environment included
	@rm -rf $(VENV) out dist build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
