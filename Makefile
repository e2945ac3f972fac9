# The few commands people and CI use. `make help` lists them.
# The Python of the environment; without it bootstrap.py, started with any, takes the one it prefers of those that are there.
PYTHON ?=
ANY_PYTHON = $(or $(PYTHON),$(firstword $(foreach name,python3 python3.11 python3.13 python3.12 python3.14,$(shell command -v $(name)))),python3)
VENV := .venv
READY := $(VENV)/.ready
# Two groups of tests at a time, one where there is one processor; tests/scheduling.py says what is in a part and what stays together.
PYTEST := python -m pytest -n logical --maxprocesses 2 --dist loadscope
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONWARNINGS ?=
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help
help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-17s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml bootstrap.py
	@$(ANY_PYTHON) bootstrap.py $(VENV) $(if $(PYTHON),--python $(PYTHON))
	@touch $@

.PHONY: setup
setup: $(READY)  ## make the virtual environment in .venv from the hashed lock file

.PHONY: course
course: $(READY)  ## students' notebooks, a graded sample class and the book, side by side; says what to open first
	@python -m autograder course

.PHONY: release
release: $(READY)  ## generate release/ from source/
	@python -m autograder release

.PHONY: book
book: $(READY)  ## build the HTML book into _build/html
	@python book/build.py

.PHONY: test
test: $(READY)  ## run the tests of every day: engine, texts, releases, a part of the solutions that are proven and all others
	@$(PYTEST) -m everyday --proven-in-part $(PYTEST_OPTIONS)

.PHONY: check
check: $(READY)  ## say in minutes whether one chapter, its assignment and its checks are right, without the built book (ID=its_id)
	@test -n "$(ID)" || { echo 'say which chapter: make check ID=its_id' >&2; exit 2; }
	@$(PYTEST) -q --no-header --chapter="$(ID)" --proven-in-part $(PYTEST_OPTIONS)

.PHONY: prove
prove: $(READY)  ## run what takes long where it changed, solutions, samples and files of tests, and note in tests/*.lock what is proven (ID=its_id for one, ID=long for the files)
	@python tests/prove.py $(ID)

.PHONY: test-book
test-book: $(READY)  ## read the built book in a browser: live parts, accessibility, weight, downloads, PDF, EPUB
	@$(PYTEST) -m reading $(PYTEST_OPTIONS)

.PHONY: test-grading
test-grading: $(READY)  ## grade solutions of every task and the sample classes; try the guide, a new chapter, exports, collecting, PostgreSQL, JupyterLab
	@$(PYTEST) -m grading $(PYTEST_OPTIONS)

.PHONY: test-slow
test-slow: $(READY)  ## attack the grader, kill it at odd moments, grade a small class, try the cluster and what machines there are, run by nbval what the book ran days ago
	@$(PYTEST) -m slow $(PYTEST_OPTIONS)

.PHONY: test-push
test-push: $(READY)  ## what CI runs: these four parts in one go; of solutions, samples and long files that are proven, a part
	@$(PYTEST) --proven-in-part --durations=30 $(PYTEST_OPTIONS)

.PHONY: test-all
test-all: $(READY)  ## run all tests of these four parts, with every solution and sample
	@$(PYTEST) $(PYTEST_OPTIONS)

.PHONY: test-python
test-python:  ## run the engine's tests with another Python, in an environment of its own: PYTHON=python3.13
	@$(ANY_PYTHON) tests/another_python.py $(if $(PYTHON),--python $(PYTHON))

.PHONY: test-requirements
test-requirements:  ## run all assignments, rightly answered, with the oldest packages that students may have: PYTHON=python3.10
	@$(ANY_PYTHON) tests/oldest_packages.py $(if $(PYTHON),--python $(PYTHON))

.PHONY: mutants
mutants: $(READY)  ## print what the hidden checks catch: right and wrong solutions, mutants of the reference answers (ID=its_id for one)
	@python tests/mutants/table.py $(ID)

.PHONY: told
told: $(READY)  ## print what wrong solutions earn and what they are told, to be read by a person (ID=its_id or its_id:task; SIDE=table by sentence)
	@SIDE=$(SIDE) python tests/told.py $(ID)

.PHONY: recipes
recipes: $(READY)  ## train what the assignments ask for with many seeds, print and store what is reached (ID=its_id for one)
	@python tests/recipes/table.py $(ID)

.PHONY: serve
serve: book  ## show the book on http://127.0.0.1:8000
	@python book/editions/serve.py

.PHONY: pdf
pdf: book  ## make one PDF of the whole book, _build/pdf/book.pdf (needs Chromium)
	@python book/editions/pdf.py

.PHONY: epub
epub: book  ## make one EPUB of the whole book for e-book readers, _build/epub/book.epub
	@python book/editions/epub.py

.PHONY: lab
lab: $(READY)  ## open JupyterLab with nbgrader's extensions on the course
	@jupyter lab

.PHONY: bench
bench: $(READY)  ## measure grading against stock nbgrader
	@python -m autograder bench

.PHONY: class
class: $(READY)  ## grade a made-up class of 300 in two assignments and print what it took (STUDENTS=24, STEPS="interrupted cluster postgresql")
	@python tests/large_class/table.py

.PHONY: new-machine
new-machine:  ## try the README's two commands on an empty Debian 12 and 13 in a folder (as root; needs debootstrap; SUITE=trixie for one, SUITE=noble for an Ubuntu)
	@for suite in $(or $(SUITE),bookworm trixie); do SUITE=$$suite tests/new_machine.sh; done

.PHONY: new-chapter
new-chapter: $(READY)  ## make a small complete chapter with assignment to start from: ID=its_id TITLE="Its heading"
	@test -n "$(ID)" || { echo 'say which: make new-chapter ID=its_id TITLE="Its heading"' >&2; exit 2; }
	@python -m autograder new-chapter "$(ID)" --title "$(TITLE)"
	@python -m autograder release
	@python tests/build_samples.py "$(ID)"

.PHONY: lint
lint: $(READY)  ## code, types, notebooks and spelling in order: what pre-commit runs at each commit, on all files
	@pre-commit run --all-files --show-diff-on-failure

.PHONY: layout
layout: $(READY)  ## print how the grading package is laid out: rooms, floors, what imports what, lengths
	@PYTHONPATH=. python tests/layout.py

.PHONY: screens
screens: $(READY)  ## print how long the built book's pages are and what they consist of (ID=its_id for one chapter)
	@PYTHONPATH=. python tests/screens.py $(ID)

.PHONY: doctor
doctor: $(READY)  ## say what this machine can do
	@python -m autograder doctor

.PHONY: lock
lock: $(READY)  ## pin what changed in pyproject.toml (needs uv); with UPGRADE=1 all in the newest versions
	@python bootstrap.py --lock $(if $(UPGRADE),--upgrade)

.PHONY: sizes
sizes: $(READY)  ## print what the packages take on the disk: all of them, and what grading alone needs
	@python tests/sizes.py

.PHONY: clean
clean:  ## remove everything that was made, but the virtual environment
	@chmod -R u+w _build 2>/dev/null || true
	@rm -rf _build .pytest_cache .ruff_cache .mypy_cache .hypothesis
