"""dictd(8): its greeting has everything."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

DICT = Listen(2628, ("dict",), product="dictd", reveals="upstream")
SERVER = Server(packages=("dictd",), listens=(DICT, DICT.also(42628)))


def start(place: Place) -> None:
    """With a dictionary of one word, since it will not run without any. One process a port."""
    data = place.write("word.dict", "port\n  a number\n")
    index = place.write("word.index", "port\tA\tQ\n")  # at 0, 16 bytes long, in dictd's own base 64
    file = place.write("dictd.conf", f'database word {{\n  data "{data}"\n  index "{index}"\n}}\n')
    for port in ("2628", "42628"):
        place.spawn("dictd", "-d", "nodetach", "-p", port, "-c", file, "--pid-file", f"/run/dictd.{port}")
