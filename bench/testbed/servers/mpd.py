"""The Music Player Daemon, mpd(1): its greeting has the protocol's version, which is not its own."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MPD = Listen(6600, ("mpd",))
SERVER = Server(packages=("mpd",), listens=(MPD, MPD.also(46600)))


def start(place: Place) -> None:
    """No music. One process a port."""
    for port in (6600, 46600):
        lines = ['bind_to_address "0.0.0.0"', f'port "{port}"', 'log_file "/dev/stderr"', 'zeroconf_enabled "no"']
        output = 'audio_output {\n type "null"\n name "none"\n}'
        place.spawn("mpd", "--no-daemon", "--stderr", place.write(f"{port}.conf", "\n".join([*lines, output, ""])))
