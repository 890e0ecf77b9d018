"""RabbitMQ: AMQP 0-9-1, whose first frame has the version; and epmd, which comes with it."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

AMQP = Listen(5672, ("amqp",), product="RabbitMQ", reveals="upstream")
SERVER = Server(packages=("rabbitmq-server",), listens=(AMQP, AMQP.also(45672), Listen(4369, ("epmd",))), patience=180)


def start(place: Place) -> None:
    """One node, two listeners."""
    for folder in ("/var/lib/rabbitmq", "/var/log/rabbitmq", "/tmp/rabbitmq", "/run/rabbitmq"):
        place.make(folder, user="rabbitmq")
    place.write(
        "/etc/rabbitmq/rabbitmq.conf",
        "listeners.tcp.1 = 0.0.0.0:5672\nlisteners.tcp.2 = 0.0.0.0:45672\nlog.console = true\n",
    )
    environment = {
        "HOME": "/var/lib/rabbitmq",
        "RABBITMQ_NODENAME": f"rabbit@{place.name}",
        "RABBITMQ_MNESIA_BASE": "/tmp/rabbitmq",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": "/run/rabbitmq/pid",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
    }
    place.spawn("/usr/lib/rabbitmq/bin/rabbitmq-server", user="rabbitmq", environment=environment)
