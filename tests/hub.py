"""
Starts the local GitHub (tests/hub/) for a flow: seeds it, makes control calls, speaks its API, stops
it. `with Hub(seed) as hub:` ends by checking that all traffic conformed to GitHub's description.
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = os.path.join(HERE, "hub", "main.js")


def missing():
    """Why the hub cannot run here, or None."""
    if not shutil.which("node"):
        return "node is not installed"
    for name in ("ajv", "ajv-formats", "yaml"):
        if not os.path.isdir(os.path.join(HERE, "..", "node_modules", name)):
            return "node_modules lacks " + name
    return None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *words):
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


class Answer:
    """status, headers, text and, where it is JSON, body."""

    def __init__(self, status, headers, raw):
        self.status = status
        self.headers = headers
        self.text = raw.decode("utf-8", "replace")
        self.body = json.loads(raw) if "json" in headers.get("content-type", "") else None


def request(url, method="GET", token=None, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    sent = urllib.request.Request(url, data=data, method=method)
    sent.add_header("accept", "application/vnd.github+json")
    sent.add_header("user-agent", "hub-tests")
    if token:
        sent.add_header("authorization", "Bearer " + token)
    for key, value in (headers or {}).items():
        sent.add_header(key, value)
    try:
        with _opener.open(sent, timeout=120) as got:
            return Answer(got.status, got.headers, got.read())
    except urllib.error.HTTPError as got:
        return Answer(got.code, got.headers, got.read())


def _part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Hub:
    """A running hub. url, seeded (what the seed made), root (a folder that goes with it)."""

    def __init__(self, seed=None, jobs=2):
        self.root = tempfile.mkdtemp(prefix="aegis-hub-")
        self.ahead_s = 0
        words = ["node", MAIN, "--port", "0", "--root", self.root, "--jobs", str(jobs),
                 "--with-parent"]
        if seed is not None:
            path = os.path.join(self.root, "seed.json")
            with open(path, "w", encoding="utf-8") as out:
                json.dump(seed, out)
            words += ["--seed", path]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the hub did not start")
        ready = json.loads(line)
        self.url = ready["url"]
        self.seeded = ready["seeded"]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        left = None
        if kind is None:
            left = self.violations()
        self.stop()
        assert not left, "not as GitHub's description says: " + json.dumps(left, indent=1)

    def control(self, method, name, /, **body):
        """A control call, see tests/hub/BEHAVIOURS.md: hub.control("POST", "clock", advance_s=60)"""
        answer = request(self.url + "/_hub/" + name, method, body=body or None)
        if answer.status != 200:
            raise RuntimeError(answer.text)
        if name == "clock":
            self.ahead_s += body["advance_s"]
        return answer.body

    def violations(self):
        return self.control("GET", "violations")

    def summary(self):
        return self.control("GET", "summary")

    def journal(self):
        return self.control("GET", "journal")

    def idle(self, within_s=120):
        """Waits until no job waits or runs."""
        self.control("POST", "idle", within_ms=within_s * 1000)

    def push(self, repo, files, branch=None, **more):
        """Someone pushes; returns the new commit."""
        if branch:
            more["branch"] = branch
        return self.control("POST", "push", repo=repo, files=files, **more)["sha"]

    def fault(self, kind, **more):
        return self.control("POST", "faults", kind=kind, **more)

    def key_file(self, app=0):
        """The private key of the n-th App of the seed, as a file."""
        path = os.path.join(self.root, "app-%d.pem" % app)
        with open(path, "w", encoding="utf-8") as out:
            out.write(self.seeded["apps"][app]["private_key"])
        os.chmod(path, 0o600)
        return path

    def jwt(self, app=0, **claims):
        now = int(time.time()) + self.ahead_s
        body = {"iat": now - 60, "exp": now + 540, "iss": str(self.seeded["apps"][app]["id"])}
        body.update(claims)
        text = _part({"alg": "RS256", "typ": "JWT"}) + "." + _part(body)
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key_file(app)],
                                input=text.encode(), capture_output=True, check=True)
        return text + "." + _part(signed.stdout)

    def token(self, installation=0, **body):
        """An installation token of the first App."""
        number = self.seeded["installations"][installation]["id"]
        answer = self.api("/app/installations/%d/access_tokens" % number, "POST", self.jwt(),
                          body or None)
        assert answer.status == 201, answer.text
        return answer.body["token"]

    def api(self, path, method="GET", token=None, body=None, headers=None):
        return request(self.url + path, method, token, body, headers)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.root, ignore_errors=True)
