# Each target makes the virtual environment it needs: a fresh clone needs Python 3.11+, make and a package registry.
PYTHON ?= python3
VENV := .venv
LOWEST := .venv-lowest
APP := .venv-app
# Where a virtual environment has its programs.
ifeq ($(OS),Windows_NT)
  PROGRAMS := Scripts
else
  PROGRAMS := bin
endif
BIN := $(VENV)/$(PROGRAMS)

.PHONY: demo test test-lowest lint coverage bench clean samples docs examples hooks release app

demo: $(VENV)/installed
	$(BIN)/importer demo --out demo

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Compiled first: hundreds of tests start the program, and where Python may not write it would compile it for each.
test: lint
	$(BIN)/python -m compileall -q importer
	$(BIN)/pytest -n 2

# The same tests, with the lowest version of each library that pyproject.toml allows.
test-lowest: $(LOWEST)/installed
	$(LOWEST)/$(PROGRAMS)/pytest -n 2

# The same tests, and which lines no test runs: watching every line takes them twice the time.
coverage: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 --cov --cov-report=term

bench: $(VENV)/installed-dev
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.soak --schedules 500
	$(BIN)/python -m tests.mutants --mutants 2500

samples: $(VENV)/installed-dev
	$(BIN)/python -m tests.make_samples

# The pages of docs/ as static HTML in site/. A warning, such as a link that leads nowhere, is an error.
docs: $(VENV)/installed-docs
	$(BIN)/mkdocs build --strict --quiet --clean --config-file .mkdocs.yml

# What is published, in dist/: checked, and not published.
release: $(VENV)/installed-dev
	$(BIN)/python .packaging/release.py

# Run the examples of README.md and docs/ and write what they print there anew.
examples: $(VENV)/installed-dev
	$(BIN)/python -m tests.documentation

# The program to double-click, in dist/importer-app: docs/app.md. Its Python needs tkinter and a shared library.
app: $(APP)/installed
	$(APP)/$(PROGRAMS)/python -c 'import tkinter'
	$(APP)/$(PROGRAMS)/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build/app .packaging/importer.spec
	@du -sm dist/importer-app | sed 's/\t.*/ MB in dist\/importer-app/'

# Check every commit as `make lint` does.
hooks: $(VENV)/installed-dev
	$(BIN)/pre-commit install

clean:
	rm -rf $(VENV) $(LOWEST) $(APP) .coverage .coverage.* htmlcov demo site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "importer needs Python 3.11 or newer; this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt hatchling hatch-fancy-pypi-readme editables
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable .
	@touch $@

# An environment of its own: whatever is installed in it may get into the program.
$(APP)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear $(APP)
	$(APP)/$(PROGRAMS)/python -m pip install --quiet --constraint constraints.txt hatchling hatch-fancy-pypi-readme editables
	$(APP)/$(PROGRAMS)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[app]'
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $@

$(LOWEST)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/$(PROGRAMS)/python -m pip install --quiet --constraint constraints.txt uv
	$(LOWEST)/$(PROGRAMS)/uv pip compile --quiet --extra all --resolution lowest-direct --output-file $(LOWEST)/versions.txt \
	  pyproject.toml
	$(LOWEST)/$(PROGRAMS)/python -m pip install --quiet --constraint $(LOWEST)/versions.txt --editable '.[test]'
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[docs]'
	@touch $@
