# Run `make help` for what there is. PKG narrows the Go targets: make test-unit PKG=./ingest/...
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0

PKG ?= ./...
NPM := schema/engine/npm
LIB := $(NPM)/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so
KAFKA := ingest/broker/apache
WEB := dashboards/web/static
E2E := dashboards/web/e2e
GOVULN := go tool -modfile=.ci/tools/go.mod govulncheck
# Where the known vulnerabilities are asked for; file:///… takes a copy.
VULNDB ?= https://vuln.go.dev
GRAFANA := dashboards/grafana/types
SUPERSET := .voc/superset
PEERS := .voc/peers
# Where make bench writes its tables; MARKDOWN= only prints them.
MARKDOWN ?= cmd/vocbench/BENCHMARKS.md
GOLANGCI := go tool -modfile=.ci/tools/go.mod golangci-lint
# Where goroutines meet. The rest is sequential, and what loads the full dictionary takes minutes under the detector.
RACE_PKG ?= ./ingest/batch ./ingest/broker ./ingest/connect ./ingest/event ./ingest/privacy ./ingest/sink ./ingest/source \
	./ingest/telemetry ./schema/engine ./schema/revision

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

.PHONY: demo
demo: setup build ## set everything up and run the demo: embedded Kafka and ClickHouse, sample community, SQL answers
	bin/voc demo

.PHONY: demo-once
demo-once: setup build ## the demo without staying: prints the answers and exits
	bin/voc demo --once

.PHONY: setup
setup: $(LIB) ## install what is missing (the ClickHouse library, from npm)

$(LIB): $(NPM)/package-lock.json
	npm ci --prefix $(NPM) --no-audit --no-fund
	@touch $@

.PHONY: build
build: ## build bin/voc
	go build -trimpath -o bin/voc ./cmd/voc

.PHONY: test
test: setup kafka test-unit test-kafka ## everything: unit, embedded engines, and the delivery tests on Apache Kafka

.PHONY: test-unit
test-unit: setup ## tests with the embedded Kafka and ClickHouse
	go test -shuffle=on -timeout 20m $(PKG)

.PHONY: test-kafka
test-kafka: setup kafka ## the delivery tests again, on Apache Kafka
	VOC_TEST_KAFKA=apache go test -count=1 -timeout 20m ./ingest/...

.PHONY: test-faults
test-faults: setup kafka ## the fault harness, long set: SEEDS seeds (30) on both Kafkas and every negative control
	go test ./ingest/faulttest -count=1 -v -timeout 90m -parallel $${PARALLEL:-2} -seeds=$${SEEDS:-30} -kafka=both

.PHONY: bench
bench: setup build peers ## measure freshness and memory of voc run, and everything against its peers; rewrites cmd/vocbench/BENCHMARKS.md
	go run ./cmd/vocbench -posts $${POSTS:-200000} -markdown "$(MARKDOWN)"
	go run ./cmd/vocbench -what peers -posts $${POSTS:-40000} -rounds $${ROUNDS:-3} -peers $(PEERS) -markdown "$(MARKDOWN)"

.PHONY: bench-peers
bench-peers: setup build peers ## the second half of make bench: MeCab, kagome, Python and ClickHouse's Kafka engine; ROUNDS (3), MARKDOWN= prints only
	go run ./cmd/vocbench -what peers -posts $${POSTS:-40000} -rounds $${ROUNDS:-3} -peers $(PEERS) -markdown "$(MARKDOWN)"

.PHONY: peers
peers: ## install what voc is compared with: MeCab by apt, Python packages into .voc/peers; says what it cannot have
	cmd/vocbench/peers/install $(PEERS)

.PHONY: test-peers
test-peers: setup build peers ## compare on 200 posts: every peer must run and store every post
	PEERS_VOC=$(CURDIR)/bin/voc PEERS_DIR=$(CURDIR)/$(PEERS) go test -count=1 -tags peers -timeout 10m -v -run Peers ./cmd/vocbench

.PHONY: bench-cost
bench-cost: setup build ## measure the processor time a post of voc run, ClickHouse and broker; VOC=bin/voc,old/voc compares binaries in ROUNDS (2) turns
	go run ./cmd/vocbench -what cost -voc $${VOC:-bin/voc} -rounds $${ROUNDS:-2} -posts $${POSTS:-40000}

.PHONY: bench-fresh
bench-fresh: setup build ## measure how soon RATE (5000) posts a second can be read and what they cost; VOC=bin/voc,old/voc compares binaries in ROUNDS (2) turns
	go run ./cmd/vocbench -what fresh -voc $${VOC:-bin/voc} -rounds $${ROUNDS:-2} -rate $${RATE:-5000}

.PHONY: bench-retag
bench-retag: setup build ## measure voc retag: POSTS stored posts (1000000), killed once, while new posts come
	go run ./cmd/vocbench -what retag -posts $${POSTS:-1000000}

.PHONY: bench-outage
bench-outage: setup build ## measure the memory of voc run while ClickHouse is away for OUTAGE (3m), and the time to catch up
	go run ./cmd/vocbench -what outage -posts $${POSTS:-45000} -outage $${OUTAGE:-3m}

.PHONY: bench-queries
bench-queries: setup build ## measure reading: named queries, pages, drill-down, report and disk over POSTS posts (1000000); DATA keeps them, and lets them grow
	go run ./cmd/vocbench -what queries -posts $${POSTS:-1000000} -data "$${DATA:-}"

.PHONY: bench-safety
bench-safety: setup ## measure what each safety of the delivery costs, and how long windows of 1k to 1M posts take to rebuild
	go test ./ingest -run '^$$' -bench Safety -benchtime 1x
	go test ./schema/rollup -run '^$$' -bench Window -benchtime 3x

.PHONY: kafka
kafka: $(KAFKA)/target/.done ## fetch Apache Kafka from Maven for the tests

$(KAFKA)/target/.done: $(KAFKA)/pom.xml
	mvn -q -B -f $(KAFKA)/pom.xml dependency:copy-dependencies
	@touch $@

.PHONY: test-e2e
test-e2e: setup ## click through the web pages in Chromium; pictures go to .voc/shots
	npm ci --prefix $(E2E) --no-audit --no-fund
	mkdir -p .voc/shots
	VOC_E2E_SHOTS=$(CURDIR)/.voc/shots go test -count=1 -tags e2e -timeout 20m -v ./$(E2E)

.PHONY: superset
superset: $(SUPERSET)/.done ## install Apache Superset from PyPI into .voc/superset

$(SUPERSET)/.done: dashboards/superset/requirements.txt
	python3 -m venv $(SUPERSET)
	$(SUPERSET)/bin/pip install -q --disable-pip-version-check -r dashboards/superset/requirements.txt
	@touch $@

.PHONY: superset-bundle
superset-bundle: ## write the Superset dashboard as an archive to import: .voc/voc-superset.zip
	mkdir -p .voc
	rm -f .voc/voc-superset.zip
	cd dashboards/superset && python3 -m zipfile -c $(CURDIR)/.voc/voc-superset.zip bundle

.PHONY: test-superset
test-superset: setup superset ## import the Superset dashboard, fetch every chart, open it in Chromium; pictures go to .voc/shots
	npm ci --prefix dashboards/superset/e2e --no-audit --no-fund
	mkdir -p .voc/shots
	VOC_SUPERSET_VENV=$(CURDIR)/$(SUPERSET) VOC_E2E_SHOTS=$(CURDIR)/.voc/shots go test -count=1 -tags superset -timeout 20m -v ./dashboards/superset/e2e

.PHONY: web
web: ## bundle the scripts and styles of the web pages into what the binary embeds
	npm ci --prefix $(WEB) --no-audit --no-fund
	npm run --silent --prefix $(WEB) build

.PHONY: check-web
check-web: ## fail when the bundle is older than its sources
	npm ci --prefix $(WEB) --no-audit --no-fund
	npm run --silent --prefix $(WEB) check

.PHONY: test-race
test-race: setup ## tests under the race detector
	CGO_ENABLED=1 go test -race -shuffle=on -timeout 20m $(RACE_PKG)

.PHONY: check-grafana
check-grafana: ## check the Grafana dashboards against Grafana's own types
	npm ci --prefix $(GRAFANA) --no-audit --no-fund
	npm run --silent --prefix $(GRAFANA) check

.PHONY: check
check: check-web check-grafana ## gofmt, vet, lint, generated files up to date
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run: gofmt -w .'; exit 1; }
	go vet ./...
	$(GOLANGCI) run
	go mod tidy -diff
	go run ./cmd/vocdoc -check
	go run ./cmd/vocmodel -check

.PHONY: check-vuln
check-vuln: ## look for known vulnerabilities that the code reaches; needs the network, or VULNDB=file:///…
	@status=0; out=$$($(GOVULN) -db $(VULNDB) $(PKG) 2>&1) || status=$$?; printf '%s\n' "$$out"; \
	if [ $$status -ne 0 ] && grep -q 'fetching vulnerabilities' <<<"$$out"; then \
	  echo 'check-vuln: NOTHING WAS CHECKED: $(VULNDB) cannot be reached; run this where it can, or give VULNDB=file:///…' >&2; fi; \
	exit $$status

.PHONY: generate
generate: ## rewrite the generated parts of the documents and train the model
	go run ./cmd/vocdoc
	go run ./cmd/vocmodel

.PHONY: fuzz
fuzz: ## fuzz every parser for FUZZTIME (default 10s) each
	@for f in $$(grep -rlE '^func Fuzz' --include='*_test.go' .); do \
	  for n in $$(grep -oE '^func Fuzz[A-Za-z0-9_]+' $$f | cut -c6-); do \
	    echo "== $$n ($$f)"; go test -run='^$$' -fuzz="^$$n$$" -fuzztime=$${FUZZTIME:-10s} ./$$(dirname $$f); \
	  done; done

.PHONY: clean
clean: ## remove what was built and the demo's data
	rm -rf bin .voc
