# Everything is a target here; `make` lists them. A machine needs python3 >= 3.11, pip and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
UV_VERSION := 0.13.8
UV := .tools/bin/uv
BIN := .venv/bin
NODE_MODULES := frontend/node_modules/.package-lock.json
E2E_MODULES := frontend/e2e/node_modules/.package-lock.json
export UV_PYTHON_DOWNLOADS := never
# Dozens of programs start in tests: each would compile its libraries again.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(BIN):$(PATH)

##@ Start
.PHONY: help up demo migrate dashboard
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: .venv/ready dashboard ## run all of Parley on this machine; without TELEGRAM_TOKEN in the simulator
	@exec $(BIN)/python -m local up

demo: .venv/ready dashboard ## the same in the simulator, with made-up history and people
	@exec $(BIN)/python -m local demo

dashboard: frontend/dist/index.html ## build the dashboard, if its sources have changed

migrate: .venv/ready ## bring the database at DATABASE_URL to this release
	@$(BIN)/python -m core.db upgrade

##@ Check
#: a process more than there are cores: tests wait as often as they work
PYTEST := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder
.PHONY: test heavy check fmt lint types arch lock chat-check client client-check web-check e2e e2e-short pictures cover mutants manifests chaos aimock litellm replay bench-stats load
test: .venv/ready ## all tests but the heaviest, which have targets of their own
	@$(UV) sync --quiet --locked --all-packages --inexact --group load
	$(PYTEST)

heavy: .venv/ready ## the tests of `make load` and `make bench-stats`
	@$(UV) sync --quiet --locked --all-packages --inexact --group load --group bench
	$(BIN)/pytest -m heavy

check: lock lint types arch chat-check client-check web-check test e2e-short ## what CI runs: all but the long browser tests

fmt: .venv/checks $(NODE_MODULES) ## put the code into its form
	$(BIN)/ruff format backend deploy
	$(BIN)/ruff check --fix backend deploy
	cd frontend && npm run --silent format

lint: .venv/checks ## form and lint
	$(BIN)/ruff format --check backend deploy
	$(BIN)/ruff check backend deploy

types: .venv/checks ## types, in sources and tests
	$(BIN)/mypy

arch: .venv/checks ## who may import whom
	$(BIN)/lint-imports

lock: $(UV) ## whether the lock file fits the projects
	$(UV) lock --check

chat-check: .venv/checks ## the chat page's scripts
	cd backend/simulator && npm ci --loglevel=error --no-audit --no-fund && npm run --silent check

client: .venv/ready $(NODE_MODULES) ## make the dashboard's client from the API again
	@$(BIN)/python -m api.contract openapi > frontend/openapi.json
	@$(BIN)/python -m api.contract dictionary > frontend/src/api/dictionary.json
	@cd frontend && npm run --silent client

client-check: .venv/checks $(NODE_MODULES) ## whether the dashboard's client fits the API
	@$(BIN)/python -m api.contract openapi > frontend/openapi.json
	@$(BIN)/python -m api.contract dictionary | cmp - frontend/src/api/dictionary.json || { echo "The dashboard's dictionary is stale: make client" >&2; exit 1; }
	@cd frontend && npm run --silent client -- --check || { echo "The dashboard's client is stale: make client" >&2; exit 1; }

web-check: .venv/checks frontend/dist/index.html ## the dashboard: form, types, tests with coverage, weight
	cd frontend && npm run --silent check && npm run --silent test && node budget.ts

aimock: .venv/checks ## the models' client against a fake of providers that others wrote
	cd backend/core/tests/aimock && npm ci --loglevel=error --no-audit --no-fund
	$(BIN)/pytest backend/core/tests/llm/test_aimock.py

LITELLM := .tools/litellm/bin/litellm
$(LITELLM): $(UV)
	$(UV) venv --quiet --clear .tools/litellm
	$(UV) pip install --quiet --python .tools/litellm/bin/python 'litellm[proxy]==1.106.2'

litellm: .venv/checks $(LITELLM) ## a real LiteLLM proxy between the bot and the simulator; 600 MB
	$(BIN)/pytest backend/tests/test_litellm.py

SHORT := desk, light|one number|the door sends|password|the API is down|hostile names
e2e: .venv/checks frontend/dist/index.html $(E2E_MODULES) ## the dashboard in a browser, on a real demo
	cd frontend/e2e && npm run --silent types && npm test --silent -- $(options)

e2e-short: ## the browser tests that are worth their time at each change
	@$(MAKE) --no-print-directory e2e options='--grep "$(SHORT)"'

pictures: .venv/checks frontend/dist/index.html $(E2E_MODULES) ## take the pictures of the dashboard's guide again
	cd frontend/e2e && PICTURES=1 npm test --silent

cover: .venv/checks ## all tests of the backend, with coverage
	$(PYTEST) --cov --cov-report=term

mutants: .venv/checks ## changes in the code that must not be wrong: do its tests notice? options="--only core.llm.health"
	@PYTHONPATH=backend/testing $(BIN)/python -m mutants $(options)

manifests: .venv/ready ## the manifests of Kubernetes, against its schemas
	@$(UV) sync --quiet --locked --all-packages --inexact --group manifests
	$(BIN)/pytest backend/tests/test_kubernetes.py

chaos: .venv/checks ## the fault matrix, into docs/faults.md: options="--rows 1-13 --seeds 1"
	$(BIN)/pytest -n 2 -m "fault or chaos" --seeds 3 --publish --timeout 300 $(options) backend/tests/faults backend/core/tests/chat/test_machine.py backend/core/tests/chat/test_protocol.py

replay: .venv/ready ## real dialogs through the whole path, calm and with kills (needs ../shared/data)
	$(BIN)/python -m local.replay

bench-stats: .venv/ready ## statistics at 5 million messages, beside raw SQL, DuckDB and ClickHouse: options="--keep FOLDER"
	@$(UV) sync --quiet --locked --all-packages --inexact --group bench
	@$(BIN)/python -m local.bench_stats $(options)

load: .venv/ready ## a crowd of analysts and people, held against thresholds: options="--analysts 50 --seconds 120"
	@$(UV) sync --quiet --locked --all-packages --inexact --group load
	@$(BIN)/python -m local.load $(options)

##@ Production
.PHONY: init prod-up prod-down prod-status prod-logs backup restore rollback rotate-secrets rehearse
init: ## write .env and strong secrets; asks only what it must
	@$(PYTHON) deploy/prod init

prod-up: ## check, fetch, migrate, start or upgrade without a gap, and prove that it works
	@$(PYTHON) deploy/prod up $(options)

prod-down: ## stop production; data stay
	@$(PYTHON) deploy/prod down

prod-status: ## what runs in production, and how it is
	@$(PYTHON) deploy/prod status

prod-logs: ## what the programs of production say
	@$(PYTHON) deploy/prod logs

backup: ## back up production now, and prove that it restores
	@$(PYTHON) deploy/prod backup

restore: ## put a backup in production's place: file=parley-….dump
	@$(PYTHON) deploy/prod restore "$(file)"

rollback: ## start the release that ran before
	@$(PYTHON) deploy/prod rollback

rotate-secrets: ## new passwords and tokens for production, without a gap
	@$(PYTHON) deploy/prod rotate-secrets

rehearse: ## all of the above in containers beside the simulator, with kills, an upgrade and broken releases
	@PYTHONPATH=deploy/prod $(PYTHON) deploy/rehearse/rehearse.py $(options)

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
	rm -rf .tools .venv backend/simulator/node_modules backend/core/tests/aimock/node_modules frontend/node_modules frontend/e2e/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Parley needs Python 3.11 or newer; set PYTHON=/path/to/python3.12 if you have one." >&2; exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools 'uv==$(UV_VERSION)'

.venv/ready: $(UV) pyproject.toml uv.lock backend/*/pyproject.toml
	@$(UV) sync --quiet --locked --all-packages --inexact
	@touch $@

.venv/checks: .venv/ready
	@$(UV) sync --quiet --locked --all-packages --group browser --group load
	@touch $@

$(NODE_MODULES): frontend/package-lock.json frontend/.npmrc | .venv/ready
	@cd frontend && npm ci --loglevel=error
	@touch $@

$(E2E_MODULES): frontend/e2e/package-lock.json frontend/e2e/.npmrc | .venv/ready
	@cd frontend/e2e && npm ci --loglevel=error
	@touch $@

frontend/dist/index.html: $(NODE_MODULES) frontend/index.html frontend/vite.config.ts $(shell find frontend/src frontend/public -type f)
	@cd frontend && npm run --silent build -- --logLevel warn
