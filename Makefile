# The front door. `make` builds the report, `make help` lists the rest. Every target sets up what it needs.
#   make book RAW=dir BUILD=dir BOOK=dir    another study's data, another build folder, another study's pages
#   make book JOBS=4 TIMEOUT=60             that many notebooks at a time, so many seconds for each
#   make book MEMORY=4                      so many GiB for a notebook, half of the machine's otherwise
#   make book KERNEL=plain                  ordinary kernels instead of warm ones; the output is the same
#   make book SCHEDULER=tcp://host:8786     notebooks run on a Dask cluster; SHARED=yes if it sees this folder under the same name

RAW = data/raw
BUILD = build
BOOK = book
TIMEOUT = 300
MEMORY =
KERNEL = warm
SCHEDULER =
SHARED =
ROUNDS = 2
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# With a cluster, notebooks are only waited for here.
JOBS = $(if $(SCHEDULER),64,$(CORES))
PYTHON = python3

export COMPENDIUM_RAW := $(abspath $(RAW))
export COMPENDIUM_BUILD := $(abspath $(BUILD))
export COMPENDIUM_BOOK := $(abspath $(BOOK))
# Python keeps compiled modules; without them every kernel compiles pandas and matplotlib anew, which takes seconds.
unexport PYTHONDONTWRITEBYTECODE
export COMPENDIUM_TIMEOUT := $(TIMEOUT)
export COMPENDIUM_MEMORY := $(MEMORY)
export COMPENDIUM_KERNEL := $(KERNEL)
export COMPENDIUM_SCHEDULER := $(SCHEDULER)
export COMPENDIUM_SHARED := $(SHARED)

# A conda environment made from environment.yml is used as it is; otherwise everything goes into .venv.
ifeq ($(CONDA_DEFAULT_ENV),compendium)
BIN = $(CONDA_PREFIX)/bin
READY = .conda-ready
else
BIN = .venv/bin
READY = .venv/ready
endif

.DEFAULT_GOAL := book
.PHONY: book data notebooks check test browse why verify manifest bench cluster lab clean lock help

book: $(READY) ## Build the report: BUILD/html/index.html (the default)
	@$(BIN)/doit -n $(JOBS) -P thread book

data: $(READY) ## Validate data/raw and write the tidy tables
	@$(BIN)/doit data

notebooks: $(READY) ## Execute the notebooks: BUILD/LANGUAGE/figures and so on
	@$(BIN)/doit -n $(JOBS) -P thread notebooks

check: $(READY) ## Validate the raw data and list every problem
	@$(BIN)/python -m analysis

test: $(READY) ## Run the tests and the style checks
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadgroup

browse: $(READY) ## Test the finished book in a browser (needs Chromium)
	@$(BIN)/python -m pytest --numprocesses $(JOBS) tests/browser

lab: $(READY) ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir=notebooks

verify: $(READY) ## Rebuild into a fresh folder and compare everything with the release's manifest.json
	rm -rf build/verify
	@$(MAKE) --no-print-directory book BUILD=build/verify
	@COMPENDIUM_BUILD=$(abspath build/verify) $(BIN)/python -m analysis verify

manifest: notebooks ## Write manifest.json for a release: digests of tables, figures, notebooks and pages
	@$(BIN)/python -m analysis manifest
	@$(BIN)/doit -n $(JOBS) -P thread book
	@$(BIN)/python -m analysis manifest
	@$(BIN)/doit -n $(JOBS) -P thread book

bench: $(READY) ## Measure against the usual way and write benchmarks/README.md (takes half an hour)
	@ROUNDS=$(ROUNDS) $(BIN)/python benchmarks/run.py

cluster: $(READY) ## Start a Dask cluster on this machine, for trying SCHEDULER=
	@$(BIN)/python -m analysis cluster $(CORES)

why: $(READY) ## List the steps of the pipeline and, for each that is due, what has changed: RUN=name for some of them
	@$(BIN)/python -m analysis why $(RUN)

clean: ## Delete everything generated; data/raw is never touched
	rm -rf build data/processed .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(READY) ## Pin every package anew (needs the package index)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --no-emit-find-links --python-version 3.11 --upgrade --extra dev pyproject.toml --output-file requirements.lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

# uv installs the lock in seconds; where it is not to be had, pip does the same in a minute.
.venv/packages: requirements.lock
	$(PYTHON) -m venv --clear .venv
	awk '/^uv==/ { p = 1 } p { print; if (!/\\$$/) exit }' requirements.lock > .venv/uv.txt
	.venv/bin/pip install --quiet --require-hashes -r .venv/uv.txt \
	  && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock \
	  || .venv/bin/pip install --quiet --require-hashes -r requirements.lock
	touch $@

.venv/ready: .venv/packages pyproject.toml src/analysis/execution/kernel.json
	.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.conda-ready: environment.yml pyproject.toml
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
