#!/bin/sh
# Starts the program by double click (macOS, Linux). All the rest is in launch.py.
cd "$(dirname "$0")/.." || exit 1
for python in python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" deploy/launch.py "$@"
    fi
done
echo "Python 3.11 or newer is needed, and none was found on this machine: get one from python.org." >&2
exit 1
