"""
What every flow test uses: small repositories made on the spot, the real program, and a count at
the end. A flow is a function whose name begins with "flow_"; it fails by an AssertionError.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import traceback

AEGIS = os.path.abspath(os.environ.get("AEGIS", "out/aegis"))
IDENTITY = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]


# As on anybody's machine: some settings of the one who tests would hide what Python leaves behind.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


class Skip(Exception):
    """The machine lacks what the flow needs; the reason is printed."""


def need(program):
    if not shutil.which(program):
        raise Skip(program + " is not installed")


def git(folder, *words):
    done = subprocess.run(["git", *IDENTITY, "-C", folder, *words], capture_output=True,
                          text=True, check=True)
    return done.stdout.strip()


def write(folder, files):
    for path, text in files.items():
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as out:
            out.write(text if isinstance(text, bytes) else textwrap.dedent(text).encode())


def repository(files, name="repo"):
    folder = os.path.join(tempfile.mkdtemp(prefix="aegis-flow-"), name)
    os.makedirs(folder)
    git(folder, "init", "-q", "-b", "main")
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "start")
    return folder


def snapshot(folder):
    """HEAD, the index and every file of the work tree, so that a touch of any of them shows."""
    state = {}
    for root, folders, files in os.walk(folder):
        if ".git" in folders and root == folder:
            folders.remove(".git")
        for name in sorted(files):
            path = os.path.join(root, name)
            if os.path.islink(path):
                state[path] = os.readlink(path)
            else:
                with open(path, "rb") as file:
                    data = file.read()
                state[path] = (hashlib.sha256(data).hexdigest(), os.stat(path).st_mtime_ns)
    for name in ("HEAD", "index", "config"):
        path = os.path.join(folder, ".git", name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                state[path] = hashlib.sha256(file.read()).hexdigest()
    return state


class Outcome:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.json = None

    def __getitem__(self, key):
        return self.json[key]


def aegis(*words, env=None, cwd=None, stdin=None, timeout=300):
    done = subprocess.run([AEGIS, *words], capture_output=True, text=True, errors="replace",
                          env=env, cwd=cwd, input=stdin, timeout=timeout)
    return Outcome(done)


def fix(folder, *words, **more):
    """Runs the main job with --format json and checks what must hold whatever comes out."""
    before = snapshot(folder)
    outcome = aegis("fix", "--repo", folder, "--format", "json", *words, **more)
    assert snapshot(folder) == before, "HEAD, index or work tree changed"
    if outcome.code in (0, 2):
        outcome.json = json.loads(outcome.out)
        assert "\n" not in outcome.out.strip(), "stdout holds more than one object"
    else:
        assert outcome.out == "", "an error left something on stdout: " + outcome.out[:200]
        assert outcome.err.startswith("aegis"), outcome.err[:200]
    if outcome.json and outcome["branch"]:
        assert git(folder, "rev-parse", outcome["branch"]) == outcome["commit"]
    return outcome


def committed(folder, outcome, path):
    return subprocess.run(["git", "-C", folder, "show", outcome["branch"] + ":" + path],
                          capture_output=True, check=True).stdout.decode()


def branches(folder):
    return git(folder, "branch", "--list", "aegis/*")


def main(flows):
    names = [n for n in flows if n.startswith("flow_")]
    chosen = sys.argv[1:]
    passed = failed = skipped = 0
    for name in names:
        if chosen and name not in chosen:
            continue
        try:
            flows[name]()
            passed += 1
            print("ok", name, flush=True)
        except Skip as why:
            skipped += 1
            print("skip", name, "-", why, flush=True)
        except Exception:
            failed += 1
            print("FAILED", name, flush=True)
            traceback.print_exc(file=sys.stdout)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    sys.exit(1 if failed else 0)
