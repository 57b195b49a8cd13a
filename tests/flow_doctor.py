"""`aegis doctor` on the local GitHub: a set-up that is as it should be, and a table of broken ones."""
import json
import os
import subprocess
import tempfile

from daemon import Daemon, FILES
from flow import AEGIS, main, repository, git
from model_standin import KEY, Reply, StandIn, error

REPO = "alice/demo"
GITHUB = ("--part", "github")                   # without trying the sandbox each time
NEEDED = {"actions": "write", "checks": "write", "contents": "write", "deployments": "read",
          "issues": "write", "metadata": "read", "pull_requests": "write", "statuses": "read"}
SEED = {
    "apps": [{"name": "Aegis", "owner": "alice", "permissions": {"statuses": "read"}}],
    "repositories": [{"owner": "alice", "name": "demo", "run": True, "files": FILES},
                     {"owner": "bob", "name": "other", "files": {"a": "a\n"}}],
    "installations": [{"app": "aegis", "account": "alice"}],
    "tokens": [{"user": "alice", "token": "ghp_alice"}, {"user": "carol", "token": "ghp_carol"},
               {"user": "alice", "token": "github_pat_alice"}, {"user": "alice", "token": "ghs_job"}],
}
RULES = {"creation": {"type": "creation"}, "pull": {"type": "pull_request", "parameters": {
    "required_approving_review_count": 2, "require_code_owner_review": True,
    "dismiss_stale_reviews_on_push": False, "require_last_push_approval": False,
    "required_review_thread_resolution": False,
    "allowed_merge_methods": ["rebase"]}}}


def check_of(*names):
    return {"type": "required_status_checks", "parameters": {
        "required_status_checks": [{"context": name} for name in names],
        "strict_required_status_checks_policy": False}}


def name_rule(operator, pattern, negate=False):
    return {"type": "branch_name_pattern",
            "parameters": {"operator": operator, "pattern": pattern, "negate": negate}}


class Clinic(Daemon):
    seed = SEED

    def doctor(self, *words, repo=REPO, code=None, env=None):
        done = self.aegis("doctor", "--repo", repo, "--format", "json", *words, env=env)
        assert done.returncode in (0, 2) if code is None else done.returncode == code, done
        if done.returncode == 78:
            assert done.stdout == "", done
            return None
        answer = json.loads(done.stdout)
        assert (done.returncode == 2) == (answer["bad"] > 0), done
        for secret in ("ghp_", "PRIVATE KEY", "github_pat_alice", "ghs_job"):
            assert secret not in done.stdout + done.stderr, done
        return answer["findings"]

    def set(self, **keys):
        self.hub.control("POST", "settings", repo=REPO, **keys)

    def rules(self, *rules, branches=("aegis/*",), **more):
        self.set(rulesets=[{"branches": list(branches), "rules": list(rules), **more}])

    def grant(self, **rights):
        rights = {**NEEDED, **rights}
        self.hub.control("POST", "installation", id=self.hub.seeded["installations"][0]["id"],
                         permissions={k: v for k, v in rights.items() if v})

    def installation(self, **more):
        self.hub.control("POST", "installation", id=self.hub.seeded["installations"][0]["id"], **more)

    def app(self, **more):
        self.hub.control("POST", "app", id=self.hub.seeded["apps"][0]["id"], **more)

    def as_app(self, **more):
        self.configure({"app_id": self.hub.seeded["apps"][0]["id"],
                        "private_key_file": self.hub.key_file(), **more.pop("github", {})}, **more)

    def other_key(self):
        path = self.folder + "/other.pem"
        subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
        self.as_app(github={"private_key_file": path})

    def clock(self, seconds):
        self.hub.control("POST", "clock", advance_s=seconds)

    def restore(self):
        if self.hub.ahead_s:
            self.clock(-self.hub.ahead_s)
        self.hub.control("DELETE", "faults")
        self.as_app()
        self.grant()
        self.installation(suspended=False)
        self.app(permissions=NEEDED, events=EVENTS, webhook_url="")
        self.set(rulesets=[], archived=False, disabled=False, workflow_state="active",
                 actions_enabled=True, allow_squash_merge=True, allow_merge_commit=True,
                 protection={"main": None})


EVENTS = ["check_run", "check_suite", "deployment_status", "issue_comment", "pull_request",
          "pull_request_review", "push", "repository", "status", "workflow_run"]

# what is broken: how, and the finding that must name it: name, state, part of what was measured
BROKEN = [
    ("a key of another App", lambda d: d.other_key(), "token", "bad", "could not be decoded"),
    ("no such App", lambda d: d.as_app(github={"app_id": 999999}), "token", "bad",
     "Integration not found"),
    ("a key that is none", lambda d: d.as_app(github={"private_key_file": d.config}), "token",
     "bad", "key"),
    ("our clock ahead", lambda d: d.clock(-300), "clock", "bad", "ahead of"),
    ("our clock far behind", lambda d: d.clock(3600), "clock", "bad", "behind"),
    ("our clock a bit behind", lambda d: d.clock(60), "clock", "warning", "behind"),
    ("checks are not granted", lambda d: d.grant(checks=None), "permissions", "bad", "checks: write"),
    ("contents may only be read", lambda d: d.grant(contents="read"), "permissions", "bad",
     "contents: write (has read)"),
    ("no deployments", lambda d: d.grant(deployments=None), "permissions", "bad", "deployments: read"),
    ("workflows may be written", lambda d: d.grant(workflows="write"), "permissions", "warning",
     "workflows: write"),
    ("administration", lambda d: d.grant(administration="write"), "permissions", "warning",
     "administration: write"),
    ("the App asks for too little", lambda d: d.app(permissions={"metadata": "read"}),
     "app permissions", "bad", "issues: write"),
    ("the App asks for too much", lambda d: d.app(permissions={**NEEDED, "workflows": "write"}),
     "app permissions", "warning", "workflows"),
    ("the App hears too little", lambda d: d.app(events=["push"]), "app events", "warning",
     "workflow_run"),
    ("suspended", lambda d: d.installation(suspended=True), "installation", "bad", "suspended"),
    ("archived", lambda d: d.set(archived=True), "archived", "bad", "read-only"),
    ("disabled", lambda d: d.set(disabled=True), "disabled", "bad", "disabled"),
    ("a workflow is off", lambda d: d.set(workflow_state="disabled_inactivity"), "actions", "warning",
     "disabled_inactivity"),
    ("branches may not be made", lambda d: d.rules(RULES["creation"]), "branches", "bad",
     "forbids to make"),
    ("branches by pull request only", lambda d: d.rules(RULES["pull"], branches=["~ALL"]), "branches",
     "bad", "only pull requests"),
    ("signed commits only", lambda d: d.rules({"type": "required_signatures"}), "branches", "bad",
     "signed"),
    ("names must begin with feature/", lambda d: d.rules(name_rule("starts_with", "feature/")),
     "branches", "bad", "names of branches"),
    ("names must not have a slash", lambda d: d.rules(name_rule("contains", "/", True)), "branches",
     "bad", "names of branches"),
    ("names by a regular expression", lambda d: d.rules(name_rule("regex", "^[a-z]+$")), "branches",
     "warning", "names of branches"),
    ("a required check that nobody reports", lambda d: d.rules(check_of("nightly"), branches=["main"]),
     "required checks", "warning", "nightly"),
    ("the rules cannot be read", lambda d: d.rules({"type": "required_status_checks", "parameters": {
        "required_status_checks": [{"context": ""}]}}, branches=["main"]), "required checks", "unknown",
     "nothing is merged"),
    ("people must approve", lambda d: d.rules(RULES["pull"], branches=["main"]), "merge", "warning",
     "code owners"),
    ("only rebases are allowed", lambda d: d.rules(RULES["pull"], branches=["main"]), "merge method",
     "bad", "neither"),
    ("no method is allowed", lambda d: d.set(allow_squash_merge=False, allow_merge_commit=False),
     "merge method", "bad", "neither"),
    ("classic protection", lambda d: d.set(protection={"main": {"required_pull_request_reviews": {
        "required_approving_review_count": 1}}}), "merge", "unknown", "only the checks"),
    ("a settings file with a slip", lambda d: d.hub.push(REPO, {".github/aegis.yml": "runn: x\n"}),
     "settings file", "bad", ".github/aegis.yml:1:1"),
    ("a webhook that leads nowhere", lambda d: d.app(webhook_url="http://127.0.0.1:9/hook"),
     "webhook address", "warning", "from here"),
    ("GitHub is down", lambda d: d.hub.fault("outage"), "token", "unknown", "503"),
]


def told(findings, name):
    return [one for one in findings if one["name"] == name]


def flow_doctor_of_a_good_set_up():
    with Clinic() as d:
        d.restore()
        findings = d.doctor(code=0)
        bad = [one for one in findings if one["state"] not in ("ok", "unknown")]
        assert not bad, bad
        assert [one["name"] for one in findings if one["state"] == "unknown"] == ["webhooks"], findings
        for name in ("memory limit", "process limit", "time limit", "no network", "nothing outside",
                     "disk limit", "store", "clock", "token", "app permissions", "installation",
                     "reach", "permissions", "pushes start runs", "actions", "settings file",
                     "branches", "required checks", "merge method", "merge", "labels"):
            [one] = told(findings, name)
            assert one["state"] == "ok" and one["measured"], one
        text = d.aegis("doctor", "--repo", REPO).stdout
        assert "  ok       memory limit" in text and ", 0 bad, 1 unknown" in text, text
        assert all(one["method"] == "GET" or one["path"].endswith("/access_tokens")
                   for one in d.hub.journal()), d.hub.journal()
        d.rules(RULES["creation"], bypass="always")             # on the bypass list
        d.set(rulesets=[{"branches": ["aegis/*"], "rules": [RULES["creation"]], "bypass": "always"},
                        {"branches": ["main"], "rules": [check_of("test (one)", "test (two)")]}])
        findings = d.doctor(code=0)
        [one] = told(findings, "required checks")
        assert one["state"] == "ok" and "test (one) (by anybody)" in one["measured"], one


def flow_doctor_names_what_is_broken():
    with Clinic() as d:
        d.restore()
        for what, make, name, state, part in BROKEN:
            make(d)
            findings = d.doctor(*GITHUB)
            found = [one for one in told(findings, name)
                     if one["state"] == state and part in one["measured"]]
            assert found, (what, findings)
            assert found[0]["mend"] or state == "unknown", (what, found)
            d.restore()
            if what == "the rules cannot be read":              # nor does the description know them
                d.hub.control("DELETE", "violations")


def flow_doctor_of_a_repository_that_is_not_there():
    with Clinic() as d:
        d.restore()
        [one] = told(d.doctor(*GITHUB, repo="alice/nowhere", code=2), "reach")
        assert one["state"] == "bad" and "alice/nowhere" in one["measured"], one
        [one] = told(d.doctor(*GITHUB, repo="bob/other", code=2), "installation")
        assert one["state"] == "bad" and "/apps/aegis/installations/new" in one["mend"], one
        d.hub.control("POST", "rename", repo=REPO, to="renamed")
        [one] = told(d.doctor(*GITHUB, code=0), "reach")
        assert one["state"] == "warning" and "alice/renamed" in one["measured"], one
        d.installation(remove=True)
        [one] = told(d.doctor(*GITHUB, repo="alice/renamed", code=2), "installation")
        assert one["state"] == "bad" and "not installed" in one["measured"], one


def flow_doctor_of_tokens():
    with Clinic() as d:
        d.restore()
        d.configure({"token_env": "SOME"})
        findings = d.doctor(*GITHUB, env={"SOME": "ghp_alice"})
        assert "a classic personal token: alice" == told(findings, "token")[0]["measured"], findings
        [one] = told(findings, "permissions")
        assert one["state"] == "warning" and "workflow" in one["measured"], one
        assert told(findings, "pushes start runs")[0]["state"] == "ok"
        d.set(actions_enabled=False)                            # an owner's token may read that
        [one] = told(d.doctor(*GITHUB, env={"SOME": "ghp_alice"}, code=2), "actions")
        assert one["state"] == "bad" and "switched off" in one["measured"], one
        d.set(actions_enabled=True)
        findings = d.doctor(*GITHUB, env={"SOME": "github_pat_alice"})
        assert "fine-grained" in told(findings, "token")[0]["measured"], findings
        [one] = told(findings, "permissions")
        assert one["state"] == "unknown" and "may write GitHub does not tell" in one["measured"], one
        findings = d.doctor(*GITHUB, env={"SOME": "ghs_job", "GITHUB_ACTIONS": "true"})
        assert "GITHUB_TOKEN" in told(findings, "token")[0]["measured"], findings
        [one] = told(findings, "pushes start runs")
        assert one["state"] == "warning" and "approval" in one["measured"], one
        [one] = told(findings, "pulls by actions")
        assert one["state"] == "bad" and "may not open" in one["measured"], one
        findings = d.doctor(*GITHUB, env={"SOME": "ghp_nobody"}, code=2)
        [one] = told(findings, "token")
        assert one["state"] == "bad" and "Bad credentials" in one["measured"] and one["mend"], one
        findings = d.doctor(*GITHUB, env={"SOME": "ghp_carol"}, code=2)
        assert told(findings, "reach")[0]["state"] == "bad", findings


def flow_doctor_of_this_machine():
    model = StandIn(Reply("ok"), error(401, "no"), error(500, "later"))
    with Clinic() as d:
        d.restore()
        models = [{"provider": "openai", "model": "m", "base_url": model.url, "api_key": KEY}]
        for state in ("ok", "bad", "warning"):
            d.as_app(models=models)
            [one] = told(d.doctor("--part", "services"), "model m")
            assert one["state"] == state, (state, one)
        assert len(model.requests) == 3, model.requests
        model.close()
        d.as_app(prometheus={"url": "http://127.0.0.1:9"})
        assert told(d.doctor("--part", "services", code=2), "prometheus")[0]["state"] == "bad"
        d.as_app(store={"url": "sqlite:" + d.config})            # no database at all
        assert told(d.doctor("--part", "machine", code=2), "store")[0]["state"] == "bad"
        d.as_app(store={"url": "sqlite:/nowhere/at/all/aegis.db"})
        assert told(d.doctor("--part", "machine", code=2), "store")[0]["state"] == "bad"
        assert not os.path.exists("/nowhere")
        d.as_app()
        d.once()
        serve = subprocess.Popen([AEGIS, "serve", "--config", d.config], stderr=subprocess.PIPE,
                                 text=True, env={**os.environ, "AEGIS_LOG": "json"})
        while '"started"' not in serve.stderr.readline():
            assert serve.poll() is None
        findings = d.doctor("--part", "machine", code=0)
        assert told(findings, "claim")[0]["measured"] == "the daemon is process %d" % serve.pid
        assert "undamaged" in told(findings, "store")[0]["measured"], findings
        serve.terminate()
        serve.stderr.read()
        assert serve.wait() == 0
        with open(d.config, "w", encoding="utf-8") as out:
            out.write("poll: { every_s: soon }\n")
        d.doctor(code=78)


def flow_doctor_of_a_folder():
    with Clinic() as d:
        d.restore()
        folder = repository({"a": "a\n"})
        done = d.aegis("doctor", "--repo", folder)
        assert done.returncode == 64 and "origin" in done.stderr, done
        git(folder, "remote", "add", "origin", "git@github.com:alice/demo.git")
        assert told(d.doctor(*GITHUB, repo=folder, code=0), "reach")[0]["state"] == "ok"
        for wrong in ("demo", "a/b/c d", "../x/.."):
            assert d.aegis("doctor", "--repo", wrong).returncode == 64, wrong


def flow_doctor_without_any_set_up():
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    env = {key: value for key, value in os.environ.items() if key not in ("GITHUB_TOKEN", "AEGIS_CONFIG")}
    done = subprocess.run([AEGIS, "doctor", "--format", "json"], cwd=folder, env=env, text=True,
                          capture_output=True)
    assert done.returncode == 0, done
    [one] = told(json.loads(done.stdout)["findings"], "credentials")
    assert one["state"] == "unknown" and "setup app" in one["mend"], one
    assert os.listdir(folder) == [], os.listdir(folder)


main(globals())
