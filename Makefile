# What one does with ari_pivot, a word each. `make help` lists them.

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest -q

# Calls last as long as they last: three files at a time. A machine that is busy for a moment loses
# audio: what failed is tried again, twice at most, with nothing beside it.
again = $(PYTEST) tests/asterisk -m "$(1)" --last-failed
real = $(PYTEST) tests/asterisk -m "$(1)" $(2) || $(again) || $(again)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench lab lab-down

help:  ## list what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## make the virtual environment and install what is needed

$(READY): pyproject.toml docker/setup.sh
	docker/setup.sh $(VENV)
	touch $@

demo: $(READY)  ## two real calls, one for each language, with their timelines; KEEP=1 leaves it up
	KEEP=$(KEEP) $(BIN)/python docker/demo.py

test: $(READY)  ## all tests; those on a real Asterisk too, where one can be had; ARGS: some of them
ifdef ARGS
	$(PYTEST) $(ARGS)
else
	$(PYTEST) --ignore=tests/asterisk -n 2 --dist loadfile
	$(call real,not alone,-n 3 --dist loadfile)
	$(call real,alone)
endif

check: $(READY)  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## measure against a bare loop on a real Asterisk, and the controller alone
	$(BIN)/python tests/bench/run.py $(ARGS)

lab: $(READY)  ## bring up a real Asterisk on loopback
	docker/lab.sh up 22

lab-down:  ## end it
	docker/lab.sh down
