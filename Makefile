# The front door. `make` builds the report, `make help` lists the rest. Every target sets up what it
# needs. Lines that begin with `#:` explain the variable below them; `make help` shows them, with
# what it is if nothing is said.

#: folder of a study: its study.yml, data/raw, notebooks and book, and what is built of them
STUDY = .
#: folder of tables, if it is not STUDY/data/raw; with another of these three goes another BUILD
RAW =
#: folder of notebooks, if it is not STUDY/notebooks
NOTEBOOKS =
#: folder of pages, if it is not STUDY/book; study.yml and wording are looked for beside them
BOOK =
#: folder for everything that is generated, if it is not STUDY/build
BUILD =
#: build this edition only (book, pdf, watch, notebooks); the language of texts (export)
LANGUAGE =
#: only runs, or steps, with this in their name (notebooks, twice, why)
RUN =
#: id of an interview (withdraw)
INTERVIEW =
#: a copy of the text of a source, or a folder with INTERVIEW.txt of each interview (anchors)
SOURCE =
#: a project or an export of a program for coding (import)
FROM =
#: where to write the study as a project of REFI-QDA (export)
TO =
#: yes, to see what an import would change (import)
DRY_RUN =
#: yes, to let a file take the place of what was imported before, where both cannot be (import)
REPLACE =
#: number of an import that is to go, as the import has told it (import)
REMOVE =
#: names, divided by commas, under which the codings of a file's coders are published (import)
CODER =
#: codepoints, utf16 or these with -crlf: counts of characters, if a file does not tell (import)
OFFSETS =
#: quote, if people agreed to it: only then words of passages are copied; or aggregate (import)
CONSENT = paraphrase
#: so many notebooks at a time; as many as there are processors, or 64 on a cluster
JOBS =
#: seconds that a notebook may take
TIMEOUT = 300
#: GiB that a notebook may use; without it, what the machine has is shared fairly
MEMORY =
#: warm, or plain for ordinary kernels; the output is the same
KERNEL = warm
#: address of a Dask cluster that runs the notebooks, as tcp://host:8786
SCHEDULER =
#: the address of the published book, for pages to name their own (book, pdf, watch, bundle, why)
SITE_URL =
#: the address of the code, which pages then link to (book, pdf, watch, bundle, why)
REPOSITORY_URL =
#: yes, if the cluster sees this folder under the same name
SHARED =
#: folder of the study to begin (new-study)
DIR =
#: name of the notebook or table to begin (new-notebook, new-table)
NAME =
#: a table whose numbers it draws; how often codes were given, without it (new-notebook)
TABLE =
#: the vnu.jar of the Nu Html Checker, which npm has as vnu-jar; it needs Java (audit)
VNU =
#: an axe.min.js of npm's axe-core; without it the one that the tests come with (audit)
AXE =
#: how often each way is measured (bench)
ROUNDS = 2
#: of two parts only this one, report or growth (bench)
PART =
#: another version: a folder with a build or a site, or a revision of Git (compare)
WITH =
#: the Python that .venv is made with; it has to be given only once
PYTHON =

# Which of them mean something for a target. Others are refused: a slip of the pen shall not build
# the wrong thing.
PLACES = STUDY RAW NOTEBOOKS BOOK BUILD
BUILDING = $(PLACES) JOBS TIMEOUT MEMORY KERNEL SCHEDULER SHARED
ADDRESSES = SITE_URL REPOSITORY_URL
MEANS_book = $(BUILDING) $(ADDRESSES) LANGUAGE
MEANS_pdf = $(MEANS_book)
MEANS_watch = $(MEANS_book)
MEANS_notebooks = $(BUILDING) LANGUAGE RUN
MEANS_manifest = $(BUILDING)
MEANS_metadata = STUDY BOOK
MEANS_verify = JOBS TIMEOUT MEMORY KERNEL SCHEDULER SHARED
MEANS_compare = $(BUILDING) WITH
MEANS_bundle = $(PLACES) $(ADDRESSES)
MEANS_why = $(PLACES) $(ADDRESSES) RUN
MEANS_twice = $(PLACES) JOBS TIMEOUT MEMORY KERNEL RUN
MEANS_withdraw = $(BUILDING) INTERVIEW
MEANS_anchors = $(PLACES) SOURCE
MEANS_import = $(PLACES) FROM DRY_RUN REPLACE REMOVE CODER OFFSETS CONSENT
MEANS_export = $(PLACES) TO LANGUAGE
MEANS_data = $(PLACES)
MEANS_check = $(PLACES)
MEANS_clean = STUDY
MEANS_lab = $(PLACES)
MEANS_new-study = DIR
MEANS_new-notebook = STUDY NOTEBOOKS NAME TABLE
MEANS_new-table = STUDY RAW NAME
MEANS_strip = STUDY NOTEBOOKS
MEANS_browse = STUDY BUILD JOBS
MEANS_audit = JOBS VNU AXE
MEANS_test = JOBS
MEANS_bench = ROUNDS PART
MEANS_cluster = JOBS

TARGETS = book pdf watch data notebooks check test browse audit why twice anchors import export \
  withdraw verify compare bundle archive manifest metadata bench cluster lab new-study \
  new-notebook new-table strip clean pristine lock help
GOALS := $(or $(MAKECMDGOALS),book)
ifneq ($(filter-out ready $(TARGETS),$(GOALS)),)
UNKNOWN := $(filter-out ready $(TARGETS),$(GOALS))
$(error there is no `make $(UNKNOWN)`; there are $(TARGETS), explained by `make help`)
endif
# what means something to each of them: no goal is to overlook what the others are told
KNOWN := $(sort $(foreach goal,$(GOALS),$(MEANS_$(goal))))
$(foreach goal,$(GOALS),$(eval KNOWN := $(filter $(MEANS_$(goal)),$(KNOWN))))
KNOWN := $(sort PYTHON $(KNOWN))
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
WRONG := $(filter-out $(KNOWN) SHELL MAKEFLAGS,$(GIVEN))
ifneq ($(WRONG),)
$(error $(WRONG) means nothing to `make $(GOALS)`; it knows $(KNOWN), explained by `make help`)
endif
EMPTY := $(foreach name,$(filter $(GIVEN),$(PLACES)),$(if $(strip $(value $(name))),,$(name)=))
ifneq ($(strip $(EMPTY)),)
$(error $(strip $(EMPTY)) names no folder; without it the usual one is taken)
endif
ifeq ($(OS),Windows_NT)
$(error this does not run on Windows itself but in WSL, its Linux; book/en/rebuild.md says how)
endif
ifeq ($(wildcard dodo.py),)
$(error this is not the project's folder; from elsewhere: make -C FOLDER)
endif

# As they are given, blanks and all; paths are relative to this folder. Each reaches what is started
# under this name alone: its own may mean something else there, as LANGUAGE does.
TOLD := $(BUILDING) $(ADDRESSES)
ASKED := $(filter-out $(TOLD),$(sort PYTHON $(foreach target,$(TARGETS),$(MEANS_$(target)))))
$(foreach name,$(TOLD),$(eval export COMPENDIUM_$(name) := $$(value $(name))))
$(foreach name,$(ASKED),$(eval export $(name)_WANTED := $$(value $(name))))
# Neither settings of Python, modules and packages of the person who calls, nor what this make was
# told, reach what it starts. So Python keeps compiled modules, without which every kernel compiles
# pandas anew, and leaves out no check (PYTHONOPTIMIZE).
unexport $(filter-out PYTHONPYCACHEPREFIX PYTHON_WANTED,$(filter PYTHON%,$(.VARIABLES)))
unexport COMPENDIUM_ROOT COMPENDIUM_OUTPUT COMPENDIUM_RUN
unexport MAKEFLAGS MFLAGS MAKELEVEL $(TOLD) $(ASKED)
export PYTHONNOUSERSITE := 1

# An active conda environment in which papermill is installed is used as it is, unless PYTHON is
# given; otherwise everything goes into .venv. Binder has its own name for the environment.
CONDA := $(or $(CONDA_PREFIX),$(NB_PYTHON_PREFIX))
ifneq ($(and $(CONDA),$(if $(PYTHON),,$(wildcard $(CONDA)/bin/papermill))),)
export COMPENDIUM_CONDA := $(CONDA)
IN = "$(CONDA)/bin/python" -m
else
export COMPENDIUM_CONDA :=
IN = .venv/bin/python -m
endif
# What takes long is begun by `exec`: who ends make ends it, too, and not only a shell between.
COMPENDIUM = $(IN) analysis

# Sets $1 to a Python that runs: the one that .venv has, unless another one is named.
PLAIN = if [ -n "$$COMPENDIUM_CONDA" ]; then set -- "$$COMPENDIUM_CONDA/bin/python"; \
  elif [ -n "$$PYTHON_WANTED" ]; then set -- "$$PYTHON_WANTED"; \
  else set -- .venv/bin/python python3; \
  fi; \
  while [ -n "$$1" ] && [ "$$("$$1" -I -S -c 'print(6 * 7)' 2>/dev/null)" != 42 ]; do \
    python=$$1; shift; \
  done; \
  if [ -z "$$1" ]; then \
    echo "there is no Python called $$python; name one, as in \`make PYTHON=python3.13\`" >&2; \
    exit 1; \
  fi
# Needs no packages: whoever deletes what was built may have none.
CLEAR = $(PLAIN); PYTHONPATH=src "$$1" \
  -c 'import sys; from analysis.engine.removal import clear; sys.exit(clear())'
define CLEAR_CACHES
rm -rf .pytest_cache .ruff_cache .hypothesis
find . -path './.venv*' -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) \
  -type d -prune -exec rm -rf {} +
endef

.DEFAULT_GOAL := book
# Of several targets each begins when the one before is done; what runs side by side says JOBS.
.NOTPARALLEL:
.PHONY: ready $(TARGETS)

book: ready ## Build the report: build/html/index.html (the default)
	@exec $(COMPENDIUM) build book --language="$$LANGUAGE_WANTED"

pdf: ready ## Build the report and, beside its pages, a PDF for each language (needs Pango)
	@exec $(COMPENDIUM) build pdf --language="$$LANGUAGE_WANTED"

watch: ready ## Build the report, show it in a browser, and again with each saved file
	@exec $(COMPENDIUM) watch --language="$$LANGUAGE_WANTED"

data: ready ## Validate the study's tables and write the tidy ones
	@exec $(COMPENDIUM) build data

notebooks: ready ## Execute the notebooks: build/LANGUAGE/figures and so on
	@exec $(COMPENDIUM) build notebooks --language="$$LANGUAGE_WANTED" --run="$$RUN_WANTED"

check: ready ## Validate the study's tables and list every problem
	@$(COMPENDIUM) check

test: ready ## Run the tests and the style checks
	@$(IN) ruff check . && $(IN) ruff format --check .
	@$(IN) pytest --numprocesses "$${COMPENDIUM_JOBS:-auto}" --dist loadgroup

browse: ready ## Test the finished book in a browser (needs Chromium)
	@build="$${COMPENDIUM_BUILD:-$$COMPENDIUM_STUDY/build}"; \
	  [ -f "$$build/html/index.html" ] || \
	  { echo "there is no finished book in $$build; \`make book\` builds it" >&2; exit 2; }
	@$(IN) pytest --numprocesses "$${COMPENDIUM_JOBS:-auto}" tests/browser

audit: ready ## Look for faults on every page, write accessibility.json (needs Chromium, Java)
	@[ -f "$$VNU_WANTED" ] || \
	  { echo "VNU=$$VNU_WANTED: expected the checker's vnu.jar, of npm's vnu-jar" >&2; exit 2; }
	@[ -z "$$AXE_WANTED" ] || [ -f "$$AXE_WANTED" ] || \
	  { echo "AXE=$$AXE_WANTED: expected an axe.min.js, of npm's axe-core" >&2; exit 2; }
	@[ -f build/html/index.html ] || \
	  { echo "there is no finished book in build; \`make book\` builds it" >&2; exit 2; }
	@$(IN:-m=) tests/browser/audit.py "$$VNU_WANTED"

why: ready ## List the steps of the pipeline and, for each that is due, what has changed
	@$(COMPENDIUM) why -- "$$RUN_WANTED"

lab: data ## Open JupyterLab at the tutorial, or at the notebooks of another study
	@$(IN) jupyterlab --ServerApp.root_dir="$$COMPENDIUM_STUDY" \
	  --LabApp.default_url=/lab/tree/$(if $(filter .,$(STUDY)),book/en/adapt.md,notebooks) \
	  $(if $(filter 0,$(shell id -u)),--allow-root)

twice: data ## Run the notebooks twice and name what differs
	@$(COMPENDIUM) twice -- "$$RUN_WANTED"

anchors: ready ## Check with a copy of a source where passages stand, or make anchors from it
	@[ -n "$$SOURCE_WANTED" ] || \
	  { echo "SOURCE= names no file; for example: make anchors SOURCE=study.txt" >&2; exit 2; }
	@$(COMPENDIUM) anchors -- "$$SOURCE_WANTED"

import: ready ## Read a project or an export of a program for coding into the study's tables
	@[ -n "$$FROM_WANTED$$REMOVE_WANTED" ] || \
	  { echo "FROM= names no file; for example: make import FROM=project.qdpx" >&2; exit 2; }
	@for said in "DRY_RUN=$$DRY_RUN_WANTED" "REPLACE=$$REPLACE_WANTED"; do \
	  case "$$said" in *=|*=yes|*=no) continue;; esac; \
	  echo "$$said: expected yes or no" >&2; exit 2; \
	done
	@$(COMPENDIUM) import --remove="$$REMOVE_WANTED" --coder="$$CODER_WANTED" \
	  --offsets="$$OFFSETS_WANTED" --consent="$$CONSENT_WANTED" \
	  $(if $(filter yes,$(value DRY_RUN)),--dry-run) \
	  $(if $(filter yes,$(value REPLACE)),--replace) -- "$$FROM_WANTED"

export: ready ## Write codebook, statements, codings and coders as a project of REFI-QDA
	@[ -n "$$TO_WANTED" ] || \
	  { echo "TO= names no file; for example: make export TO=study.qdpx" >&2; exit 2; }
	@$(COMPENDIUM) export --language="$$LANGUAGE_WANTED" -- "$$TO_WANTED"

withdraw: notebooks ## Show what would change if an interview were withdrawn; nothing does
	@$(COMPENDIUM) withdraw -- "$$INTERVIEW_WANTED"

new-study: ready ## Begin a study of your own: a small invented one in the folder DIR
	@$(COMPENDIUM) new study -- "$$DIR_WANTED"

new-notebook: ready ## Begin a notebook NAME, with a figure and its texts
	@$(COMPENDIUM) new --table="$$TABLE_WANTED" notebook -- "$$NAME_WANTED"

new-table: ready ## Begin a table NAME of the study's own: its file, and what its columns mean
	@$(COMPENDIUM) new table -- "$$NAME_WANTED"

strip: ready ## Take the outputs out of the notebooks, as they are committed without
	@$(COMPENDIUM) strip

verify: ready ## Rebuild into a fresh folder and compare everything with the release's manifest.json
	@export COMPENDIUM_BUILD=build/verify; $(CLEAR)
	@COMPENDIUM_BUILD=build/verify $(COMPENDIUM) build book
	@COMPENDIUM_BUILD=build/verify $(COMPENDIUM) verify

compare: ready ## Show what differs from another version, side by side: build/compare
	@[ -n "$$WITH_WANTED" ] || \
	  { echo "WITH= names no version; for example: make compare WITH=HEAD~1" >&2; exit 2; }
	@$(COMPENDIUM) build notebooks
	@$(COMPENDIUM) compare -- "$$WITH_WANTED"

# What pages say of the manifest is in no digest, so it is written once, when the book is whole.
manifest: book ## Write manifest.json for a release: digests of tables, figures and pages
	@$(COMPENDIUM) manifest
	@$(COMPENDIUM) build book

bundle: ready ## Pack the finished report as one file: build/bundle.zip
	@$(COMPENDIUM) bundle

archive: ready ## Pack the project of a release, with data and report: build/archive.zip
	@$(COMPENDIUM) archive

metadata: ready ## Write what archives read from CITATION.cff: codemeta.json and the like
	@$(COMPENDIUM) metadata

bench: ready ## Measure against the usual way and write benchmarks/README.md (takes 45 minutes)
	@$(IN:-m=) benchmarks/run.py

cluster: ready ## Start a Dask cluster on this machine, for trying SCHEDULER=
	@$(COMPENDIUM) cluster $$COMPENDIUM_JOBS

clean: ## Delete build, what builds made in data/processed, and caches; data/raw, .venv stay
	@$(CLEAR)
	$(if $(filter .,$(STUDY)),$(CLEAR_CACHES))

# A .venv may be what keeps the rest from going; one that somebody builds with (75) stays.
pristine: ## The same and .venv: what is left is what is committed
	@($(CLEAR)); status=$$?; \
	  [ $$status = 75 ] || rm -rf .venv .venv.new .venv.last; exit $$status
	$(CLEAR_CACHES)

lock: ready ## Pin every package anew (needs the package index)
	@$(IN) uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 --upgrade --extra dev \
	  pyproject.toml --output-file requirements.lock

help: ## List the targets and the variables
	@echo 'make TARGET VARIABLE=value, for example: make book JOBS=4'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@awk '/^#: / { said = substr($$0, 4); next } \
	  said != "" { usual = $$3 == "" ? "" : " [" $$3 "]"; \
	    printf "  %-12s %s%s\n", $$1, said, usual; said = "" }' Makefile

ready:
	@case "$$COMPENDIUM_JOBS" in \
	  0*|*[!0-9]*|?????*) \
	    echo "JOBS=$$COMPENDIUM_JOBS: expected a whole number, such as 4" >&2; exit 2;; \
	esac
	@$(PLAIN); exec "$$1" -I src/analysis/environment.py
