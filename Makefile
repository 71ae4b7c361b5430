.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8501
DATA ?= data
TROUBLE ?= 240
export BELTMASK_SHARED_DATA ?= $(abspath ../shared/data)
# The many servers and workers of the tests read what the first of them compiled.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
FRONTEND := components/canvas/frontend
INSTALLED_NODE := $(FRONTEND)/node_modules/.installed

.PHONY: help run test ready check lint frontend pytest canvas node system bench mutants soak weights screenshots clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(INSTALLED)  ## start BeltMask; PORT, HOST and DATA choose where
	BELTMASK_DATA="$(DATA)" $(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

test:  ## everything CI runs
	@$(MAKE) --no-print-directory --jobs=2 ready
	@$(MAKE) --no-print-directory --jobs=2 lint pytest

# Packages are unpacked one file after another: meanwhile another core has time for the canvas.
ready: system $(INSTALLED_DEV) frontend

check: frontend lint  ## format, lint, types, layers, the canvas's own tests

lint: $(INSTALLED_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

frontend: $(INSTALLED_NODE)
	@cd $(FRONTEND) && npm run --silent check && npm run --silent test && npm run --silent fresh

canvas: $(INSTALLED_NODE)  ## build the canvas after a change of its TypeScript
	@cd $(FRONTEND) && npm run --silent build

pytest: $(INSTALLED_DEV) $(INSTALLED_NODE)
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

system:  ## Chromium and PostgreSQL for the tests, where they may be installed
	@bash tests/install_system.sh

bench: $(INSTALLED_DEV)  ## measure the offline detector, on real pictures where they are
	$(BIN)/python -m tests.benchmarks.detector

mutants: $(INSTALLED_DEV) $(INSTALLED_NODE)  ## how many small breaks of the code the tests notice; takes most of an hour
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-mutants.txt
	@below=0; $(BIN)/python -m tests.mutants || below=1; \
	  cd $(FRONTEND) && npm run --silent mutants -- --count 60 || below=1; exit $$below

soak: $(INSTALLED_DEV)  ## kill the server ten times while people review and a run detects; count what is lost
	$(BIN)/python -m tests.soak --seconds $(TROUBLE)

weights: $(INSTALLED)  ## fetch the saliency network again if that failed before
	$(BIN)/python -m beltmask.detectors.weights

screenshots: $(INSTALLED_DEV)  ## draw the README's pictures from the real app
	$(BIN)/python -m tests.screenshots docs/screenshots

clean:  ## remove the virtual environment and caches; DATA stays
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(FRONTEND)/node_modules

$(BIN)/python:
	$(PYTHON) -m venv .venv

# Compiled afterwards, on all cores and without the packages' tests; a file that no Python 3 reads is no reason to stop.
define install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r $(1)
	$(BIN)/python -m compileall -q -j 0 -x '/(tests|pip|setuptools|pkg_resources|mypyc?|pygments)/' .venv/lib >/dev/null || true
	$(BIN)/python -m beltmask.detectors.weights
endef

$(INSTALLED): $(BIN)/python requirements.txt constraints.txt
	$(call install,requirements.txt)
	touch $@

$(INSTALLED_DEV): $(BIN)/python requirements.txt constraints.txt requirements-dev.txt
	$(call install,requirements-dev.txt)
	touch $(INSTALLED) $@

$(INSTALLED_NODE): $(FRONTEND)/package.json $(FRONTEND)/package-lock.json | node
	@cd $(FRONTEND) && npm ci --loglevel=error >/dev/null
	@touch $@

node:
	@node --eval 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	  || { echo "Install Node.js 20 or newer, with npm: the canvas is checked with it. Running BeltMask needs none." >&2; exit 1; }
