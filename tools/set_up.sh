# Sourced by ./hb, with $here: leaves in $python what hb is to be run with, remembers it, and compiles the modules once.
# Where the checkout is somebody else's it writes nothing, and hb works all the same.

python=
for name in python3 python3.11 python3.12 python3.13 python3.14 python3.15; do
    found=$(command -v "$name" 2>/dev/null) || continue
    # sys.executable is the interpreter itself, not a shim that starts slowly.
    python=$("$found" -c 'import sys; sys.exit(1) if sys.version_info < (3, 11) else print(sys.executable)' 2>/dev/null) && break
    python=
done
if [ -z "$python" ]; then
    echo "hb: needs Python 3.11 or newer, and found none on PATH (Debian, Ubuntu: apt install python3)" >&2
    exit 2
fi
if [ -w "$here" ]; then
    "$python" -I -m compileall -q "$here/src" >/dev/null 2>&1 || :
    printf '%s\n' "$python" 2>/dev/null >"$here/.hb-python" || :
fi
