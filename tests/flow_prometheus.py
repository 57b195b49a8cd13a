"""
A real Prometheus: fifteen minutes of a service's counters laid into its store, asked for through
our client, and judged; then a scrape of a live exporter that goes away.
"""
import http.server
import json
import math
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

from flow import AEGIS, aegis, main, need

# Where tests/setup.sh unpacks it.
os.environ["PATH"] += ":" + os.path.join(os.path.dirname(AEGIS), "prometheus/usr/bin")
ASK = os.path.join(os.path.dirname(AEGIS), "ask_prometheus")
QUERIES = [
    "requests=sum(increase(http_requests_total[$step]))",
    "errors=sum(increase(http_requests_total{status=~\"5..\"}[$step]))",
    "rps=sum(rate(http_requests_total[$step]))",
    "error_rate=sum(rate(http_requests_total{status=~\"5..\"}[$step]))"
    " / sum(rate(http_requests_total[$step]))",
    "latency_p95=histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[$step])))",
    "cpu=sum(rate(process_cpu_seconds_total[$step]))",
    "memory=sum(process_resident_memory_bytes)",
]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Prometheus:
    def __init__(self, folder, scrape=None):
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        config = os.path.join(folder, "prometheus.yml")
        with open(config, "w") as out:
            out.write("global: { scrape_interval: 1s }\nscrape_configs:\n")
            if scrape:
                out.write("  - { job_name: one, static_configs: [ { targets: ['127.0.0.1:%d'] } ] }\n"
                          % scrape)
            else:
                out.write("  []\n")
        self.child = subprocess.Popen(
            ["prometheus", "--config.file=" + config, "--storage.tsdb.path=" + folder + "/tsdb",
             "--web.listen-address=127.0.0.1:%d" % self.port, "--storage.tsdb.retention.time=10y"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(200):
            try:
                with urllib.request.urlopen(self.url + "/-/ready", timeout=1) as answer:
                    if answer.status == 200:
                        return self
            except OSError:
                pass
            assert self.child.poll() is None, "prometheus ended"
            time.sleep(0.1)
        raise AssertionError("prometheus is not ready")

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait(20)


def history(path, start, end, deployed, bad):
    """OpenMetrics of one service, a point every 5 s; bad is what happens from `deployed` on."""
    good, failed, seconds = 0.0, 0.0, 0.0
    buckets = {"0.1": 0.0, "0.5": 0.0, "2": 0.0, "+Inf": 0.0}
    rows = {"good": [], "failed": [], "cpu": [], "memory": [], "bucket": []}
    for t in range(start, end, 5):
        n = 400 + 40 * math.sin(t / 7)
        rate = bad.get("errors", 0) if t >= deployed else 0
        slow = bad.get("slow", 0.05) if t >= deployed else 0.05
        good += round(n * (1 - rate))
        failed += round(n * rate)
        seconds += 1.5 + 0.1 * math.sin(t / 3)
        for le, share in (("0.1", 1 - slow - 0.02), ("0.5", 1 - slow / 2), ("2", 1), ("+Inf", 1)):
            buckets[le] += round(n * share)
            rows["bucket"].append('http_seconds_bucket{le="%s"} %d %d' % (le, buckets[le], t))
        rows["good"].append('http_requests_total{status="200"} %d %d' % (good, t))
        # As in real life: the counter of failures is not there before the first.
        if failed:
            rows["failed"].append('http_requests_total{status="503"} %d %d' % (failed, t))
        rows["cpu"].append("process_cpu_seconds_total %.3f %d" % (seconds, t))
        rows["memory"].append("process_resident_memory_bytes %d %d" % (3e8 + n * 1e4, t))
    with open(path, "w") as out:
        out.write("# TYPE http_requests counter\n%s\n" % "\n".join(rows["good"] + rows["failed"]))
        out.write("# TYPE http_seconds_bucket unknown\n%s\n" % "\n".join(sorted(
            rows["bucket"], key=lambda row: row.split("}")[0])))
        out.write("# TYPE process_cpu_seconds counter\n%s\n" % "\n".join(rows["cpu"]))
        out.write("# TYPE process_resident_memory_bytes gauge\n%s\n# EOF\n" % "\n".join(rows["memory"]))


def ask(url, start, end, rollout, deployed, *queries):
    return subprocess.run([ASK, url, str(start), str(end), str(rollout), str(deployed), "10", *queries],
                          capture_output=True, text=True)


def judged(bad):
    need("prometheus")
    need("promtool")
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    try:
        now = int(time.time()) // 10 * 10 - 7200
        start, end, deployed = now - 900, now, now - 300
        history(folder + "/history.txt", start, end + 5, deployed, bad)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", folder + "/history.txt",
                        folder + "/tsdb"], check=True, capture_output=True)
        with Prometheus(folder) as server:
            done = ask(server.url, start, end, deployed - 15, deployed, *QUERIES)
            assert done.returncode == 0, done.stderr
            answers = aegis("judge", stdin=done.stdout)
            return ([json.loads(line) for line in done.stdout.splitlines()], done.stderr,
                    [json.loads(line) for line in answers.out.splitlines()])
    finally:
        shutil.rmtree(folder)


def flow_prometheus_held():
    samples, notes, answers = judged({})
    assert answers[-1]["verdict"] == "HELD", answers[-1]
    before = [s for s in samples if s["phase"] == "baseline"]
    assert len(before) >= 50 and len(answers) in (30, 31), (len(before), len(answers))
    # The rollout, 15 s before the deployment, belongs to neither side.
    assert before[-1]["t"] == -20 and answers[0]["t"] == 0, (before[-1]["t"], answers[0]["t"])
    middle = before[30]
    assert 600 < middle["requests"] < 1000 and 60 < middle["rps"] < 100, middle
    assert 0.1 <= middle["latency_p95"] <= 0.5 and middle["memory"] > 3e8 and middle["cpu"] > 0
    # Nothing ever failed: the counter of failures is not there, and that is said.
    assert "errors: its query has no answer" in notes and "errors" not in middle, notes


def flow_prometheus_errors():
    samples, _, answers = judged({"errors": 0.2})
    before = [s for s in samples if s["phase"] == "baseline" and "requests" in s]
    assert all(s["errors"] == 0 and s["error_rate"] == 0 for s in before), before[0]
    first = next(a for a in answers if a["verdict"] == "DECAYED")
    assert first["t"] <= 90 and "error rate" in first["why"], first


def flow_prometheus_slow():
    _, _, answers = judged({"slow": 0.6})
    first = next(a for a in answers if a["verdict"] == "DECAYED")
    assert first["t"] <= 100 and "latency p95" in first["why"], first


class Exporter(http.server.BaseHTTPRequestHandler):
    hits = 0

    def do_GET(self):
        Exporter.hits += 1
        body = b"# TYPE hits counter\nhits_total %d\n" % (Exporter.hits * 100)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def flow_prometheus_live():
    """A target that goes away is down; a wrong query, many lines and no server are told apart."""
    need("prometheus")
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    exporter = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=exporter.serve_forever, daemon=True).start()
    try:
        with Prometheus(folder, exporter.server_address[1]) as server:
            while Exporter.hits < 3:
                time.sleep(0.1)
            exporter.shutdown()
            exporter.server_close()
            time.sleep(2.5)
            now = time.time()
            done = subprocess.run([ASK, server.url, str(now - 20), str(now), str(now - 20), str(now - 20),
                                   "1", "up=up", "requests=hits_total", "rps=this is no query",
                                   "cpu={__name__=~\"up|scrape_duration_seconds\"}"],
                                  capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            samples = [json.loads(line) for line in done.stdout.splitlines()]
            ups = [s["up"] for s in samples if "up" in s]
            assert 1 in ups and ups[-1] == 0, samples
            assert any("requests" in s for s in samples)
            assert "requests" not in samples[-1], "a stale series is a gap"
            assert "rps: Prometheus: bad_data" in done.stderr, done.stderr
            assert "cpu: its query gives 2 lines" in done.stderr, done.stderr
            url = server.url
        gone = ask(url, 1000, 2000, 1500, 1500, "up=up")
        assert gone.returncode == 5 and "no connection" in gone.stderr, gone
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(globals())
