# Works on a fresh machine with git, make and Python 3.11 or later. Each target installs what it needs
# into .venv, once; `make clean` takes it away again.

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python,\
  $(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p))))
VENV ?= .venv
BIN := $(VENV)/bin
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt

.PHONY: help setup demo test check fix docs serve bench clean

help:  ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Upturn needs Python 3.11 or later; none was found. Try: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# One stamp per set of extras, so that `make demo` does not wait for the test tools. Numba is wanted but
# not needed: where there is none for this Python, the same clocks run as plain Python.
$(VENV)/.installed-run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Upturn into $(VENV)"
	@$(PIP) -e '.[fast]' || { echo "Installing without the compiler for the clocks" >&2; $(PIP) -e .; }
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/.installed-run
	@echo "Installing the test tools into $(VENV)"
	@$(PIP) -e '.[test]'
	@if [ -n "$(CHROMIUM)" ]; then $(PIP) -e '.[browser]' || \
		echo "The tests that look at the page in a browser will be skipped" >&2; fi
	@touch $@

$(VENV)/.installed-docs: pyproject.toml constraints.txt | $(VENV)/.installed-test
	@echo "Installing the documentation tools into $(VENV)"
	@$(PIP) -e '.[docs]'
	@touch $@

$(VENV)/.installed-bench: pyproject.toml constraints.txt | $(VENV)/.installed-run
	@echo "Installing the peers to measure against into $(VENV)"
	@$(PIP) -e '.[bench]'
	@touch $@

setup: $(VENV)/.installed-run $(VENV)/.installed-test $(VENV)/.installed-docs  ## Install everything into .venv

demo: $(VENV)/.installed-run  ## Make up a council, run the main job on it, say where to look
	@$(BIN)/upturn demo --out demo

test: $(VENV)/.installed-run $(VENV)/.installed-test  ## Run every test
	$(BIN)/python -m pytest -n 2 -q

check: $(VENV)/.installed-run $(VENV)/.installed-test  ## Lint, format, types and import directions; changes nothing
	@failed=0; \
	$(BIN)/ruff check . || failed=$$((failed + 1)); \
	$(BIN)/ruff format --check . || failed=$$((failed + 1)); \
	$(BIN)/mypy || failed=$$((failed + 1)); \
	$(BIN)/lint-imports || failed=$$((failed + 1)); \
	echo "make check: $$failed of 4 failed"; test $$failed -eq 0

fix: $(VENV)/.installed-run $(VENV)/.installed-test  ## Format, and mend what the linter can mend
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

docs: $(VENV)/.installed-run $(VENV)/.installed-test $(VENV)/.installed-docs  ## Build the documentation site into site/
	@$(BIN)/python scripts/make_docs.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@$(BIN)/python scripts/check_site.py site
	@echo "Open site/index.html"

serve: docs  ## Build the site and show it at http://localhost:8000
	@$(BIN)/mkdocs serve

bench: $(VENV)/.installed-run $(VENV)/.installed-test $(VENV)/.installed-bench  ## Measure side by side with other tools, into benchmarks/results
	@for script in $$(grep -l '^if __name__ == "__main__":' benchmarks/*.py); do \
		echo "$$script"; $(BIN)/python $$script --peers || exit 1; done

clean:  ## Remove what the other targets made
	rm -rf $(VENV) site demo docs/generated dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
