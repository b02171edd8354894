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
ROUNDS ?= 1
IMAGES ?= proofline/openssl-fips:standard proofline/openssl-fips:distroless
BRIDGE ?= auto
PORT ?=
PREFIX ?= /usr/local
DESTDIR ?=
VARIABLES := IMAGE IMAGES DEFAULT_IMAGE SUITE RESULTS_ROOT REPORT_DIR OUT GATE BASELINE ROUNDS BRIDGE PORT PREFIX DESTDIR
$(foreach name,$(VARIABLES),$(eval override $(name) := $$(value $(name))))
export $(VARIABLES)
$(if $(filter-out 1,$(words $(OUT))),$(error OUT is one path without blanks))

BIN := target/release
TOOLS := $(filter-out contract escape naming plumb testkit,$(notdir $(wildcard crates/*)))
BINARIES := $(addprefix $(BIN)/,$(TOOLS))
SOURCES := Cargo.toml Cargo.lock $(shell find crates -path '*/tests' -prune -o -type f -print)
OPENSSL := $(shell command -v openssl)
export PATH := $(abspath $(BIN)):$(PATH)
export LC_ALL := C

.PHONY: help evidence audit audit-multi bench compare bench-report summary docs gate build test lint fmt install
.PHONY: images setup report-v2 report-v3 report-v2-serve report-v3-serve run-v2 run-v3 clean FORCE
# Names of the operations guide.
.PHONY: audit\:run audit\:multi report\:v2\:gen report\:v2\:serve report\:v3\:gen report\:v3\:serve
audit\:run: audit
audit\:multi: audit-multi
report\:v2\:gen: report-v2
report\:v2\:serve: report-v2-serve
report\:v3\:gen: report-v3
report\:v3\:serve: report-v3-serve

help: ## list the targets
	@sed -n 's/^\([a-z0-9 -]*\):.*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r name text; do printf '  %-15s %s\n' "$$name" "$$text"; done

evidence: docs gate ## audit, benchmark, summary, documents and the verdict of IMAGE (default: this host)
audit: $(OUT)/audit.json ## run SUITE against IMAGE; Allure results under RESULTS_ROOT
bench: $(OUT)/speed.json ## measure OpenSSL for a few seconds and parse what it prints
summary: $(OUT)/summary.json ## one verdict over everything that was run
docs: $(OUT)/README.md $(OUT)/dashboard.html ## render the evidence page and the dashboard

gate: $(OUT)/summary.json ## print the verdict under GATE (default, release) and end with its status
	@evidence-summarize --show "$$OUT/summary.json" --format text
	@echo "evidence: $$OUT/README.md, $$OUT/dashboard.html, $$OUT/summary.json"

build: $(BINARIES) ## build all tools (release)
$(BINARIES) &: $(SOURCES)
	cargo build --release --locked --bins

# What was asked for. The files change only when the question does, so that the same question is
# not answered twice.
$(OUT)/target.txt: FORCE
	@mkdir -p "$$OUT"
	@printf '%s\n' "$${IMAGE:-$$DEFAULT_IMAGE}" "$$SUITE" "$$RESULTS_ROOT" > "$$OUT/target.new"
	@cmp -s "$$OUT/target.new" "$$OUT/target.txt" || cp "$$OUT/target.new" "$$OUT/target.txt"
$(OUT)/gate.txt: FORCE
	@mkdir -p "$$OUT"
	@printf '%s\n' "$$GATE" > "$$OUT/gate.new"
	@cmp -s "$$OUT/gate.new" "$$OUT/gate.txt" || cp "$$OUT/gate.new" "$$OUT/gate.txt"

# The folder of this target's results. Expanded by the shell of a recipe, not by make.
RESULTS = "$$RESULTS_ROOT/audit_$$(safe-name --plain -- "$${IMAGE:-$$DEFAULT_IMAGE}")"

# A stage records a bad answer (status 1) in its document and goes on: the report of a failed audit
# has to exist. The gate gives the status.
$(OUT)/audit.json: $(BIN)/audit-run $(OPENSSL) $(OUT)/target.txt
	audit-run --suite "$$SUITE" --target "$${IMAGE:-$$DEFAULT_IMAGE}" --results "$$RESULTS_ROOT" --output "$$OUT/audit.json" || test $$? -eq 1
$(OUT)/inventory.json: $(BIN)/audit-run $(OUT)/target.txt
	audit-run --suite "$$SUITE" --list --output "$$OUT/inventory.json"
$(OUT)/environment.json: $(BIN)/allure-env $(BIN)/safe-name $(OUT)/audit.json
	allure-env write $(RESULTS) --from "$$OUT/audit.json" --output "$$OUT/environment.json"
$(OUT)/speed.log: $(OPENSSL) $(BIN)/speed-run
	mkdir -p "$$OUT"
	speed-run --rounds "$$ROUNDS" --a openssl -- -seconds 1 -evp aes-256-gcm > "$$OUT/speed.log"
	speed-run --rounds "$$ROUNDS" --a openssl -- -seconds 1 sha256 rsa2048 ecdsap256 >> "$$OUT/speed.log"
$(OUT)/speed.json: $(BIN)/speed-parse $(OUT)/speed.log
	speed-parse "$$OUT/speed.log" --output "$$OUT/speed.json" || test $$? -eq 1
$(OUT)/summary.json: $(BIN)/evidence-summarize $(OUT)/audit.json $(OUT)/environment.json $(OUT)/inventory.json $(OUT)/gate.txt
	evidence-summarize "$$OUT/audit.json" $(RESULTS) --expect "$$OUT/inventory.json" --gate "$$GATE" --output "$$OUT/summary.json" || test $$? -eq 1
DATA = --data summary="$$OUT/summary.json" --data audit="$$OUT/audit.json" --data speed="$$OUT/speed.json"
$(OUT)/README.md: templates/README.md.j2 $(BIN)/readme-render $(OUT)/summary.json $(OUT)/audit.json $(OUT)/speed.json
	readme-render templates/README.md.j2 $(DATA) --output "$$OUT/README.md" > "$$OUT/README.ledger.json"
$(OUT)/dashboard.html: templates/dashboard.html.j2 $(BIN)/readme-render $(OUT)/summary.json $(OUT)/audit.json $(OUT)/speed.json
	readme-render templates/dashboard.html.j2 $(DATA) --output "$$OUT/dashboard.html" > "$$OUT/dashboard.ledger.json"

# The benchmark against BASELINE, a document that speed-parse made earlier.
compare: $(OUT)/speed.json $(BIN)/speed-compare ## compare the benchmark with BASELINE (a speed.json); undecided is no success
	speed-compare "$$BASELINE" "$$OUT/speed.json" --output "$$OUT/comparison.json" || test $$? -eq 1
	speed-compare "$$BASELINE" "$$OUT/speed.json" --format text --gate --strict
bench-report: $(OUT)/speed.json $(BIN)/speed-plot ## CSV and charts of the benchmark beside its JSON
	speed-parse "$$OUT/speed.log" --format csv-wide --output "$$OUT/speed.csv" || test $$? -eq 1
	speed-plot throughput "$$OUT/speed.json" --output "$$OUT/throughput.svg"
	speed-plot dots "$$OUT/speed.json" --output "$$OUT/dots.svg"

# Needs root, podman (or docker) and debootstrap.
images: $(BIN)/cleanup-guard ## build the demo images proofline/openssl-fips:standard, :distroless and :broken
	scripts/images-trees.sh .proofline/images
	scripts/images-import.sh .proofline/images
audit-multi: $(BIN)/audit-run $(BIN)/allure-env $(BIN)/safe-name ## audit each of IMAGES (separated by blanks)
	@mkdir -p "$$OUT"
	set -f; for image in $$IMAGES; do \
	  name=$$(safe-name --plain -- "$$image"); \
	  audit-run --suite "$$SUITE" --target "$$image" --results "$$RESULTS_ROOT" --output "$$OUT/audit_$$name.json" || test $$? -eq 1; \
	  allure-env write "$$RESULTS_ROOT/audit_$$name" --from "$$OUT/audit_$$name.json" --output "$$OUT/environment_$$name.json"; \
	done

# Needs docker or podman, or node and java (BRIDGE=auto takes the first that answers).
setup: ## prepare Allure 2 and Allure 3, pinned
	scripts/bridge-setup.sh
report-v2: $(BIN)/allure-env ## make the Allure 2 report of all audits
	scripts/bridge-report.sh 2
report-v3: $(BIN)/allure-env ## make the Allure 3 report of all audits
	scripts/bridge-report.sh 3
report-v2-serve: ## serve the Allure 2 report on the loopback interface (PORT, default 8080)
	scripts/bridge-serve.sh 2
report-v3-serve: ## serve the Allure 3 report on the loopback interface (PORT, default 8081)
	scripts/bridge-serve.sh 3
run-v2: audit $(OUT)/environment.json report-v2 report-v2-serve ## audit, report, serve
run-v3: audit $(OUT)/environment.json report-v3 report-v3-serve ## audit, report, serve

test: ## run all tests (needs cargo, make, git, a C compiler and openssl; no root)
	cargo test --workspace --locked
lint: ## clippy and format check, warnings are errors
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo fmt --all --check
fmt: ## format the code
	cargo fmt --all
# Two steps a person can read: the plan, then exactly that plan. The record stays.
clean: $(BIN)/cleanup-guard ## delete what the pipeline wrote, by a plan; the record stays in .proofline
	@mkdir -p .proofline
	plan=$$(mktemp -d .proofline/clean.XXXXXX)/plan.json; \
	cleanup-guard plan --root . --profile audit --output "$$plan"; \
	cleanup-guard apply "$$plan" --confirm "$$(sed -n 's/.*"digest":"\([0-9a-f]\{64\}\)".*/\1/p' "$$plan")"
install: build ## copy the tools to PREFIX/bin
	install -d "$$DESTDIR$$PREFIX/bin"
	install -m 755 $(BINARIES) "$$DESTDIR$$PREFIX/bin"
