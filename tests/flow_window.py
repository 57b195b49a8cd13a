"""
The window of a deployment as the daemon sees it, with a real Prometheus and a real health check:
each look is a process of its own, so that only the store remembers.
"""
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

from flow import AEGIS, main, need
from flow_prometheus import Prometheus, history

LOOK = os.path.join(os.path.dirname(AEGIS), "look_window")
SETTINGS = """
deploy:
  metrics:
    requests: sum(increase(http_requests_total[$step]))
    errors: sum(increase(http_requests_total{status=~"5.."}[$step]))
    latency_p95: histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[$step])))
    memory: sum(process_resident_memory_bytes)
health:
  - url: http://127.0.0.1:%d/health
"""


class Service(http.server.BaseHTTPRequestHandler):
    status = 200
    asks = 0

    def do_GET(self):
        Service.asks += 1
        self.send_response(Service.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def write(path, text):
    with open(path, "w") as out:
        out.write(text)


class Deployment:
    """A quarter of an hour of metrics that ends 300 s after the deployment, two hours ago."""

    def __init__(self, folder, bad):
        self.folder = folder
        now = int(time.time()) // 10 * 10 - 7200
        self.deployed = now - 300
        history(folder + "/history.txt", now - 900, now + 25, self.deployed, bad)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics",
                        folder + "/history.txt", folder + "/tsdb"], check=True, capture_output=True)

    def settings(self, prometheus, service):
        write(self.folder + "/daemon.yml",
              "store: { url: 'sqlite:%s/aegis.db' }\nwatch: { private: true }\n"
              "prometheus: { url: '%s' }\n" % (self.folder, prometheus))
        write(self.folder + "/aegis.yml", SETTINGS % service)

    def ask(self, seconds, deployed):
        done = subprocess.run([LOOK, self.folder + "/daemon.yml", self.folder + "/aegis.yml",
                               str(self.deployed - 15), str(deployed), str(self.deployed + seconds)],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def baseline(self):
        for seconds in range(-615, -20, 30):
            self.ask(seconds, 0)

    def look(self, seconds):
        return json.loads(self.ask(seconds, self.deployed))

    def watch(self, seconds=0):
        looks = [self.look(seconds)]
        while looks[-1]["window"] == "WATCHING":
            assert looks[-1]["next"] > self.deployed + seconds, looks[-1]
            seconds = looks[-1]["next"] - self.deployed
            looks.append(self.look(seconds))
            before, after = looks[-2]["points"], looks[-1]["points"]
            changed = [p for p in before if p not in after]
            assert not changed, (changed, after)
        return looks


def deployed(bad, body):
    need("prometheus")
    need("promtool")
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    Service.status, Service.asks = 200, 0
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        deployment = Deployment(folder, bad)
        with Prometheus(folder) as server:
            deployment.settings(server.url, service.server_address[1])
            body(deployment)
    finally:
        service.shutdown()
        service.server_close()
        shutil.rmtree(folder, ignore_errors=True)


def flow_window_held():
    def body(deployment):
        deployment.baseline()
        looks = deployment.watch()
        last = looks[-1]
        assert last["window"] == "HELD" and last["confidence"] > 0.85, last
        eyes = {p["why"].split(":")[0].split(" ")[0] for p in last["points"]}
        assert eyes == {"Prometheus", "health[0]"}, eyes
        assert Service.asks == 20 + 11, Service.asks
    deployed({}, body)


def flow_window_errors():
    def body(deployment):
        last = deployment.watch()[-1]
        assert last["window"] == "DECAYED" and last["confidence"] < 0.7, last
        assert "error rate" in last["why"] and last["next"] <= deployment.deployed + 100, last
        # Once decided it stays, and nobody is asked again.
        asks = Service.asks
        again = deployment.look(250)
        assert (again["window"], again["why"], again["points"]) == (
            last["window"], last["why"], last["points"]), again
        assert Service.asks == asks
    deployed({"errors": 0.2}, body)


def flow_window_down():
    """The metrics are as before, and the address answers wrongly."""
    def body(deployment):
        deployment.baseline()
        Service.status = 503
        last = deployment.watch()[-1]
        assert last["window"] == "DECAYED" and "status 503, 2 confirmations" in last["why"], last
        assert last["next"] <= deployment.deployed + 30, last
    deployed({}, body)


def flow_window_gone():
    """A Prometheus that goes away in the middle says nothing; the health check still does."""
    def body(deployment):
        first = deployment.look(60)
        assert first["window"] == "WATCHING" and len(first["points"]) >= 5, first
        deployment.settings("http://127.0.0.1:1", int(open(deployment.folder + "/aegis.yml").read()
                                                      .rsplit(":", 1)[1].split("/")[0]))
        looks = deployment.watch(70)
        assert "out of reach" in looks[0]["why"], looks[0]
        last = looks[-1]
        assert last["window"] == "HELD" and "Prometheus: out of reach" in last["why"], last
    deployed({}, body)


if __name__ == "__main__":
    main(globals())
