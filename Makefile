# Each target makes the virtual environment it needs: a fresh clone needs Python 3.11+, make and a package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint coverage bench clean samples

demo: $(VENV)/installed
	$(BIN)/importer demo --out demo

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/pytest -n 2

# The same tests, and which lines no test runs: watching every line takes them twice the time.
coverage: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 --cov --cov-report=term

bench: $(VENV)/installed-dev
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.soak --schedules 500

samples: $(VENV)/installed-dev
	$(BIN)/python -m tests.make_samples

clean:
	rm -rf $(VENV) .coverage .coverage.* htmlcov demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "importer needs Python 3.11 or newer; this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt hatchling editables
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $@
