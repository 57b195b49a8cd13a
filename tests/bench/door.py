"""
10,000 signed deliveries, published examples made different, to the door and to probot, over keep-alive
connections, one after the other in one run: their pace, the times of the answers, processor and memory.
The door stores each on the disk before it answers; probot stores nothing. Then the figures that must
hold, against their limits. usage: door.py AEGIS
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DELIVERIES, CONNECTIONS, SECRET = 10000, 32, "mysecret"
EXAMPLES = os.path.join(HERE, "../hub/node_modules/@octokit/webhooks-examples")
PROBOT = os.path.join(HERE, "door/node_modules/probot")


def send(name, url, pid):
    done = subprocess.run(["node", os.path.join(HERE, "door.mjs"), name, url, SECRET, str(pid),
                           str(DELIVERIES), str(CONNECTIONS)], capture_output=True, text=True, check=True)
    got = json.loads(done.stdout)
    print("%-7s %6.0f a second, %6.0f for each second of a processor, p50 %5.1f ms, p99 %6.1f ms, "
          "peak %5.1f MiB" % (name, got["per_second"], got["per_core"], got["p50_ms"], got["p99_ms"],
                              got["peak_mib"]))
    assert got["answered"] == DELIVERIES and not got["bad"], got
    return got


def aegis(program, folder):
    with open(folder + "/aegis.yml", "w", encoding="utf-8") as out:
        json.dump({"github": {"webhook_secret": SECRET}, "store": {"url": "sqlite:%s/db" % folder},
                   "listen": {"port": 0}}, out)
    process = subprocess.Popen([program, "serve", "--door", "--config", folder + "/aegis.yml"],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                               env={**os.environ, "AEGIS_LOG": "json"})
    try:
        while True:
            said = json.loads(process.stderr.readline())
            if said["message"] == "listening":
                break
        return send("aegis", "http://127.0.0.1:%d/webhook" % said["port"], process.pid)
    finally:
        process.terminate()
        process.communicate()


def probot():
    if not os.path.isdir(PROBOT):
        print("probot is not installed: (cd tests/bench/door && npm ci)")
        return None
    process = subprocess.Popen(["node", "probot.mjs"], cwd=os.path.join(HERE, "door"), text=True,
                               stdout=subprocess.PIPE, env={**os.environ, "SECRET": SECRET})
    try:
        port = int(process.stdout.readline())
        return send("probot", "http://127.0.0.1:%d/api/github/webhooks" % port, process.pid)
    finally:
        process.terminate()
        process.wait()


def main(program):
    if not os.path.isdir(EXAMPLES):
        print("skipped: tests/hub/node_modules lacks @octokit/webhooks-examples")
        return 0
    folder = tempfile.mkdtemp(prefix="aegis-bench-", dir=HERE + "/../../out")
    began = time.time()
    try:
        ours, theirs = aegis(program, folder), probot()
        limits = [("10,000 deliveries, s", ours["seconds"], 60), ("p99 of the answers, ms",
                  ours["p99_ms"], 250), ("peak memory, MiB", ours["peak_mib"], 64)]
        if theirs:
            limits += [("deliveries a core of probot, share of ours",
                        theirs["per_core"] / ours["per_core"], 0.1),
                       ("our memory, share of probot's", ours["peak_mib"] / theirs["peak_mib"], 0.1)]
        missed = 0
        for name, value, most in limits:
            missed += value > most
            print("%-46s %8.2f  limit %-6g %s" % (name, value, most, "MISSED" if value > most else "ok"))
        print("(%.0f s)" % (time.time() - began))
        return missed > 0
    finally:
        shutil.rmtree(folder)


sys.exit(main(os.path.abspath(sys.argv[1])))
