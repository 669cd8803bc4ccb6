# The commands of a working copy. Each sets up what it needs first, and is quick the second time.
# What they do lies elsewhere: requirements/ (setting up), tracepile_assets/cli (building), .ci/run (continuous integration).
#
#   make run     build every table and mixture from the embedded sources, and print the yield funnel
#   make ui      open Dagster on http://127.0.0.1:3000
#   make test    run the tests
#   make test-models
#                run a real vLLM on a tiny model and test with that (CPython 3.11; installs 4 GB beside the rest)
#   make test-trl
#                have TRL train on exports and call our reward (CPython 3.11; installs 2 GB beside the rest)
#   make test-trainers
#                the same, and have LLaMA-Factory and Axolotl read exports (4 GB more)
#   make bench   measure the recorders against others of their kind (benchmarks/README.md says what, and the options)
#   make lint    ruff, import boundaries, Dagster definitions
#   make lock    renew the lock files in requirements/
#   make clean   remove the virtual environment and caches (never the tables in .tracepile/)

PYTHON ?= python3
PYTEST_ARGS ?= -n 2 -q
MODELS_ARGS ?= -v
BIN := .venv/bin
export PYTHON

.PHONY: run ui test test-models test-trl test-trainers bench lint lock clean
.PHONY: runtime-setup test-setup bench-setup models-setup trl-setup llamafactory-setup axolotl-setup

run: runtime-setup
	$(BIN)/tracepile build

ui: runtime-setup
	$(BIN)/tracepile ui

test: test-setup
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-models: models-setup
	.venv-models/bin/python -m pytest -m vllm $(MODELS_ARGS) tracepile_assets_tests/models/test_vllm.py

test-trl: trl-setup
	.venv-trl/bin/python -m pytest -m trl -q tracepile_assets_tests/trainers

test-trainers: test-trl test-setup llamafactory-setup axolotl-setup
	$(BIN)/python -m pytest -m "llamafactory or axolotl" -q tracepile_assets_tests/trainers

bench: bench-setup
	.venv-bench/bin/python -m benchmarks $(BENCH_ARGS)

lint: test-setup
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/dg check defs

lock: test-setup
	requirements/lock.sh

runtime-setup:
	@requirements/setup.sh runtime

test-setup:
	@requirements/setup.sh test

bench-setup:
	@requirements/setup.sh bench

models-setup:
	@requirements/setup.sh models

trl-setup:
	@requirements/setup.sh trl

llamafactory-setup:
	@requirements/setup.sh llamafactory

axolotl-setup:
	@requirements/setup.sh axolotl

clean:
	rm -rf .venv .venv-bench .venv-models .venv-trl .venv-llamafactory .venv-axolotl build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
