"""
Circles in which the daemon is killed: one local GitHub for all, a repository, a store and a daemon for
each, several side by side. A circle runs in a process of its own, to which whatever its daemons leave
behind falls as a child, so that nothing gets away. What is over is held against invariants.py and
against a circle in which nobody was killed.
"""
import ctypes
import hashlib
import http.server
import json
import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import traceback

import invariants
from daemon import FILES, GREEN, RED, RUN, TEST
from flow import Skip
from hub import Hub, missing

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = int(os.environ.get("AEGIS_AT_ONCE", "4"))
PR_SET_CHILD_SUBREAPER = 36
WITHIN_S = 240

# A line of the traceback has a token in it.
CANARY = "ghp_" + "".join(chr(97 + n * 7 % 26) for n in range(36))
TEST_STATS = TEST.replace("mean([]), 0)", "mean([]), 0)  # %s" % CANARY)
TEST_SPREAD = TEST.replace("stats", "spread")


def workflow(*steps):
    return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n" \
           "      - uses: actions/checkout@v4\n" + "".join("      - run: %s\n" % one for one in steps)


class Merged:
    """Red, mended, green, merged."""
    end = "RESOLVED"
    files = {**FILES, "test_stats.py": TEST_STATS, ".github/workflows/ci.yml": workflow(RUN)}
    red = {"stats.py": RED}

    def __init__(self, circle):
        self.circle, self.over = circle, False

    def look(self, stage):
        """What people do at this stage."""


class Closed(Merged):
    """Mended and red again by a second fault; mended once more; then a person says no in a comment."""
    end = "REJECTED"
    files = {**Merged.files, "spread.py": GREEN, "test_spread.py": TEST_SPREAD,
             ".github/workflows/ci.yml": workflow(RUN + " test_stats", RUN + " test_spread"),
             ".github/aegis.yml": json.dumps({"autonomy": "propose"})}
    red = {"stats.py": RED, "spread.py": RED}

    def look(self, stage):
        if stage == "AWAITING_APPROVAL" and not self.over:
            self.circle.api("issues/1/comments", "POST", {"body": "/aegis reject"})
            self.over = True


class Reverted(Merged):
    """Merged, but what it serves fails afterwards: taken back. Somebody drops the test meanwhile."""
    end = "REVERTED"

    def __init__(self, circle):
        super().__init__(circle)
        self.files = {**Merged.files, ".github/aegis.yml": json.dumps({
            "autonomy": "autopilot", "deploy": {"window_s": 60, "baseline_s": 60},
            "health": [{"url": circle.ground.health_url + circle.name, "every_s": 5}]})}

    def look(self, stage):
        if stage in ("MERGED", "MONITORING") and not self.over:
            self.circle.hub.push(self.circle.repo,
                                 {".github/workflows/ci.yml": workflow("true")})
            with open(os.path.join(self.circle.ground.sick, self.circle.name), "w"):
                self.over = True


SCENES = {"merged": Merged, "closed": Closed, "reverted": Reverted}


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        sick = os.path.exists(os.path.join(self.server.sick, os.path.basename(self.path)))
        self.send_response(500 if sick else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Ground:
    """What all circles share: the hub, and a server whose health is asked."""

    def __init__(self, program):
        why = missing()
        if why:
            raise Skip(why)
        self.program = program
        self.hub = Hub({"apps": [{"name": "Aegis", "owner": "alice"}],
                        "repositories": [{"owner": "alice", "name": "first", "files": {"a": "a\n"}}],
                        "installations": [{"app": "aegis", "account": "alice"}],
                        "tokens": [{"user": "alice", "token": "ghp_alice"}]}, jobs=2)
        self.hub.control("POST", "limits", points_per_minute=10 ** 9, content_per_minute=10 ** 9,
                         content_per_hour=10 ** 9, installation=10 ** 9, concurrent=10 ** 6, app=10 ** 9)
        self.key = self.hub.key_file()
        self.sick = os.path.join(self.hub.root, "sick")
        os.mkdir(self.sick)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Health)
        server.sick = self.sick
        self.server = server
        self.health_url = "http://127.0.0.1:%d/" % server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.hub.__exit__(*error)


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def _children(pid):
    tasks = os.listdir("/proc/%d/task" % pid) if os.path.isdir("/proc/%d/task" % pid) else []
    return [int(child) for task in tasks
            for child in _read("/proc/%d/task/%s/children" % (pid, task)).split()]


def descendants():
    """Processes below this one: those that are alive, and the dead ones that fell to it."""
    alive, dead, new = [], [], _children(os.getpid())
    while new:
        pid = new.pop()
        stat = _read("/proc/%d/stat" % pid).rsplit(")", 1)[-1].split()
        if not stat:
            continue
        if stat[0] != "Z":
            alive.append(pid)
        elif int(stat[1]) == os.getpid():
            dead.append(pid)
        try:
            new += _children(pid)
        except OSError:
            pass
    return alive, dead


class Circle:
    """One repository and its daemon. `kills` says when it dies."""

    def __init__(self, ground, name, scene, kills):
        self.ground, self.hub, self.name, self.kills = ground, ground.hub, name, kills
        self.repo = "alice/" + name
        self.folder = os.path.join(self.hub.root, name)
        for one in ("", "tmp", "kill"):
            os.mkdir(os.path.join(self.folder, one))
        self.log = open(self.folder + "/serve.log", "a", encoding="utf-8")
        with open(self.folder + "/aegis.yml", "w", encoding="utf-8") as out:
            json.dump({"github": {"api_url": self.hub.url, "private_key_file": ground.key,
                                  "app_id": self.hub.seeded["apps"][0]["id"],
                                  "repositories": [self.repo], "write_gap_ms": 1},
                       "store": {"url": "sqlite:%s/aegis.db" % self.folder},
                       "work": {"folder": self.folder + "/work"}, "poll": {"every_s": 1},
                       "pulls": {"hourly": 1000, "open": 1000},
                       "watch": {"private": True}}, out)
        self.scene = scene(self)
        self.process, self.deaths, self.began = None, 0, 0

    def start(self):
        self.started = time.time()
        self.process = subprocess.Popen(
            [self.ground.program, "serve", "--config", self.folder + "/aegis.yml"],
            stderr=self.log, stdin=subprocess.DEVNULL, env={
                **os.environ, "AEGIS_LOG": "json", "TMPDIR": self.folder + "/tmp",
                "AEGIS_KILL_FOLDER": self.folder + "/kill"})

    def bury(self):
        for pid in descendants()[1]:
            if not self.process or pid != self.process.pid:
                os.waitpid(pid, 0)

    def kill(self, whole):
        """The daemon alone, or all that it started too."""
        self.process.kill()
        while whole and descendants()[0]:
            for pid in descendants()[0]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self.process.wait()
            self.bury()
        self.process.wait()

    def rows(self, question):
        """Read beside the daemon; none while there is no store yet."""
        try:
            db = sqlite3.connect("file:%s/aegis.db?mode=ro" % self.folder, uri=True, timeout=20)
        except sqlite3.OperationalError:
            return []
        try:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(question)]
        except sqlite3.OperationalError:
            return []
        finally:
            db.close()

    def api(self, path, method="GET", body=None):
        answer = self.hub.api("/repos/%s/%s" % (self.repo, path), method, "ghp_alice", body)
        assert answer.status < 300, (path, answer.status, answer.text)
        return answer.body

    def turn(self):
        """Buries and starts again. True when it did."""
        self.bury()
        code = self.process.poll()
        if code is None:
            return False
        assert code == -signal.SIGKILL, "the daemon ended with %s" % code
        self.deaths += 1
        self.start()
        return True

    def until(self, what):
        until = time.time() + WITHIN_S
        while not what():
            assert time.time() < until, ("does not come to its end", self.stages())
            if not self.turn():
                self.kills.look(self)
            time.sleep(0.05)

    def stages(self):
        return [row["stage"] for row in self.rows("select stage from incident")]

    def at_end(self):
        stages = self.stages()
        for stage in stages:
            self.scene.look(stage)
        return bool(stages) and all(stage in invariants.ENDS for stage in stages)

    def tidy(self):
        """Nothing works any more, and nothing is left of what did."""
        return descendants()[0] == [self.process.pid] and not self.left()

    def left(self):
        """Files and folders that should be gone."""
        work, found = self.folder + "/work", os.listdir(self.folder + "/tmp")
        found += ["job " + one for one in os.listdir(work + "/jobs")] if \
            os.path.isdir(work + "/jobs") else []
        for root, folders, files in os.walk(work):
            found += [os.path.join(root, one) for one in folders + files
                      if ".new-" in one or one.endswith(".tmp") or "git2_" in one]
        return found + ["window of " + row["incident"] for row in
                        self.rows("select incident from deploy_window")]

    def run(self):
        self.hub.control("POST", "repository", owner="alice", name=self.name,
                         files=self.scene.files)
        self.hub.push(self.repo, self.scene.red)
        self.began = time.time()
        self.start()
        self.kills.begin(self)
        self.until(self.at_end)
        self.took = time.time() - self.began
        try:
            self.until_tidy()
        finally:
            self.stop()
        return self.world()

    def until_tidy(self):
        until = time.time() + 20
        while time.time() < until and not self.tidy():
            self.turn()
            time.sleep(0.05)

    def stop(self):
        time.sleep(max(0, self.started + 1 - time.time()))      # it may not listen to signals yet
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        if code == -signal.SIGKILL:                 # at a kill point on its way
            self.deaths += 1
        else:
            assert code == 0, "the daemon ended with %s" % code

    def complaints(self):
        done = subprocess.run([self.ground.program, "audit", "check", "--config",
                               self.folder + "/aegis.yml"], capture_output=True, text=True, timeout=60)
        audit = [] if done.returncode == 0 and "none changed" in done.stdout else \
            [done.stdout + done.stderr]
        database = [list(row.values())[0] for row in self.rows("pragma integrity_check")]
        database += ["foreign key of " + row["table"] for row in self.rows("pragma foreign_key_check")]
        return [one for one in database if one != "ok"], audit

    def world(self):
        self.hub.idle()
        database, audit = self.complaints()
        alive = ["process %d: %s" % (pid, _words(pid)) for pid in descendants()[0]]
        return {
            "repo": self.repo, "login": "aegis[bot]", "app": "aegis",
            "owner": "installation:%d" % self.hub.seeded["installations"][0]["id"],
            "summary": self.hub.summary()[self.repo],
            "journal": [one for one in self.hub.journal() if self.repo in one["path"] or
                        one["path"] == "/graphql"],
            "incidents": self.rows("select * from incident"),
            "effects": self.rows("select * from effect"),
            "canaries": self.canaries(), "said": self.said(),
            "database": database, "audit": audit, "left": alive + self.left(),
        }

    def canaries(self):
        """Tokens that GitHub gave, lines of the App's key, and what the failing test says."""
        return [CANARY, *self.hub.control("GET", "tokens"),
                *_read(self.ground.key).splitlines()[1:-1]]

    def said(self):
        commits = subprocess.run(["git", "-C", self.bare(), "log", "-p", "--all",
                                  "--author=aegis"], capture_output=True, text=True, check=True).stdout
        assert "Aegis-Incident:" in commits, commits
        return {"the daemon's log": _read(self.log.name), "our commits": commits}

    def bare(self):
        return os.path.join(self.hub.root, "repos", self.repo + ".git")

    def passes(self):
        """How often each kill point was reached, and the kills that nobody came to."""
        places = os.listdir(self.folder + "/kill")
        return {one: os.path.getsize(os.path.join(self.folder, "kill", one))
                for one in places if ":" not in one}, [one for one in places if ":" in one]


def _words(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return file.read().replace(b"\0", b" ").decode("utf-8", "replace")[:200]
    except OSError:
        return "?"


def _masked(text, repo):
    text = text.replace(repo, "~").replace(repo.split("/")[1], "~")
    text = re.sub(r"Measured after the deployment:.*", "Measured", text)       # it differs in time
    return re.sub(r"\d+", "0", re.sub(r"\b[0-9a-f]{7,40}\b", "~", text))


def end_state(circle, world):
    """What must be the same as when nobody was killed."""
    summary, repo = world["summary"], world["repo"]
    tree = subprocess.run(["git", "-C", circle.bare(), "ls-tree", "-r", "main"], capture_output=True,
                          text=True, check=True).stdout
    return {
        "incidents": sorted((row["stage"], row["attempt"]) for row in world["incidents"]),
        "pulls": [(one["number"], _masked(one["title"], repo), one["state"], one["merged"],
                   one["draft"], sorted(one["labels"]), _masked(one["head"], repo))
                  for one in summary["pulls"]],
        "comments": [(one["number"], one["user"], _masked(one["body"], repo), one["reactions"])
                     for one in summary["comments"]],
        "asked": circle.rows("select issue, author, word, state, act, why, tries > 9 from asked"),
        "checks": sorted((one["name"], one["conclusion"]) for one in summary["checks"]
                         if one["app"] == "aegis"),
        "refs": sorted(_masked(one, repo) for one in summary["refs"]),
        "effects": sorted((row["kind"], row["state"]) for row in world["effects"]),
        # The settings name the address of this circle.
        "tree": [line for line in tree.splitlines() if "aegis.yml" not in line],
    }


class Undisturbed:
    def begin(self, circle):
        pass

    def look(self, circle):
        pass


class Planned(Undisturbed):
    """At kill points: "effect.send.after:3" is the third time that any process gets there."""

    def __init__(self, places):
        self.places = places

    def begin(self, circle):
        for place in self.places:
            with open(os.path.join(circle.folder, "kill", place), "w"):
                pass


class Timed(Undisturbed):
    """At moments: seconds since the beginning, and whether all that it started dies too."""

    def __init__(self, moments):
        self.moments = sorted(moments)

    def look(self, circle):
        if self.moments and time.time() - circle.began > self.moments[0][0]:
            circle.kill(self.moments.pop(0)[1])


_ground = None                          # of the processes that circles run in: handed over by fork


class Impatient(Undisturbed):
    """As soon as GitHub has asked for a wait."""

    def begin(self, circle):
        self.fault = circle.hub.fault("secondary", path="^/repos/%s/" % circle.repo, skip=12,
                                      retry_after=4)

    def look(self, circle):
        if self.fault and any(one["id"] == self.fault["id"] and one["hits"] for one in
                              circle.hub.control("GET", "faults")):
            self.fault = None
            time.sleep(0.3)                     # it has the answer
            circle.kill(False)


def _play(name, scene, kills):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    circle = Circle(_ground, name, SCENES[scene], kills)
    result = {"name": name, "scene": scene, "problems": [], "state": None}
    try:
        world = circle.run()
        result["problems"] = invariants.broken(world)
        result["state"] = end_state(circle, world)
        result["took"] = circle.took
    except Exception:
        result["problems"].append(traceback.format_exc())
    finally:
        for pid in descendants()[0]:
            os.kill(pid, signal.SIGKILL)
    result["deaths"] = circle.deaths
    result["passes"], result["missed"] = circle.passes()
    if result["problems"]:
        with open(circle.log.name, encoding="utf-8") as log:
            result["log"] = log.read()[-6000:]
    return result


def play(ground, circles):
    """Plays (name, scene, kills), some at once; their results as they come."""
    global _ground
    _ground = ground
    with multiprocessing.get_context("fork").Pool(AT_ONCE, maxtasksperchild=1) as pool:
        handles = [pool.apply_async(_play, job) for job in circles]
        for handle in handles:
            yield handle.get(WITHIN_S * 3)
