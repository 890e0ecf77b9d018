"""Command lines as they are met, and what runs behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.scripts import _SPECIAL, FAMILIES, GRAMMARS, family_of, script_file, script_of

CASES = [
    # the dynamic loader
    ("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2 /opt/tool -l", "/opt/tool"),
    ("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "ld.so --library-path /x --argv0 nginx ./tool", "/srv/tool"),
    ("/lib/ld-musl-x86_64.so.1", "ld-musl-x86_64.so.1 --preload /x.so -- /usr/bin/python3 -u a.py", "/srv/a.py"),
    ("/usr/lib/ld-2.31.so", "/usr/lib/ld-2.31.so --list", None),
    ("/usr/lib/ld-2.31.so", "nginx", None),
    ("/usr/bin/ld-tool", "ld-tool /opt/x", None),
    # python
    ("/usr/bin/python3.11", "python3 app.py", "/srv/app.py"),
    ("/usr/bin/python3.11", "python3 /usr/bin/gunicorn -b :80 app:app", "/usr/bin/gunicorn"),
    ("/usr/bin/python3.11", "python3 -m http.server 8000", "module http.server"),
    ("/usr/bin/python3.11", "python3 -mhttp.server", "module http.server"),
    ("/usr/bin/python3.11", "python3 -Im http.server", "module http.server"),
    ("/usr/bin/python3.11", "python3 -uBm uvicorn app:app", "module uvicorn"),
    ("/usr/bin/python3.11", "python3 -c pass app.py", "-c"),
    ("/usr/bin/python3.11", "python3 -Wignore -X dev ./app.py x", "/srv/app.py"),
    ("/usr/bin/python3.11", "python3 -W ignore -u -O ../app.py", "/app.py"),
    ("/usr/bin/python3.11", "python3 -Xdev -- -odd.py", "/srv/-odd.py"),
    ("/usr/bin/python3.11", "python3 --check-hash-based-pycs always a.py", "/srv/a.py"),
    ("/usr/bin/python3.11", "python3 - x", "-"),
    ("/usr/bin/python3.11", "python3 -i", None),
    ("/usr/bin/python3.11", "python3", None),
    ("/usr/bin/python3.11", "python3 -m", None),
    ("/usr/bin/python2.7", "python -Qwarn a.py", "/srv/a.py"),
    ("/opt/pypy/bin/pypy3.10", "pypy3 a.py", "/srv/a.py"),
    ("/usr/bin/python3.11d", "python3.11d a.py", "/srv/a.py"),
    ("/usr/bin/python3-dbg", "python3-dbg a.py", "/srv/a.py"),
    # perl
    ("/usr/bin/perl", "perl -wT -I /lib /usr/sbin/munin-node", "/usr/sbin/munin-node"),
    ("/usr/bin/perl", "perl -I/lib -MCarp=a a.pl", "/srv/a.pl"),
    ("/usr/bin/perl", "perl -lne print a.pl", "-e"),
    ("/usr/bin/perl", "perl -E say", "-E"),
    ("/usr/bin/perl", "perl -0777 -i.bak -T a.pl", "/srv/a.pl"),
    ("/usr/bin/perl5.36-x86_64-linux-gnu", "perl a.pl", "/srv/a.pl"),
    # ruby
    ("/usr/bin/ruby3.1", "ruby -W:no-deprecated -rbundler/setup -I lib bin/rails server", "/srv/bin/rails"),
    ("/usr/bin/ruby3.1", "ruby -C /x -E UTF-8 a.rb", "/srv/a.rb"),
    ("/usr/bin/ruby3.1", "ruby --encoding UTF-8 a.rb", "/srv/a.rb"),
    ("/usr/bin/ruby3.1", "ruby -e 1", "-e"),
    # shells
    ("/usr/bin/bash", "bash -c exec_server", "-c"),
    ("/usr/bin/bash", "bash -lc x", "-c"),
    ("/usr/bin/bash", "bash -euo pipefail run.sh", "/srv/run.sh"),
    ("/usr/bin/bash", "bash -O extglob +O dotglob run.sh", "/srv/run.sh"),
    ("/usr/bin/bash", "bash --rcfile /x --posix run.sh", "/srv/run.sh"),
    ("/usr/bin/bash", "bash -x -- run.sh", "/srv/run.sh"),
    ("/usr/bin/bash", "bash -s stable", "-"),
    ("/usr/bin/bash", "-bash", None),
    ("/usr/bin/dash", "sh /etc/init.d/x start", "/etc/init.d/x"),
    ("/usr/bin/dash", "sh -e x.sh", "/srv/x.sh"),
    ("/bin/bash-static", "bash-static x.sh", "/srv/x.sh"),
    ("/bin/busybox", "sh x.sh", "/srv/x.sh"),
    ("/bin/busybox", "busybox ash -c x", "-c"),
    ("/bin/busybox", "-sh", None),
    ("/bin/busybox", "httpd -f -p 80", None),
    ("/bin/busybox", "busybox", None),
    ("/usr/bin/zsh", "zsh -f x.zsh", "/srv/x.zsh"),
    ("/usr/bin/fish", "fish --init-command x -d 3 a.fish", "/srv/a.fish"),
    ("/usr/bin/fish", "fish --command x", "--command"),
    # node
    ("/usr/bin/node", "node server.js --port 80", "/srv/server.js"),
    ("/usr/bin/node", "node --inspect=0.0.0.0:9229 -r dotenv/config dist/main", "/srv/dist/main"),
    ("/usr/bin/node", "node --max-old-space-size=99 dist/main", "/srv/dist/main"),
    ("/usr/bin/node", "node --require ./x.js --env-file .env s.js", "/srv/s.js"),
    ("/usr/bin/node", "node --loader=ts-node/esm s.ts", "/srv/s.ts"),
    ("/usr/bin/node", "node -e x", "-e"),
    ("/usr/bin/node", "node -pe x", "-p"),
    ("/usr/bin/node", "node --eval=x", "--eval"),
    ("/usr/bin/node", "node inspect s.js", "/srv/s.js"),
    ("/usr/bin/node", "node --run build", "task build"),
    ("/usr/bin/node", "node --run=build", "task build"),
    ("/usr/bin/node", "node s.js --run x", "/srv/s.js"),
    ("/usr/bin/node", "node -", "-"),
    ("/usr/bin/nodejs", "nodejs s.js", "/srv/s.js"),
    ("/usr/local/bin/node_exporter", "node_exporter --web.listen-address=:9100 x", None),
    # php
    ("/usr/bin/php8.2", "php artisan serve", "/srv/artisan"),
    ("/usr/bin/php8.2", "php -d memory_limit=-1 -c /etc/x -f a.php", "/srv/a.php"),
    ("/usr/bin/php8.2", "php -S 0.0.0.0:80 -t public router.php", "/srv/router.php"),
    ("/usr/bin/php8.2", "php -S 0.0.0.0:80 -t public", "/srv/public"),
    ("/usr/bin/php8.2", "php -S 0.0.0.0:80", "/srv"),
    ("/usr/bin/php8.2", "php -r x", "-r"),
    ("/usr/sbin/php-fpm8.2", "php-fpm: pool www", None),
    # java
    ("/usr/lib/jvm/j/bin/java", "java -Xmx1g -Dx=y -jar app.jar --port 1", "/srv/app.jar"),
    ("/usr/lib/jvm/j/bin/java", "java -cp a.jar Main x", "class Main (a.jar)"),
    ("/usr/lib/jvm/j/bin/java", "java -classpath a.jar:b.jar:c.jar org.x.Main", "class org.x.Main (a.jar and 2 more)"),
    ("/usr/lib/jvm/j/bin/java", "java --class-path=a.jar Main", "class Main (a.jar)"),
    ("/usr/lib/jvm/j/bin/java", "java Main", "class Main"),
    ("/usr/lib/jvm/j/bin/java", "java --add-opens java.base/java.lang=ALL-UNNAMED -jar /a.jar", "/a.jar"),
    ("/usr/lib/jvm/j/bin/java", "java -p mods -m com.x/com.x.Main", "module com.x/com.x.Main"),
    ("/usr/lib/jvm/j/bin/java", "java --module=com.x", "module com.x"),
    ("/usr/lib/jvm/j/bin/java", "java Hello.java", "/srv/Hello.java"),
    ("/usr/lib/jvm/j/bin/java", "java -version", None),
    ("/usr/lib/jvm/j/bin/java", "java -jar", None),
    # the others
    ("/usr/bin/lua5.4", "lua -l mod -i a.lua", "/srv/a.lua"),
    ("/usr/bin/lua5.4", "lua -e x=1 a.lua", "/srv/a.lua"),
    ("/usr/bin/lua5.4", "lua -e x=1", "-e"),
    ("/usr/bin/luajit", "luajit -Oloop a.lua", "/srv/a.lua"),
    ("/usr/bin/tclsh8.6", "tclsh -encoding utf-8 a.tcl", "/srv/a.tcl"),
    ("/usr/bin/expect", "expect -f a.exp", "/srv/a.exp"),
    ("/usr/bin/gawk", "gawk -F : -f a.awk x", "/srv/a.awk"),
    ("/usr/bin/gawk", "gawk {print} x", None),
    ("/usr/lib/R/bin/exec/R", "R --no-echo --no-restore --file=a.R --args x", "/srv/a.R"),
    ("/usr/lib/R/bin/exec/R", "R -f a.R", "/srv/a.R"),
    ("/usr/lib/R/bin/exec/R", "R --no-save --args a.R", None),
    ("/usr/bin/Rscript", "Rscript --vanilla a.R", "/srv/a.R"),
    ("/usr/bin/Rscript", "Rscript -e x", "-e"),
    ("/usr/bin/deno", "deno run --allow-net -c deno.json main.ts", "/srv/main.ts"),
    ("/usr/bin/deno", "deno run -A https://x.example/main.ts", "https://x.example/main.ts"),
    ("/usr/bin/deno", "deno serve --port 80 main.ts", "/srv/main.ts"),
    ("/usr/bin/deno", "deno task dev", "task dev"),
    ("/usr/bin/deno", "deno eval x", "-e"),
    ("/usr/bin/deno", "deno repl", None),
    ("/usr/bin/bun", "bun run dev", "task dev"),
    ("/usr/bin/bun", "bun run server.ts", "/srv/server.ts"),
    ("/usr/bin/bun", "bun --hot server.ts", "/srv/server.ts"),
    ("/usr/bin/bun", "bun -e x", "-e"),
    ("/usr/bin/bun", "bun install", None),
    ("/usr/share/dotnet/dotnet", "dotnet App.dll --urls x", "/srv/App.dll"),
    ("/usr/share/dotnet/dotnet", "dotnet exec --runtimeconfig a.json --depsfile b.json App.dll", "/srv/App.dll"),
    ("/usr/share/dotnet/dotnet", "dotnet run --project src/App", "project src/App"),
    ("/usr/share/dotnet/dotnet", "dotnet build", None),
    ("/usr/bin/mono", "mono --debug a.exe", "/srv/a.exe"),
    ("/usr/bin/uwsgi-core", "uwsgi x", None),
    ("/usr/bin/uwsgi", "uwsgi --ini /etc/uwsgi/a.ini", "/etc/uwsgi/a.ini"),
    ("/usr/bin/uwsgi", "uwsgi --http :80 --wsgi-file=app.py", "/srv/app.py"),
    ("/usr/bin/uwsgi", "uwsgi --http :80 -w app:app", "module app:app"),
    ("/usr/bin/uwsgi", "uwsgi a.ini", "/srv/a.ini"),
    ("/usr/lib/erlang/erts/bin/beam.smp", "beam.smp -W w -- -root /x -- -noshell -s rabbit boot -x", "module rabbit"),
    ("/usr/bin/pwsh", "pwsh -NoProfile -File a.ps1", "/srv/a.ps1"),
    ("/usr/bin/pwsh", "pwsh -ExecutionPolicy Bypass -Command x", "-c"),
    ("/usr/bin/env", "env -i A=b python3 a.py", "/srv/a.py"),
    ("/usr/bin/env", "env -u X bash -c x", "-c"),
    ("/usr/bin/julia", "julia -J sys.so -O3 a.jl", "/srv/a.jl"),
    ("/usr/bin/guile-3.0", "guile -L x -s a.scm", "/srv/a.scm"),
    ("/usr/bin/guile", "guile -L x -s a.scm", "/srv/a.scm"),
    # no interpreters
    ("/usr/sbin/nginx", "nginx: master process /usr/sbin/nginx", None),
    ("/usr/sbin/sshd", "sshd -D", None),
    ("/usr/bin/pythonista", "pythonista a.py", None),
    ("/usr/bin/rubyfmt", "rubyfmt a.rb", None),
    ("/usr/bin/javac", "javac A.java", None),
    ("/usr/bin/shfmt", "shfmt x", None),
]


@pytest.mark.parametrize(("exe", "line", "expected"), CASES, ids=[case[1] for case in CASES])
def test_what_runs(exe, line, expected):
    assert script_of(exe, tuple(line.split()), "/srv") == expected


def test_split_strings_of_env():
    assert script_of("/usr/bin/env", ("env", "-S", "python3 -u a.py", "x"), "/srv") == "/srv/a.py"
    assert script_of("/usr/bin/env", ("env", "-Spython3 -m x"), "/srv") == "module x"
    assert script_of("/usr/bin/env", ("env", "env", "env"), "/srv") is None


def test_titles_and_empty_command_lines():
    assert script_of("/usr/bin/python3.11", ("gunicorn: master [app]",), "/srv") is None
    assert script_of("/usr/bin/python3.11", (), "/srv") is None
    assert script_of("", (), None) is None
    assert script_of("/usr/bin/python3.11", ("python3", ""), "/srv") is None


def test_without_an_executable_the_first_argument_tells():
    assert script_of("", ("python3", "a.py"), "/srv") == "/srv/a.py"


def test_a_deleted_interpreter_is_still_one():
    assert script_of("/usr/bin/bash (deleted)", ("bash", "a.sh"), "/srv") == "/srv/a.sh"


@pytest.mark.parametrize(
    ("path", "cwd", "expected"),
    [
        ("a.py", None, "a.py"),
        ("a.py", "/", "/a.py"),
        ("./a.py", "/srv/x", "/srv/x/a.py"),
        ("././/a.py", "/srv/x", "/srv/x/a.py"),
        ("../../../a.py", "/srv/x", "/a.py"),
        ("lib/../a.py", "/srv", "/srv/lib/../a.py"),  # lib may be a link: only the kernel knows where .. leads
        ("a.py", "(unreachable)/x", "a.py"),
        ("/a.py", "/srv", "/a.py"),
    ],
)
def test_paths_and_the_folder_they_count_from(path, cwd, expected):
    assert script_of("/usr/bin/python3", ("python3", path), cwd) == expected


def test_which_answers_are_files():
    assert script_file("/srv/a.py") == "/srv/a.py"
    for other in (None, "", "-c", "-", "module x", "class Main (a.jar)", "task x", "a.py", "https://x/y"):
        assert script_file(other) is None


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("python3", "python"), ("python3.13t", "python"), ("pythont", ""), ("python3.11-minimal", "python"),
        ("python-config", ""), ("sh", "sh"), ("ssh", ""), ("beam.smp", "beam"), ("beamx", ""), ("R", "R"), ("r", ""),
        ("", ""), ("3", ""), ("java", "java"), ("javaw", ""), ("bash5", "sh"), ("pyth\u00f6n", ""),
    ],
)  # fmt: skip
def test_names_of_families(name, family):
    assert family_of(name) == family


def test_every_alias_leads_to_a_family():
    assert set(FAMILIES.values()) <= set(GRAMMARS) | set(_SPECIAL)


ANY_WORD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "-c",
            "-e",
            "-m",
            "--",
            "-",
            "-W",
            "-jar",
            "-cp",
            "run",
            "--file=",
            "-S",
            "-f",
            "env",
            "a.dll",
            "+O",
            "-s",
            "-w",
            "--module",
        ]
    ),
)


@given(st.sampled_from(sorted(set(GRAMMARS) | set(_SPECIAL) | {"busybox"})), st.lists(ANY_WORD, max_size=6),
       st.none() | st.text(max_size=8))  # fmt: skip
def test_any_command_line_gives_text_or_nothing(name, words, cwd):
    found = script_of(f"/usr/bin/{name}", (name, *words), cwd)
    assert found is None or (isinstance(found, str) and found)


@given(st.lists(ANY_WORD, max_size=6))
def test_what_is_no_interpreter_runs_no_script(words):
    assert script_of("/usr/sbin/nginx", ("nginx", *words), "/srv") is None
