# Two words for a new user: make demo, make test. Both are thin: framewatch demo, pytest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv installs in seconds what takes pip half a minute; it is used where it is.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: demo test lint docs format lock postgresql bench train clean help

help:
	@echo "make demo    install the lean set and run the main job on the demo outlets"
	@echo "make test    install what the tests need and run them"
	@echo "make lint    ruff, mypy --strict, import rules"
	@echo "make format  format the code"
	@echo "make docs    renew the reference pages from the code"
	@echo "make lock    renew requirements.lock and requirements-dev.lock (needs uv)"
	@echo "make bench NAME=corpus  run one benchmark"
	@echo "make train   learn the detector's weights anew (installs torch into .venv-train; half an hour)"

demo: $(VENV)/lean
	@$(BIN)/framewatch demo

test: $(VENV)/dev postgresql
	$(BIN)/pytest

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/dev
	$(BIN)/python -m tests.support.reference

bench: $(VENV)/dev
	$(BIN)/python -m bench.$(NAME)

train: .venv-train/ready
	MALLOC_TOP_PAD_=268435456 MALLOC_TRIM_THRESHOLD_=8589934592 .venv-train/bin/python -m training $(TRAIN)

.venv-train/ready: requirements.lock pyproject.toml
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --upgrade pip
	@.venv-train/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	@.venv-train/bin/python -m pip install --quiet --group train
	@.venv-train/bin/python -m pip install --quiet --no-deps --editable .
	@touch $@

lock:
	uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile -q pyproject.toml --group dev --extra postgres --universal --generate-hashes --no-header --no-annotate -o requirements-dev.lock

# The databases' tests want a real PostgreSQL server; without one, and without the right to install one, they are skipped.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql >/dev/null; \
	else echo "PostgreSQL's server is not installed: tests on it will be skipped (Debian: apt-get install postgresql)"; fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Framewatch needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing; install it: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/lean: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked set into $(VENV) …"
	@$(INSTALL) --require-hashes --no-deps -r requirements.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked set with test tools into $(VENV) …"
	@$(INSTALL) --require-hashes --no-deps -r requirements-dev.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@ $(VENV)/lean

clean:
	rm -rf $(VENV) .venv-train demo-watch dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
