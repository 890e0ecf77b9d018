"""`hb generate`: rules for firewalls, systemd and sensors, made from the baseline and never applied."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "generate",
    "rules for nftables, systemd, Suricata or Zeek, never applied",
    Argument("PROGRAM", "nftables, systemd, suricata or zeek", 1, 1),
    (
        Option("host", "for this machine, by name, or by a file that tells of it (hb snapshot); by default the one "
               "that hb runs on", "", "NAME|FILE"),
        Option("role", "for machines of these roles; with --host, roles that it has besides", "", "NAME,...", "list"),
        Option("closed", "refuse, or tell of, everything that no rule allows"),
        Option("output", "write to this file; for systemd, to this folder, a file for each unit", "o", "PATH"),
        Option("baseline", "the folder of rules; by default $HB_BASELINE, hb.d above here, /etc/hb-engine/hb.d", "",
               "DIR"),
        JSON,
    ),
    (
        ("hb generate nftables -o hb-baseline.nft", "a firewall for this machine; nft -c -f tries it"),
        ("hb generate nftables --role web --closed", "for web servers; what no rule allows is refused"),
        ("hb generate systemd -o drop-ins", "SocketBindAllow= for each unit that a rule names"),
        ("hb generate suricata --host web.json", "alerts for ports of that machine that should be quiet"),
        ("hb generate zeek --role db", "notices for the same"),
    ),
    "hb applies nothing: it writes text, with the command that tries it in its first lines. What a rule says and a "
    "program cannot be told stands in a comment beside it. Rules whose time is over are left out, and named.",
)  # fmt: skip


def run(asked: Asked, output: Output) -> int:
    """Write the rules. Returns 0, or 1 where no rule can be told to the program; raises BadInput, CannotLook,
    DataError."""
    from hb_engine.faces.export import generators  # help needs none of it

    generator = generators.load(asked.words[0])  # mistakes are told before anything is read
    from hb_engine import __version__
    from hb_engine.app.ruling.generate import make

    order = make(
        asked.text("baseline"),
        host=asked.text("host"),
        roles=asked.many("role"),
        closed=asked.flag("closed"),
        now=output.now,
        version=__version__,
    )
    files = generator.write(order)
    path = asked.text("output")
    if files and path and path != "-":
        _written(asked.words[0], path, files, output)
    if asked.flag("json"):
        from hb_engine.faces.export.generating_json import generated  # people need none of it

        output.write(generated(asked.words[0], files, "" if path == "-" or not files else path))
    elif not files:
        _remark(output, f"no rule names a unit, so there is nothing to write for {asked.words[0]}")
    elif path in ("", "-"):
        output.write(_joined(files))
    return 0 if files else 1


def _written(program: str, path: str, files: Sequence[tuple[str, str]], output: Output) -> None:
    """Write what was made: one file, or for systemd a folder."""
    if program == "systemd":
        _folder(path, files, output)
    else:
        _file(path, files[0][1], output)


def _joined(files: Sequence[tuple[str, str]]) -> str:
    """All files as one text, each with its name before it where there are several."""
    if len(files) == 1:
        return files[0][1]
    return "\n".join([f"# {name}\n{text}" for name, text in files])


def _file(path: str, text: str, output: Output) -> None:
    from hb_engine.faces.cli.sinks import Sink  # only where a file is written

    sink = Sink(path, output)
    try:
        sink.write(text)
    finally:
        sink.drop()
    _remark(output, f"{path} is written; nothing is applied")


def _folder(path: str, files: Sequence[tuple[str, str]], output: Output) -> None:
    """Each file at its place below a folder. Raises BadInput for a folder that cannot be made."""
    import os

    from hb_engine.faces.cli.sinks import Sink  # as above
    from hb_engine.faces.text import plural
    from hb_engine.model.errors import BadInput

    for name, text in files:
        place = os.path.join(path, name)
        try:
            os.makedirs(os.path.dirname(place), exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"{os.path.dirname(place)} cannot be made: {error.strerror}", "Name another folder."
            ) from error
        sink = Sink(place, output)
        try:
            sink.write(text)
        finally:
            sink.drop()
    _remark(output, f"{path}: {plural(len(files), 'drop-in')} written; nothing is applied")


def _remark(output: Output, text: str) -> None:
    from hb_engine.faces.document import Document, Paragraph, line  # only where something is said besides

    output.remark(Document((Paragraph(line(f"{text}.")),)))
