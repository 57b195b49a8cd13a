"""A daemon that takes webhooks, and what sends them, for flows."""
import hashlib
import hmac
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import time
import uuid

from daemon import Daemon, SEED
from flow import AEGIS

SECRET, PREVIOUS = "it is a secret", "it was a secret"


def signed(secret, body):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Sender:
    """One connection to a door."""

    def __init__(self, port, source=None):
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=30, source_address=(source, 0) if source else None)

    def post(self, body, event="ping", guid=None, secret=SECRET, path="/webhook", **headers):
        """The answer's status and text. Headers by name with _ for -; None leaves one out."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        sent = {"content-type": "application/json", "x-github-event": event,
                "x-github-delivery": guid or str(uuid.uuid4()),
                "x-hub-signature-256": signed(secret, body)}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        self.connection.request("POST", path, body,
                                {name: value for name, value in sent.items() if value is not None})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


class Served(Daemon):
    """A hub, and `aegis serve` on it with its door open."""

    def __init__(self, seed=None, every_s=600, github=None, program=AEGIS, env=None, **more):
        self.program, self.more_env = program, env or {}
        seed = {**(seed or SEED)}
        seed["apps"] = [{**seed["apps"][0], "webhook_secret": SECRET}]
        super().__init__(seed)
        self.configure({"app_id": self.hub.seeded["apps"][0]["id"],
                        "private_key_file": self.hub.key_file(), "webhook_secret_env": "THE_SECRET",
                        "webhook_secret_previous_env": "THE_SECRET_BEFORE", **(github or {})},
                       poll={"every_s": every_s}, listen={"port": 0}, **more)
        self.log = open(os.path.join(self.folder, "serve.log"), "w+", encoding="utf-8")
        self.process = None
        if not self.more_env:
            self.start()

    def start(self, door=True):
        """door: waits until it listens."""
        self.began = self.log.seek(0, 2)
        self.process = subprocess.Popen(
            [self.program, "serve", "--config", self.config], stderr=self.log,
            env={**os.environ, "AEGIS_LOG": "json", "THE_SECRET": SECRET, "THE_SECRET_BEFORE": PREVIOUS,
                 **self.more_env})
        if not door:
            return
        self.point()

    def point(self):
        """Webhooks go to where it listens now."""
        self.port = self.wait_for(lambda: self.field("listening", "port"))
        app = self.hub.seeded["apps"][0]["id"]
        self.hub.control("POST", "app", id=app,
                         webhook_url="http://127.0.0.1:%d/webhook" % self.port)

    def wait_for(self, what, within_s=30):
        until = time.time() + within_s
        while True:
            got = what()
            if got:
                return got
            assert time.time() < until and self.process.poll() is None, self.said()[-4000:]
            time.sleep(0.02)

    def said(self):
        with open(self.log.name, encoding="utf-8") as log:
            log.seek(self.began)
            return log.read()

    def field(self, message, name):
        """Of the last such event since the last start; None: there was none."""
        found = [json.loads(line) for line in self.said().splitlines() if line.endswith("}")]
        values = [one[name] for one in found if one["message"] == message]
        return values[-1] if values else None

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(60)
        assert code == (0 if number == signal.SIGTERM else -number), self.said()

    def door(self):
        """The number of the process that listens."""
        done = subprocess.run(["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="],
                              capture_output=True, text=True, check=True)
        [line] = [line for line in done.stdout.splitlines() if "--door" in line]
        return int(line.split()[0])

    def rows(self, sql, *words):
        with sqlite3.connect("file:%s/aegis.db?mode=ro" % self.folder, uri=True, timeout=20) as db:
            found = db.execute(sql, words).fetchall()
        db.close()
        return found

    def stored(self):
        return {row[0] for row in self.rows("select id from delivery")}

    def __exit__(self, *error):
        if self.process and self.process.poll() is None:
            self.stop()
        self.log.close()
        super().__exit__(*error)
