# Countersign, from a fresh clone: `make demo` to see it, `make test` to check it.
# Needed: Rust, git, and for the drawn cards Node 18 or newer. Options go in ARGS:
#   make demo ARGS="--port 9000"

ARGS ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## build and start the product with a simulated tenant, and print one address
	@sh scripts/demo.sh $(ARGS)

.PHONY: test
test: ## run every test; installs what it can, says what it could not get
	@sh scripts/test.sh

.PHONY: lint
lint: ## formatting, clippy (warnings are errors) and the documentation
	cargo fmt --all --check
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked

.PHONY: fmt
fmt: ## format the code
	cargo fmt --all

.PHONY: eval
eval: ## how much of the labelled messages is understood: each sort, time, memory (release build)
	cargo run --release --locked --bin countersign -- interpret --directory tests/data/eval/directory.json --score tests/data/eval/*.jsonl $(ARGS)

.PHONY: learn
learn: ## learn anew from the example sentences what each way of asking is like (two minutes)
	cargo run --locked --bin countersign -- interpret --learn src/interpret/likeness/said --write src/interpret/likeness/weights.bin

.PHONY: bench
bench: ## measure durable turns against this disk, understanding, and offboarding: rates, delays, memory (release build)
	cargo run --release --locked --bin countersign -- bench $(ARGS)
	cargo run --release --locked --bin countersign -- bench --words
	cargo run --release --locked --bin countersign -- bench --offboard
	cargo run --release --locked --bin countersign -- bench --growth --top 100000

.PHONY: assure
assure: ## try what is promised as often as it is promised, and write docs/assurance.md
	@sh scripts/assure.sh $(ARGS)

.PHONY: chaos
chaos: ## kill and hinder the real service for an hour, and check that nothing is lost or done twice
	@KEEP="$(KEEP)" sh scripts/chaos.sh $(ARGS)

.PHONY: thousand
thousand: ## a thousand requests over three replicas on PostgreSQL, one killed every few seconds
	@sh scripts/thousand.sh $(ARGS)

.PHONY: cards
cards: ## render a sample of every card to PNG in target/cards
	@sh scripts/cards.sh

.PHONY: console
console: ## build the renderers of the demo page
	@sh scripts/console.sh --required

.PHONY: clean
clean: ## remove what was built; the demo's data too
	cargo clean
	rm -rf console/dist console/node_modules demo-data
