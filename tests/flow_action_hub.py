"""The mode fix of `aegis action` against the local GitHub: one branch and one draft, or hands off."""
import os
import subprocess
import tempfile

from action_runner import Visit
from daemon import FILES, RED, RUN, WORKFLOW
from flow import AEGIS, Skip, git, main
from flow_action import check_markdown, pull_event
from hub import Hub, missing

BROKEN = {**FILES, "stats.py": RED, ".github/workflows/ci.yml": WORKFLOW.replace(
    "    strategy:\n      matrix:\n        leg: [one, two]\n", "")}
OURS = "aegis/fix-"


class Scene(Hub):
    """A red repository alice/demo, checked out as actions/checkout does: shallow, by its commit."""

    def __init__(self, files=None, **more):
        if missing():
            raise Skip(missing())
        super().__init__({
            "apps": [{"name": "Aegis", "owner": "alice", "permissions": {"workflows": None}}],
            "repositories": [{"owner": "alice", "name": "demo", "run": True, "files": files or BROKEN,
                              **more}],
            "installations": [{"app": "aegis", "account": "alice"}],
            "tokens": [{"user": "alice", "token": "ghp_alice"}]})
        self.idle()
        # Nobody has asked for a token of the installation yet: the one there is the run's.
        self.job_token = [one for one in self.control("GET", "tokens") if one.startswith("ghs_")][0]

    def checkout(self, ref="main", detached=False):
        folder = os.path.join(tempfile.mkdtemp(prefix="aegis-checkout-"), "demo")
        git("/", "clone", "-q", "--depth", "1", "--branch", ref,
            self.url.replace("://", "://x:ghp_alice@") + "/alice/demo.git", folder)
        if detached:
            git(folder, "checkout", "-q", "--detach")
        return folder

    def visit(self, folder, event="push", payload=None, ref="refs/heads/main", **more):
        return Visit(folder, event, payload, ref, GITHUB_API_URL=self.url, GITHUB_SERVER_URL=self.url,
                     **more)

    def fix(self, *words, folder=None, token=None, **inputs):
        inputs = {"command": RUN, "mode": "fix", "token": token or self.job_token, **inputs}
        return self.visit(folder or self.checkout()).aegis(*words, **inputs)

    def demo(self):
        return self.summary()["alice/demo"]

    def ours(self):
        return [one for one in self.demo()["refs"] if OURS in str(one)]

    def writes(self):
        return [(one["method"], one["path"]) for one in self.journal()
                if one["method"] not in ("GET", "HEAD") and "git-upload-pack" not in one["path"]]


def told_unsent(visit, why):
    got = visit.outputs()
    assert visit.code == 0 and got["branch"] == got["pull-request"] == "", (got, visit.out)
    assert got["patch"] and why in visit.summary(), visit.summary()


def flow_opens_one_draft():
    with Scene() as hub:
        visit = hub.fix()
        got = visit.outputs()
        assert visit.code == 0 and got["mode"] == "fix" and got["pull-request"], (got, visit.out)
        pulls = hub.demo()["pulls"]
        assert [str(one["number"]) for one in pulls] == [got["pull-request"]], pulls
        pull = hub.api("/repos/alice/demo/pulls/" + got["pull-request"], token="ghp_alice").body
        assert pull["draft"] and pull["head"]["ref"] == got["branch"] == OURS + got["incident"]
        assert pull["base"]["ref"] == "main" and pull["user"]["login"] == "github-actions[bot]", pull
        assert "holds them until somebody" in pull["body"], pull["body"]
        assert pull["body"].rstrip().endswith("<!-- aegis:incident=%s -->" % got["incident"])
        commit = hub.api("/repos/alice/demo/commits/" + got["branch"], token="ghp_alice").body
        assert commit["commit"]["author"]["email"].endswith("github-actions[bot]@users.noreply.github.com")
        assert "A fix is proposed" in visit.summary() and "holds them until" in visit.summary()
        after = hub.checkout(got["branch"])
        assert subprocess.run(RUN, shell=True, cwd=after, capture_output=True).returncode == 0
        again = hub.fix()
        assert again.outputs()["pull-request"] == got["pull-request"], again.out
        assert "was proposed before" in again.summary() and len(hub.demo()["pulls"]) == 1


def flow_checks_that_never_start():
    with Scene() as hub:
        visit = hub.fix(wait=2)
        assert visit.outputs()["pull-request"] and "never started" in visit.summary(), visit.summary()


def flow_checks_of_an_app_start():
    with Scene() as hub:
        visit = hub.fix(wait=60, token=hub.token())
        assert "Its checks have started" in visit.summary(), visit.summary()


def flow_another_token_than_the_jobs_is_not_warned_of():
    with Scene() as hub:
        visit = hub.visit(hub.checkout(), AEGIS_JOB_TOKEN="false").aegis(
            command=RUN, mode="fix", token=hub.token())
        assert visit.outputs()["pull-request"] and "GITHUB_TOKEN" not in visit.summary()


def flow_dry_run_writes_nothing():
    with Scene() as hub:
        before = len(hub.writes())
        for words, inputs in ((["--dry-run"], {}), ([], {"dry_run": "true"})):
            visit = hub.fix(*words, **inputs)
            assert len(hub.writes()) == before and visit.outputs()["patch"], visit.out
            assert "would be pushed to `%s" % OURS in visit.summary(), visit.summary()
            assert "into `main`" in visit.summary()


def flow_a_token_that_may_only_read():
    with Scene() as hub:
        visit = hub.fix(token=hub.token(permissions={"contents": "read", "pull_requests": "read"}))
        told_unsent(visit, "contents: write")
        assert not hub.demo()["pulls"] and not hub.ours(), hub.demo()


def flow_a_token_without_pull_requests():
    with Scene() as hub:
        visit = hub.fix(token=hub.token(permissions={"contents": "write", "pull_requests": "read"}))
        told_unsent(visit, "pull-requests: write")
        assert "branch that was pushed" in visit.summary()
        assert not hub.demo()["pulls"] and not hub.ours(), hub.demo()


def flow_a_dead_token():
    with Scene() as hub:
        visit = hub.fix(token="ghs_deadbeefdeadbeefdeadbeefdeadbeefdead")
        assert visit.code == 0 and visit.outputs()["patch"] and not hub.demo()["pulls"], visit.out
        assert "Trouble" in visit.summary() and "ghs_dead" not in visit.out + visit.summary()


def flow_a_closed_pull_request_is_a_no():
    with Scene() as hub:
        number = hub.fix().outputs()["pull-request"]
        hub.api("/repos/alice/demo/pulls/" + number, "PATCH", "ghp_alice", {"state": "closed"})
        told_unsent(hub.fix(), "closed without a merge")


def flow_a_branch_of_somebody_is_not_moved():
    with Scene() as hub:
        incident = hub.fix(mode="suggest").outputs()["incident"]
        head = hub.push("alice/demo", {"mine.txt": "mine\n"}, branch=OURS + incident)
        told_unsent(hub.fix(), "without a pull request")
        there = hub.api("/repos/alice/demo/commits/" + OURS + incident, token="ghp_alice").body
        assert there["sha"] == head


def flow_what_was_cut_off_is_taken_up():
    """Pushed, and killed before the pull request: its branch is used; one with other content is not."""
    with Scene() as hub:
        folder = hub.checkout()
        got = hub.fix("--dry-run", folder=folder).outputs()
        git(folder, "apply", "--index", got["patch"])
        git(folder, "commit", "-qm", "by an earlier visit")
        git(folder, "push", "-q", "origin", "HEAD:" + OURS + got["incident"])
        head = git(folder, "rev-parse", "HEAD")
        visit = hub.fix()
        assert visit.outputs()["pull-request"], visit.out + visit.summary()
        pull = hub.api("/repos/alice/demo/pulls/" + visit.outputs()["pull-request"], token="ghp_alice").body
        assert pull["head"]["sha"] == head


def flow_the_branch_has_moved_on():
    with Scene() as hub:
        folder = hub.checkout()
        hub.push("alice/demo", {"more.txt": "more\n"})
        told_unsent(hub.fix(folder=folder), "moved on")
        assert not hub.demo()["pulls"] and not hub.ours()


def flow_enough_is_enough():
    with Scene() as hub:
        for name in ("one", "two"):
            hub.push("alice/demo", {name: name}, branch="aegis/fix-" + name)
            made = hub.api("/repos/alice/demo/pulls", "POST", "ghp_alice", {
                "title": name, "head": "aegis/fix-" + name, "base": "main", "body": "x"})
            assert made.status == 201, made.text
        told_unsent(hub.fix(), "enough pull requests")


def flow_a_lost_answer_is_looked_for():
    with Scene() as hub:
        hub.fault("drop_after", method="POST", path="/repos/alice/demo/pulls", times=2)
        visit = hub.fix()
        assert len(hub.demo()["pulls"]) >= 1 and visit.outputs()["pull-request"], visit.out


def flow_github_is_down():
    with Scene() as hub:
        folder = hub.checkout()
        hub.fault("outage", on=True)
        visit = hub.fix(folder=folder)
        hub.fault("outage", on=False)
        assert visit.code == 0 and visit.outputs()["patch"] and "Trouble" in visit.summary(), visit.out


def flow_on_the_head_of_a_pull_request():
    """Checked out at its own commit: a fix is stacked on its branch."""
    with Scene(FILES, branches={"feature": {**BROKEN}}) as hub:
        folder = hub.checkout("feature", detached=True)
        head = git(folder, "rev-parse", "HEAD")
        event = pull_event(head=head)
        visit = hub.visit(folder, "pull_request", event, "refs/pull/1/merge").aegis(
            command=RUN, mode="fix", token=hub.job_token)
        assert visit.outputs()["pull-request"], visit.out + visit.summary()
        assert hub.demo()["pulls"][0]["base"] == "feature", hub.demo()["pulls"]


def flow_settings_are_those_of_the_default_branch():
    """A branch may ask for less than the default branch does, never for more."""
    own = {".github/aegis.yml": '{"templates": {"disable": ["python_zero_division"]}}'}
    with Scene(FILES, branches={"feature": {**BROKEN, **own}}) as hub:
        folder = hub.checkout("feature", detached=True)
        visit = hub.visit(folder, "pull_request", pull_event(head=git(folder, "rev-parse", "HEAD")),
                          "refs/pull/1/merge").aegis(command=RUN, token=hub.job_token)
        assert visit.outputs()["action"] == "escalate", visit.out
    with Scene({**FILES, **own}, branches={"feature": BROKEN}) as hub:
        folder = hub.checkout("feature", detached=True)
        visit = hub.visit(folder, "pull_request", pull_event(head=git(folder, "rev-parse", "HEAD")),
                          "refs/pull/1/merge").aegis(command=RUN, token=hub.job_token)
        assert visit.outputs()["template"] != "python_zero_division", visit.out


def flow_the_log_of_a_red_job():
    """Neither a command nor a log is given: the failed job of the run says what is red."""
    with Scene() as hub:
        run = hub.demo()["runs"][0]
        folder = hub.checkout()
        visit = hub.visit(folder, GITHUB_RUN_ID=run["id"], GITHUB_RUN_ATTEMPT=1).aegis(
            mode="explain", token=hub.job_token)
        assert visit.outputs()["action"] == "explain", visit.out
        assert "ZeroDivisionError" in visit.summary(), visit.summary()
        event = {"repository": {"full_name": "alice/demo", "default_branch": "main"}, "workflow_run": {
            "id": run["id"], "run_attempt": 1, "head_sha": git(folder, "rev-parse", "HEAD"),
            "head_branch": "main", "head_repository": {"full_name": "alice/demo"}}}
        visit = hub.visit(folder, "workflow_run", event).aegis(mode="fix", token=hub.job_token)
        assert visit.outputs()["pull-request"], visit.out + visit.summary()
        event["workflow_run"]["head_repository"]["full_name"] = "mallory/demo"
        visit = hub.visit(folder, "workflow_run", event).aegis(mode="fix", token=hub.job_token)
        assert "of a fork" in visit.summary() and visit.outputs()["mode"] == "suggest"
        visit = hub.visit(folder, GITHUB_RUN_ID=run["id"]).aegis(
            mode="explain", token=hub.token(permissions={"contents": "read"}))
        assert "actions: read" in visit.summary(), visit.summary()


OLD = """\
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-22.04
    steps:
      - uses: actions/upload-pages-artifact@v2
      - uses: actions/deploy-pages@v2
"""
NOTICE = """\
##[error]This request has been automatically failed because it uses a deprecated version of \
`actions/upload-artifact: v3`. Learn more: \
https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/
"""


def flow_a_fix_of_a_workflow_is_not_pushed():
    """No token of a job may change workflows: GitHub refuses the push, and the patch is handed over."""
    with Scene({"a": "a\n", ".github/workflows/ci.yml": WORKFLOW.replace(RUN, "false"),
                ".github/workflows/pages.yml": OLD}) as hub:
        folder = hub.checkout()
        log = os.path.join(os.path.dirname(folder), "red.log")
        with open(log, "w", encoding="utf-8") as out:
            out.write(NOTICE)
        visit = hub.fix(folder=folder, command="", log=log)
        assert visit.outputs()["template"] == "workflow_retired_artifact", visit.out
        told_unsent(visit, "refused by a rule")
        assert not hub.ours() and not hub.demo()["pulls"]


def flow_a_person_is_the_author():
    with Scene() as hub:
        visit = hub.fix(token="ghp_alice")
        commit = hub.api("/repos/alice/demo/commits/" + visit.outputs()["branch"], token="ghp_alice").body
        assert commit["author"]["login"] == "alice" and "GITHUB_TOKEN" not in visit.summary(), commit


def flow_summaries_are_clean():
    with Scene() as hub:
        visit = hub.fix()
        check_markdown(visit.summary().replace(hub.url, "https://github.com"))


def flow_as_a_composite_step():
    with Scene() as hub:
        visit = hub.visit(hub.checkout())
        uploads = visit.composite(hub.job_token, command=RUN, mode="fix", binary=AEGIS)
        assert visit.given["pull-request"] and visit.given["branch"].startswith(OURS), visit.out
        assert uploads and "GITHUB_TOKEN" in visit.summary(), visit.summary()


if __name__ == "__main__":
    main(globals())
