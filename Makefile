# The commands are explained in CONTRIBUTING.md. Everything runs from .venv, built from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help lab edit test proof bench notebooks handout images format lock env
help:
	@sed -n 's/^| `\(make [a-z]*\)` | \([^|]*\)|.*/\1\t\2/p' CONTRIBUTING.md | expand -t 18

lab: env
	$(BIN)/python tools/lab.py $(ARGS)

edit: env
	$(BIN)/python tools/lab.py --edit $(ARGS)

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
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# What takes longer than the daily proof. So far nothing does.
proof: env

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
