"""
Scenes of the whole circle: one local GitHub and one daemon a file, one repository a scene, all scenes
of a file at once. A scene is a function whose name begins with "flow_" and that takes the repository's
Scene; it says by @repository(...) what its repository is like.
"""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import traceback

from daemon import Daemon, FILES, RUN
from flow import AEGIS, Skip

ENDS = ("RESOLVED", "ESCALATED", "REVERTED", "SUPERSEDED", "REJECTED")
PEOPLE = ("alice", "bob", "carol")              # the owner, a writer, a reader
AT_ONCE = 6


def workflow(*steps, on="push", more=""):
    """A workflow of one job, each step a command."""
    return ("on: %s\njobs:\n  test:\n    runs-on: ubuntu-latest\n%s    steps:\n"
            "      - uses: actions/checkout@v4\n" % (json.dumps(on), more) +
            "".join("      - run: %s\n" % json.dumps(step) for step in steps))


ONE_JOB = {**FILES, ".github/workflows/ci.yml": workflow(RUN)}


def settings(**keys):
    """.github/aegis.yml: JSON is YAML."""
    return {".github/aegis.yml": json.dumps(keys)}


def repository(files=None, owner="alice", permissions=None, **more):
    """What a scene's repository is like: files beside the usual ones, and a seed's other words."""
    def mark(scene):
        scene.seed = {"owner": owner, "files": {**ONE_JOB, **(files or {})}, "permissions": permissions,
                      "collaborators": {"bob": "write", "carol": "read"}, **more}
        return scene
    return mark


class Circle(Daemon):
    """A hub with the daemon at work on it."""

    def __init__(self, seed, github=None, **more):
        super().__init__(seed)
        self.hub.control("POST", "limits", points_per_minute=100000, content_per_minute=10000,
                         content_per_hour=100000, installation=1000000)
        self.log = open(os.path.join(self.folder, "serve.log"), "w+", encoding="utf-8")
        self.configure({"app_id": self.hub.seeded["apps"][0]["id"],
                        "private_key_file": self.hub.key_file(), **(github or {})}, **{"poll": {"every_s": 1}, **more})
        self.lock = threading.Lock()
        self.listed = (0, [])
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([AEGIS, "serve", "--config", self.config],
                                        stderr=self.log, env={**os.environ, "AEGIS_LOG": "json"})
        until = time.time() + 30
        while '"started"' not in self.said():
            assert self.process.poll() is None and time.time() < until, self.said()
            time.sleep(0.1)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            code = self.process.wait(60)
            self.process = None
            assert code == 0, self.said()

    def said(self):
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def __exit__(self, kind, *error):
        self.stop()
        self.log.close()
        super().__exit__(kind, *error)

    def all(self):
        """All incidents, at most a third of a second old."""
        with self.lock:
            if time.time() - self.listed[0] > 0.3:
                assert self.process.poll() is None, self.said()[-4000:]
                self.listed = (time.time(), self.incidents("--all")["incidents"])
            return self.listed[1]


class Scene:
    """One repository, and what is said and done in it."""

    def __init__(self, circle, repo):
        self.circle, self.hub, self.repo = circle, circle.hub, repo

    def push(self, files, **more):
        return self.hub.push(self.repo, files, **more)

    def incidents(self):
        return [one for one in self.circle.all() if one["repository"] == self.repo]

    def show(self, incident):
        return self.circle.incidents("show", incident)

    def until(self, what, within_s=150):
        """The first true answer of what()."""
        until = time.time() + within_s
        while True:
            got = what()
            if got:
                return got
            assert time.time() < until, ("still not", self.incidents())
            time.sleep(0.4)

    def come(self, *stages, skip=(), within_s=150):
        """The one incident (but for those of skip), when it has come to one of these stages."""
        def arrived():
            found = [one for one in self.incidents() if one["id"] not in skip]
            assert len(found) < 2, found
            if found and found[0]["stage"] in stages:
                return self.show(found[0]["id"])
            assert not found or found[0]["stage"] not in ENDS, (stages, found)
            return None
        return self.until(arrived, within_s)

    def stays(self, what, seconds=6):
        """what() is true all the time."""
        until = time.time() + seconds
        while time.time() < until:
            assert what(), self.github()
            time.sleep(0.5)

    def github(self):
        return self.hub.summary()[self.repo]

    def api(self, path, method="GET", body=None, by=None):
        answer = self.hub.api("/repos/%s/%s" % (self.repo, path), method,
                              "ghp_" + (by or self.repo.split("/")[0]), body)
        assert answer.status < 300, (path, answer.status, answer.text)
        return answer.body

    def review(self, number, event, by, **more):
        return self.api("pulls/%d/reviews" % number, "POST",
                        {"event": event, "body": "so", **more}, by)

    def age(self, incident, key, hours):
        """The time that the story keeps under a key goes back."""
        with sqlite3.connect(self.circle.folder + "/aegis.db", timeout=20) as db:
            done = db.execute("update incident set version = version + 1, due_at = 1, facts = "
                              "json_set(facts, '$.' || ?1, json_extract(facts, '$.' || ?1) - ?2) "
                              "where id = ?3 and json_extract(facts, '$.' || ?1) > 0",
                              (key, int(hours * 3600000), incident))
            assert done.rowcount == 1, (incident, key)
        db.close()

    def sticky(self, number):
        """Our one comment on a pull request."""
        ours = [one["body"] for one in self.github()["comments"]
                if one["number"] == number and one["user"] == "aegis[bot]"]
        assert len(ours) == 1 and ours[0].rstrip().endswith("-->"), ours
        return ours[0]

    def check(self, head):
        """Our one check run on a commit, as GitHub gives it."""
        runs = self.api("commits/%s/check-runs" % head)["check_runs"]
        ours = [run for run in runs if run["app"]["slug"] == "aegis"]
        assert len(ours) == 1 and ours[0]["conclusion"] == "neutral", ours
        return ours[0]["output"]

    def comment(self, number, body, by):
        """Somebody writes a comment; its number."""
        return self.api("issues/%d/comments" % number, "POST", {"body": body}, by)["id"]

    def reactions(self, comment):
        """What we reacted with, in the order of names."""
        return sorted(one["content"] for one in
                      self.api("issues/comments/%d/reactions?per_page=100" % comment)
                      if one["user"]["login"] == "aegis[bot]")

    def obeyed(self, comment, thumb="+1"):
        """Waits until a command has come to its end."""
        self.until(lambda: self.reactions(comment) == sorted([thumb, "eyes"]), 60)

    def writes(self, by="aegis"):
        """What was written on GitHub: method and path, but for tokens."""
        return [(one["method"], one["path"], one["status"]) for one in self.hub.journal()
                if one["method"] not in ("GET", "HEAD") and self.repo in one["path"]]


def stages(story):
    """The stages it went through, each once."""
    way = [move["to"] for move in story["moves"]]
    return [stage for i, stage in enumerate(way) if i == 0 or way[i - 1] != stage]


def has(text, *parts):
    """All parts are in the text."""
    for part in parts:
        assert part in text, (part, text)


def nothing_twice(scene):
    """Whatever was said or made is there once."""
    found = scene.github()
    for one in found["pulls"]:
        marked = [c for c in found["comments"] if c["number"] == one["number"] and
                  "<!-- aegis:incident=" in c["body"]]
        assert len(marked) <= 1, marked
    heads = [one["head"] for one in found["pulls"]]
    assert len(set(heads)) == len(heads), heads
    ours = [(one["head_sha"], one["name"]) for one in found["checks"]
            if one["app"] == "aegis" and not one["replaced"]]
    assert len(set(ours)) == len(ours), ours


def seed_of(scenes):
    owners, repositories, installations = {}, [], []
    for name, scene in scenes.items():
        spec = dict(getattr(scene, "seed", None) or repository()(scene).seed)
        owners.setdefault(spec["owner"], spec.pop("permissions"))
        repositories.append({"name": name, "run": True, **spec})
    for owner, permissions in owners.items():
        installations.append({"app": "aegis", "account": owner,
                              **({"permissions": permissions} if permissions else {})})
    return {"apps": [{"name": "Aegis", "owner": "alice"}], "repositories": repositories,
            "installations": installations,
            "tokens": [{"user": one, "token": "ghp_" + one} for one in {*PEOPLE, *owners}]}


def play(name, run, circle, owner, results, free):
    scene = Scene(circle, "%s/%s" % (owner, name))
    with free:
        began = time.time()
        try:
            run(scene)
            nothing_twice(scene)
            print("ok", run.__name__, "%.0f s" % (time.time() - began), flush=True)
            results.append("passed")
        except Exception:
            log = [line for line in circle.said().splitlines() if scene.repo in line]
            print("FAILED", run.__name__, traceback.format_exc(),
                  "\n".join(line[:400] for line in log[-30:]), sep="\n", flush=True)
            results.append("failed")


def main(flows, **more):
    """As flow.main, with all scenes on one hub and one daemon."""
    names = [n for n in flows if n.startswith("flow_") and (not sys.argv[1:] or n in sys.argv[1:])]
    scenes = {name[len("flow_"):].replace("_", "-"): flows[name] for name in names}
    results, free = [], threading.Semaphore(AT_ONCE)
    try:
        with Circle(seed_of(scenes), **more) as circle:
            threads = [threading.Thread(target=play, args=(
                name, run, circle, getattr(run, "seed", {"owner": "alice"})["owner"], results, free))
                       for name, run in scenes.items()]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            audit = circle.aegis("audit", "check")
            assert "none changed" in audit.stdout, audit
    except Skip as why:
        print("skip all -", why)
        results.append("skipped")
    except AssertionError:
        print("FAILED the end", traceback.format_exc())
        results.append("failed")
    print("%d passed, %d failed, %d skipped" % tuple(results.count(word) for word in
                                                   ("passed", "failed", "skipped")))
    sys.exit(1 if "failed" in results else 0)
