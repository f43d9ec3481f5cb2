# Everything a person does with the project; each target is one line of the README's table.
PY := .venv/bin/python
.PHONY: setup run demo-reset test check screenshots

setup: ## venv in .venv, pinned dependencies, web assets
	@bash .setup

test: setup ## every test that can run here
	$(PY) -m pytest
