# Dengwen 登闻. `make` alone lists what it can do.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

BIN := .venv/bin

.PHONY: help setup setup-tests setup-second run test test-twice check test-sqlite test-postgres second long histories extra lint format bench bench-large wall year gaming misconduct recompute spark docs pictures keep-office lock migrations clean mutate mutate-law fuzz-law

help: ## List what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: ## Make .venv from the locked, hashed requirements (again: under a second)
	@tools/setup.sh

setup-tests: setup ## Also see that the browser, the Chinese fonts and PostgreSQL for the tests are there
	@tools/packages.sh chromium libatomic1 fonts-noto-cjk postgresql

setup-second: setup ## Make .venv-second with Debian's own Python (the newest other one where .venv is of that)
	@tools/packages.sh python3 python3-venv
	@tools/second.sh

run: setup ## Start a practice office with invented data and print its addresses
	@$(BIN)/dengwen demo --serve

test: setup-tests ## All tests, on SQLite and then on a throw-away PostgreSQL
	@tools/test.sh sqlite postgres

test-twice: setup-tests setup-second ## The same, and the lower layers also with the Python of .venv-second
	@tools/test.sh sqlite postgres second vectors

check: setup-tests ## What .ci/run does: the same as test-twice, and beside the tests make lint
	@tools/packages.sh python3 python3-venv
	@tools/test.sh sqlite postgres second vectors lint

test-sqlite: setup ## The tests on SQLite only; ARGS="tests/law -k clock" narrows them
	@tools/test.sh sqlite $(if $(ARGS),-- $(ARGS))

test-postgres: setup-tests ## The tests that touch the database on a throw-away PostgreSQL only; ARGS as above
	@DENGWEN_TEST_PAGES=1 tools/test.sh postgres $(if $(ARGS),-- $(ARGS))

second: setup-second ## All tests on SQLite without browser with the Python of .venv-second; .ci/run plays what another Python can change
	@tools/test.sh second -- tests

long: setup-tests ## The longer runs whole, of which make test plays a few and .ci/run some; ARGS narrows them
	@DENGWEN_TEST_LONG=1 tools/test.sh sqlite -- -m long $(ARGS)

extra: setup ## The tests on large real data, which is no part of the repository: DENGWEN_SHARED=/path/to/it
	@tools/test.sh sqlite -- -m extra $(ARGS)

lint: setup ## Style, types, layers, house rules, missing migrations
	@tools/lint.sh

format: setup ## Write the code as the style check wants it; ARGS="dengwen/law" narrows it
	@$(BIN)/ruff check --fix-only $(or $(ARGS),.)
	@$(BIN)/ruff format $(or $(ARGS),.)
	@$(BIN)/python -m tools.template_format

bench-large: setup ## Count a hundred million frozen facts of an assessment (about 2 GB of disk)
	@$(BIN)/python -m bench.assessment --freeze 0 --rows 100000000

bench: setup ## Measure the targets and write the report under build/
	@$(BIN)/python -m bench

wall: setup-tests ## Try every door against the wall, everybody at every route (.ci/run: a share): nobody may learn of a case he may not see
	@DENGWEN_TEST_LONG=1 DENGWEN_WALL_PAIRS=$${DENGWEN_WALL_PAIRS:-2000} tools/test.sh sqlite -- -m wall

histories: setup-tests ## Play ten thousand random histories in each database, the worker running daily, now and then and only at the end
	@DENGWEN_TEST_PAGES=1 DENGWEN_TEST_LONG=1 DENGWEN_HISTORIES=$${DENGWEN_HISTORIES:-10000} tools/test.sh sqlite postgres -- tests/cases/test_worker_timing.py -k many_histories

year: setup ## Play a year of registers (40 organs, 120 leaders) and compare its end with its script; prints a table
	@$(BIN)/python -m tools.year $(ARGS)

gaming: setup ## Play tricks and honest changes against the starting scheme of assessment; prints a table
	@$(BIN)/python -m tools.gaming $(ARGS)

misconduct: setup ## Write 20,000 petitions with misconduct and look-alikes, run the finders, print recall and precision
	@$(BIN)/python -m tools.misconduct $(ARGS)

recompute: setup ## Assess two offices, recompute a copy on two engines, forge it; MESSAGES=file.jsonl is imported into one
	@$(BIN)/python -m tools.recompute $(if $(MESSAGES),--messages $(MESSAGES)) $(ARGS)

spark: setup ## Count a million facts on DuckDB, SQLite and Apache Spark; needs Java 17 and half a gigabyte
	@tools/spark.sh
	@.venv-spark/bin/python -m tools.spark_equal $(ARGS)

mutate: setup ## Change conditions and constants of the doors one by one and see that a test notices; ARGS="access" narrows it
	@$(BIN)/python -m tools.mutants $(ARGS)

mutate-law: setup ## Change every number, condition and citation of the rule packs one by one and see that a scenario notices
	@$(BIN)/dengwen law check --mutate $(ARGS)

fuzz-law: setup ## Three minutes of random lawful histories, judged by the packs and by a small model of the law; ARGS="--seed 7"
	@$(BIN)/python -m tools.law_fuzz $(ARGS)

docs: setup ## Write the pages that are made from packs and code (docs/reference)
	@$(BIN)/python -m tools.docs
	@$(BIN)/python -m tools.coverage

pictures: setup-tests ## Take the pictures of README and tutorial anew, of a practice office of their own
	@$(BIN)/python -m tools.pictures

keep-office: setup-tests ## Keep a small filled office of this checkout for the tests of later ones: TAG=0.2.0
	@$(BIN)/python -m tools.keep_office $(TAG)

migrations: setup ## Write the migrations that the models ask for
	@DENGWEN_SECRET_KEY=only-to-write-migrations $(BIN)/python manage.py makemigrations

lock: setup ## Resolve requirements/*.in again into lock files with hashes and without addresses
	@tools/lock.sh

clean: ## Remove what was made here, except data/
	@rm -rf .venv .venv-* build dist static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
