# The oldest of the Pythons that are here, because constraints.txt was written with 3.11.
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$p && break; done)

LONG := slow or sandbox or browser or postgresql or alone

.PHONY: help setup build lab demo pictures check test oldest attack endurance bench lint bubblewrap chromium postgresql

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

setup: .venv/installed bubblewrap  ## make .venv with everything in it

build: .venv/installed  ## turn solutions/ into the notebooks, answers and the students' zip
	.venv/bin/autograder build

lab: build  ## open JupyterLab on the student notebooks
	.venv/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/en

demo: setup build  ## grade a class of twelve made-up submissions
	.venv/bin/autograder demo

pictures: .venv/installed build  ## run all units and save their figures: in colour and grey, wide and narrow
	.venv/bin/python tools/pictures.py

check: .venv/installed lint  ## pass lint, types and the fast tests
	.venv/bin/pytest --numprocesses logical --dist worksteal -m "not ($(LONG))"

# Of the long ones, many wait a lot, so there is a process more than two; those that share a fixture stay together.
# Then come, one after the other, those that look at what the machine has, or at what others leave behind.
test: setup chromium postgresql check  ## pass lint, types and all tests
	.venv/bin/pytest --numprocesses 3 --dist loadfile -m "($(LONG)) and not alone"
	.venv/bin/pytest -m alone

oldest: .venv/installed  ## try the students' package with the oldest versions that it promises (downloads 3 GB)
	tools/oldest.sh

attack: setup build  ## run hostile and damaged submissions and print what came of each
	.venv/bin/python -m tests.hostile.attacks

endurance: setup build  ## grade a class with all of those in it, undisturbed and killed five times
	.venv/bin/python -m tests.hostile.endurance

bench: setup build  ## measure every promise of speed, beside nbgrader and otter-grader
	.venv/bin/python -m bench

lint: .venv/installed  ## look for faults in style and types
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy

bubblewrap chromium postgresql:
	@tools/system-packages.sh $@

.venv/installed: pyproject.toml autograder/pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12, 3.13 or 3.14 is needed, and none is on the PATH: install one, then try again." >&2; exit 1; }
	@echo "Setting up .venv; this takes some minutes the first time."
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -qq --disable-pip-version-check -c constraints.txt -e '.[cluster,grading,lab,postgresql,tests]' -e ./autograder
	@touch $@
