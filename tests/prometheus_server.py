"""The server that test_prometheus and test_health talk to: the query, or the path, is the answer.

prometheus_server.py; prints its port, ends with its standard input.
"""
import http.server
import json
import sys
import threading
import time
import urllib.parse


def points(form, values):
    start, step = float(form["start"][0]), float(form["step"][0])
    return [[start + i * step, v] for i, v in enumerate(values) if v is not None]


def matrix(form, *lines):
    return {"status": "success", "data": {"resultType": "matrix", "result": [
        {"metric": {"n": str(i)}, "values": points(form, line)} for i, line in enumerate(lines)]}}


def error(kind, text):
    return {"status": "error", "errorType": kind, "error": text}


QUERIES = {
    "one": lambda f: (200, matrix(f, ["1", "2.5", "NaN", None, "+Inf"])),
    "two": lambda f: (200, matrix(f, ["1"], ["2"])),
    "none": lambda f: (200, matrix(f)),
    "requests": lambda f: (200, matrix(f, ["10", "20", "30", "40", "50"])),
    "errors": lambda f: (200, matrix(f, [None, None, "3", "NaN", None])),
    "partial": lambda f: (200, dict(matrix(f, ["7"]), warnings=["a store is away"])),
    "bad": lambda f: (400, error("bad_data", "parse error at char 3")),
    "heavy": lambda f: (422, error("execution", "too many samples")),
    "late": lambda f: (503, error("timeout", "query timed out")),
    "off": lambda f: (503, "Service Unavailable"),
    "gateway": lambda f: (502, "<html>Bad Gateway</html>"),
    "limit": lambda f: (429, "slow down"),
    "denied": lambda f: (403, error("unauthorized", "no")),
    "elsewhere": lambda f: (404, "not found"),
    "noise": lambda f: (200, "<html>hello</html>"),
    "step 10s": lambda f: (200, matrix(f, ["8"])),
    "vector": lambda f: (200, {"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": {}, "value": [float(f["time"][0]), "4"]}]}}),
    "form & = +": lambda f: (200, matrix(f, [f["timeout"][0]])),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(2)
        if self.path == "/long":
            self.reply(200, "start" + "x" * 3000000)
        else:
            self.reply({"/well": 200, "/teapot": 418, "/none": 204}.get(self.path, 500),
                       "" if self.path == "/none" else '{"status":"ok"}')

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(),
                                     strict_parsing=True)
        if not self.path.startswith("/base/api/v1/query"):
            return self.reply(404, "not found")
        if form["query"][0] == "token":
            return self.reply(*(401, "") if self.headers["Authorization"] != "Bearer t" else
                              (200, matrix(form, ["1"])))
        self.reply(*QUERIES[form["query"][0]](form))

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
