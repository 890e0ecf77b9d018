"""Draws the port map of this machine as an SVG that stands alone: what /map shows, with its style and ground inside.

    .venv/bin/python tools/map_picture.py map.svg

tools/build_picture.py runs it in the scene with the intruder. Nothing in the picture is made up: it is a look at the
machine, held against the rules that are found, drawn by the template of the page.
"""

from __future__ import annotations

import base64
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "src"))

from hb_engine.app.hub.questions import Place  # noqa: E402
from hb_engine.app.hub.sight import Sight  # noqa: E402
from hb_engine.app.hub.viewing import View  # noqa: E402
from hb_engine.faces.web import assets  # noqa: E402
from hb_engine.faces.web.assets import Assets  # noqa: E402
from hb_engine.faces.web.hub import Hub  # noqa: E402
from hb_engine.faces.web.language import language  # noqa: E402
from hb_engine.faces.web.map import drawing  # noqa: E402
from hb_engine.faces.web.map.base import base_of, parse  # noqa: E402
from hb_engine.faces.web.page import Ask  # noqa: E402
from hb_engine.faces.web.rendering import Renderer  # noqa: E402
from hb_engine.registry.assignments import Registry  # noqa: E402
from hb_engine.registry.threats import Threats  # noqa: E402

SIZE = 1000  # pixels
THEME = "dark"


def main() -> int:
    """Look, draw, write."""
    sight = View(Place()).look()
    if not isinstance(sight, Sight):
        return 2
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(picture(sight))
    return 0


def picture(sight: Sight) -> str:
    """The map of a sight."""
    hub = Hub(Registry.open(), Threats.open(), _nobody)
    hub.show(sight)
    ask = Ask(hub, language("en"), None, path="/map", params={}, query={}, form={}, now=sight.taken_at, theme=THEME)
    values = {"ask": ask, "session": None, "sight": sight, "map": drawing.hero(ask)}
    drawn = Renderer(language("en"), Assets()).render("map_alone.html", values).strip()
    drawn = re.sub(r'<image class="map-country light".*?/>\n', "", drawn)
    drawn = re.sub(r'href="(/map/base/[^"]+)"', lambda found: f'href="{_inside(hub, found[1])}"', drawn)
    drawn = re.sub(r'<g class="map-names narrow".*?</g>\n', "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'<a href="[^"]*"([^>]*)>(.*?)</a>', r"<g\1>\2</g>", drawn)  # it leads nowhere
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" data-theme="{THEME}" '
    opening, _, rest = drawn.partition(">")
    return f"{opening.replace('<svg ', head)}><style>{style()}</style>{rest}\n"


def style() -> str:
    """The colours, and the map's own rules; without motion, and without what depends on the width of a screen."""
    with open(os.path.join(assets.HERE, "hb.css"), encoding="utf-8") as file:
        text = file.read()
    colours = text[: text.index("/* ground */")]
    rules = text[text.index("/* map: ") :]
    rules = rules[: rules.index("@media (max-width")]
    return re.sub(r"/\*.*?\*/", "", colours + rules, flags=re.DOTALL).replace("<", "")


async def _nobody(question: str, **_words: object) -> None:
    raise RuntimeError(f"a picture asks nothing: {question}")


def _inside(hub: Hub, address: str) -> str:
    """A picture of the country as a data: URL (RFC 2397)."""
    asked = parse(address.rpartition("/")[2])
    if asked is None:
        raise ValueError(address)
    body = base_of(hub.registry, hub.threats).png(*asked)
    return f"data:image/png;base64,{base64.b64encode(body).decode()}"


if __name__ == "__main__":
    sys.exit(main())
