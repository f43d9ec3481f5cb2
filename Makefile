# Everything a person does with the project; README.md says the same in its table.
PY := .venv/bin/python
PORT ?= 8000
HOST ?= 127.0.0.1
.PHONY: setup run demo-reset test check screenshots bench-recorder bench-listening bench-gpu evaluate faults load bench-list bench-mails bench-roster

setup: ## venv in .venv, pinned dependencies, web assets
	@PYTHON="$(or $(PYTHON),python3.11)" TORCH="$(TORCH)" bash .setup

run: setup ## the whole service with its demonstration, on this machine
	@exec $(PY) -m interview_ai.cli run --host $(HOST) --port $(PORT)

demo-reset: ## forgets the demonstration and whatever else `make run` made; keeps the weights
	@test -x $(PY) || { echo "There is no .venv yet. Run first: make setup" >&2; exit 1; }
	@$(PY) -m interview_ai.cli demo-reset

test: setup ## every test; says which groups cannot run here and how to install what they need
	$(PY) -m pytest -n 2 --dist loadfile -m "not alone"
	$(PY) -m pytest -m alone

check: setup ## the one gate: format, lint, types, imports, tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(MAKE) test

screenshots: setup ## every page, Korean and English, 390 and 1280 px, into screenshots/
	$(PY) -m tests.screenshots screenshots

evaluate: setup ## the scorer against attacks, rated answers and our own written set: a table, evaluate.json
	$(PY) -m tests.evaluation --out evaluate.json

bench-recorder: setup ## records in a real browser while line, browser or server fails: a table of what was lost (as root)
	$(PY) -m tests.bench.recorder

bench-gpu: setup ## batched Whisper on a GPU (TORCH=cuda make setup first): a table for models/CARDS.md
	$(PY) -m tests.bench.gpu

bench-listening: setup ## recording to words against what a user would write: JSON, a table, exit 1 when a bar is missed
	$(PY) -m tests.bench.listening --out bench-listening.json $(if $(FULL),--full)

faults: setup ## 5,000 broken recordings and 30 bombs against the jail, 3,000 hostile rosters: no worker falls, nothing is scored
	$(PY) -m tests.faults.mutated
	$(PY) -m tests.faults.rosters

load: setup ## 200 candidates who record at once against this machine: nothing lost, how fast
	$(PY) -m tests.bench.load

bench-mails: setup ## 10,000 mails, some refused, their sender killed twice: a table; exit 1 when one is lost or doubled
	$(PY) -m tests.bench.mails

bench-list: setup ## the ranked list and the search at 1,000 and 100,000 candidates: p50, p95, cold; exit 1 when a bar is missed
	$(PY) -m tests.bench.ranked

bench-roster: setup ## 100,000 people from a file to a confirmed campaign, killed in the middle: seconds, memory; exit 1 when a bar is missed
	$(PY) -m tests.bench.roster
