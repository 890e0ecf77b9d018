"""Mosquitto, mosquitto(8): strangers may subscribe, also to $SYS, where its version is."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MQTT = Listen(1883, ("mqtt", "mosquitto"), product="mosquitto", reveals="upstream")
SERVER = Server(packages=("mosquitto",), listens=(MQTT, MQTT.also(41883)))


def start(place: Place) -> None:
    """Two listeners."""
    text = "listener 1883 0.0.0.0\nlistener 41883 0.0.0.0\nallow_anonymous true\nuser root\n"
    place.spawn("mosquitto", "-c", place.write("mosquitto.conf", text))
