"""The whole circle on the local GitHub: from a red push to a merged fix, and what may come between."""
import os
import signal
import subprocess
import time

from flow import AEGIS, main
from daemon import Daemon, GREEN, RED

ENDS = ("RESOLVED", "ESCALATED", "REVERTED", "SUPERSEDED", "REJECTED")


class Serving(Daemon):
    """A hub with the daemon at work on it."""

    def __init__(self, **more):
        super().__init__()
        self.log = open(os.path.join(self.folder, "serve.log"), "w+", encoding="utf-8")
        self.configure({"app_id": self.hub.seeded["apps"][0]["id"],
                        "private_key_file": self.hub.key_file()}, poll={"every_s": 1}, **more)
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([AEGIS, "serve", "--config", self.config],
                                        stderr=self.log, env={**os.environ, "AEGIS_LOG": "json"})

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(60) == 0, self.said()
            self.process = None

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def __exit__(self, kind, *error):
        if kind:
            print(self.said()[-6000:])
        self.stop()
        self.log.close()
        super().__exit__(kind, *error)

    def incident(self, *stages, within_s=90, skip=()):
        """The one incident, when it has come to one of these stages."""
        until = time.time() + within_s
        while True:
            found = [one for one in self.incidents("--all")["incidents"] if one["id"] not in skip]
            if found and found[0]["stage"] in stages:
                assert len(found) == 1, found
                return self.incidents("show", found[0]["id"])
            assert time.time() < until and self.process.poll() is None, (stages, found)
            assert not found or found[0]["stage"] not in ENDS, (stages, found)
            time.sleep(0.2)


def stages(story):
    """The stages it went through, each once."""
    way = [move["to"] for move in story["moves"]]
    return [stage for i, stage in enumerate(way) if i == 0 or way[i - 1] != stage]


def flow_circle_from_red_to_merged():
    with Serving() as d:
        red = d.push({"stats.py": RED})
        story = d.incident("RESOLVED")
        assert stages(story) == ["INVESTIGATING", "HYPOTHESIS_RECEIVED", "CONTEXT_RETRIEVED",
                                 "EXECUTING", "VERIFYING", "PROPOSED", "MERGED", "RESOLVED"], story
        assert all(effect["state"] == "DONE" for effect in story["effects"]), story["effects"]
        found = d.hub.summary()["alice/demo"]
        [pull] = found["pulls"]
        assert pull["merged"] and pull["title"].startswith("Fix ZeroDivisionError in stats.py")
        for part in ("test_stats.T.test_empty", "A test states what is right", red[:8],
                     "<!-- aegis:incident=%s -->" % story["id"]):
            assert part in pull["body"], (part, pull["body"])
        assert list(found["refs"]) == ["main"], found["refs"]     # our branch is gone again
        assert found["refs"]["main"] == story["merge_sha"], story
        [comment] = found["comments"]
        assert "merged" in comment["body"] and comment["body"].rstrip().endswith("-->"), comment
        checks = [check for check in found["checks"] if check["app"] == "aegis"]
        assert [check["conclusion"] for check in checks] == ["neutral"], checks
        assert "none changed" in d.aegis("audit", "check").stdout
        text = d.aegis("incidents", "show", story["id"]).stdout
        assert "pull request #1 is open" in text and "RESOLVED" in text, text


main(globals())
