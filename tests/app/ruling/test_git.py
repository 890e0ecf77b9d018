"""What a repository's own configuration names is never run, whoever asks; answers are bounded, and refusals told."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from hb_engine.app.ruling import git
from hb_engine.model.errors import BadInput

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
NOBODY = 65534


class Repository:
    """A work tree with one file in one commit, and a program that leaves a trace when it is run."""

    def __init__(self, folder) -> None:
        self.folder = folder / "tree"
        self.folder.mkdir()
        self.trace = folder / "trace"
        self.program = folder / "program"
        self.program.write_text(f"#!/bin/sh\n: > {self.trace}\ncat\n")
        self.program.chmod(0o755)
        self.run("init", "--quiet")
        (self.folder / "file").write_text("text\n" * 1000)
        self.run("add", "file")
        self.run("commit", "--quiet", "--message", "first")

    def run(self, *words) -> str:
        names = {
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b",
        }
        done = subprocess.run(
            ["git", "-C", self.folder, *words], check=True, capture_output=True, env={**os.environ, **names}
        )
        return done.stdout.decode()

    def configure(self, **settings) -> None:
        for name, value in settings.items():
            self.run("config", name.replace("__", "."), value)

    def ask(self, *words, **options) -> bytes:
        return git.ask(str(self.folder), *words, **options)

    @property
    def blob(self) -> str:
        return self.run("rev-parse", "HEAD:file").strip()


@pytest.fixture
def tree(tmp_path):
    return Repository(tmp_path)


def test_it_answers(tree):
    assert tree.ask("rev-parse", "--is-inside-work-tree") == b"true\n"
    assert tree.ask("cat-file", "blob", tree.blob) == b"text\n" * 1000


@pytest.mark.slow
@pytest.mark.parametrize("url", ["ext::{}", "ssh://host/x"])
def test_what_is_missing_is_not_fetched_by_a_command_of_the_repositorys(tree, url):
    """A partial clone fetches each object that it lacks, by what its configuration says: as root, for root asks."""
    blob = tree.blob
    tree.configure(
        core__repositoryformatversion="1", extensions__partialClone="origin", remote__origin__promisor="true",
        remote__origin__url=url.format(tree.program), remote__origin__uploadpack=str(tree.program),
        protocol__allow="always", protocol__ext__allow="always", protocol__ssh__allow="always",
        core__sshCommand=str(tree.program),
    )  # fmt: skip
    (tree.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(git.Refused):
        tree.ask("cat-file", "blob", blob)
    assert not tree.trace.exists()


@pytest.mark.slow
def test_no_filter_monitor_pager_hook_or_alias_is_run(tree):
    program = str(tree.program)
    (tree.folder / ".gitattributes").write_text("* filter=f diff=f\n")
    tree.configure(
        core__fsmonitor=program, core__pager=program, core__hooksPath=str(tree.program.parent), diff__external=program,
        diff__f__textconv=program, diff__f__command=program, filter__f__smudge=program, filter__f__clean=program,
    )  # fmt: skip
    tree.run("config", "alias.cat-file", f"!{program}")
    tree.run("config", "alias.ls-tree", f"!{program}")
    tree.ask("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
    assert b"file" in tree.ask("ls-tree", "-z", "HEAD", "./")
    assert tree.ask("cat-file", "blob", tree.blob).startswith(b"text")
    assert not tree.trace.exists()


def test_the_environment_points_git_nowhere_else(tree, monkeypatch):
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_COUNT", "GIT_ALLOW_PROTOCOL"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("GIT_SSH_COMMAND", str(tree.program))
    assert tree.ask("rev-parse", "--is-inside-work-tree") == b"true\n"
    kept = git.environment()
    assert {name: kept[name] for name in kept if name.startswith("GIT_")} == {
        name: value for name, value in git.GUARDS.items() if name.startswith("GIT_")
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_users_repository_is_refused_as_git_refuses_it(tree, monkeypatch):
    monkeypatch.delenv("SUDO_UID", raising=False)
    for path in (tree.folder, tree.folder / ".git"):
        os.chown(path, NOBODY, NOBODY)
    with pytest.raises(git.Refused, match=r"dubious ownership|unsafe repository"):
        tree.ask("rev-parse", "--is-inside-work-tree")


def test_an_answer_that_is_too_long_ends_the_question(tree):
    with pytest.raises(BadInput, match="says more than 0 MiB"):
        tree.ask("cat-file", "blob", tree.blob, limit=100)


def test_git_that_does_not_answer_is_ended(tree, tmp_path, monkeypatch):
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (slow / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow}:{os.environ['PATH']}")
    with pytest.raises(BadInput, match="git cat-file does not answer"):
        tree.ask("cat-file", "blob", "x", patience=0.0)


def test_without_git(tree, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(BadInput, match="no git here"):
        tree.ask("version")


def test_what_git_refuses_is_told_by_its_fatal_line(tree):
    with pytest.raises(git.Refused, match="git cat-file failed: fatal:"):
        tree.ask("cat-file", "blob", "0" * 40)
