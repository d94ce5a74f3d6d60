# telltale. `make` alone lists what can be made.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help deps build demo test check fmt bench golden screens fuzz clean

# An undeclared import of another target of ours ends the build; the other imports are held by Checks/imports.py.
BUILD := swift build --explicit-target-dependency-import-check error

help: ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

deps: ## install what is missing: headers of ncurses and zlib; tmux and python's venv for the tests
	@.ci/deps ncurses zlib tmux venv

build: ## build the whole program: .build/release/telltale
	@.ci/deps ncurses zlib
	$(BUILD) -c release --product telltale

# The demo mesh needs no network, and without those packages the first screen is there in minutes less.
demo: ## install what is missing, build, open the dashboard on a simulated mesh
	@.ci/deps ncurses
	TELLTALE_CORE=1 $(BUILD) -c release --product telltale --scratch-path .build-demo
	.build-demo/release/telltale demo $(ARGS)

test: ## install what is missing, build, run all tests: Swift, terminal, real Envoys
	@.ci/deps ncurses zlib tmux venv
	@Tests/run

check: ## imports, forbidden patterns, file lengths, provenance, README against the program
	@.ci/deps ncurses zlib
	@Checks/run

fmt: ## format the Swift sources in place
	swift format format --in-place --parallel --recursive Sources Tests Package.swift

bench: ## measure beside peers; docs/performance.md has the table
	@Benchmarks/run

golden: ## record the goldens anew (look at the difference before you commit it)
	RECORD_GOLDENS=1 swift test --disable-xctest --filter 'Golden|HelpText|ReportTests'
	Checks/readme.py --fix

screens: ## write the demo's screens to docs/screens and into README.md
	$(BUILD)
	docs/screens/record

fuzz: ## feed hostile bytes to the decoders: make fuzz T=SECONDS
	@Fuzz/run $(T)

clean: ## forget everything that was built
	rm -rf .build .build-demo .build-venv
