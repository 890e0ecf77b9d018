"""PgBouncer: PostgreSQL's protocol by another program."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

POOL = Listen(6432, ("postgresql", "pgbouncer"), product="PgBouncer")
SERVER = Server(packages=("pgbouncer",), listens=(POOL, POOL.also(46432)))


def start(place: Place) -> None:
    """In front of nothing. One process a port."""
    users = place.write("users", '"nobody" "nobody-has-this"\n')
    for port in (6432, 46432):
        lines = ["[databases]", "[pgbouncer]", "listen_addr = 0.0.0.0", f"listen_port = {port}", "auth_type = md5"]
        lines += [f"auth_file = {users}", "unix_socket_dir =", ""]
        place.spawn("pgbouncer", place.write(f"{port}.ini", "\n".join(lines)), user="nobody")
