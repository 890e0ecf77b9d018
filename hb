#!/bin/sh
# Runs hb from this checkout: sets up .venv on first use (and again when the lock file has changed), then hands over.
# Without the network, or without Python's venv module, hb runs all the same; only the colours of a terminal are missing.
set -eu
here=$0
if [ -L "$here" ]; then here=$(readlink -f "$here"); fi
case $here in */*) here=${here%/*} ;; *) here=$(dirname "$(command -v "$here")") ;; esac
here=$(cd "$here" && pwd)
ready=$here/.venv/hb-ready
python=$here/.venv/bin/python
if [ ! -e "$ready" ] || [ "$here/requirements/runtime.lock" -nt "$ready" ] || [ ! -x "$python" ]; then
    . "$here/tools/set_up.sh"
fi
# -I: no variable, no user's folder and not the current one decides what a root tool imports. -S: site costs 3 ms.
exec "$python" -I -S -c "import sys
here = sys.argv.pop(1)
sys.path += [here + '/src', f'{here}/.venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages']
from hb_engine.__main__ import main
sys.exit(main())" "$here" "$@"
