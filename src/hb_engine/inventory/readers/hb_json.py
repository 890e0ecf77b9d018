"""hb's own: what `hb snapshot -o` and `hb ls --json` write, one document, or several one a line (many machines)."""

from __future__ import annotations

from hb_engine.inventory.reading import Format
from hb_engine.model.errors import DataError
from hb_engine.wire.inventory_json import read as read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Inventory

FORMAT = Format("hb", "snapshots of hb (hb snapshot, hb ls --json)")


def claims(head: bytes) -> bool:
    """Whether it is a document of hb, of the kind inventory."""
    return head.startswith(b"{") and b'"hb/' in head[:64] and b'"inventory"' in head[:128]


def read(data: bytes, name: str, at: float) -> tuple[Inventory, ...]:  # noqa: ARG001 - the document tells both
    """The inventories. Raises DataError with the line, where there are several, and the field's path."""
    try:
        lines = [line for line in data.removeprefix(b"\xef\xbb\xbf").decode().splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise DataError(f"byte {error.start} is no UTF-8", "hb writes ASCII; the file was changed.") from error
    if len(lines) == 1 or not all(line.startswith("{") and line.endswith("}") for line in lines):
        return (read_text("\n".join(lines)),)
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(read_text(line))
        except DataError as error:
            raise DataError(f"line {number}: {error.message}", error.remedy) from error
    return tuple(found)
