# Everything is a target here; `make` lists them. A machine needs python3 >= 3.11, pip and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
UV_VERSION := 0.13.8
UV := .tools/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export PATH := $(CURDIR)/$(BIN):$(PATH)

##@ Start
.PHONY: help up demo migrate
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: .venv/ready ## run all of Parley on this machine; without TELEGRAM_TOKEN in the simulator
	@exec $(BIN)/python -m local up

demo: .venv/ready ## the same in the simulator, with made-up history and people
	@exec $(BIN)/python -m local demo

migrate: .venv/ready ## bring the database at DATABASE_URL to this release
	@$(BIN)/python -m core.db upgrade

##@ Check
.PHONY: test check fmt lint types arch lock chat-check cover replay bench-stats
test: .venv/ready ## all tests
	$(BIN)/pytest -n 2

check: lock lint types arch chat-check cover ## what CI runs: all of the below and all tests

fmt: .venv/checks ## put the code into its form
	$(BIN)/ruff format backend
	$(BIN)/ruff check --fix backend

lint: .venv/checks ## form and lint
	$(BIN)/ruff format --check backend
	$(BIN)/ruff check backend

types: .venv/checks ## types, in sources and tests
	$(BIN)/mypy

arch: .venv/checks ## who may import whom
	$(BIN)/lint-imports

lock: $(UV) ## whether the lock file fits the projects
	$(UV) lock --check

chat-check: .venv/checks ## the chat page's scripts
	cd backend/simulator && npm ci --silent --no-audit --no-fund && npm run --silent check

cover: .venv/checks ## all tests, with coverage
	$(BIN)/pytest -n 2 --cov --cov-report=term

replay: .venv/ready ## real dialogs through the whole path, calm and with kills (needs ../shared/data)
	$(BIN)/python -m local.replay

bench-stats: .venv/ready ## statistics at 5 million messages, beside raw SQL, DuckDB and ClickHouse: options="--keep FOLDER"
	@$(UV) sync --quiet --locked --all-packages --inexact --group bench
	@$(BIN)/python -m local.bench_stats $(options)

##@ Statistics
.PHONY: rebuild metrics
rebuild: .venv/ready ## make the rollups at DATABASE_URL again from the raw rows, and say what differed
	@$(BIN)/python -m core.stats rebuild

metrics: .venv/ready ## write docs/metrics.md from the metric dictionary
	@$(BIN)/python -m core.stats dictionary > docs/metrics.md

##@ Develop
.PHONY: migration db-check hooks clean
migration: .venv/ready ## a migration from the difference between tables and DATABASE_URL: m="add feedback"
	@$(BIN)/python -m core.db revision "$(m)"

db-check: .venv/ready ## whether tables and migrations agree at DATABASE_URL
	@$(BIN)/python -m core.db check

hooks: .venv/checks ## run the quick checks before each commit
	$(BIN)/pre-commit install

clean: ## remove what was set up, but not your data in .parley
	rm -rf .tools .venv backend/simulator/node_modules .mypy_cache .ruff_cache .pytest_cache

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Parley needs Python 3.11 or newer; set PYTHON=/path/to/python3.12 if you have one." >&2; exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools 'uv==$(UV_VERSION)'

.venv/ready: $(UV) pyproject.toml uv.lock backend/*/pyproject.toml
	@$(UV) sync --quiet --locked --all-packages --inexact
	@touch $@

.venv/checks: .venv/ready
	@$(UV) sync --quiet --locked --all-packages --group browser
	@touch $@
