"""The hosts of the baseline's roles, for whoever asks them by @ROLE: hb scan and hb scope.

Machines of a role are those that it names, and those of the roles that include it. It refuses a baseline with errors,
since a host that is left out would not be asked, and nobody would know.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.model.baseline import Role

EVERYTHING = "baseline"  # @baseline: the hosts of all roles
WRITE = '[[role]], name = "web", hosts = ["10.0.3.7"]'


def hosts_of(name: str) -> tuple[tuple[str, str], ...]:
    """The hosts of a role, or of all roles for "baseline", each with where it was said. Raises BadInput."""
    from hb_engine.app.ruling import baseline  # only who asks for a role needs it

    folder = baseline.locate()
    if folder is None:
        hint = f"Write {baseline.FOLDER}/hosts.toml with {WRITE}, or type the hosts themselves."
        raise BadInput(f"there is no baseline, and so no role: no {baseline.FOLDER} here or above", hint)
    found = baseline.read([baseline.existing(folder)])
    if found.errors:
        raise baseline.BadBaseline(folder, found.problems)
    return hosts(name, found.baseline.roles, folder)


def hosts(name: str, roles: Sequence[Role], folder: str) -> tuple[tuple[str, str], ...]:
    """The same of roles that were read; `folder` is for messages. Raises BadInput where there is no host."""
    known = {role.name: role for role in roles}
    if name != EVERYTHING and name not in known:
        from hb_engine.baseline.language.problems import did_you_mean  # only after a mistake

        raise BadInput(f"no role in {folder} is called {name!r}", did_you_mean(name, known, f"Write there: {WRITE}."))
    chosen = list(known) if name == EVERYTHING else _with_those_that_include(name, known)
    found = [(host, f"{known[each].where.text}, role {each!r}") for each in chosen for host in known[each].hosts]
    if found:
        return tuple(dict.fromkeys(found))
    if name != EVERYTHING and known[name].when is not None:
        told = f"role {name!r} chooses machines by a condition, and names no host"
        raise BadInput(told, "Give it hosts too, or type them yourself.")
    what = "no role" if name == EVERYTHING else f"role {name!r}"
    raise BadInput(f"{what} in {folder} names {'a' if name == EVERYTHING else 'no'} host", f"Write there: {WRITE}.")


def _with_those_that_include(name: str, known: dict[str, Role]) -> list[str]:
    chosen = {name: None}
    grown = True
    while grown:
        more = [each for each in known if each not in chosen and any(one in chosen for one in known[each].includes)]
        chosen.update(dict.fromkeys(more))
        grown = bool(more)
    return list(chosen)
