# Needs git, make and Python 3.11 or newer; everything else is fetched into this folder by its lock.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export LC_ALL := C.UTF-8

BIN := .venv/bin
PORT ?= 8000
ROOMS := $(addprefix tests/office/,accounts assessments casework desk enterprises foundation goals notices policies portfolio qualifications reports)
LOCK = tools/uv.sh pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' $(UPGRADE)
timed = @TIMEFORMAT='$(1): %1R s'; time $(2)

.PHONY: help demo test browser spark check bench bench-office vendor lock messages clean

help: ## list what there is to make
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

demo: .venv/ready-base ## build the demo city on SQLite and serve it; PORT=8001 for another port
	@exec $(BIN)/peiyu demo --port $(PORT)

test: check browser spark ## run every check, then every test, on PostgreSQL and on SQLite
	@echo 'PostgreSQL: what touches the database'
	@PEIYU_TEST_DATABASE=postgresql $(BIN)/pytest -q -n auto -m 'not browser' $(ROOMS)
	@echo 'SQLite: everything'
	@$(BIN)/pytest -n auto

browser: ## see that the browser of the tests is there
	@tools/browser.sh

spark: .venv/ready-dev ## see that Spark is there for its tests, if Java is
	@tools/spark.sh

check: .venv/ready-dev ## look at style, floors, types and catalogue
	$(call timed,style,$(BIN)/ruff check --quiet --output-format concise .)
	$(call timed,layout,$(BIN)/ruff format --check --quiet .)
	$(call timed,floors,$(BIN)/lint-imports --no-logo --cache-dir .cache/imports)
	$(call timed,types,$(BIN)/mypy)
	$(call timed,catalogue,$(BIN)/python tools/messages.py --check)

bench: .venv-bench/ready-bench ## measure, also against other engines
	@.venv-bench/bin/python -m benchmarks

bench-office: .venv-bench/ready-bench ## measure the office with 300, 10,000 and 100,000 enterprises
	@.venv-bench/bin/python -m benchmarks.office
	@.venv-bench/bin/python -m benchmarks.office --postgresql

vendor: ## take the newest pip, and the styles, icons and scripts of the pages
	tools/vendor.sh

lock: ## write requirements/ anew from pyproject.toml; UPGRADE=--upgrade takes newer versions
	@$(LOCK) --group setup -o requirements/uv.txt
	@$(LOCK) --group spark -o requirements/spark.txt
	@$(LOCK) pyproject.toml -o requirements/base.txt
	@$(LOCK) pyproject.toml --extra production -c requirements/base.txt -o requirements/production.txt
	@$(LOCK) pyproject.toml --extra production --group dev -c requirements/base.txt -o requirements/dev.txt
	@$(LOCK) pyproject.toml --extra production --group bench -c requirements/base.txt -o requirements/bench.txt

messages: .venv/ready-dev ## gather what is said in Chinese and compile its English
	@$(BIN)/python tools/messages.py

clean: ## remove all that was made here
	rm -rf .cache .hypothesis .spark .tools .venv .venv-bench dist
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/ready-%: requirements/%.txt pyproject.toml
	@tools/setup.sh .venv $*

.venv-bench/ready-%: requirements/%.txt pyproject.toml
	@tools/setup.sh .venv-bench $*
