# What one does with a clone of Riffle. `make` says what there is.

VENV     := .venv
PIP      := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
FUZZTIME := 10s
TIMEOUT  := 20m

# Real Kafkas are started by some packages' tests: no more packages at a time than there are cores, and no more than two.
PARALLEL := 2

.DEFAULT_GOAL := help
.PHONY: help build demo lab test verify check race fuzz bench bench-programs bench-kernel lint vuln generate clean

help: ## says what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# Without cgo the program is one static file, and what it builds itself (live runs, exports, modules), without cgo too, finds
# what was compiled here in Go's cache. Nothing of it needs C: names of hosts and users are looked up in Go.
build: ## builds bin/riffle
	@echo "building bin/riffle (with a cold build cache this takes a minute or two)"
	@mkdir -p bin
	@CGO_ENABLED=0 sh notebooks/progress go build -trimpath -o bin/riffle ./cmd/riffle

demo: build $(VENV)/.demo ## from an unread topic to a verified program, in one go
	@bin/riffle install --prefix $(VENV)
	@$(VENV)/bin/python notebooks/demo.py

lab: build $(VENV)/.lab ## opens the tour in JupyterLab, with telemetry flowing
	@bin/riffle install --prefix $(VENV)
	@$(VENV)/bin/python notebooks/lab.py

test: build $(VENV)/.test notebooks/browser/node_modules/.done ## passes every test; what it needs it installs
	@bin/riffle install --prefix $(VENV)
	go vet ./...
	go test -p $(PARALLEL) -timeout $(TIMEOUT) ./...
	go test -p $(PARALLEL) -timeout $(TIMEOUT) -tags synctests ./stream/...

verify: ## the ledger on programs, workers and brokers that are killed, and the controls that it must find; VERIFY="-rows 2000000 -seed 7" for more
	go test -count=1 -tags synctests -run FoundOut ./stream
	go run ./verify $(VERIFY)

check: lint ## vet, the rules of the structure, and the short tests: under two minutes with a warm cache
	go test -short -p $(PARALLEL) -timeout 5m ./...

race: ## the short tests under the race detector
	go test -race -short -p $(PARALLEL) -timeout $(TIMEOUT) ./...

fuzz: ## every fuzz target for FUZZTIME (10s)
	@grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do \
	  grep -oE '^func Fuzz[A-Za-z0-9_]*' "$$file" | cut -c6- | while read -r name; do \
	    echo "$$name in $$(dirname $$file)"; \
	    go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$(dirname $$file)" || exit 1; \
	  done || exit 1; \
	done

bench: ## every benchmark, then Riffle beside programs written by hand, on a real Kafka; with REF=main, the benchmarks of main and of this tree
ifdef REF
	bench/compare $(REF)
else
	go test -run '^$$' -bench . -benchmem -p 1 ./...
	go run ./bench
endif

bench-programs: ## leaves the jobs of bench/jobs, exported, as bench/bin/j1 to j5, told where to read and write by their environment
	go run ./bench -build bench/bin

bench-kernel: build .cache/kernels/.done ## the kernel beside ipykernel and xeus-python, started and measured in turn
	.cache/kernels/bin/python bench/kernels/measure.py bin/riffle bench/KERNEL.md

lint: ## gofmt, go vet, and the rules of the structure
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go test ./internal/lint/

vuln: ## looks for known faults in what is used, in the Go project's database
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

generate: ## writes the generated files anew
	go generate ./...

clean: ## removes what the other targets made
	rm -rf bin bench/bin $(VENV) .cache notebooks/browser/node_modules

.cache/kernels/.done: bench/kernels/requirements.txt
	@echo "installing the kernels to compare with into .cache/kernels"
	@python3 -m venv .cache/kernels
	@.cache/kernels/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/bin/python:
	@echo "making a private Python environment in $(VENV)"
	@python3 -m venv $(VENV)

$(VENV)/.demo: notebooks/requirements.txt | $(VENV)/bin/python
	@echo "installing $< into $(VENV)"
	@$(PIP) -r $<
	@touch $@

$(VENV)/.lab: notebooks/requirements-lab.txt $(VENV)/.demo
	@echo "installing $< into $(VENV) (JupyterLab and pandas: a minute or so)"
	@$(PIP) -r $<
	@touch $@

$(VENV)/.test: kernel/testdata/requirements.txt dataframe/expr/testdata/requirements.txt codec/testdata/requirements.txt $(VENV)/.lab
	@echo "installing what the tests need into $(VENV)"
	@$(PIP) -r kernel/testdata/requirements.txt -r dataframe/expr/testdata/requirements.txt -r codec/testdata/requirements.txt
	@touch $@

# Without npm the tests in a browser are skipped, loudly; in CI they fail.
notebooks/browser/node_modules/.done: notebooks/browser/package.json notebooks/browser/package-lock.json
	@if command -v npm >/dev/null; then \
	  echo "installing playwright-core into notebooks/browser" && npm ci --silent --prefix notebooks/browser && touch $@; \
	else \
	  echo "npm is missing: the tests in a browser will be skipped"; \
	fi
