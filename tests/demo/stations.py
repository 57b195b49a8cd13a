"""
What the demo's circle is made of: the local GitHub with the shop's repository, the place where the
shop runs, and the daemon. Asks them; shows nothing.
"""
import json
import os
import subprocess
import time

from hub import Hub
from production import Production

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = "alice/shop"
ENDS = ("RESOLVED", "ESCALATED", "REVERTED", "SUPERSEDED", "REJECTED")


class Late(Exception):
    """Something did not come in its time, or ended before its time."""


def files(folder, **words):
    """path -> text of all files below; {{NAME}} becomes words[NAME]."""
    found = {}
    for place, _folders, names in os.walk(os.path.join(HERE, folder)):
        for name in names:
            path = os.path.join(place, name)
            if name.endswith(".pyc"):
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for key, value in words.items():
                text = text.replace("{{%s}}" % key, value)
            found[os.path.relpath(path, os.path.join(HERE, folder))] = text
    return found


class Circle:
    def __init__(self, aegis, folder, patience):
        self.aegis, self.folder, self.patience = aegis, folder, patience
        self.production = Production(os.path.join(folder, "production"))
        try:
            self.hub = Hub(self.seed())
        except RuntimeError as why:
            raise Late(str(why)) from why
        self.config = os.path.join(folder, "aegis.yml")
        with open(self.config, "w", encoding="utf-8") as out:
            json.dump(self.settings(), out)
        self.said = os.path.join(folder, "aegis.log")
        with open(self.said, "w", encoding="utf-8") as log:
            self.daemon = subprocess.Popen([aegis, "serve", "--config", self.config], stderr=log,
                                           stdin=subprocess.DEVNULL, start_new_session=True,
                                           env={**os.environ, "AEGIS_LOG": "json"})

    def seed(self):
        return {
            "apps": [{"name": "Aegis", "owner": "alice"}],
            "repositories": [{
                "owner": "alice", "name": "shop", "run": True, "message": "A small shop",
                "files": files("shop", SHOP_URL=self.production.url),
                "secrets": {"SHOP_SERVER": self.production.folder,
                            "SHOP_URL": self.production.url}}],
            "installations": [{"app": "aegis", "account": "alice"}],
        }

    def settings(self):
        return {
            "github": {"api_url": self.hub.url, "app_id": self.hub.seeded["apps"][0]["id"],
                       "private_key_file": self.hub.key_file()},
            "store": {"url": "sqlite:%s/aegis.db" % self.folder},
            "work": {"folder": os.path.join(self.folder, "work")},
            "poll": {"every_s": 1},
            "watch": {"private": True},     # the shop is on this machine
        }

    def serves(self):
        with open(self.said, encoding="utf-8") as log:
            return '"message":"started"' in log.read()

    def wait(self, what, within_s, look):
        """What look() finds, as soon as it finds something."""
        until = time.monotonic() + within_s * self.patience
        while True:
            found = look()
            if found:
                return found
            if self.daemon.poll() is not None:
                raise Late("the daemon ended with %d while waiting for %s"
                           % (self.daemon.returncode, what))
            if time.monotonic() > until:
                raise Late("%s did not come within %g s" % (what, within_s * self.patience))
            time.sleep(0.2)

    def ask(self, *words):
        """What an `aegis` command prints."""
        done = subprocess.run([self.aegis, *words, "--config", self.config], text=True,
                              capture_output=True, timeout=60)
        if done.returncode:
            raise Late("aegis %s: %s" % (" ".join(words), done.stderr.strip()))
        return done.stdout

    def incident(self):
        found = json.loads(self.ask("incidents", "--all", "--format", "json"))["incidents"]
        return found[-1]["id"] if found else None

    def story(self, incident):
        """All that the store knows of it; the demo's incident must not end."""
        found = json.loads(self.ask("incidents", "show", incident, "--format", "json"))
        if found["stage"] in ENDS:
            raise Late("incident %s ended as %s: %s" % (incident, found["stage"], found["why"]))
        return found

    def told(self, incident, part):
        """The story, when this part of it is known."""
        story = self.story(incident)["story"]
        return story if story.get(part) else None

    def push(self, message):
        return self.hub.push(REPO, files("push"), message=message)

    def github(self):
        return self.hub.summary()[REPO]

    def run(self, head, job):
        """The conclusion of a job on a commit; None while there is none."""
        for check in self.github()["checks"]:
            if check["head_sha"] == head and check["name"] == job and check["conclusion"]:
                return check["conclusion"]
        return None

    def deployed(self, head):
        for deployment in self.github()["deployments"]:
            if deployment["sha"] == head and "success" in deployment["states"]:
                return deployment["environment"]
        return None

    def pull(self, number):
        return next((one for one in self.github()["pulls"] if one["number"] == number), None)

    def last_words(self, most=5):
        """What the daemon said last."""
        with open(self.said, encoding="utf-8") as log:
            return "".join("aegis serve: " + line for line in log.readlines()[-most:])

    def end(self):
        self.production.over.set()
