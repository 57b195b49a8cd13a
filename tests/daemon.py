"""A daemon's settings and the local GitHub it works on, for flows."""
import json
import os
import subprocess

from flow import AEGIS, Skip
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
SEED = {
    "apps": [{"name": "Aegis", "owner": "alice"}],
    "repositories": [{"owner": "alice", "name": "demo", "run": True, "files": FILES},
                     {"owner": "alice", "name": "quiet", "files": {"a": "a\n"}}],
    "installations": [{"app": "aegis", "account": "alice"}],
    "tokens": [{"user": "alice", "token": "ghp_alice"}],
}


class Daemon:
    """A hub, and the settings to work on it as its App."""

    seed = SEED

    def __init__(self):
        why = missing()
        if why:
            raise Skip(why)
        self.hub = Hub(self.seed)
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
