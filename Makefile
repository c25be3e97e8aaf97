# The commands are explained in CONTRIBUTING.md. Everything runs from .venv, built from the locks.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help lab edit slides site lite hub test proof long bench notebooks minutes handout images font format lock env makers lowest proxy lite-env
help:
	@sed -n 's/^| `\(make [a-z]*\)` | \([^|]*\)|.*/\1\t\2/p' CONTRIBUTING.md | expand -t 18

lab: env
	$(BIN)/python tools/lab.py $(ARGS)

edit: env
	$(BIN)/python tools/lab.py --edit $(ARGS)

slides: env
	$(BIN)/python -m tools.slides $(NOTEBOOK) $(ARGS)

site: env
	$(BIN)/python -m tools.site $(ARGS)

# The course with a Python in the page. It is built by programs of their own versions, in an environment of their own.
lite: env lite-env
	$(BIN)/python -m tools.lite $(ARGS)

lite-env:
	@$(call build,.lite,requirements-lite.lock)

hub: makers proxy
	@test -d $(ROOM)/node_modules || { echo "No hub without its proxy."; exit 1; }
	$(BIN)/python -m jupyterhub --config $(ROOM)/jupyterhub_config.py $(ARGS)

# JupyterHub's own proxy is a program for node.
ROOM := tools/classroom
proxy:
	@cmp -s $(ROOM)/package-lock.json $(ROOM)/node_modules/stamp || { \
	    if command -v npm >/dev/null; then \
	        npm ci --prefix $(ROOM) --ignore-scripts --no-audit --no-fund --loglevel=error && \
	        cp $(ROOM)/package-lock.json $(ROOM)/node_modules/stamp; \
	    else echo "JupyterHub's proxy needs node 20 or later with npm, which this machine does not have."; fi; }

# What readers need; then what makers need as well, in the same .venv, at the same versions. The stamp of each is a copy of
# its lock, written last: an unchanged lock installs nothing, an interrupted install starts again.
PIP := python -m pip install --quiet --disable-pip-version-check
build = cmp -s $(2) $(1)/$(2) || { \
	    $(PYTHON) -m venv --clear $(1) && \
	    $(1)/bin/$(PIP) --require-hashes -r $(2) && \
	    $(1)/bin/$(PIP) --no-deps --no-build-isolation --editable . && \
	    cp $(2) $(1)/$(2); }
env:
	@$(call build,.venv,requirements.lock)

# An old or half-made second floor is not built upon: what it left there is in no lock.
makers: env
	@cmp -s requirements-makers.lock .venv/requirements-makers.lock || { \
	    if [ -e .venv/requirements-makers.lock ]; then rm .venv/requirements.lock && $(call build,.venv,requirements.lock); fi && \
	    touch .venv/requirements-makers.lock && \
	    $(BIN)/$(PIP) --require-hashes -r requirements-makers.lock && \
	    cp requirements-makers.lock .venv/requirements-makers.lock; }

# The lowest versions that pyproject.toml allows, beside .venv.
lowest:
	@$(call build,.lowest,requirements-lowest.lock)

test: makers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/course --ignore=tests/long $(ARGS)

# What takes longer than the daily proof. Of what `make long` tries in full it takes a sample, another one each time.
proof: export BPCOURSE_SEED ?= $(shell date +%s)
proof: makers proxy lite-env
	@echo "BPCOURSE_SEED=$$BPCOURSE_SEED make proof takes the same samples again."
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/course $(ARGS)

# What is longer by nature, one thing after the other: its tests use both cores themselves.
long: makers lite-env
	$(BIN)/python -m pytest tests/long $(ARGS)

bench: makers
	$(BIN)/python -m benchmarks.bench

notebooks: env
	$(BIN)/python tools/notebooks.py $(ARGS)

handout: env
	$(BIN)/python -m tools.handout $(ARGS)

images: env
	$(BIN)/python -m images.draw

font: makers
	$(BIN)/python -m tools.font

# How long each notebook takes, wherever it is stated.
minutes: env
	$(BIN)/python -m tools.minutes --write

format: makers
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What is already in a lock stays as long as it fits. The lowest versions are those that pyproject.toml names, no others;
# matplotlib 3.8 calls pyparsing by names of which 3.3 warns.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml
BOUNDS := 's/^    "\([a-z0-9-]*\)>=\([0-9.]*\).*/\1==\2/p'
lock:
	$(COMPILE) --extra course --extra site --extra build --output-file requirements.lock
	$(COMPILE) --all-extras --constraint requirements.lock --output-file requirements-makers.lock
	$(subst pyproject.toml,,$(COMPILE)) --group lite --output-file requirements-lite.lock
	{ sed -n $(BOUNDS) pyproject.toml; echo 'pyparsing<3.3'; } | \
	    $(COMPILE) --all-extras --resolution lowest-direct --constraint - --output-file requirements-lowest.lock
