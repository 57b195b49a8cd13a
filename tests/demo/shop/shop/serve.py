"""
The shop's web server: /health, /articles/NUMBER and /articles/newest. The listening socket comes from
who starts it (SHOP_SOCKET), so that a new version takes over without a gap.
"""
import http.server
import os
import signal
import socket
import sys

from shop.articles import catalogue
from shop.page import page

ARTICLES = catalogue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send(*self.answer())

    def answer(self):
        name = self.path.rpartition("/")[2]
        if self.path == "/health":
            return 200, "well, version %s\n" % os.environ["SHOP_VERSION"]
        if self.path == "/articles/newest":
            return 200, page(ARTICLES[-1], ARTICLES)
        if self.path.startswith("/articles/") and name.isdigit() and int(name) < len(ARTICLES):
            return 200, page(ARTICLES[int(name)], ARTICLES)
        return 404, "there is no such page\n"

    def send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Who asked has gone away."""


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server(("", 0), Handler, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = socket.socket(fileno=int(os.environ["SHOP_SOCKET"]))
        print("ready", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
