# Two commands matter: make run (needs Go alone) and make test (needs Python
# 3.11 too, for the clients that speak to the kernel as Jupyter does).

GO       ?= go
PYTHON   ?= python3
CHROMIUM ?= /usr/bin/chromium

BIN     := bin/gocrate
FIRST   := notebooks/00_first_look.ipynb
CLIENTS := internal/pyclients

export CGO_ENABLED := 0

.PHONY: build run test test-go test-clients test-browser chromium lab bench bench-kernel bench-torch bench-measure shapes parity wheel notebooks checkpoints book gallery clean distclean

build:
	$(GO) build -trimpath -o $(BIN) ./cmd/gocrate

# The first notebook: trains CRATE on the digits and draws its layers.
run: build
	$(BIN) run $(FIRST) --html build/$(basename $(notdir $(FIRST))).html

# Everything that needs no browser.
test: test-go test-clients

test-go:
	$(GO) vet ./...
	$(GO) test ./...
	$(GO) test -tags noasm ./crate/internal/...
	$(GO) test -tags noasm -run 'OfficialCode|PyTorch|SameBits' ./crate

# Python's clients against the kernel as it is installed.
test-clients: build .venv/installed
	$(BIN) install --prefix .venv
	.venv/bin/python -m unittest discover -v -s $(CLIENTS) -t $(CLIENTS)

# JupyterLab in a browser, as a user sees it; screenshots go to build/.
test-browser: build chromium .venv-lab/installed
	$(BIN) install --prefix .venv-lab
	CHROMIUM=$(CHROMIUM) .venv-lab/bin/python $(CLIENTS)/browser/check_lab.py $(FIRST) build

chromium:
	@test -x $(CHROMIUM) || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
		{ echo "No browser at $(CHROMIUM): install Chromium, or give its path: make CHROMIUM=..." >&2; exit 1; }; \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core; }

# A wheel for each platform, in dist/: pip install one of them, and Jupyter has
# the kernel.
PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64
VERSION   ?= 0.0.0

wheel: build .venv/installed
	for p in $(PLATFORMS); do \
		GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -trimpath -ldflags=-s -o build/wheel/$$p/gocrate ./cmd/gocrate && \
		.venv/bin/python install/wheel/pack.py build/wheel/$$p/gocrate $$p $(VERSION) dist || exit 1; \
	done

# JupyterLab with the kernel, in the notebooks' directory.
lab: build .venv-lab/installed
	$(BIN) install --prefix .venv-lab
	.venv-lab/bin/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks $(if $(filter 0,$(shell id -u)),--allow-root)

bench:
	$(GO) test -run '^$$' -bench . ./...

# The kernel against ipykernel, in turn; writes a table of bench/README.md.
bench-kernel: build .venv-kernel/installed
	$(BIN) install --prefix .venv-kernel
	PATH="$(CURDIR)/.venv-kernel/bin:$$PATH" python bench/kernels/compare.py $(ARGS)

# gocrate against PyTorch, which PyPI has with 3 GB of libraries for graphics
# cards; writes the tables of bench/README.md. ARGS="--rounds 9", say.
bench-torch: .venv-torch/installed
	mkdir -p build
	$(GO) build -trimpath -o build/step ./bench/step
	$(GO) build -trimpath -tags noasm -o build/step-noasm ./bench/step
	if command -v cc >/dev/null; then cc -shared -fPIC -o build/intel.so bench/torch/intel.c; fi
	.venv-torch/bin/python bench/torch/compare.py $(ARGS)

# The measurements of the layers of CRATE-Tiny, against PyTorch. ARGS="--rounds 9".
bench-measure: .venv-torch/installed
	mkdir -p build
	$(GO) build -trimpath -o build/step ./bench/step
	.venv-torch/bin/python bench/torch/measure.py $(ARGS)

# Attention that was trained to classify drawn shapes, held against their masks,
# in the CRATEs and ViTs of make checkpoints. A minute.
shapes:
	$(GO) run -trimpath ./bench/shapes

# Models and optimisers go to PyTorch and back, and mean the same there.
parity: .venv-torch/installed
	$(GO) build -trimpath -o build/parity ./bench/parity
	.venv-torch/bin/python bench/torch/parity.py build/parity

# Makes the notebooks from their sources and executes them, so that they are
# stored with their outputs. CHAPTERS=02_rate_reduction makes one alone.
CHAPTERS ?= $(basename $(notdir $(wildcard notebooks/src/*.md)))

notebooks: build
	$(GO) run ./internal/book $(CHAPTERS:%=notebooks/src/%.md)
	for c in $(CHAPTERS); do $(BIN) run notebooks/$$c.ipynb --out notebooks/$$c.ipynb --html build/$$c.html || exit 1; done

# Trains the models that chapters load, with the same bits on any number of
# processors of one kind. NAMES=shapes-crate-0 trains one alone, in minutes.
checkpoints:
	$(GO) run -trimpath ./internal/checkpoints $(NAMES)

# The course as HTML pages, from the notebooks as they are stored: nothing is
# executed; a link that leads nowhere is an error, and so is a page that would
# fetch something.
MATHFONT := codeberg.org/go-fonts/latin-modern

book: .venv-book/installed
	$(GO) mod download $(MATHFONT)
	mkdir -p build/book-font
	cp -f "$$($(GO) list -m -f '{{.Dir}}' $(MATHFONT))/lmmath/latinmodern-math.otf" build/book-font
	.venv-book/bin/sphinx-build -q -E -W --keep-going -c internal/book/html -d build/book-pages . build/book
	! grep -rnoE --include='*.html' '<(script|link|img|iframe)[^>]*(src|href)="(https?:)?//[^"]*' build/book

# The page of every figure, with the cells that made it; takes about ten minutes.
gallery: build
	$(GO) run ./internal/gallery $(BIN) internal/gallery/source.md docs/gallery.md

# A Python environment is made anew when its requirements change.
.venv/installed: $(CLIENTS)/requirements.txt
.venv-book/installed: internal/book/html/requirements.txt
.venv-lab/installed: $(CLIENTS)/browser/requirements.txt
.venv-kernel/installed: bench/kernels/requirements.txt
.venv-torch/installed: bench/torch/requirements.txt

.venv/installed .venv-book/installed .venv-lab/installed .venv-kernel/installed .venv-torch/installed:
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

clean:
	rm -rf bin build out

distclean: clean
	rm -rf .venv .venv-book .venv-lab .venv-kernel .venv-torch
