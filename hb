#!/bin/sh
# Runs hb from this checkout. On first use it looks for a Python of 3.11 or newer and remembers it in .hb-python; nothing
# is installed, since hb needs nothing but Python itself.
set -eu
here=$0
if [ -L "$here" ]; then here=$(readlink -f "$here"); fi
case $here in
/*) here=${here%/*} ;;
*/*) here=$PWD/${here%/*} ;;
*) here=$(dirname "$(command -v "$here")") ;;
esac
python=
if [ -r "$here/.hb-python" ]; then read -r python <"$here/.hb-python" || :; fi
if [ ! -x "$python" ]; then . "$here/tools/set_up.sh"; fi
# -I: no variable, no user's folder and not the current one decides what a root tool imports. -S: site costs 3 ms.
exec "$python" -I -S -c "import sys
sys.path.append(sys.argv.pop(1) + '/src')
from hb_engine.__main__ import main
main()" "$here" "$@"
