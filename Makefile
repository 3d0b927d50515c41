# `make week5` does all set-up and runs the main job; `make test` does all set-up and the tests.
# The work itself is in .setup/*.sh and in the program; this file is the list of words to type.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Each word is one program that uses all cores by itself; two at once would only wait for another.
.NOTPARALLEL:

STAGES := week1 week2 week3 week4 week5 query featurize transfer train segment figures pictures
WORKSHOP ?= propensity
# A folder SalesTax in Workshops is the workshop sales-tax.
WORKSHOPS := $(shell printf '%s\n' $(wildcard Workshops/*/config.ini) | \
  sed 's|^Workshops/||; s|/config.ini$$||; s/[A-Z]/-&/g; s/^-//' | tr A-Z a-z)
# ROOT counts on make's command line only: a variable of that name may mean anything.
ifeq ($(origin ROOT),command line)
store = --set Atelier.root='$(ROOT)'
endif
# ENGINE=slurm runs the steps as jobs of a cluster; SHARED is the folder that all nodes see.
ifneq ($(ENGINE),)
store += --set Atelier.engine='$(ENGINE)'
endif
ifneq ($(SHARED),)
store += --set Atelier.shared='$(SHARED)'
endif
# MOCK=1 puts a bucket on this machine around one run.
ifneq ($(MOCK),)
STORE = s3
mock = .setup/s3-mock.sh
endif
ifneq ($(STORE),)
store += --set Atelier.store='$(STORE)'
endif
atelier = $(mock) .build/release/atelier $(1) $(store) $(ARGS)

.PHONY: help setup build install package check regress report test conformance demo soak soak-kills soak-fuzz soak-faults soak-slurm soak-aws soak-debug soak-release fuzz coverage mutation bench bench-setup bench-compare compare-behaviour docs pages s3-mock real-s3 live status all clean $(STAGES) $(WORKSHOPS)

help: ## this list
	@printf 'make week5    set up, build, and run weeks 1 to 5 of the propensity workshop\n'
	@printf 'make test     set up, build, and run the tests\n\n'
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14
	@printf 'week1..week5  one stage and all before it (query featurize transfer train segment)\n'
	@printf 'figures       all of it, and its pictures as SVG\n'
	@printf '\nOptions for the program go into ARGS: make week4 ARGS="--set Atelier.users=2000"\n'
	@printf 'A workshop or a stage of it: make name, make name/stage (%s)\n' '$(WORKSHOPS)'
	@printf 'Another workshop for the other words: WORKSHOP=name; another folder for results: ROOT=folder\n'
	@printf 'Results in a bucket, too: STORE=s3; in one that only this run has: MOCK=1\n'
	@printf 'As jobs of a cluster: ENGINE=slurm SHARED=/folder/that/all/nodes/see\n'

setup: ## install system libraries and pinned programs
	@.setup/setup.sh

build: ## build .build/release/atelier if a source changed (the first time four minutes)
	@.setup/build.sh

$(STAGES): build
	@$(call atelier,run $(WORKSHOP)/$@)

$(WORKSHOPS): build
	@$(call atelier,run $@)

$(WORKSHOPS:=/%): build
	@$(call atelier,run $@)

all: build ## every stage of the workshop
	@$(call atelier,run $(WORKSHOP))

live: build ## the five weeks on the live platform: at most 20 queries and one segment job
	@.setup/live.sh $(store) $(ARGS)

status: build ## what is current
	@$(call atelier,status $(WORKSHOP)) || [ $$? -eq 3 ]

regress: build ## compare the outputs with the committed baselines (atelier check)
	@$(call atelier,check $(WORKSHOP))

report: build ## bring every stage up to date and write report.html (OUT=file): what came out, and why
	@code=0; $(call atelier,run $(WORKSHOP)) || code=$$?; [ $$code -le 1 ] || exit $$code; \
	$(call atelier,report $(WORKSHOP)) --output '$(or $(OUT),report.html)' && exit $$code

check: setup ## format, lint and import directions
	@.setup/check.sh

test: ## all tests; ONLY=TrainTests for those of one target
	@ONLY='$(ONLY)' .setup/test.sh $(ARGS)

install: build ## put the program with all that it needs below PREFIX (default /usr/local)
	@.setup/package.sh install '$(or $(PREFIX),/usr/local)'

package: build ## the same as an archive that runs where it is unpacked, without Swift or anything else
	@.setup/package.sh

demo: build ## in a minute (at first some more): what Atelier promises, on the small size
	@.setup/demo.sh

conformance: ## what users of other runners complain about, a test a complaint
	@.setup/test.sh --filter ConformanceTests

real-s3: build ## (not in CI) what works against radosgw and Swift from Debian packages; ONLY=rgw
	@.setup/real-s3.sh $(ONLY)

fuzz: ## 20,000 mutations for each reader of bytes that others write; lists the readers
	@ATELIER_FUZZ_TIMES=4 .setup/test.sh --filter FuzzTests

soak: soak-kills soak-fuzz soak-faults soak-slurm soak-aws soak-debug soak-release ## all of the following (hours)

soak-kills: ## ten parts of 1,000 kills at random moments, seeds 1 to 10; PARTS='3 7' for some
	@for seed in $(or $(PARTS),1 2 3 4 5 6 7 8 9 10); do \
	  ATELIER_SOAK=1000 ATELIER_SEED=$$seed .setup/test.sh --filter 'KillTests|ConformanceTests.Parallel' \
	    | tail -n 1 || exit 1; done

soak-fuzz: ## ten minutes of mutated bytes for each format, from another seed each time
	@ATELIER_FUZZ_SECONDS=600 .setup/test.sh --no-parallel --filter FuzzTests

soak-faults: ## full disks, odd folders, hostile bytes: each case of the sweeps
	@ATELIER_SOAK=1 .setup/test.sh --filter 'ScarcityTests|OddPlaceTests|Hostile|CanaryTests|PowerCutTests|FaultGroupTests'

soak-slurm: ## every case on a real Slurm cluster, and the workshops on it (as root, Debian)
	@Tests/Slurm/slurm.sh install
	@ATELIER_SOAK=1 .setup/test.sh --filter SlurmTests

soak-aws: ## the four workshops, and faults, as workflows on a mock that runs their jobs
	@ATELIER_SOAK=1 .setup/test.sh --filter 'MockedWorkshopTests|JobTests|TrainingEngineTests|WorkflowTests|AccountJourneyTests|AccountFaultTests'

soak-debug: ## what a debug build refuses to do
	@swift build --build-tests --explicit-target-dependency-import-check error
	@swift test --skip-build --disable-xctest --filter StackTests

soak-release: build ## the end-to-end tests with the program that users run
	@ATELIER_PROGRAM="$$PWD/.build/release/atelier" .setup/test.sh --filter EndToEndTests --skip RebuildTests

coverage: ## run all tests and say how much of each module they reach, child processes included
	@.setup/coverage.sh $(ARGS)

mutation: ## that the tests find out when a field is left out of the key (ten minutes)
	@.setup/mutation.sh

bench: build ## times beside those of other programs (half an hour); ONLY=noop,cold for some; FULL=1
	@.setup/build.sh atelier-bench
	@python3 .bench/bench.py --only '$(ONLY)' $(if $(FULL),--full)

bench-compare: build ## this build beside another one: OLD=path of its atelier; ONLY=noop,cold for some
	@python3 .bench/compare.py '$(OLD)' --only '$(ONLY)'

compare-behaviour: ## that OLD=<binary> does the same as this build; ONLY=retail,churn, NEW=<binary>
	@$(if $(NEW),,.setup/build.sh atelier)
	@python3 .bench/compare_behaviour.py --old '$(OLD)' --new '$(or $(NEW),.build/release/atelier)' --only '$(ONLY)'

docs: setup ## the manual as HTML, into .build/docs; open index.html through a local web server
	@.setup/docs.sh

pages: build ## write the pages that are made from the code: commands and settings
	@.build/release/atelier help --markdown > Sources/CLI/CLI.docc/Commands.md
	@.build/release/atelier config list --markdown > Sources/CLI/CLI.docc/Settings.md

bench-setup: ## install the programs that bench compares with below .tools
	@.setup/bench.sh

s3-mock: build ## a bucket on this machine, until Ctrl-C; prints the environment that leads to it
	@.setup/s3-mock.sh

clean: ## remove build output and the demo; results in .store stay
	@rm -rf .build .demo
