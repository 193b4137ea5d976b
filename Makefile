# Two commands do everything: `make maps` and `make test`. Each sets up what it needs first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    ?= out
JS     := tests/js

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help maps test lab soak clean

help:  ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

maps: .make/run  ## set up, then run the main job: maps, tables and executed notebooks in out/
	$(BIN)/mali-incidents build --places shipped --notebooks notebooks --out "$(OUT)"

test: .make/dev .make/browser .make/js .make/office  ## set up (a browser included), then check everything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb
	@if [ -d $(JS)/node_modules ]; then \
	  $(JS)/node_modules/.bin/eslint --config $(JS)/eslint.config.js lib/mali_incidents/maps/viewer; fi
	$(BIN)/python -m pytest -n 2 --dist loadfile

lab: .make/run  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

soak: .make/run  ## break the writing of packs for an hour: killed, starved, raced
	$(BIN)/python benchmarks/soak.py 60

clean:  ## remove what was made: the maps, the environment, the caches
	rm -rf -- "$(OUT)" $(VENV) .make $(JS)/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

# An environment whose pip does not answer was never whole (no python3-venv, a stop halfway).
$(VENV)/.made:
	@command -v $(PYTHON) > /dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer,"; \
	  echo "or name one: make maps PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	  echo "Install one, or name one: make maps PYTHON=/path/to/python3.12"; exit 1; }
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@touch $@

.make/run: requirements.txt pyproject.toml $(VENV)/.made
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@mkdir -p .make && touch $@

.make/dev: requirements-dev.txt .make/run
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

# Without node the viewer's scripts are not linted and its pages not checked with axe; CI has it.
.make/js: $(JS)/package.json
	@if command -v npm > /dev/null; then npm install --silent --prefix $(JS); \
	elif [ "$$CI" = true ]; then echo "CI needs node: no check may be left out there"; exit 1; \
	else echo "no node here: the viewer's scripts are not linted"; fi
	@mkdir -p .make && touch $@

.make/browser: .make/dev
	$(BIN)/python tests/install_browser.py
	@touch $@

# Without LibreOffice the report is not opened in it; CI has it.
.make/office: .make/dev
	$(BIN)/python tests/install_office.py
	@touch $@
