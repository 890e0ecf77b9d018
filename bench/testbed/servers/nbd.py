"""nbd-server(1): a block device of one mebibyte, read-only."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

NBD = Listen(10809, ("nbd",))
SERVER = Server(packages=("nbd-server",), listens=(NBD, NBD.also(40809)))


def start(place: Place) -> None:
    """One process a port, in the background: in the foreground it serves one client and ends."""
    device = place.write("device", "\0" * 2**20)
    for port in (10809, 40809):
        text = f"[generic]\nport = {port}\nuser = nobody\ngroup = nogroup\n"
        text += f"[none]\nexportname = {device}\nreadonly = true\n"
        place.run("nbd-server", "-C", place.write(f"{port}.conf", text))
