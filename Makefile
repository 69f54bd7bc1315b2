# make demo: from a fresh clone to a solo in midi/out/demo.mid. make test: the whole suite.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# CI sets this to constraints.txt, the versions known to work together.
CONSTRAINTS ?=
PIP_INSTALL := $(BIN)/python -m pip install --quiet $(if $(CONSTRAINTS),-c $(CONSTRAINTS))

.PHONY: demo exercise notebook studio page controls test lint bench starter dist sbom audit licences fuzz clean

demo: $(VENV)/.installed
	@mkdir -p midi/out
	@$(BIN)/jazzgen generate --model models/soloist --tune blues-f --choruses 2 --seed 7 --best-of 8 --picture --force -o midi/out/demo.mid

studio: $(VENV)/.installed
	@$(BIN)/jazzgen studio

# The studio's page from its source, and its types from the API; what it makes is committed, so that nobody else needs Node.
page: $(VENV)/.installed
	$(BIN)/python scripts/page_api.py > jazzgen/studio/page/openapi.json
	cd jazzgen/studio/page && npm ci --ignore-scripts && npm run types && npm run check && npm run build

# The table in docs/controls.md, from the rows of improvise/control_table.py.
controls: $(VENV)/.installed
	$(BIN)/python scripts/controls_table.py

# The exercise: a model of the deepjazz grammar, trained on the starter corpus, over the same blues.
exercise: $(VENV)/.installed
	@test -f models/demo/config.json || $(BIN)/jazzgen train midi/starter -o models/demo
	@mkdir -p midi/out
	@$(BIN)/jazzgen generate --model models/demo --tune blues-f --choruses 2 --seed 7 --picture -o midi/out/exercise.mid

# The notebook with its outputs and sounds, which are committed.
notebook: $(VENV)/.installed-dev
	$(BIN)/jupyter execute --inplace docs/exercise.ipynb

test: $(VENV)/.installed-dev lint
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/python scripts/bench.py

# A wheel and an sdist in dist/, checked as a package index would.
dist: $(VENV)/.installed-dev
	$(BIN)/python -m build
	$(BIN)/python -m twine check --strict dist/*

# What is installed, as a CycloneDX bill of materials; what is known against it; under which licences.
sbom: $(VENV)/.installed-dev
	@mkdir -p build
	$(BIN)/python -m cyclonedx_py environment --pyproject pyproject.toml -o build/sbom.json $(BIN)/python

audit: $(VENV)/.installed-dev
	$(BIN)/python scripts/audit.py

licences: $(VENV)/.installed
	@$(BIN)/python scripts/licences.py

# Spoilt inputs at every reader, for a minute; the tests do it too.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python scripts/fuzz.py --seconds 60

starter: $(VENV)/.installed
	$(BIN)/python scripts/make_starter.py

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jazzgen needs Python 3.11 or newer: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what jazzgen needs into $(VENV) (once, some minutes) ..."
	@$(PIP_INSTALL) -e '.[all]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .node jazzgen/studio/page/node_modules models/demo midi/out build dist *.egg-info
