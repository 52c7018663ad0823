# make help lists what there is. Everything that is made stays below this directory: .venv/ and var/
# (as root, PostgreSQL's data are below /var/lib/asamblea: it does not run as root).

PORT ?= 8000
PYTHON := .venv/bin/python
export PORT
# Without bytecode each of the many processes that tests and the demonstration start compiles 2,000 files anew: 8 s, not 2.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test faults crowd oracles lint clean

help: ## List what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' $(MAKEFILE_LIST)

setup: .venv/run-installed .venv/translated ## Make the virtual environment and install what runs

demo: setup ## Run everything with demonstration content on http://127.0.0.1:8000 (PORT= changes that)
	@$(PYTHON) manage.py demo

test: .venv/dev-installed .venv/translated ## Run all tests (PYTEST= takes arguments of pytest)
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST)

oracles: var/oracles/installed ## Check our counting against other people's programs (their own environment, about 1 GB)
	@var/oracles/bin/python -m pytest -c tests/oracles/pytest.ini --rootdir=. --noconftest tests/oracles $(PYTEST)

faults: .venv/dev-installed .venv/translated ## Kill servers, folders and connections under load, 20 times each
	FAULT_TIMES=20 FAULT_VOTERS=12 FAULT_BALLOTS=60 $(PYTHON) -m pytest tests/faults $(PYTEST)

crowd: .venv/dev-installed .venv/translated ## Cast 10,000 ballots by 500 voters through 4 server processes, in three methods
	CASTS=10000 VOTERS=500 PROCESSES=4 $(PYTHON) -m pytest tests/voting/test_ten_thousand.py -s $(PYTEST)

lint: .venv/dev-installed .venv/translated ## Check style, types, the floors of the house, migrations and deployment
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) manage.py makemigrations --check --dry-run
	ENVIRONMENT=production SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))") \
	  SIGNING_KEY=$$($(PYTHON) -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())") \
	  ALLOWED_HOSTS=asamblea.example $(PYTHON) manage.py check --deploy --fail-level WARNING

clean: ## Remove everything that was made, the demonstration's database too
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m config.private_postgres remove; fi
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find frontend/locale -name '*.mo' -delete

.venv/made:
	@echo "Making the virtual environment …"
	@for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "asamblea: Python 3.11 or newer is needed." >&2; exit 1; fi; \
	$$found -m venv .venv || { echo "asamblea: $$found cannot make a virtual environment (Debian: apt install python3-venv)." >&2; exit 1; }
	@touch $@

.venv/run-installed: requirements.lock | .venv/made
	@echo "Installing what Asamblea needs …"
	@$(PYTHON) config/install.py $<
	@touch $@

.venv/dev-installed: requirements-dev.lock | .venv/made
	@echo "Installing what Asamblea and its tests need …"
	@$(PYTHON) config/install.py $<
	@touch $@ .venv/run-installed

.venv/translated: $(wildcard frontend/locale/*/LC_MESSAGES/*.po) config/translations.py
	@$(PYTHON) -m config.translations
	@touch $@

var/oracles/installed: requirements-oracles.lock | .venv/made
	@echo "Installing what others count with …"
	@$(PYTHON) -m venv --clear var/oracles
	@var/oracles/bin/python config/install.py $<
	@touch $@
