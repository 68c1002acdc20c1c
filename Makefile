# Every target makes what it needs: a virtual environment with uv, Node 24 and the pinned CDK CLI.
# Needed beforehand: git, make and Python 3.11 or newer.

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types fast-tests all-tests test-cdk-range synth execution-policy vectors decisions rotations fuzz bench docs lock clean

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
UV_VERSION := 0.13.9
# A process for each core; each has a Node of its own and takes most of a gigabyte.
PYTEST := $(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal

# Bytecode files make importing aws_cdk four times as fast; a machine that forbids them is overruled here.
unexport PYTHONDONTWRITEBYTECODE
# The environment belongs to this checkout, whatever is active outside.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME UV_PROJECT_ENVIRONMENT
export PATH := $(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/$(VENV)
export CDK_DISABLE_VERSION_CHECK := 1
export CDK_DISABLE_CLI_TELEMETRY := true

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1|/' | awk -F'|' '{ printf "  make %-18s %s\n", $$1, $$2 }'

setup: $(VENV)/.ready node_modules/.ready ## Make the environment (every other target does it too)

demo: setup ## Encrypt and decrypt real data on the embedded AWS, under an enforced key policy
	@$(BIN)/python -m local_aws.demo

# Types and tests side by side; types say nothing unless there is something wrong, so tests have the last word.
test: lint ## Everything
	@$(MAKE) --no-print-directory --jobs=2 types all-tests

check: lint ## Lint, types, import contracts and the fast tests
	@$(MAKE) --no-print-directory --jobs=2 types fast-tests

lint: setup
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@PYTHONPATH=.:lambda_src $(BIN)/lint-imports --config pyproject.toml

types: setup
	@$(BIN)/mypy --no-error-summary

fast-tests: setup
	@$(PYTEST) -m "not deploy and not install"

all-tests: setup
	@$(PYTEST)

# In environments of their own, which leave the lock as it is.
test-cdk-range: setup ## The L2 contract tests on the lowest and on the newest supported aws-cdk-lib
	@for version in "--resolution lowest-direct" "--upgrade-package aws-cdk-lib"; do \
	  $(BIN)/uv run --isolated --quiet --no-default-groups --group test --group envelope --group local-aws --extra node $$version \
	    pytest tests/contracts || exit 1; done

synth: setup ## Synthesise app.py into cdk.out
	@cdk synth --quiet

execution-policy: synth ## Print the least CloudFormation execution policy that deploys app.py
	@$(BIN)/python -m constructs_lib.execution_policy cdk.out

vectors: setup ## Every published scenario, and every bit of the damaged messages; the tests take a part of them
	@EVERY_VECTOR=1 $(PYTEST) tests/vectors tests/envelope/test_tampering.py

decisions: setup ## Every mutant of the policies, and every decision on the embedded AWS; the tests take a part of them
	@EVERY_DECISION=1 $(PYTEST) tests/policies

rotations: setup ## Many more interleaved rotations of secrets than the tests try
	@EVERY_ROTATION=1 $(PYTEST) tests/secret_rotation/test_rotation_machine.py

fuzz: setup ## Fuzz everything that reads messages, for FUZZ_SECONDS (default: 600)
	@PYTHONPATH=.:lambda_src $(BIN)/python -m tests.fuzz.run --seconds $(or $(FUZZ_SECONDS),600)

bench: setup ## Measure what the README claims about speed
	@$(BIN)/python -m benchmarks

docs: setup ## Write the generated tables of docs/ anew
	@$(BIN)/python -m docs.generate

lock: setup ## Resolve every dependency anew and pin it
	@$(BIN)/uv lock --upgrade --quiet
	@for function in certificate_care envelope secret_rotation; do (cd lambda_src/$$function && \
	  $(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --quiet --upgrade -o requirements.txt) || exit 1; done
	@npm install --package-lock-only --silent

clean: ## Remove the environment and everything generated
	rm -rf $(VENV) .venvs node_modules cdk.out

$(VENV)/bin/uv:
	@found=; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; done; \
	if [ -z "$$found" ]; then echo "Python 3.11 or newer is needed: install it, or name it with 'make PYTHON=/path/to/python3 ...'." >&2; exit 1; fi; \
	$$found -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is needed: on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }; \
	$$found -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
	  || { echo "uv could not be installed from PyPI: check the network or pip's configuration." >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.ready: pyproject.toml uv.lock Makefile | $(VENV)/bin/uv
	@$(BIN)/uv sync --frozen --quiet --inexact
	@touch $@

node_modules/.ready: package.json package-lock.json | $(VENV)/.ready
	@npm ci --silent --no-fund --no-audit
	@touch $@
