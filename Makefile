# Skype2SIP. Every command first installs what is missing, and nothing when nothing is.
# ARGS is passed on:  make test ARGS="-k voicemail -x"   make demo ARGS=--help

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test glossary never-run run desktop voice piper bench check format lock setup setup-run locale clean

# Debian keeps some servers' programs where only root's PATH looks
export PATH := $(CURDIR)/.venv/bin:$(PATH):/usr/local/sbin:/usr/sbin:/sbin
export PYTHON

VENV := .venv/bin
MESSAGES := $(patsubst %.po,%.mo,$(wildcard */locale/*/LC_MESSAGES/*.po))

help:    ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: setup locale    ## a real call forwarded to a real phone, from start to end; leaves var/demo/
	@$(VENV)/python -m tests.demo $(ARGS)

# two processes share the files, in the order of tests/turns.py; a third one makes calls late on two cores
SHARED := --numprocesses 2 --dist loadfile --no-loadscope-reorder
# what these processes run is counted, which costs the quick tests twice their time; COVERED= leaves it out
COVERED := --cov=bot --cov=bridge --cov=scheduler --cov-report=

test: setup locale    ## all tests, those against real programs included; tells the slowest, and keeps what was run
	@$(VENV)/python -m pytest $(SHARED) $(COVERED) --durations 20 $(ARGS)

glossary: setup    ## the list of all classes in docs/glossary.md, anew from the code
	@$(VENV)/python -m tests.glossary

never-run: setup    ## what the last make test has never run, as docs/never-run.md
	@$(VENV)/python -m tests.never_run

run: setup-run locale    ## the service: on Telegram with TELEGRAM_BOT_TOKEN, else in this terminal
	@$(VENV)/python -m bridge run $(ARGS)

desktop:    ## installs what desktop sessions need (Chromium and more), for make run to use
	@setup/debian.sh desktop

voice:    ## installs what understands names that are said on the phone, for make run to use
	@setup/debian.sh run
	@setup/venv.sh voice

piper:    ## installs Piper, for a voice of your own (PIPER_VOICE_EN, PIPER_VOICE_DE)
	@setup/debian.sh run
	@setup/venv.sh piper

bench: setup locale    ## the figures, as a table and as var/bench/*.json
	@$(VENV)/python -m tests.bench $(ARGS)

check: setup    ## lint, format, types, import rules
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports

format: setup    ## let ruff mend what it can
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

lock: setup    ## resolve pyproject.toml anew into requirements/*.txt (needs the network)
	@setup/lock.sh $(ARGS)

setup:    ## what the commands above do first
	@setup/debian.sh test
	@setup/venv.sh test
	@setup/version.sh

setup-run:
	@setup/debian.sh run
	@setup/venv.sh run
	@setup/version.sh

locale: $(MESSAGES)
	@:

%.mo: %.po
	@$(VENV)/pybabel --quiet compile --input-file $< --output-file $@

clean:    ## remove .venv, caches and compiled messages; var/ stays
	@rm -rf .venv .venv-lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage build *.egg-info
	@rm -f $(MESSAGES)
	@find bot bridge scheduler tests -name __pycache__ -type d -prune -exec rm -rf {} +
