# make demo   build the worked review in ./demo and serve it     (SCALE=1 the whole force, SERVE=0 do not serve)
# make test   everything that continuous integration runs
# make help   the rest
PYTHON ?= python3
SCALE ?= 0.1
SERVE ?= 1
DEMO ?= demo
BIN := .venv/bin
export BESTVALUE_SHARED ?= ../shared
# Tests and tools never talk to a model of the machine's settings: only what is named here.
export PYTHONHASHSEED := 0

.PHONY: help demo test lint types imports unit cluster postgresql docs wheel bench lock frontend clean

help: ## say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 18

.venv/pip: ## the virtual environment
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "bestvalue needs Python 3.11 to 3.13: name one with PYTHON=python3.12"; exit 2; }
	@# Debian ships Python without ensurepip: then the pip that is there fills an environment made without one.
	@$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv; $(PYTHON) -m venv --without-pip .venv && $(PYTHON) -m pip --python .venv install --quiet pip; } \
	  || { rm -rf .venv; echo "Python here cannot make a virtual environment: ask for the package python3-venv"; exit 2; }
	@touch $@

.venv/demo: .venv/pip requirements.lock pyproject.toml
	@echo "Installing what bestvalue needs (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/test: .venv/demo requirements-dev.lock
	@echo "Installing what the tests need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	@touch $@

tests/browser/node_modules/.installed: tests/browser/package-lock.json
	@cd tests/browser && npm ci --silent --no-audit --no-fund
	@touch $@

demo: .venv/demo ## build the worked review in ./demo, write its report, serve the site
	@$(BIN)/bestvalue demo $(DEMO) --scale $(SCALE) $(if $(filter 0,$(SERVE)),--no-serve,--serve)

test: lint imports types unit cluster postgresql docs wheel ## run every check and every test

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check

imports: .venv/test
	$(BIN)/lint-imports

build/workspace/bestvalue.toml: .venv/test
	@rm -rf build/workspace && mkdir -p build && $(BIN)/bestvalue new build/workspace --name "Type check" > /dev/null

types: build/workspace/bestvalue.toml
	BESTVALUE_WORKSPACE=build/workspace $(BIN)/mypy

unit: .venv/test tests/browser/node_modules/.installed ## tests on SQLite: unit, property, browser journeys
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "not cluster"

cluster: .venv/test ## tests on a Spark cluster; one after the other, because they share one Spark application
	$(BIN)/python -m pytest -q -m cluster

postgresql: .venv/test ## every test that touches the database, on PostgreSQL; what a browser sees is the same on both
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "database and not browser" --database=postgresql

docs: .venv/test ## build the documentation; a warning is an error
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build --strict --quiet --site-dir build/docs

wheel: .venv/test ## build the wheel and use it outside the checkout
	PYTHON=$(BIN)/python tests/wheel/check

lock: .venv/test ## pin every dependency anew; the files name no registry
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --no-emit-index-url --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --constraint requirements.lock --universal --python-version 3.11 --no-emit-index-url --no-header --quiet -o requirements-dev.lock

clean: ## remove what was made; the demo stays
	rm -rf .venv build dist site-docs tests/browser/node_modules
