# Every command of this project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
ARGS ?=
# Two processes suit two cores; more only when they are there.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: help setup demo demo-reset test test-fast check lint types contracts tree fix messages requirements bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/.base: requirements/base.txt pyproject.toml .ci/make-venv
	@.ci/make-venv base
	@touch $@

.venv/.dev: requirements/dev.txt pyproject.toml .ci/make-venv
	@.ci/make-venv dev
	@touch $@ .venv/.base

setup: .venv/.dev ## the environment in .venv, with everything that developers need

demo: .venv/.base ## the whole State on this machine: web, worker, database, sandbox. Ctrl-C ends it, data stays
	@exec $(PY) -m hukumati.config.command demo $(ARGS)

demo-reset: .venv/.base ## empty the demonstration: its database, documents, keys and simulators
	@exec $(PY) -m hukumati.config.command demo --reset

test: .venv/.dev ## every test, in random order; ARGS='-k receipt' chooses
	@case "$(ARGS)" in *"not browser"*) ;; *) .ci/chromium ;; esac
	@case "$(ARGS)" in *"not browser"*|*"not axe"*) ;; *) .ci/axe ;; esac
	@.ci/poppler
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup --durations=20 $(ARGS)

test-fast: .venv/.dev ## rules, services and architecture: no browser, no other process
	@$(PY) -m pytest -n0 -m "not browser and not slow" -k "rules or kernel or architecture or services" $(ARGS)

check: .venv/.dev ## lint, types, contracts, templates, migrations, messages, settings
	@$(MAKE) --keep-going lint types contracts tree

lint: .venv/.dev
	@echo "· lint" && .venv/bin/ruff check --quiet --output-format concise .

types: .venv/.dev
	@echo "· types" && .venv/bin/mypy

contracts: .venv/.dev
	@echo "· contracts" && said=$$(.venv/bin/lint-imports 2>&1) || { echo "$$said" | sed -n '/^Contracts$$/,$$p'; exit 1; }

tree: .venv/.dev
	@$(PY) tests/architecture/gates.py

fix: .venv/.dev ## what the linter can mend by itself, and the format
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

messages: .venv/.dev ## collect texts from code and templates into the Arabic catalogues, and say what lacks a translation
	@$(PY) -m hukumati.config.messages

requirements: .venv/.dev ## solve requirements/*.in again, with hashes, for every Python we support
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@for name in base dev; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-strip-extras \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements/$$name.txt requirements/$$name.in; \
	done

bench: .venv/.dev ## every benchmark, one after another, into benchmarks/RESULTS.md; ARGS='pages' chooses
	@$(PY) -m benchmarks $(ARGS)

clean: ## what can be made again: caches and the environment, not the demonstration's data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
