"""git's own HTTP server behind basic authentication, and ways in which a server can be wrong.

usage: git_server.py FOLDER [CERTIFICATE_AND_KEY.pem]; serves FOLDER/<name>.git; prints its port, ends with its standard input.
/good/ takes the token "s3cret"; /slow/ never answers; /renamed/ redirects here, /moved/ to
another host; /down/ is; /drip/ answers without end.
"""
import base64
import os
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = sys.argv[1]
RIGHT = "Basic " + base64.b64encode(b"x-access-token:s3cret").decode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while True:
            size = int(self.rfile.readline(), 16)
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
            if not size:
                return b"".join(pieces)

    def plain(self, status, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def special(self, kind):
        if kind == "slow":
            time.sleep(60)
        elif kind == "renamed":
            self.plain(301, ("Location", self.path.replace("/renamed/", "/good/")))
        elif kind == "moved":
            self.plain(301, ("Location", "http://localhost:%d%s" % (
                self.server.server_address[1], self.path.replace("/moved/", "/good/"))))
        elif kind == "down":
            self.plain(503)
        elif kind == "drip":
            self.send_response(200)
            self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
            self.end_headers()
            for _ in range(600):
                self.wfile.write(b"0")
                self.wfile.flush()
                time.sleep(0.1)
        else:
            return False
        return True

    def serve(self):
        body = self.body()
        kind, _, path = self.path[1:].partition("/")
        if self.special(kind):
            return
        if self.headers.get("Authorization") != RIGHT:
            self.plain(401, ("WWW-Authenticate", 'Basic realm="git"'))
            return
        path, _, query = path.partition("?")
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": ROOT, "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "aegis", "PATH_INFO": "/" + path, "QUERY_STRING": query,
            "REQUEST_METHOD": self.command, "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        made = subprocess.run(["git", "http-backend"], input=body, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        head, _, answer = made.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
        status = next((value for name, value in lines if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in lines:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = serve


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()


main()
