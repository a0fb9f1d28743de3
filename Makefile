# What a fresh clone needs: `make demo`, `make test`, `make install`. `make help` lists everything.

CARGO ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR = $(DESTDIR)$(PREFIX)/bin
SHAREDIR = $(DESTDIR)$(PREFIX)/share
TARGET_DIR = $(or $(CARGO_TARGET_DIR),target)
RELEASE = $(TARGET_DIR)/release/netscope

.PHONY: agree bench fuzz mutants page-size parity demo test build install uninstall setup steady captures pictures clean help

## demo: install what is missing, build, and show the first demo
demo: build
	@$(RELEASE) demo tcp

## test: install what is missing, also for testing, and run the whole test suite
test:
	@scripts/setup.sh test
	$(CARGO) test

## pages: the tests in the browser with two scripts more, which npm fetches: axe-core, and Mermaid's own parser
pages:
	@scripts/setup.sh test
	@scripts/page-scripts.sh
	$(CARGO) test --test pages -- --include-ignored

## build: install what is missing and build the release binary
build: setup
	@$(CARGO) build --release --quiet

## install: put binary, man page and shell completions under PREFIX (default /usr/local; DESTDIR is honoured)
# Under sudo there is often no cargo on the PATH: then what `make build` left is installed.
install:
	@if command -v $(CARGO) >/dev/null 2>&1; then $(MAKE) --no-print-directory build; \
	elif [ ! -x $(RELEASE) ]; then echo "nothing is built yet: run 'make build' first" >&2; exit 1; fi
	install -d $(BINDIR) $(SHAREDIR)/man/man1 $(SHAREDIR)/bash-completion/completions \
	    $(SHAREDIR)/zsh/site-functions $(SHAREDIR)/fish/vendor_completions.d
	install -m 755 $(RELEASE) $(BINDIR)/netscope
	$(RELEASE) --lang en man > $(SHAREDIR)/man/man1/netscope.1
	$(RELEASE) --lang en completions bash > $(SHAREDIR)/bash-completion/completions/netscope
	$(RELEASE) --lang en completions zsh > $(SHAREDIR)/zsh/site-functions/_netscope
	$(RELEASE) --lang en completions fish > $(SHAREDIR)/fish/vendor_completions.d/netscope.fish

## uninstall: remove what `install` put there
uninstall:
	rm -f $(BINDIR)/netscope $(SHAREDIR)/man/man1/netscope.1 \
	    $(SHAREDIR)/bash-completion/completions/netscope $(SHAREDIR)/zsh/site-functions/_netscope \
	    $(SHAREDIR)/fish/vendor_completions.d/netscope.fish

## setup: install the packages that building needs and this machine lacks
setup:
	@scripts/setup.sh

## steady: run the main demo 100 times and look at every run (RUNS=n changes how often)
steady: build
	@scripts/steady.sh $(or $(RUNS),100) $(RELEASE)

## agree: hold the inferred states against the kernel's own over N exchanges made by chance
N ?= 1000
agree: setup
	@scripts/agree.sh $(N) 1

## captures: record the captures in captures/ anew
captures: build
	@scripts/record-captures.sh $(RELEASE)
	@scripts/record-extra.sh $(RELEASE)

## pictures: draw docs/pictures/ anew
pictures: build
	@scripts/screenshots.sh $(RELEASE)

## bench: measure netscope beside cat, tcpdump, capinfos, tcptrace and tshark on three generated captures of MB megabytes
MB ?= 1024
bench: build
	$(CARGO) run --release --quiet --example compare -- --mb $(MB)

## parity: hold every TCP frame of CAPTURES against tshark (default: public captures, fetched into target/public-captures)
CAPTURES ?=
parity: build
	@scripts/setup.sh test
	@[ -n "$(CAPTURES)" ] || [ -d $(TARGET_DIR)/public-captures ] || scripts/public-captures.py $(TARGET_DIR)/public-captures
	scripts/parity.py --netscope $(RELEASE) $(or $(CAPTURES),$(TARGET_DIR)/public-captures)

## page-size: time and size of a page beside the JSON lines, for about 100,000 packets of three kinds
page-size: build
	$(CARGO) build --release --quiet --example generate
	@scripts/page-size.sh $(RELEASE) $(TARGET_DIR)/release/examples/generate

## fuzz: feed changed captures to the readers, the decoder, the tracker and the whole of `open`, SECONDS each
SECONDS ?= 60
fuzz:
	scripts/fuzz.sh $(SECONDS)

## mutants: change FILES (default: annotate and track) in one place at a time and see whether a test notices
FILES ?=
mutants:
	scripts/mutants.sh $(FILES)

## clean: remove what was built
clean:
	$(CARGO) clean

## help: this list
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))
