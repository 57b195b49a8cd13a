"""What the checks of a fix, the base branch and the branch's rules do to it."""
from circle import has, main, repository, settings, workflow
from daemon import GREEN, RED, RUN, TEST

BY_HAND = settings(autonomy="propose")
NAMES = ("one", "two", "three", "four")


def parts(count):
    """A workflow that tests module after module, and stops at the first that is red."""
    files = {"%s.py" % name: GREEN for name in NAMES[:count]}
    files.update({"test_%s.py" % name: TEST.replace("stats", name) for name in NAMES[:count]})
    files[".github/workflows/ci.yml"] = workflow(
        *("/usr/bin/python3 -m unittest -q test_" + name for name in NAMES[:count]))
    return files


@repository({**parts(2), **BY_HAND})
def flow_second_attempt_on_top(s):
    """The step after the mended one is red too: the same pull request, a second commit."""
    s.push({"one.py": RED, "two.py": RED})
    story = s.come("AWAITING_APPROVAL")
    assert story["attempt"] == 2, story
    [pull] = s.github()["pulls"]
    commits = [one["commit"]["message"] for one in s.api("pulls/1/commits")]
    assert len(commits) == 2, commits
    has(commits[0], "one.py")
    has(commits[1], "two.py")
    has(s.sticky(1), "### Earlier attempts", "attempt 1", "its checks stayed red")
    assert pull["head_sha"] == story["fix_commit"], story


@repository(parts(4))
def flow_three_attempts_and_no_more(s):
    s.push({"%s.py" % name: RED for name in NAMES})
    story = s.come("ESCALATED", within_s=240)
    assert story["attempt"] == 3, story
    has(story["why"], "stayed red after all attempts")
    [pull] = s.github()["pulls"]
    assert pull["state"] == "open" and pull["draft"], pull
    assert "aegis: needs a person" in pull["labels"], pull
    has(s.sticky(1), "A person has to look at this", "attempt 2", "attempt 3 of 3")
    s.push({"other.txt": "x\n"})                         # while that one is there
    more = s.come("SUPERSEDED", skip=[story["id"]])
    has(more["why"], "left to people with pull request #1")
    assert len(s.github()["pulls"]) == 1


@repository({"test_env.py": "import os\nimport unittest\n\n\nclass E(unittest.TestCase):\n"
             "    def test_it(self):\n        self.assertEqual(os.environ.get('RUNNER_OS'), None)\n",
             **BY_HAND})
def flow_red_there_and_green_here(s):
    """What depends on the runner does not show in the sandbox: run again once, then people look."""
    s.come("ESCALATED")
    [run] = s.github()["runs"]
    assert run["attempts"] == 2, run
    story = s.show(s.incidents()[0]["id"])
    has(story["why"], "does not show in the sandbox")
    has(s.check(run["head_sha"])["summary"], "does not show in the sandbox", "what the runner has")
    assert not s.github()["pulls"]


MOVED = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n"


@repository(BY_HAND)
def flow_base_moves_and_conflicts(s):
    s.push({"stats.py": RED})
    story = s.come("AWAITING_APPROVAL")
    first = story["fix_commit"]
    moved = s.push({"stats.py": MOVED})
    s.until(lambda: s.show(story["id"])["fix_commit"] != first)
    story = s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    assert pull["state"] == "open" and pull["head_sha"] == story["fix_commit"], pull
    [commit] = s.api("pulls/1/commits")
    assert commit["parents"][0]["sha"] == moved, commit
    has(s.sticky(1), "moved on and it does not merge")
    s.api("pulls/1/merge", "PUT", {}, "bob")
    s.come("RESOLVED")


@repository(BY_HAND)
def flow_base_moves_beside_it(s):
    s.push({"stats.py": RED})
    first = s.come("AWAITING_APPROVAL")["fix_commit"]
    s.push({"other.txt": "x\n"})
    s.until(lambda: len(s.show(s.incidents()[0]["id"])["sightings"]) == 2)
    s.stays(lambda: s.incidents()[0]["stage"] == "AWAITING_APPROVAL")
    assert s.github()["pulls"][0]["head_sha"] == first
    s.api("pulls/1/merge", "PUT", {}, "bob")
    s.come("RESOLVED")


def required(*contexts, **more):
    return {"main": {"required_status_checks": {"strict": False, "contexts": list(contexts)}, **more}}


@repository({".github/workflows/ci.yml": workflow("sleep 3", RUN)},
            protection={"main": {"required_status_checks": {"strict": True, "contexts": ["test"]}}})
def flow_base_moves_and_must_be_under_it(s):
    """Where only up-to-date branches may be merged, the fix is made and proven again on top."""
    s.push({"stats.py": RED})
    first = s.come("PROPOSED")["fix_commit"]
    moved = s.push({"other.txt": "x\n"})
    story = s.come("RESOLVED")
    assert story["fix_commit"] != first, story
    [pull] = s.github()["pulls"]
    [commit] = s.api("pulls/1/commits")
    assert pull["merged"] and commit["parents"][0]["sha"] == moved, (pull, commit)
    has(s.sticky(1), "moved on and must be under what is merged")


@repository(protection=required("test", "never"))
def flow_required_check_never_comes(s):
    s.push({"stats.py": RED})
    story = s.come("PROPOSED")
    s.stays(lambda: s.incidents()[0]["stage"] == "PROPOSED" and not s.github()["pulls"][0]["merged"])
    s.age(story["id"], "proposed_at", 7)
    story = s.come("ESCALATED")
    has(story["why"], "never is required and has not reported")
    [pull] = s.github()["pulls"]
    assert pull["state"] == "open" and "aegis: needs a person" in pull["labels"], pull
    has(s.sticky(1), "the checks of the pull request never came or never ended", "never")


@repository({".github/workflows/ci.yml": workflow("/usr/bin/python3 -m unittest -q", on={
    "push": {"branches": ["main"]}})})
def flow_no_check_is_not_green(s):
    s.push({"stats.py": RED})
    story = s.come("PROPOSED")
    s.stays(lambda: not s.github()["pulls"][0]["merged"])
    s.age(story["id"], "proposed_at", 0.5)
    story = s.come("ESCALATED")
    has(story["why"], "no check has succeeded")
    assert not s.github()["pulls"][0]["merged"]


@repository(protection=required("test", required_pull_request_reviews={
    "required_approving_review_count": 1}))
def flow_rules_want_a_review(s):
    """It may merge by itself, and the branch's rules do not let it: it says so, and waits."""
    s.push({"stats.py": RED})
    story = s.come("AWAITING_APPROVAL")
    has(story["why"], "GitHub does not let it be merged", "review")
    has(s.sticky(1), "GitHub does not let it be merged")
    tries = len([one for one in s.writes() if one[1].endswith("/merge")])
    s.stays(lambda: len([one for one in s.writes() if one[1].endswith("/merge")]) == tries)
    s.review(1, "APPROVE", "bob")
    s.come("RESOLVED")


@repository({"auth.py": GREEN, "test_auth.py": TEST.replace("stats", "auth")})
def flow_approved_an_older_head(s):
    """The approval is of a commit that is not what would be merged."""
    s.push({"auth.py": RED})
    first = s.come("AWAITING_APPROVAL")["fix_commit"]
    s.push({"auth.py": MOVED})
    s.until(lambda: s.show(s.incidents()[0]["id"])["fix_commit"] != first)
    story = s.come("AWAITING_APPROVAL")
    s.review(1, "APPROVE", "bob", commit_id=first)
    s.stays(lambda: not s.github()["pulls"][0]["merged"])
    s.review(1, "APPROVE", "bob", commit_id=story["fix_commit"])
    s.come("RESOLVED")


main(globals())
