"""MariaDB, mariadbd(8): its greeting begins with 5.5.5-, which it is not."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MYSQL = Listen(3306, ("mysql",), product="MariaDB", reveals="upstream")
SERVER = Server(packages=("mariadb-server",), listens=(MYSQL, MYSQL.also(43306)), patience=120)

ROOM = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--performance-schema=0"]


def start(place: Place) -> None:
    """A fresh database. Its one account brings any host to the greeting; the second port is for administrators."""
    place.make("/run/mysqld", user="mysql")
    data = place.make("/tmp/mariadb", user="mysql")
    place.run("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=mysql", "--skip-test-db", *ROOM)
    stranger = place.write("stranger.sql", "CREATE USER 'nobody'@'%' IDENTIFIED BY 'nobody-has-this';\n")
    host = ["--bind-address=0.0.0.0", "--extra-port=43306", "--skip-name-resolve"]
    place.spawn(
        "mariadbd", "--no-defaults", f"--datadir={data}", "--user=mysql", f"--init-file={stranger}", *host, *ROOM
    )
