# The commands are explained in CONTRIBUTING.md. Everything runs from .venv, built from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help lab edit slides site hub test proof bench notebooks handout images format lock env proxy
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

hub: env proxy
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

# The stamp is a copy of the lock, written last: an unchanged lock installs nothing, an interrupted install starts again.
env:
	@cmp -s requirements.lock .venv/requirements.lock || { \
	    $(PYTHON) -m venv --clear .venv && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . && \
	    cp requirements.lock .venv/requirements.lock; }

test: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/proof $(ARGS)

# What takes longer than the daily proof.
proof: env proxy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/proof $(ARGS)

bench: env
	$(BIN)/python -m benchmarks.bench

notebooks: env
	$(BIN)/python tools/notebooks.py $(ARGS)

handout: env
	$(BIN)/python tools/handout.py $(ARGS)

images: env
	$(BIN)/python -m images.draw

format: env
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url \
	    --python-version 3.11 --output-file requirements.lock
