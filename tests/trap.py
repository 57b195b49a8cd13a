"""
Traps: small red repositories in which the obvious edit is wrong or cannot be proven. A trap ends
with hands off, or with exactly the right edit; `plant` makes a flow of each row of a table.
"""
import os

from flow import Skip, branches, committed, fix, git, repository, write

UNITTEST = "/usr/bin/python3 -m unittest -q"


class Trap:
    """
    One row. `off` is a word of the reason for which Aegis keeps its hands off, `right` the files
    as they must be committed, `never` words that no committed file may hold. `earlier` is the
    commit before: what it names is overlaid by `files`.
    """

    def __init__(self, files, run=UNITTEST, off=None, right=None, action="escalate", earlier=None,
                 need=(), words=(), prepare=None):
        self.files, self.run, self.off, self.right = files, run, off, right
        self.action, self.was, self.need = action, earlier, need
        self.words, self.prepare = list(words), prepare


def test_of(imports, *bodies):
    """A unittest file with one test for each body."""
    lines = ["import unittest", "", *imports.split("; "), "", "", "class T(unittest.TestCase):"]
    for n, body in enumerate(bodies):
        lines += ["    def test_%d(self):" % n] + ["        " + line for line in body.split("\n")]
        lines += [""]
    return "\n".join(lines[:-1]) + "\n"


def refs(folder):
    return git(folder, "for-each-ref") + git(folder, "rev-parse", "HEAD")


def reasons(outcome):
    return " | ".join([str(outcome["why"])] + [str(one["why"]) for one in outcome["attempts"]])


def plant_one(trap):
    missing = [p for p in trap.need if not any(
        os.access(os.path.join(folder, p), os.X_OK) for folder in os.environ["PATH"].split(":"))]
    if missing:
        raise Skip(missing[0] + " is not installed")
    folder = repository(trap.was or trap.files)
    if trap.was:
        write(folder, trap.files)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "change")
    return folder


def spring(trap):
    folder = plant_one(trap)
    run = trap.run() if callable(trap.run) else trap.run
    if trap.prepare:
        trap.prepare(folder)
    before = refs(folder)
    outcome = fix(folder, "--run", run, *trap.words)
    if trap.right is None:
        shown = git(folder, "diff", "main", outcome["branch"]) if outcome.json and \
            outcome["branch"] else outcome.out[:3000] + outcome.err
        assert outcome.code == 2 and trap.action in (None, outcome["action"]), shown
        assert refs(folder) == before and not branches(folder), "a reference was made"
        assert outcome["branch"] is None and outcome["commit"] is None, outcome.json
        assert trap.off is None or trap.off in reasons(outcome), reasons(outcome)
        return
    assert outcome.code == 0, reasons(outcome) + outcome.err
    assert sorted(outcome["files"]) == sorted(trap.right), outcome["files"]
    for path, text in trap.right.items():
        assert committed(folder, outcome, path) == text, committed(folder, outcome, path)
    assert refs(folder).replace(outcome["commit"] + " commit\trefs/heads/" + outcome["branch"]
                                + "\n", "") == before, "another reference was made"


def plant(flows, table):
    for name, trap in table.items():
        flows["flow_" + name] = lambda trap=trap: spring(trap)
