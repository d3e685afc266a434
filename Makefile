# make run: serve the app on localhost:8501. make test: run every test.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check
.PHONY: run test check clean

run: .venv/run.done
	.venv/bin/python -m streamlit run app.py

test: .venv/dev.done
	.venv/bin/python -m pytest $(ARGS)

check: .venv/dev.done
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy

.venv/run.done: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.txt
	touch $@

.venv/dev.done: requirements-dev.txt .venv/run.done
	$(PIP) -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv
