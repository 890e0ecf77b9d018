"""beanstalkd(1): stats has its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

BEANSTALK = Listen(11300, ("beanstalk", "beanstalkd"), product="beanstalkd", reveals="upstream")
SERVER = Server(packages=("beanstalkd",), listens=(BEANSTALK, BEANSTALK.also(41300)))


def start(place: Place) -> None:
    """One process a port."""
    for port in ("11300", "41300"):
        place.spawn("beanstalkd", "-l", "0.0.0.0", "-p", port)
