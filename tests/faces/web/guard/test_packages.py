"""Packages beside a checkout are taken only where nobody else could have put them there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hb_engine.faces.web.guard import packages
from hb_engine.faces.web.guard.packages import NEEDED, find, site, strange
from hb_engine.model.errors import CannotLook


@pytest.fixture
def checkout(tmp_path):
    """A checkout with hb's files and an environment that holds every package that is needed."""
    (tmp_path / "src" / "hb_engine").mkdir(parents=True)
    (tmp_path / "hb").write_text("#!/bin/sh\n")
    folder = site(str(tmp_path / ".venv"))
    for name in NEEDED:
        os.makedirs(os.path.join(folder, name))
        with open(os.path.join(folder, name, "__init__.py"), "w", encoding="ascii"):
            pass
    for at, _, names in os.walk(tmp_path):
        os.chmod(at, 0o755)  # noqa: S103 -- as an installer leaves it
        for name in names:
            os.chmod(os.path.join(at, name), 0o644)
    return tmp_path


@pytest.fixture
def path(monkeypatch):
    """sys.path as a bare start has it: none of the packages in it."""
    bare = [one for one in sys.path if "site-packages" not in one]
    monkeypatch.setattr(sys, "path", bare)
    for name in [one for one in sys.modules if one.partition(".")[0] in NEEDED]:
        monkeypatch.delitem(sys.modules, name)
    assert packages.missing()
    return bare


def test_nothing_is_done_where_everything_is_there():
    before = list(sys.path)
    find("/nowhere/src")
    assert sys.path == before


def test_a_checkout_s_own_packages(checkout, path):
    find(str(checkout / "src"))
    assert path[-1] == site(str(checkout / ".venv"))
    assert packages.missing() == []


def test_an_installation_without_the_extra_says_what_to_install(tmp_path, path):
    (tmp_path / "lib").mkdir()
    with pytest.raises(CannotLook) as raised:
        find(str(tmp_path / "lib"))
    assert "litestar" in raised.value.message
    assert "hb-engine[hub]" in raised.value.remedy


def test_a_bare_checkout_says_what_to_type(checkout, path):
    os.rename(checkout / ".venv", checkout / "elsewhere")
    with pytest.raises(CannotLook) as raised:
        find(str(checkout / "src"))
    assert f"make hub in {checkout}" in raised.value.remedy


def test_another_python_s_environment_says_which_to_make(checkout, path, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 99))
    with pytest.raises(CannotLook) as raised:
        find(str(checkout / "src"))
    assert f"make clean hub PYTHON={sys.executable}" in raised.value.remedy


def test_an_environment_that_lacks_something(checkout, path):
    os.rename(os.path.join(site(str(checkout / ".venv")), "litestar"), checkout / "litestar")
    with pytest.raises(CannotLook) as raised:
        find(str(checkout / "src"))
    assert "lacks litestar" in raised.value.message
    assert "make hub" in raised.value.remedy
    assert not any(str(checkout) in one for one in path)


WRITABLE = {
    "the environment": ".venv",
    "the folder of packages": "SITE",
    "a package": "SITE/jinja2",
    "a file": "SITE/jinja2/__init__.py",
}


@pytest.mark.parametrize("mode", [0o002, 0o022])
@pytest.mark.parametrize("where", WRITABLE.values(), ids=WRITABLE)
def test_what_others_may_write_is_not_loaded(checkout, path, where, mode):
    target = str(checkout / where.replace("SITE", os.path.relpath(site(str(checkout / ".venv")), checkout)))
    os.chmod(target, os.stat(target).st_mode | mode)
    with pytest.raises(CannotLook) as raised:
        find(str(checkout / "src"))
    assert f"{target} can be written by others" in raised.value.message
    assert not any(str(checkout) in one for one in path)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="giving files to others takes root")
def test_what_belongs_to_others_is_not_loaded(checkout):
    folder = site(str(checkout / ".venv"))
    os.chown(os.path.join(folder, "babel"), 61007, 61007)
    assert "belongs to another user (uid 61007)" in strange(folder, str(checkout))
    for at, _, names in os.walk(checkout):
        for one in (at, *[os.path.join(at, name) for name in names]):
            os.chown(one, 61007, 61007)
    assert strange(folder, str(checkout)) == ""  # whose checkout it is


def test_a_link_leads_elsewhere(checkout):
    folder = site(str(checkout / ".venv"))
    os.symlink("/tmp", os.path.join(folder, "extra"))
    assert "leads elsewhere" in strange(folder, str(checkout))


def test_a_group_of_one_is_no_others(checkout, monkeypatch):
    folder = site(str(checkout / ".venv"))
    os.chmod(folder, 0o775)  # noqa: S103 -- what is tested
    monkeypatch.setattr(packages, "_is_private", lambda *_: True)
    assert strange(folder, str(checkout)) == ""
    os.chmod(folder, 0o757)  # noqa: S103 -- what is tested
    assert "can be written by others" in strange(folder, str(checkout))


def test_root_s_group_has_only_root_in_it_or_is_no_private_one():
    import grp
    import pwd

    alone = not grp.getgrgid(0).gr_mem and [one for one in pwd.getpwall() if one.pw_gid == 0] == [pwd.getpwuid(0)]
    assert packages._is_private(0, 0) is alone
    assert packages._is_private(4_000_000_001, 0) is False
    assert packages._is_private(0, 4_000_000_001) is False


@pytest.mark.slow
def test_this_checkout_serves_from_a_bare_interpreter():
    """./hb runs python -I -S: what hb serve needs is found without site."""
    top = os.path.dirname(packages.TOP)
    if strange(site(os.path.join(top, ".venv")), top):
        pytest.skip("others may write this checkout's packages")
    code = f"import sys; sys.path.append({packages.TOP!r}); "
    code += "from hb_engine.faces.web.guard import packages; packages.find(); import litestar"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
