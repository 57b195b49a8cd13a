"""Seeing what has no log, what other systems report, pull requests, many runs, and at what price."""
import json

from daemon import RED, SEED, Daemon
from flow import Skip, main
from hub import request

R = "/repos/alice/demo"
CI = ".github/workflows/ci.yml"
LOST = ("The hosted runner: GitHub Actions 2 lost communication with the server. Anything in your "
        "workflow that terminates the runner process can cause this error.")


def workflow(step, on="push", more=""):
    return ("on: %s\njobs:\n  test:\n    runs-on: ubuntu-latest\n%s    steps:\n"
            "      - run: %s\n" % (on, more, json.dumps(step)))


def summary(d):
    return d.hub.summary()["alice/demo"]


def only(d):
    [incident] = d.incidents("--all")["incidents"]
    return d.incidents("show", incident["id"])


def paths(d, status=None):
    """The requests since the journal was cleared, without those for tokens and git."""
    return [one["path"] for one in d.hub.journal() if one["path"].startswith(("/repos", "/reposit"))
            and (status is None or one.get("status") == status)]


def flow_see_a_lost_runner_by_its_annotation():
    with Daemon() as d:
        d.push({CI: workflow("echo '::error::%s'; exit 1" % LOST)})
        d.hub.control("POST", "expire-logs", repo="alice/demo")
        assert "1 new incidents, 0 further sightings, 0 not understood" in d.once()
        assert "0 new incidents, 0 further" in d.once()


def flow_see_nothing_known_but_that_it_failed():
    with Daemon() as d:
        d.push({CI: workflow("exit 3")})
        d.hub.control("POST", "expire-logs", repo="alice/demo")
        assert "1 new incidents, 0 further sightings, 1 not understood" in d.once()
        d.push({"unrelated": "x\n"})
        d.hub.control("POST", "expire-logs", repo="alice/demo")
        assert "0 new incidents, 1 further sightings, 1 not understood" in d.once()
        assert len(only(d)["sightings"]) == 2


def flow_see_a_log_that_is_still_on_its_way():
    with Daemon() as d:
        d.push({"stats.py": RED})
        d.hub.fault("status_before", status=404, path="/logs", times=99)
        assert "0 new incidents" in d.once()
        d.hub.control("DELETE", "faults")
        assert "1 new incidents, 1 further sightings, 0 not understood" in d.once()


def flow_see_a_broken_workflow_file():
    with Daemon() as d:
        d.push({CI: "on: push\njobs: [\n"})
        assert "1 red runs read, 0 red checks: 1 new incidents" in d.once()
        [seen] = only(d)["sightings"]
        assert seen["run"] and not seen["job_id"], seen
        d.push({"unrelated": "x\n"})
        assert "0 new incidents, 1 further" in d.once()


def flow_see_time_out_but_not_a_person():
    with Daemon() as d:
        d.hub.control("POST", "runner", limit_ms=300)
        d.push({CI: workflow("sleep 20")})
        [run] = [one for one in summary(d)["runs"] if one["conclusion"] == "cancelled"]
        assert run, "the hub cancels what takes too long"
        assert "0 red runs read, 0 red checks: 1 new incidents" in d.once()
        d.hub.control("POST", "runner", limit_ms=60000)
        d.hub.push("alice/demo", {CI: workflow("sleep 30"), "b": "b\n"})
        number = max(one["id"] for one in summary(d)["runs"])
        while not (jobs(d, number) and jobs(d, number)[0]["status"] == "in_progress"):
            pass
        assert d.hub.api("%s/actions/runs/%d/cancel" % (R, number), "POST",
                         "ghp_alice").status == 202
        d.hub.idle()
        assert "0 new incidents, 0 further" in d.once()


def jobs(d, run):
    return d.hub.api("%s/actions/runs/%d/jobs" % (R, run), token="ghp_alice").body["jobs"]


class Systems(Daemon):
    """With another App that reports checks, and a person's token for statuses."""

    seed = {**SEED, "apps": SEED["apps"] + [{"name": "Circle", "owner": "alice"}],
            "installations": SEED["installations"] + [{"app": "circle", "account": "alice"}]}

    def token(self, app):
        number = self.hub.seeded["installations"][app]["id"]
        answer = request("%s/app/installations/%d/access_tokens" % (self.hub.url, number), "POST",
                         self.hub.jwt(app))
        assert answer.status == 201, answer.text
        return answer.body["token"]

    def check(self, head, app=1, **more):
        body = {"name": "build", "head_sha": head, "conclusion": "failure", **more}
        answer = self.hub.api(R + "/check-runs", "POST", self.token(app), body)
        assert answer.status == 201, answer.text
        return answer.body["id"]

    def status(self, head, state, context="ci/deep"):
        body = {"state": state, "context": context, "description": "2 tests failed"}
        answer = self.hub.api("%s/statuses/%s" % (R, head), "POST", "ghp_alice", body)
        assert answer.status == 201, answer.text

    def pull(self, files, branch):
        head = self.push(files, branch=branch)
        answer = self.hub.api(R + "/pulls", "POST", "ghp_alice",
                              {"title": "x", "head": branch, "base": "main"})
        assert answer.status == 201, answer.text
        self.hub.idle()
        return answer.body["number"], head


TRACE = """Traceback (most recent call last):
  File "stats.py", line 2, in mean
    return sum(values) / len(values)
ZeroDivisionError: division by zero
"""


def flow_see_the_checks_of_another_system():
    with Systems() as d:
        head = d.push({"stats.py": RED, CI: None})
        note = {"path": "stats.py", "start_line": 2, "end_line": 2, "annotation_level": "failure",
                "message": "test_empty failed", "raw_details": TRACE}
        number = d.check(head, output={"title": "1 failed", "summary": "", "annotations": [note]})
        d.check(head, app=0, name="ours")                   # ours is no news
        d.check(head, name="good", conclusion="success")
        assert "0 red runs read, 1 red checks: 1 new incidents, 0 further sightings, " \
            "0 not understood" in d.once()
        [seen] = only(d)["sightings"]
        assert (seen["run"], seen["job_id"], seen["job"], seen["head"]) == \
            (0, number, "build", head), seen
        assert "0 red checks" in d.once()
        d.check(head, name="build 2", output={"title": "1 failed", "summary": TRACE})
        assert "1 red checks: 0 new incidents, 1 further" in d.once()


def flow_see_the_statuses_of_another_system():
    with Systems() as d:
        head = d.push({"a": "b\n"})
        d.status(head, "pending")
        assert "0 red checks" in d.once()
        d.status(head, "failure")
        assert "1 red checks: 1 new incidents" in d.once()
        assert "0 red checks" in d.once()
        d.status(head, "error")
        assert "1 red checks: 0 new incidents, 1 further" in d.once()


def flow_see_pull_requests():
    with Systems() as d:
        d.once()
        number, head = d.pull({"stats.py": RED, CI: workflow(
            "/usr/bin/python3 -c 1/0", "pull_request")}, "topic")
        assert "1 red runs read, 0 red checks: 1 new incidents" in d.once(), d.hub.summary()
        story = only(d)
        assert story["branch"] == "topic", story
        assert [one["pull"] for one in story["sightings"]] == [number], story
        assert "pull request %d" % number in d.aegis("incidents", "show", story["id"]).stdout
        d.check(head, output={"title": "fails here", "summary": "x"})
        assert "1 red checks: 1 new incidents" in d.once()
        last = d.incidents()["incidents"][0]
        assert last["branch"] == "topic"
        assert d.incidents("show", last["id"])["sightings"][0]["pull"] == number
        ours = d.push({"x": "y\n"}, branch="aegis/fix-0123456789ab")
        assert d.hub.api(R + "/pulls", "POST", "ghp_alice", {
            "title": "fix", "head": "aegis/fix-0123456789ab", "base": "main"}).status == 201
        d.check(ours, output={"title": "fails on a fix", "summary": "x"})
        assert "0 red checks" in d.once()


def flow_see_again_for_free():
    """With a person's token, for GitHub's etags hold for one token, and an App's is new each time."""
    with Daemon() as d:
        d.push({"stats.py": RED})
        d.configure({"token_env": "TOKEN", "repositories": ["alice/demo", "alice/quiet"]})
        env = {"TOKEN": "ghp_alice"}
        assert "1 new incidents" in d.aegis("once", "--look", env=env).stdout
        d.hub.control("DELETE", "journal")
        assert "0 new incidents, 0 further" in d.aegis("once", "--look", env=env).stdout
        asked = [path for path in paths(d) if path.count("/") > 3]
        assert len(asked) == 2 * 4 == len(set(asked)), asked
        assert paths(d, 304) == paths(d), d.hub.journal()
        # One that could not be read keeps no etag: it is asked for again, by the next process too.
        d.push({"stats.py": RED + "\n"})
        d.hub.fault("status_before", status=500, path="/jobs", times=9)
        assert "0 new incidents, 0 further" in d.aegis("once", "--look", env=env).stdout
        d.hub.control("DELETE", "faults")
        assert "0 new incidents, 2 further" in d.aegis("once", "--look", env=env).stdout


def flow_see_with_one_token_for_all():
    with Daemon() as d:
        d.once()
        d.hub.control("DELETE", "journal")
        d.once()
        tokens = [one for one in d.hub.journal() if one["path"].endswith("access_tokens")]
        assert len(tokens) == 1 and "repositories" not in tokens[0]["body"], tokens
        assert set(tokens[0]["body"]["permissions"].values()) == {"read"}, tokens
        # Those that are named are found by their installation, and share its token.
        d.configure({"app_id": d.hub.seeded["apps"][0]["id"], "private_key_file": d.hub.key_file(),
                     "repositories": ["alice/demo", "alice/quiet"]})
        d.hub.control("DELETE", "journal")
        d.once()
        tokens = [one for one in d.hub.journal() if one["path"].endswith("access_tokens")]
        assert len(tokens) == 1, tokens


def flow_see_back_to_known_ground():
    files = {".github/workflows/w%d.yml" % n: "on: push\njobs: [\n" for n in range(10)}
    with Daemon() as d:
        d.once()
        d.push({**files, CI: None}, branch="old")
        for n in range(11):
            d.push({**files, CI: None, "n": str(n)})
        d.hub.control("DELETE", "journal")
        found = d.once()
        assert "20 red runs read" in found, found           # ten on each branch
        pages = [one for one in d.hub.journal() if one["path"].endswith("/actions/runs")
                 and one["query"].get("page") == "2"]
        assert len(pages) == 1, pages


def flow_see_no_past_at_first():
    files = {".github/workflows/w%d.yml" % n: "on: push\njobs: [\n" for n in range(10)}
    with Daemon() as d:
        d.push({**files, CI: None}, branch="old")
        for n in range(11):
            d.push({**files, CI: None, "n": str(n)})
        found = d.once()
        assert "10 red runs read" in found, found


def flow_see_then_run_a_lost_runner_again():
    with Daemon() as d:
        d.push({CI: workflow("echo '::error::%s'; exit 1" % LOST)})
        d.hub.control("POST", "expire-logs", repo="alice/demo")
        assert d.aegis("once").returncode == 0
        d.hub.idle()
        story = only(d)
        assert story["story"]["diagnosis"] == "transient", story
        assert story["story"]["failure"]["type"] == "runner lost", story
        assert max(one["attempts"] for one in summary(d)["runs"]) == 2, summary(d)["runs"]


def flow_see_then_tell_of_another_system():
    with Systems() as d:
        head = d.push({"a": "b\n"})
        d.check(head, output={"title": "Licence of left-pad is not allowed", "summary": "x"})
        assert d.aegis("once").returncode == 0
        story = only(d)
        assert story["stage"] == "ESCALATED", story
        failure = story["story"]["failure"]
        assert failure["message"] == "build: Licence of left-pad is not allowed", failure
        assert failure["tool"] == "circle", failure


def flow_see_killed_on_the_way():
    """Nothing is lost and nothing seen twice; for a program that is built with kill points."""
    with Daemon() as d:
        d.once()
        heads = []
        for point in ("see.job.before", "see.job.after:2", "see.job.after:3", "see.etag.before",
                      "see.etag.after"):
            heads += 2 * [d.push({"stats.py": RED + "# %s\n" % point})]
            done = d.aegis("once", "--look", env={"AEGIS_KILL_AT": point})
            if done.returncode == 0:
                raise Skip("the program has no kill points")
            assert done.returncode == -9, done
            d.once()
            assert [one["head"] for one in only(d)["sightings"]] == heads, (point, only(d))
            assert "0 new incidents, 0 further" in d.once()


main(globals())
