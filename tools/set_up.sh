# Sourced by ./hb, with $here: finds a Python, makes .venv, installs what the lock file names, compiles the modules, and
# leaves in $python what hb is to be run with. All that it writes lies below $here/.venv.

say() { printf 'hb: %s\n' "$*" >&2; }

find_python() {
    for name in python3 python3.11 python3.12 python3.13 python3.14 python3.15; do
        found=$(command -v "$name" 2>/dev/null) || continue
        if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$found" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    say "needs Python 3.11 or newer, and found none on PATH. On Debian and Ubuntu: apt install python3"
    return 1
}

set_up() {
    log=$here/.venv/set-up.log
    python=$(find_python) || exit 2
    if [ -e "$here/.venv/hb-plain" ] && [ "$here/.venv/hb-plain" -nt "$here/requirements/runtime.lock" ]; then return; fi
    if ! mkdir -p "$here/.venv" 2>/dev/null || [ ! -w "$here/.venv" ]; then return; fi # somebody else's checkout
    say "first use: setting up $here/.venv (a few seconds, once)"
    if "$python" -m venv "$here/.venv" >"$log" 2>&1 &&
        "$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
            -r "$here/requirements/runtime.lock" >>"$log" 2>&1; then
        python=$here/.venv/bin/python
        : >"$here/.venv/hb-ready"
        rm -f "$here/.venv/hb-plain"
    else
        say "could not install rich ($log says why): terminals get plain text."
        say "to try again: rm -r $here/.venv"
        rm -f "$here/.venv/bin/python"
        : >"$here/.venv/hb-plain"
    fi
    "$python" -m compileall -q "$here/src" >/dev/null 2>&1 || :
}

set_up
