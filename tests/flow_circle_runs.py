"""What happens before any fix: reruns, flaky tests, what cannot be mended, and who may do what."""
from circle import has, main, repository, settings, workflow
from daemon import RED, RUN, WORKFLOW

BY_HAND = settings(autonomy="propose")
# Names that are not to be had only in the first attempt, and for ever.
NO_NAME = "echo 'curl: (6) Could not resolve host: files.example.org'; exit 6"
ONCE = 'if [ "$GITHUB_RUN_ATTEMPT" = 1 ]; then %s; fi' % NO_NAME


@repository()
def flow_transient_passes_when_run_again(s):
    head = s.push({".github/workflows/ci.yml": workflow(ONCE)})
    story = s.come("SUPERSEDED")
    has(story["why"], "passed when its failed jobs were run again")
    [run] = [run for run in s.github()["runs"] if run["head_sha"] == head]
    assert run["attempts"] == 2 and run["conclusion"] == "success", run
    assert not s.github()["pulls"] and not s.github()["comments"]


@repository()
def flow_transient_stays_red(s):
    head = s.push({".github/workflows/ci.yml": workflow(NO_NAME)})
    story = s.come("ESCALATED")
    has(story["why"], "did not after one rerun")
    [run] = [run for run in s.github()["runs"] if run["head_sha"] == head]
    assert run["attempts"] == 2, run
    has(s.check(head)["summary"], "usually passes by itself", "Run the failed jobs again later")
    assert not s.github()["pulls"]


@repository({".github/workflows/ci.yml": workflow(NO_NAME)})
def flow_twice_of_three_is_not_transient(s):
    """The rerun of the first helped nothing; the second run fails in the same way and is not run again."""
    first = s.come("ESCALATED")
    head = s.push({"other.txt": "x\n"})
    again = s.come("ESCALATED", skip=[first["id"]])
    assert again["id"] != first["id"]
    [run] = [run for run in s.github()["runs"] if run["head_sha"] == head]
    assert run["attempts"] == 1, run


AT_WILL = ("import os\nimport unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n"
           "        self.assertEqual(os.environ.get('GITHUB_EVENT_NAME'), 'push')\n")


@repository({"test_stats.py": AT_WILL, ".github/workflows/ci.yml": workflow(RUN, on=[
    "push", "workflow_dispatch"])})
def flow_flaky_was_green_on_the_same_commit(s):
    s.hub.idle()
    s.api("actions/workflows/ci.yml/dispatches", "POST", {"ref": "main"})
    story = s.come("ESCALATED")
    has(story["why"], "the test is not reliable")
    green, red = s.github()["runs"]
    assert green["conclusion"] == "success" and red["attempts"] == 2, (green, red)
    has(s.check(red["head_sha"])["summary"], "Make the test reliable")
    assert not s.github()["pulls"]


@repository()
def flow_nothing_safe_to_do(s):
    """The test says 3 and the code says 5: nobody but a person knows who is right."""
    red = s.push({"test_stats.py": "import unittest\n\nfrom stats import mean\n\n\n"
                                   "class T(unittest.TestCase):\n    def test_it(self):\n"
                                   "        self.assertEqual(mean([4, 6]), 3)\n"})
    story = s.come("ESCALATED")
    has(story["why"], "no fix is safe here")
    output = s.check(red)
    has(output["title"], "A person has to look at this")
    has(output["summary"], "no fix is safe here", "Mend it by hand", "test_it", story["id"])
    found = s.github()
    assert not found["pulls"] and not found["comments"] and list(found["refs"]) == ["main"], found
    # A person runs the job again, and it fails again: that is known.
    [run] = [run for run in found["runs"] if run["head_sha"] == red]
    s.api("actions/runs/%d/rerun-failed-jobs" % run["id"], "POST")
    s.until(lambda: len(s.show(story["id"])["sightings"]) == 2 or len(s.incidents()) > 1)
    assert [one["stage"] for one in s.incidents()] == ["ESCALATED"], s.incidents()


@repository({".github/workflows/ci.yml": WORKFLOW, **BY_HAND})
def flow_legs_of_a_matrix_are_one(s):
    red = s.push({"stats.py": RED})
    story = s.come("AWAITING_APPROVAL")
    assert len(s.incidents()) == 1 and len(story["sightings"]) == 2, story
    assert len(s.github()["pulls"]) == 1
    s.check(red)
    s.review(1, "COMMENT", "bob")
    s.api("pulls/1/merge", "PUT", {}, "bob")
    s.come("RESOLVED")


@repository(owner="dave", permissions={"contents": "read", "metadata": "read", "actions": "write",
                                       "checks": "write", "pull_requests": "write",
                                       "statuses": "read", "issues": "write", "deployments": "read"})
def flow_may_not_push(s):
    """The fix is proven and must not be brought: that is said where it can be."""
    red = s.push({"stats.py": RED})
    story = s.come("ESCALATED")
    has(story["why"], "does not allow what is needed")
    output = s.check(red)
    has(output["summary"], "Look at the permissions of the App", "returns 0.0 when values is empty",
        "The fix, to be applied by hand", "+    if not values:")
    found = s.github()
    assert list(found["refs"]) == ["main"] and not found["pulls"], found
    assert not [one for one in s.writes() if "git-receive-pack" in one[1] and one[2] == 200]


@repository({".github/aegis.yml": "autonomy: guarded\nautonomi: autopilot\n"})
def flow_settings_cannot_be_read(s):
    """Nothing is merged by a file that nobody understands, and people read why."""
    s.push({"stats.py": RED})
    s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    has(pull["body"], "settings of Aegis in this repository cannot be read", "aegis.yml:2:1",
        "Aegis merges nothing")
    has(s.sticky(1), "aegis.yml:2:1", "Aegis merges nothing")
    s.review(1, "APPROVE", "bob")
    s.stays(lambda: not s.github()["pulls"][0]["merged"])


@repository(BY_HAND, branches={"work": {"other.txt": "x\n"}})
def flow_settings_of_a_branch_do_not_count(s):
    """A branch gives itself leave to be merged into; what counts is on the default branch."""
    s.push({"stats.py": RED, ".github/aegis.yml": '{"autonomy": "autopilot"}'}, branch="work")
    s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    assert pull["base"] == "work", pull
    s.stays(lambda: not s.github()["pulls"][0]["merged"])


OTHER_MEAN = "def mean(values):\n    return sum(values) / max(1, len(values)) + len(str(values)) - 2\n"


@repository({**BY_HAND, "test_stats.py": "import unittest\n\nfrom stats import mean\n\n\n"
             "class T(unittest.TestCase):\n    def test_it(self):\n"
             "        self.assertEqual(mean([2, 4]), 3)\n"})
def flow_no_fix_takes_the_commit_back(s):
    """No fix is safe, and on the default branch the commit that broke it is known."""
    s.hub.idle()
    bad = s.push({"stats.py": OTHER_MEAN})
    story = s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    has(pull["title"], "Take back what broke")
    has(pull["body"], "takes back the commit that broke it", bad[:10], "risk HIGH")
    assert s.github()["refs"]["aegis/fix-" + story["id"]] == pull["head_sha"]
    s.stays(lambda: not s.github()["pulls"][0]["merged"])


@repository({**BY_HAND, ".github/aegis/templates/old.yml": "summary: s\n"},
            branches={"work": {"other.txt": "x\n"}})
def flow_templates_of_a_branch_do_not_count(s):
    """A broken one is passed over, and what a branch brings is not read at all."""
    s.push({"stats.py": RED, ".github/aegis/templates/new.yml": "nonsense\n"}, branch="work")
    s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    has(pull["body"], "python_zero_division")


main(globals())
