"""
What a runner does with a composite action, as far as action.yml needs it: expressions, the environment,
bash as `shell: bash` starts it, outputs, and what the runner would take for a workflow command.
"""
import json
import os
import re
import subprocess
import tempfile

from flow import AEGIS, Skip

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def load(path):
    try:
        import yaml
    except ImportError as why:
        raise Skip("python3-yaml is not installed") from why
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return yaml.safe_load(file)


class Expressions:
    """The few forms of ${{ }} that action.yml has: names, texts, ==, != and ||."""

    def __init__(self, inputs, token):
        self.inputs, self.token, self.steps = inputs, token, {}

    def one(self, term):
        term = term.strip()
        if term.startswith("'"):
            return term[1:-1]
        where, *rest = term.split(".")
        if term == "github.token":
            return self.token
        if where == "inputs":
            return self.inputs[rest[0]]
        assert where == "steps" and rest[1] == "outputs", term
        return self.steps.get(rest[0], {}).get(rest[2], "")

    def value(self, text):
        for sign in ("==", "!="):
            if sign in text:
                left, right = (self.one(part) for part in text.split(sign))
                return (left == right) == (sign == "==")
        return next((v for v in (self.one(part) for part in text.split("||")) if v), "")

    def fill(self, text):
        def put(match):
            value = self.value(match.group(1))
            return str(value).lower() if isinstance(value, bool) else value
        return re.sub(r"\$\{\{(.*?)\}\}", put, str(text))


def read_outputs(path):
    """As the runner reads the file; what it would refuse is an AssertionError."""
    with open(path, encoding="utf-8", newline="") as file:
        rest = file.read().split("\n")
    assert rest.pop() == "", "the last line has no end"
    found = {}
    while rest:
        line = rest.pop(0)
        heredoc = re.fullmatch(r"([a-z-]+)<<(\S+)", line)
        if heredoc:
            name, end = heredoc.groups()
            assert end in rest, line
            value = "\n".join(rest[:rest.index(end)])
            del rest[:rest.index(end) + 1]
        else:
            name, sign, value = line.partition("=")
            assert sign and re.fullmatch("[a-z-]+", name), line
        assert name not in found, name
        found[name] = value
    return found


def commands(text):
    """What the runner takes for commands: (name, properties, message)."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        new = re.match(r"\s*::([A-Za-z-]+)(?: ([^:]*))?::(.*)$", line)
        old = re.search(r"##\[([A-Za-z-]+)[^\]]*\]", line)
        if new:
            pairs = dict(part.split("=", 1) for part in (new.group(2) or "").split(",") if part)
            pairs = {key: unescape(value, True) for key, value in pairs.items()}
            found.append((new.group(1), pairs, unescape(new.group(3), False)))
        elif old:
            found.append((old.group(1), {}, line))
    return found


def unescape(text, is_property):
    for sign, code in ((":", "%3A"), (",", "%2C")) if is_property else ():
        text = text.replace(code, sign)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


class Visit:
    """The folders and variables of one step in one job."""

    def __init__(self, workspace, event="push", payload=None, ref="refs/heads/main", repo="alice/demo",
                 **more):
        self.folder = tempfile.mkdtemp(prefix="aegis-visit-")
        self.temp = os.path.join(self.folder, "temp")
        os.mkdir(self.temp)
        files = {name: os.path.join(self.folder, name) for name in ("output", "summary", "event")}
        for path in files.values():
            open(path, "w", encoding="utf-8").close()
        self.set_event(payload if payload is not None else {"repository": {
            "full_name": repo, "default_branch": "main"}})
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "TMPDIR": self.folder,
            "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": workspace, "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": files["event"], "GITHUB_REPOSITORY": repo, "GITHUB_REF": ref,
            "GITHUB_OUTPUT": files["output"], "GITHUB_STEP_SUMMARY": files["summary"],
            "GITHUB_SERVER_URL": "https://github.com", "RUNNER_TEMP": self.temp,
            **{key: str(value) for key, value in more.items()}}
        self.workspace, self.out, self.code = workspace, "", None

    def set_event(self, payload):
        with open(os.path.join(self.folder, "event"), "w", encoding="utf-8") as out:
            out.write(payload if isinstance(payload, str) else json.dumps(payload))

    def start(self, words, more=None):
        done = subprocess.run(words, env={**self.environment, **(more or {})}, cwd=self.workspace
                              if os.path.isdir(self.workspace) else "/", capture_output=True,
                              text=True, errors="replace", timeout=300)
        self.out += done.stdout
        self.out += done.stderr
        self.code = done.returncode
        return done

    def aegis(self, *words, **inputs):
        """`aegis action` alone; inputs by their names in capitals."""
        self.start([AEGIS, "action", *words],
                   {"INPUT_" + key.upper(): str(value) for key, value in inputs.items()})
        return self

    def composite(self, token="", status=None, **inputs):
        """All steps of action.yml; the uploads that it would make."""
        action = load("action.yml")
        given = {name: str(one.get("default", "")) for name, one in action["inputs"].items()}
        words = Expressions(given, token)
        given.update({name: words.fill(value) for name, value in given.items()})
        given.update({name.replace("_", "-"): str(value) for name, value in inputs.items()})
        uploads, environment = [], {**(status or {}), "GITHUB_ACTION_PATH": ROOT}
        for step in action["runs"]["steps"]:
            if "if" in step and not words.value(step["if"]):
                continue
            if "uses" in step:
                uploads.append({key: words.fill(value) for key, value in step["with"].items()})
                continue
            assert step["shell"] == "bash"
            script = os.path.join(self.temp, step["id"] + ".sh")
            with open(script, "w", encoding="utf-8") as out:
                out.write(step["run"])
            own = os.path.join(self.folder, "output-" + step["id"])
            open(own, "w", encoding="utf-8").close()
            env = {key: words.fill(value) for key, value in step["env"].items()}
            done = self.start(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
                              {**environment, **env, "GITHUB_OUTPUT": own})
            if done.returncode:
                break
            words.steps[step["id"]] = read_outputs(own)
        self.given = {name: words.fill(one["value"]) for name, one in action["outputs"].items()}
        return uploads

    def outputs(self):
        return read_outputs(self.environment["GITHUB_OUTPUT"])

    def summary(self):
        with open(self.environment["GITHUB_STEP_SUMMARY"], encoding="utf-8") as file:
            return file.read()

    def commands(self):
        return commands(self.out)
