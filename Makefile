# make run: serve the app on localhost:8501.  make test: run every test (ARGS="-k survival" for some).  make check: style, types.  make fuzz: 1,000 damaged workbooks, and 1,000 examples of each property of which `make test` tries 40.  make hostile: how long files made to be slow take.
# make bench: how fast pages follow a click, start, upload, beside two trivial apps (docs/performance.md; half an hour, ARGS=--quick for some minutes).
# make soak: many readers at once, then faults: a full disk, a lost network (ARGS="--users 30 --minutes 10"; docs/server.md).
# make layouts: the files of ten centres from upload to curve in a browser, with the clicks; of each public file the questions asked and needed.
# make simulate: how often tests err and intervals hold in small cohorts (docs/simulation.md; some minutes).  make validate: docs/validation.md anew, and the R scripts of Survival run in R where it is.  make gallery: the pictures of docs/gallery anew.
# make lock: pin every package of requirements.txt anew with its fingerprints (ARGS=--upgrade: the newest that fit).  make sbom: what the program is made of, sbom.json.  make wheel: the installable file, in dist.  make folder SYSTEM=windows PYTHON_FILE=...: a folder with Python inside (deploy/folder.py).
# PYTHON: the first of these that is 3.11 or newer makes .venv; deploy/launch.py does the rest, and nothing when nothing changed.
PYTHON = python3 python3.13 python3.12 python3.11
.PHONY: run test check fuzz hostile layouts simulate validate gallery lock sbom wheel folder uv bench soak install clean
UV = 0.13.9
COMPILE = .venv/lock/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --quiet $(ARGS)

run:
	@$(call launch,--no-browser)

test: install
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: install
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy

fuzz: install
	PYTHONPATH=.:data:tests .venv/bin/python -m intake.fuzz $(ARGS)
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n auto -m hypothesis --hypothesis-profile=thorough

hostile: install
	PYTHONPATH=.:data:tests .venv/bin/python -m benchmarks.hostile

bench: install
	PYTHONPATH=.:data:tests .venv/bin/python -m benchmarks $(ARGS)

soak: install
	PYTHONPATH=.:data:tests .venv/bin/python -m benchmarks.soak $(ARGS)

layouts: install
	LAYOUTS=all .venv/bin/python -m pytest tests/browser/test_ten_layouts.py tests/intake/test_roles.py

simulate: install
	OMP_NUM_THREADS=1 PYTHONPATH=.:tests .venv/bin/python -m simulation $(ARGS)

validate: install
	PYTHONPATH=.:data:tests .venv/bin/python -m validation
	PYTHONPATH=.:data:tests .venv/bin/python -m validation.r_script

gallery: install
	PYTHONPATH=.:data:tests .venv/bin/python -m gallery $(ARGS)

uv: install
	.venv/bin/python -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV)

lock: uv
	$(COMPILE) requirements.txt -o deploy/requirements.lock
	echo setuptools | $(COMPILE) - -o deploy/build.lock

sbom: install
	.venv/bin/python deploy/sbom.py > sbom.json

wheel: install
	rm -rf build
	.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	rm -rf build *.egg-info

folder: wheel uv
	PATH="$(CURDIR)/.venv/lock/bin:$$PATH" .venv/bin/python deploy/folder.py --system "$(SYSTEM)" --python "$(PYTHON_FILE)" --sha256 "$(SHA256)" --wheel "$$(ls -t dist/*.whl | head -n 1)"

install:
	@$(call launch,--install requirements-dev.txt)

clean:
	rm -rf .venv

define launch
for python in $(PYTHON); do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then exec $$python deploy/launch.py $(1); fi; \
done; \
echo "Python 3.11 or newer is needed; none of these is: $(PYTHON)." >&2; exit 1
endef
