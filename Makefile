# Proofline. Thin on purpose: variables, files and one line each. `make` lists the targets.
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
MAKEFLAGS += -rR --warn-undefined-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# One thing at a time, also under -j: a benchmark that shares the machine measures its neighbour.
.NOTPARALLEL:

# Variables of the pipeline. $(value …) takes each literally, and recipes read them from the
# environment ("$$IMAGE"): what they hold is never expanded, neither by make nor by a shell.
IMAGE ?=
DEFAULT_IMAGE ?= host
SUITE ?= fips-140-3
RESULTS_ROOT ?= allure-results
REPORT_DIR ?= allure-report
OUT ?= out
GATE ?= default
BASELINE ?=
CANDIDATE ?= openssl
ROUNDS ?=
DURATION ?= 1
ALGORITHMS ?= -evp aes-256-gcm sha256 rsa2048 ecdsap256
HISTORY ?=
LOGS ?=
REQUIREMENTS ?=
PREVIOUS ?=
CASE ?=
SBOM ?=
PROVENANCE ?=
IMAGES ?= proofline/openssl-fips:standard proofline/openssl-fips:distroless
BRIDGE ?= auto
PORT ?=
PREFIX ?= /usr/local
DESTDIR ?=
PROOFLINE_COMMIT ?=
VARIABLES := IMAGE IMAGES DEFAULT_IMAGE SUITE RESULTS_ROOT REPORT_DIR OUT GATE BASELINE CANDIDATE ROUNDS DURATION \
  ALGORITHMS HISTORY LOGS REQUIREMENTS PREVIOUS CASE SBOM PROVENANCE BRIDGE PORT PREFIX DESTDIR PROOFLINE_COMMIT
$(foreach name,$(VARIABLES),$(eval override $(name) := $$(value $(name))))
export $(VARIABLES)
override PROOFLINE_COMMIT := $(or $(PROOFLINE_COMMIT),$(shell git --no-optional-locks describe --always --abbrev=40 --dirty --exclude '*' 2>/dev/null))
$(if $(filter-out 1,$(words $(OUT))),$(error OUT is one path without blanks))

BIN := target/release
TOOLS := $(filter-out contract escape naming plumb testkit,$(notdir $(wildcard crates/*)))
BINARIES := $(addprefix $(BIN)/,$(TOOLS))
SOURCES := Cargo.toml Cargo.lock $(shell find crates -path '*/tests' -prune -o -type f -print)
OPENSSL := $(shell command -v openssl)
export PATH := $(abspath $(BIN)):$(PATH)
export LC_ALL := C

.PHONY: help evidence audit audit-multi bench compare fips-tax bench-report summary explain docs gate build test lint fmt install
.PHONY: docs-readme docs-gen docs-check docs-fresh images e2e bench-self clean audit-clean infra-clean clean-all doctor FORCE
.PHONY: setup report-v2 report-v3 report-v2-serve report-v3-serve run-v2 run-v3
# Names of the operations guide.
.PHONY: audit\:run audit\:multi report\:v2\:gen report\:v2\:serve report\:v3\:gen report\:v3\:serve audit\:clean infra\:clean
.PHONY: docs\:generate docs\:generate_docs_tests docs\:generate_readme docs\:gen docs\:check
.PHONY: docs\:benchmark docs\:parse-benchmark docs\:all-report-benchmark
audit\:run: audit
audit\:multi: audit-multi
report\:v2\:gen: report-v2
report\:v2\:serve: report-v2-serve
report\:v3\:gen: report-v3
report\:v3\:serve: report-v3-serve
audit\:clean: audit-clean
infra\:clean: infra-clean
docs\:generate docs\:generate_docs_tests: docs
docs\:generate_readme: docs-readme
docs\:gen: docs-gen
docs\:check: docs-check
docs\:benchmark: bench
docs\:parse-benchmark: $(OUT)/speed.json
docs\:all-report-benchmark: bench-report docs

help: ## list the targets
	@sed -n 's/^\([a-z0-9 -]*\):.*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r name text; do printf '  %-15s %s\n' "$$name" "$$text"; done

doctor: ## say what is there, what is missing and how to get it
	@scripts/doctor.sh
evidence: docs gate bench ## audit, benchmark, summary, documents and the verdict of IMAGE (default: this host)
audit: $(OUT)/audit.json ## run SUITE against IMAGE; Allure results under RESULTS_ROOT
bench: $(OUT)/speed.json ## measure CANDIDATE (default: openssl); what was asked for and not measured is an error
	@speed-parse "$$OUT/speed.log" --quiet --format csv > /dev/null
summary: $(OUT)/summary.json ## one verdict over everything that was run
docs: $(OUT)/ledger.json ## render the evidence page, the dashboard and $(OUT)/docs

gate: $(OUT)/summary.json ## print the verdict under GATE (default, release) and end with its status
	@status=0; evidence-summarize --show "$$OUT/summary.json" --format text || status=$$?; cd "$$OUT"; \
	for file in README.md dashboard.html summary.json; do \
	  test ! -e "$$file" || test "$$file" -ot summary.json || printf 'evidence: %s/%s\n' "$$OUT" "$$file"; \
	done; exit $$status

build: $(BINARIES) ## build all tools (release)
.PRECIOUS: $(BINARIES)
$(BINARIES) &: $(SOURCES)
	cargo build --release --locked --bins

# What was asked for. These files change only when the question does, so that the same question is
# not answered twice.
define ASKED
	@mkdir -p "$$OUT"
	@asked="$$OUT/$(@F)"; { $(1); } > "$$asked.new"; if cmp -s "$$asked.new" "$$asked"; then rm -- "$$asked.new"; else mv -- "$$asked.new" "$$asked"; fi
endef
# The binaries that a command names, so that a rebuilt one is measured again.
FILES = set -f; for word in $(1); do file=$$(command -v -- "$$word") && test -f "$$file" && cksum "$$file" || :; done
# The files below some names, so that one that changed is read again.
CONTENTS = set -f; for name in $(1); do test ! -e "$$name" || find -H "$$name" -type f -exec cksum {} +; done
$(OUT)/target.txt: FORCE
	$(call ASKED,printf '%s\n' "$${IMAGE:-$$DEFAULT_IMAGE}" "$$SUITE" "$$RESULTS_ROOT" "$$PROOFLINE_COMMIT")
$(OUT)/gate.txt: FORCE
	$(call ASKED,printf '%s\n' "$$GATE" "$$LOGS" "$$BASELINE" "$$REQUIREMENTS" "$$PREVIOUS"; $(call CONTENTS,$$LOGS "$$REQUIREMENTS" "$$PREVIOUS"))
$(OUT)/bench.txt: FORCE
	$(call ASKED,printf '%s\n' "$$CANDIDATE" "$$ROUNDS" "$$DURATION" "$$ALGORITHMS"; $(call FILES,$$CANDIDATE))
$(OUT)/baseline.txt: FORCE
	$(call ASKED,printf '%s\n' "$$BASELINE"; $(call FILES,$$BASELINE))

# What the pipeline made can be made again: `make clean` knows it by this, also outside of git. (No
# CACHEDIR.TAG: backups leave out what has one, and this is evidence.)
MARKED = for folder in "$$OUT" "$$RESULTS_ROOT" "$$REPORT_DIR"; do test ! -d "$$folder" || echo 'Made by proofline.' > "$$folder/.made-by-proofline"; done

# The folder of this target's results. Expanded by the shell of a recipe, not by make.
RESULTS = "$$RESULTS_ROOT/audit_$$(safe-name --plain -- "$${IMAGE:-$$DEFAULT_IMAGE}")"

# A stage records a bad answer (status 1) in its document and goes on: the report of a failed audit
# has to exist. The gate gives the status.
$(OUT)/audit.json: $(BIN)/audit-run $(OPENSSL) $(OUT)/target.txt
	audit-run --suite "$$SUITE" --target "$${IMAGE:-$$DEFAULT_IMAGE}" --results "$$RESULTS_ROOT" --output "$$OUT/audit.json" || test $$? -eq 1
	@$(MARKED)
$(OUT)/inventory.json: $(BIN)/audit-run $(OUT)/target.txt
	audit-run --suite "$$SUITE" --list --output "$$OUT/inventory.json"
$(OUT)/environment.json: $(BIN)/allure-env $(BIN)/safe-name $(OUT)/audit.json
	allure-env write $(RESULTS) --from "$$OUT/audit.json" --output "$$OUT/environment.json"
# A log that Ctrl-C cut short holds the finished rounds: it is kept.
.PRECIOUS: $(OUT)/speed.log $(OUT)/pairs.log
WORK = -- -seconds "$${DURATION:-1}" $$ALGORITHMS || test $$? -eq 1
$(OUT)/speed.log: $(BIN)/speed-run $(OUT)/bench.txt
	set -f; speed-run --rounds="$${ROUNDS:-1}" --a="$$CANDIDATE" --output "$$OUT/speed.log" $(WORK)
$(OUT)/pairs.log: $(BIN)/speed-run $(OUT)/bench.txt $(OUT)/baseline.txt
	@: "$${BASELINE:?expected a command: the benchmark takes turns with it}"
	set -f; speed-run --rounds="$${ROUNDS:-10}" --a="$$BASELINE" --b="$$CANDIDATE" --startup "$$OUT/startup.json" --output "$$OUT/pairs.log" $(WORK)
$(OUT)/speed.json $(OUT)/pairs.json: $(OUT)/%.json: $(OUT)/%.log $(BIN)/speed-parse
	speed-parse "$$OUT/$*.log" --output "$$OUT/$*.json" || test $$? -eq 1

# Two sides: a BASELINE that ends in .json stands beside the benchmark of CANDIDATE; any other is a
# command, and the two take turns. Only that can be decided.
EARLIER := $(filter %.json,$(BASELINE))
MEASURED := $(if $(EARLIER),speed,pairs)
SIDES := $(if $(EARLIER),"$$BASELINE" "$$OUT/speed.json","$$OUT/pairs.json" --startup "$$OUT/startup.json")
# With a BASELINE, the pages hold the comparison, and the summary what can be decided.
COMPARISON := $(if $(BASELINE),$(OUT)/comparison.json)
DECIDED := $(if $(EARLIER),,$(COMPARISON))
SUMMED = "$$OUT/audit.json" $(RESULTS) $(if $(DECIDED),"$$OUT/comparison.json") $$LOGS --expect "$$OUT/inventory.json" --gate "$$GATE" \
  $(if $(REQUIREMENTS),--requirements "$$REQUIREMENTS") $(if $(PREVIOUS),--compare "$$PREVIOUS")
$(OUT)/summary.json: $(BIN)/evidence-summarize $(OUT)/audit.json $(OUT)/environment.json $(OUT)/inventory.json $(OUT)/gate.txt $(DECIDED)
	set -f; evidence-summarize $(SUMMED) --cases --output "$$OUT/summary.json" || test $$? -eq 1
explain: $(OUT)/summary.json ## say why CASE has its status, layer and action, and where it stands
	@: "$${CASE:?expected a case, as the summary names it}"
	@set -f; evidence-summarize $(SUMMED) --explain "$$CASE" --format text

# All pages or none, with one ledger. Status 1 of readme-render is a page that would say more than
# is known: nothing goes on after that.
TEMPLATES := templates/README.md.j2 templates/dashboard.html.j2 $(wildcard templates/docs/*.j2)
PAGES := $(addprefix $(OUT)/,$(TEMPLATES:templates/%.j2=%))
DATA = --data summary="$$OUT/summary.json" --data audit="$$OUT/audit.json" --data speed="$$OUT/speed.json" \
  $(if $(COMPARISON),--data comparison="$$OUT/comparison.json") \
  $(if $(SBOM),--data sbom="$$SBOM") $(if $(PROVENANCE),--data provenance="$$PROVENANCE") \
  $(if $(PROOFLINE_COMMIT),--commit "$$PROOFLINE_COMMIT")
$(PAGES) $(OUT)/ledger.json &: $(TEMPLATES) $(BIN)/readme-render $(OUT)/summary.json $(OUT)/audit.json $(OUT)/speed.json $(COMPARISON)
	@mkdir -p "$$OUT/docs"
	readme-render $(TEMPLATES) --root templates $(DATA) --out-dir "$$OUT" --ledger "$$OUT/ledger.json" --tbd-report "$$OUT/tbd-report.md" --strict

# README.md's own evidence: what docs-gen measured stands in docs/_generated, and is committed with
# the README it is in.
GENERATED := docs/_generated
CAPTURES := $(GENERATED)/test-outputs
README_EVIDENCE = readme-render $(1)templates/readme-evidence.md.j2 --data tests=$(GENERATED)/tests.json --data tools=$(GENERATED)/tools.csv --data made=$(GENERATED)/made.toml --region evidence --output README.md
docs-readme: $(BIN)/readme-render ## render README.md's evidence and the evidence page again, from what is there
	@mkdir -p "$$OUT"
	$(call README_EVIDENCE,) --strict --ledger "$$OUT/readme-evidence.ledger.json"
	@test ! -e "$$OUT/summary.json" || readme-render templates/README.md.j2 --root templates $(DATA) --output "$$OUT/README.md" --ledger "$$OUT/README.ledger.json"
docs-check: $(BINARIES) ## fail if README.md's evidence or a capture is not what docs/_generated and the tools say
	$(call README_EVIDENCE,) --strict --check
	scripts/docs-captures.sh "$$OUT/fresh/$(CAPTURES)" && diff -r $(CAPTURES) "$$OUT/fresh/$(CAPTURES)"
docs-gen: $(BINARIES) ## run the tests, measure the tools, refresh docs/_generated and README.md's evidence
	@mkdir -p $(GENERATED) "$$OUT"
	cargo test --workspace --locked > "$$OUT/tests.log" 2>&1 || { cat "$$OUT/tests.log"; exit 1; }
	evidence-summarize "$$OUT/tests.log" --requirements docs/requirements.toml --output $(GENERATED)/tests.json
	scripts/docs-captures.sh $(CAPTURES)
	scripts/docs-measure.sh $(BINARIES) > "$$OUT/tools.csv" && cp "$$OUT/tools.csv" $(GENERATED)/tools.csv
	printf 'commit = "%s"\nmachine = "%s"\n' "$$(git rev-parse HEAD)" "$$(uname -sm)" > $(GENERATED)/made.toml
	$(call README_EVIDENCE,) --strict --ledger "$$OUT/readme-evidence.ledger.json"
docs-fresh: $(BIN)/readme-render $(BIN)/evidence-summarize ## fail if README.md's counts are not those of the tests in LOGS
	@mkdir -p "$$OUT/fresh/$(GENERATED)"
	cp README.md "$$OUT/fresh/"
	cp $(GENERATED)/tools.csv $(GENERATED)/made.toml "$$OUT/fresh/$(GENERATED)/"
	evidence-summarize "$$LOGS" --requirements docs/requirements.toml --output "$$OUT/fresh/$(GENERATED)/tests.json" || test $$? -eq 1
	root=$$PWD/; cd "$$OUT/fresh"; $(call README_EVIDENCE,"$$root") --check -q

# The comparison, as a document and for people.
$(OUT)/comparison.json: $(if $(BASELINE),$(OUT)/$(MEASURED).json $(OUT)/baseline.txt $(BIN)/speed-compare)
	@: "$${BASELINE:?expected a command, or a speed.json of an earlier benchmark}"
	speed-compare $(SIDES) $(if $(HISTORY),--history="$$HISTORY") --output "$$OUT/comparison.json"
$(OUT)/comparison.md $(OUT)/comparison.csv: $(OUT)/comparison.json
	speed-compare $(SIDES) --quiet --format $(patsubst .md,markdown,$(patsubst .csv,csv,$(suffix $@))) --output "$$OUT/$(@F)"
compare: $(OUT)/comparison.json ## compare BASELINE (a command, or an earlier speed.json) with CANDIDATE; undecided is no success
	@: "$${BASELINE:?expected a command, or a speed.json of an earlier benchmark}"
	@speed-compare $(SIDES) --quiet --format text --gate
fips-tax: $(OUT)/pairs.json $(BIN)/speed-compare ## what FIPS mode costs: BASELINE=openssl CANDIDATE='env OPENSSL_CONF=FILE openssl'
	speed-compare $(SIDES) --fips-tax --output "$$OUT/fips-tax.json"
	@speed-compare $(SIDES) --fips-tax --quiet --format text

# The report of one side, or of two.
REPORTED := $(if $(BASELINE),$(MEASURED),speed)
DRAWN := $(if $(BASELINE),comparison,speed)
TABLES := $(OUT)/benchmark.md $(OUT)/benchmark.csv $(OUT)/benchmark-wide.csv
CHARTS := $(OUT)/throughput.svg $(OUT)/dots.svg
CHANGES := $(OUT)/comparison.csv $(OUT)/comparison.md $(OUT)/heatmap.svg
$(OUT)/benchmark.csv: $(OUT)/$(REPORTED).json
	speed-parse "$$OUT/$(REPORTED).log" --quiet --format csv --output "$$OUT/$(@F)" || test $$? -eq 1
$(OUT)/benchmark-wide.csv: $(OUT)/$(REPORTED).json
	speed-parse "$$OUT/$(REPORTED).log" --quiet --format csv-wide --output "$$OUT/$(@F)" || test $$? -eq 1
$(OUT)/benchmark.md: templates/docs/benchmark.md.j2 $(OUT)/$(REPORTED).json $(if $(BASELINE),$(OUT)/comparison.json) $(BIN)/readme-render
	readme-render templates/docs/benchmark.md.j2 --root templates --data speed="$$OUT/$(REPORTED).json" $(if $(BASELINE),--data comparison="$$OUT/comparison.json") --output "$$OUT/$(@F)" --ledger "$$OUT/benchmark.ledger.json"
$(CHARTS): $(OUT)/%.svg: $(OUT)/$(DRAWN).json $(BIN)/speed-plot
	speed-plot $* "$$OUT/$(DRAWN).json" --output "$$OUT/$(@F)"
$(OUT)/heatmap.svg: $(OUT)/comparison.json $(BIN)/speed-plot
	speed-plot heatmap "$$OUT/comparison.json" --output "$$OUT/$(@F)"
$(OUT)/timeline.svg: $(OUT)/comparison.json $(BIN)/speed-plot
	speed-plot timeline --output "$$OUT/$(@F)" -- "$$HISTORY"
bench-report: $(OUT)/$(REPORTED).json $(TABLES) $(CHARTS) $(if $(BASELINE),$(CHANGES) $(if $(HISTORY),$(OUT)/timeline.svg)) ## page, tables and charts of the benchmark; with BASELINE, of the comparison
	@for file in $(^F); do printf 'benchmark: %s/%s\n' "$$OUT" "$$file"; done
bench-self: $(BINARIES) ## measure our own tools: speed, memory, start-up, with yardsticks
	scripts/bench-self.sh

# Needs root, podman (or docker) and debootstrap.
images: $(BIN)/cleanup-guard ## build the demo images proofline/openssl-fips:standard, :distroless and :broken
	scripts/images-trees.sh .proofline/images
	scripts/images-import.sh .proofline/images
# Needs root and apt-get, or all it needs already there. "not run: WHY" is its own status, 77.
e2e: ## prove the line on real containers and both Allure reports, from nothing (root; about 10 minutes)
	scripts/e2e.sh
audit-multi: $(BIN)/audit-run $(BIN)/allure-env $(BIN)/safe-name ## audit each of IMAGES (separated by blanks)
	@mkdir -p "$$OUT"
	set -f; worst=0; for image in $$IMAGES; do \
	  name=$$(safe-name --plain -- "$$image"); status=0; \
	  audit-run --suite "$$SUITE" --target "$$image" --results "$$RESULTS_ROOT" --output "$$OUT/audit_$$name.json" || status=$$?; \
	  if test $$status -gt 1; then worst=$$status; continue; fi; \
	  allure-env write "$$RESULTS_ROOT/audit_$$name" --from "$$OUT/audit_$$name.json" --output "$$OUT/environment_$$name.json"; \
	done; exit $$worst
	@$(MARKED)

# Needs docker or podman, or node and java (BRIDGE=auto takes the first that answers).
setup: ## prepare Allure 2 and Allure 3, pinned
	scripts/bridge-setup.sh
report-v2: $(BIN)/allure-env ## make the Allure 2 report of all audits
	scripts/bridge-report.sh 2
	@$(MARKED)
report-v3: $(BIN)/allure-env ## make the Allure 3 report of all audits
	scripts/bridge-report.sh 3
	@$(MARKED)
# Without exec, a shell would stand between make and the server, and end alone.
report-v2-serve: ## serve the Allure 2 report on the loopback interface (PORT, default 8080)
	@exec scripts/bridge-serve.sh 2
report-v3-serve: ## serve the Allure 3 report on the loopback interface (PORT, default 8081)
	@exec scripts/bridge-serve.sh 3
run-v2: audit $(OUT)/environment.json report-v2 report-v2-serve ## audit, report, serve
run-v3: audit $(OUT)/environment.json report-v3 report-v3-serve ## audit, report, serve

test: ## run all tests (needs cargo, make, git, a C compiler and openssl; no root)
	cargo test --workspace --locked
lint: ## clippy and format check, warnings are errors
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo fmt --all --check
fmt: ## format the code
	cargo fmt --all
# The plan first, then exactly that plan; the record stays in .proofline.
clean: $(BIN)/cleanup-guard ## delete what the pipeline wrote, by a plan; the record stays in .proofline
	scripts/clean.sh clean audit bench docs
audit-clean: $(BIN)/cleanup-guard ## delete audit results and reports, by a plan
	scripts/clean.sh audit-clean audit
infra-clean: $(BIN)/cleanup-guard ## remove the images of the bridges and the demo images, by a plan
	scripts/clean.sh infra-clean images
clean-all: $(BIN)/cleanup-guard ## all that can be made again: also images and what cargo, npm and Python leave
	scripts/clean.sh clean-all audit bench docs images macos node python rust
install: build ## copy the tools to PREFIX/bin
	install -d "$$DESTDIR$$PREFIX/bin"
	install -m 755 $(BINARIES) "$$DESTDIR$$PREFIX/bin"
