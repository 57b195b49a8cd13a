"""
Where the demo's shop is deployed to: starts the version that the file "current" names, hands the
listening socket on from version to version, and one shopper who reads the newest article again and
again and takes the time.
"""
import http.client
import os
import socket
import subprocess
import sys
import threading
import time

PATIENCE_S = 60


class Production:
    def __init__(self, folder):
        self.folder = folder
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.version = self.process = None
        self.pages = []                 # (when it was asked for, seconds; None: no page)
        self.asked = None               # when the page was asked for that is waited for
        self.since = {}                 # version -> when it took over
        self.over = threading.Event()
        os.makedirs(os.path.join(folder, "releases"))
        self.threads = [threading.Thread(target=one, daemon=True) for one in (self.deploy, self.shop)]
        for thread in self.threads:
            thread.start()

    def current(self):
        try:
            with open(os.path.join(self.folder, "current"), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def deploy(self):
        while not self.over.wait(0.1):
            if self.current() != self.version:
                self.replace(self.current())

    def replace(self, version):
        """The old one is asked to end only when the new one answers; it ends what it began."""
        words = {"SHOP_SOCKET": str(self.socket.fileno()), "SHOP_VERSION": version}
        with open(os.path.join(self.folder, "log"), "ab") as log:
            fresh = subprocess.Popen([sys.executable, "-m", "shop.serve"],
                                     cwd=os.path.join(self.folder, "releases", version),
                                     env={**os.environ, **words}, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=log,
                                     pass_fds=[self.socket.fileno()], start_new_session=True)
        fresh.stdout.readline()
        self.since[version] = time.time()
        if self.process:
            self.process.terminate()
        self.process, self.version = fresh, version

    def shop(self):
        while not self.over.wait(0.5):
            if self.version:
                self.asked = time.time()
                self.pages.append((self.asked, self.page()))
                self.asked = None

    def page(self):
        asked = time.monotonic()
        shopper = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            shopper.request("GET", "/articles/newest")
            answer = shopper.getresponse()
            answer.read()
            return time.monotonic() - asked if answer.status == 200 else None
        except (OSError, http.client.HTTPException):
            return None
        finally:
            shopper.close()

    def waits(self):
        """(When it was asked for, how long it took), of all pages that came."""
        return [(asked, took) for asked, took in list(self.pages) if took is not None]

    def waiting(self):
        """The same of the page that is waited for, so far."""
        asked = self.asked
        return [(asked, time.time() - asked)] if asked else []
