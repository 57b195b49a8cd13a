"""The server that test_window talks to: it behaves as its folder says, and counts who asks.

window_server.py FOLDER; prints its port, ends with its standard input. /NAME answers as the file
NAME says: "200", "500", ..., "slow" (half a second), "cut" (no answer); asks are counted in NAME.asks.
A Prometheus is at /api/v1/query_range: the query is the name of a series below, and the file
"prometheus" says "up" or "down"; "deployed" holds the second that the deployment was out.
"""
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

FOLDER = sys.argv[1]


def read(name, other=""):
    try:
        with open(os.path.join(FOLDER, name)) as file:
            return file.read().strip()
    except OSError:
        return other


SERIES = {
    "requests": lambda t, after: 400 + t // 10 % 7,
    "well": lambda t, after: t // 10 % 2,
    "sick": lambda t, after: 120 if after else t // 10 % 2,
    "none": lambda t, after: None,
    "late": lambda t, after: 120 if after and t >= float(read("deployed")) + 60 else None,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        name = self.path.strip("/") or "root"
        with open(os.path.join(FOLDER, name + ".asks"), "a") as file:
            file.write("x")
        how = read(name, "200")
        if how == "slow":
            time.sleep(0.5)
        if how == "cut":
            self.close_connection = True
            return
        self.reply(200 if how == "slow" else int(how), "hello")

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if read("prometheus", "up") != "up":
            return self.reply(503, "away")
        start, end, step = (float(form[name][0]) for name in ("start", "end", "step"))
        deployed = float(read("deployed", "0"))
        points = []
        for i in range(int((end - start) / step) + 1):
            t = start + i * step
            value = SERIES[form["query"][0]](int(t), t >= deployed)
            if value is not None:
                points.append([t, str(value)])
        result = [{"metric": {}, "values": points}] if points else []
        self.reply(200, json.dumps({"status": "success",
                                    "data": {"resultType": "matrix", "result": result}}))

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
