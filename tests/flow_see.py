"""Seeing: `aegis once` and `aegis incidents` on the local GitHub."""
import json
import os
import subprocess

from flow import AEGIS, Skip, main, repository
from hub import Hub, missing

RUN = "/usr/bin/python3 -m unittest -q"
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        leg: [one, two]
    steps:
      - uses: actions/checkout@v4
      - run: %s
""" % RUN
RED = "def mean(values):\n    return sum(values) / len(values)\n"
GREEN = "def mean(values):\n    return sum(values) / len(values) if values else 0\n"
TEST = """\
import unittest

from stats import mean


class T(unittest.TestCase):
    def test_empty(self):
        self.assertEqual(mean([]), 0)
"""
FILES = {"stats.py": GREEN, "test_stats.py": TEST, ".github/workflows/ci.yml": WORKFLOW}
TAMPER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for (name,) in db.execute("select name from sqlite_schema where type = 'trigger' "
                          "and tbl_name = 'audit'").fetchall():
    db.execute("drop trigger " + name)
db.execute("update audit set actor = 'nobody' where seq = 1")
db.commit()
"""
SEED = {
    "apps": [{"name": "Aegis", "owner": "alice"}],
    "repositories": [{"owner": "alice", "name": "demo", "run": True, "files": FILES},
                     {"owner": "alice", "name": "quiet", "files": {"a": "a\n"}}],
    "installations": [{"app": "aegis", "account": "alice"}],
    "tokens": [{"user": "alice", "token": "ghp_alice"}],
}


class Daemon:
    """A hub, and the settings to work on it as its App."""

    def __init__(self):
        why = missing()
        if why:
            raise Skip(why)
        self.hub = Hub(SEED)
        self.folder = os.path.join(self.hub.root, "daemon")
        os.mkdir(self.folder)
        self.config = os.path.join(self.folder, "aegis.yml")
        self.configure({"app_id": self.hub.seeded["apps"][0]["id"],
                        "private_key_file": self.hub.key_file()})
        self.hub.idle()

    def configure(self, github, **more):
        settings = {"github": {"api_url": self.hub.url, **github},
                    "store": {"url": "sqlite:%s/aegis.db" % self.folder},
                    "work": {"folder": self.folder + "/work"}, **more}
        with open(self.config, "w", encoding="utf-8") as out:
            json.dump(settings, out)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.hub.__exit__(*error)

    def aegis(self, *words, env=None):
        return subprocess.run([AEGIS, *words, "--config", self.config], capture_output=True,
                              text=True, timeout=120, env={**os.environ, **(env or {})})

    def once(self, code=0):
        done = self.aegis("once", "--look")
        assert done.returncode == code, done
        return done.stdout

    def incidents(self, *words):
        done = self.aegis("incidents", *words, "--format", "json")
        assert done.returncode == 0, done
        return json.loads(done.stdout)

    def push(self, files, **more):
        head = self.hub.push("alice/demo", files, **more)
        self.hub.idle()
        return head


def flow_see_one_incident_for_all_legs_and_runs():
    with Daemon() as d:
        assert "0 new incidents" in d.once() and not d.incidents()["incidents"]
        head = d.push({"stats.py": RED})
        assert "1 red runs read: 1 new incidents, 1 further" in d.once()
        [incident] = d.incidents()["incidents"]
        assert incident["stage"] == "TRIGGERED" and incident["repository"] == "alice/demo"
        assert incident["branch"] == "main", incident
        assert "0 red runs read" in d.once()                # known already
        again = d.push({"unrelated": "x\n"})                # a second run shows the same
        assert "0 new incidents, 2 further" in d.once()
        story = d.incidents("show", incident["id"])
        assert [one["head"] for one in story["sightings"]] == [head, head, again, again], story
        text = d.aegis("incidents", "show", incident["id"]).stdout
        assert incident["id"] in text and text.count("job test") == 4, text
        rows = d.aegis("audit", "--incident", incident["id"]).stdout
        assert incident["id"] in rows, rows
        assert "none changed" in d.aegis("audit", "check").stdout
        subprocess.run(["/usr/bin/python3", "-c", TAMPER, d.folder + "/aegis.db"], check=True)
        done = d.aegis("audit", "check")
        assert done.returncode == 65 and "row 1" in done.stderr, done


def flow_see_by_the_same_signature_as_fix():
    """The files of the commit say which frames are own, here as there."""
    with Daemon() as d:
        d.push({"stats.py": RED})
        d.once()
        [incident] = d.incidents()["incidents"]
    folder = repository({**FILES, "stats.py": RED})
    done = subprocess.run([AEGIS, "fix", "--repo", folder, "--run", RUN, "--dry-run", "--quiet",
                           "--format", "json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["signature"] == incident["signature"], done.stdout


def flow_see_only_the_newest_run_and_what_is_ours():
    with Daemon() as d:
        d.push({"stats.py": RED})
        d.push({"stats.py": GREEN})                         # mended before anybody looked
        d.push({"stats.py": RED}, branch="aegis/fix-0123456789ab")
        assert "0 red runs read" in d.once(), d.incidents()


def flow_see_trouble_is_not_the_end():
    with Daemon() as d:
        d.once()
        d.push({"stats.py": RED})
        d.hub.fault("status_before", status=500, path="/jobs", times=9)
        d.once()
        assert not d.incidents()["incidents"]
        d.hub.control("DELETE", "faults")
        assert "1 new incidents" in d.once()


def flow_see_with_a_token_and_bad_settings():
    with Daemon() as d:
        d.push({"stats.py": RED})
        github = {"token_env": "SOME_TOKEN", "repositories": ["alice/demo"]}
        d.configure(github)
        done = d.aegis("once", env={"SOME_TOKEN": "ghp_alice"})
        assert done.returncode == 0 and "1 new incidents" in done.stdout, done
        d.configure({"token_env": "SOME_TOKEN"})
        done = d.aegis("once", env={"SOME_TOKEN": "ghp_alice"})
        assert done.returncode == 78 and "github.repositories" in done.stderr, done
        d.configure({**github, "repositories": ["nonsense"]})
        done = d.aegis("once", env={"SOME_TOKEN": "ghp_alice"})
        assert done.returncode == 78 and "owner/name" in done.stderr, done
        done = d.aegis("incidents", "show", "0123456789ab")
        assert done.returncode != 0, done


main(globals())
