# Two commands: `make run` opens the demo, `make test` runs everything.
# Both install what the system lacks first, saying what and why.

CARGO ?= cargo
LOCKED = --locked

# Where `make install` puts things; DESTDIR for packages.
PREFIX ?= /usr/local
DESTDIR ?=
BIN ?= target/release/madoguchi
INTO = $(DESTDIR)$(PREFIX)

.PHONY: run test setup setup-test build install bench soak fmt lint clean help

help:
	@echo 'make run    install what is missing, build, open the demo'
	@echo 'make test   install what is missing, run every test'
	@echo 'make setup  install what is missing'
	@echo 'make install  what make build built, keymaps, manual page, unit, sample settings (PREFIX, DESTDIR)'
	@echo 'make bench  the benchmarks'
	@echo 'make soak   long runs: kill cycles by the hundred, tens of thousands of cases a property'
	@echo 'make fmt    format the sources'
	@echo 'make lint   format check and clippy, warnings denied'

# Where the environment says nothing of the terminal's characters (a bare
# container) the demo is given the locale every Debian and Ubuntu has; one that
# says something stays what it is.
run: build
	@case "$${LC_ALL:-$${LC_CTYPE:-$${LANG:-}}}" in \
	''|C|POSIX) export LC_ALL=C.UTF-8 ;; \
	esac; \
	./target/release/madoguchi demo

build: setup
	$(CARGO) build --release $(LOCKED)

# Builds nothing: `make build` does, as whoever works here, and this as root.
install:
	@test -x $(BIN) || { echo '$(BIN) is not there: make build first' >&2; exit 1; }
	install -d $(INTO)/bin $(INTO)/share/madoguchi/keymaps $(INTO)/share/man/man7 \
		$(INTO)/share/doc/madoguchi $(INTO)/lib/systemd/system
	install -m 755 $(BIN) $(INTO)/bin/madoguchi
	install -m 644 keymaps/*.toml $(INTO)/share/madoguchi/keymaps
	install -m 644 packaging/madoguchi.toml README.md README.ja.md $(INTO)/share/doc/madoguchi
	$(BIN) keymap man > $(INTO)/share/man/man7/madoguchi-keys.7
	chmod 644 $(INTO)/share/man/man7/madoguchi-keys.7
	sed 's|/usr/local/bin/|$(PREFIX)/bin/|' packaging/madoguchi-desk.service \
		> $(INTO)/lib/systemd/system/madoguchi-desk.service
	chmod 644 $(INTO)/lib/systemd/system/madoguchi-desk.service

test: setup-test
	$(CARGO) test $(LOCKED)

setup:
	@./packaging/setup

setup-test:
	@./packaging/setup test

bench: setup-test
	$(CARGO) bench $(LOCKED)

soak: setup-test
	PROPTEST_CASES=$${PROPTEST_CASES:-20000} MADOGUCHI_KILLS=$${MADOGUCHI_KILLS:-500} \
	MADOGUCHI_DESK_KILLS=$${MADOGUCHI_DESK_KILLS:-1000} MADOGUCHI_CUTS=$${MADOGUCHI_CUTS:-40} \
	MADOGUCHI_FLIPS=$${MADOGUCHI_FLIPS:-3000} MADOGUCHI_ROTATIONS=$${MADOGUCHI_ROTATIONS:-400} \
	MADOGUCHI_SWAPS=$${MADOGUCHI_SWAPS:-10000} \
	$(CARGO) test $(LOCKED) --profile quick

fmt:
	$(CARGO) fmt

lint: setup
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets $(LOCKED) -- -D warnings

clean:
	$(CARGO) clean
