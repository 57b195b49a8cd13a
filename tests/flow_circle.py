"""From a red push to a merged fix, and where a person has the say: who may, and what it does."""
from circle import has, main, repository, settings, stages
from daemon import GREEN, RED, TEST

BY_HAND = settings(autonomy="propose")
# A name that says risk HIGH.
AT_RISK = {"auth.py": GREEN, "test_auth.py": TEST.replace("stats", "auth")}


@repository()
def flow_merged_by_itself(s):
    red = s.push({"stats.py": RED})
    story = s.come("RESOLVED")
    assert stages(story) == ["INVESTIGATING", "HYPOTHESIS_RECEIVED", "CONTEXT_RETRIEVED",
                             "EXECUTING", "VERIFYING", "PROPOSED", "MERGED", "RESOLVED"], story
    assert all(effect["state"] == "DONE" for effect in story["effects"]), story["effects"]
    found = s.github()
    [pull] = found["pulls"]
    assert pull["merged"] and pull["title"].startswith("Fix ZeroDivisionError in stats.py")
    assert pull["labels"] == ["aegis"], pull
    has(pull["body"], "test_stats.T.test_empty", "A test states what is right", red[:8],
        "<!-- aegis:incident=%s -->" % story["id"], "Aegis merges this by itself")
    assert list(found["refs"]) == ["main"], found["refs"]     # our branch is gone again
    assert found["refs"]["main"] == story["merge_sha"], story
    has(s.sticky(1), "Resolved: the fix is merged")
    has(s.check(red)["title"], "in pull request 1")
    text = s.circle.aegis("incidents", "show", story["id"]).stdout
    has(text, "pull request #1 is open", "RESOLVED")
    s.hub.idle()
    assert len(s.incidents()) == 1


@repository(BY_HAND)
def flow_proposed_and_a_person_merges(s):
    s.push({"stats.py": RED})
    s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    assert not pull["draft"] and "aegis: needs a person" in pull["labels"], pull
    has(pull["body"], "does not merge this by itself")
    has(s.sticky(1), "A fix waits for a person")
    s.review(1, "APPROVE", "bob")                       # in this mode that is no order to merge
    s.stays(lambda: not s.github()["pulls"][0]["merged"])
    s.api("pulls/1/merge", "PUT", {"merge_method": "merge"}, "bob")
    story = s.come("RESOLVED")
    assert stages(story)[-4:] == ["PROPOSED", "AWAITING_APPROVAL", "MERGED", "RESOLVED"], story
    has(s.sticky(1), "Resolved")
    assert list(s.github()["refs"]) == ["main"], s.github()["refs"]


@repository(AT_RISK)
def flow_asked_and_a_writer_approves(s):
    s.push({"auth.py": RED})
    story = s.come("AWAITING_APPROVAL")
    assert "risk HIGH" in story["why"], story["why"]
    s.review(1, "APPROVE", "carol")                     # she may only read
    s.stays(lambda: not s.github()["pulls"][0]["merged"])
    s.review(1, "APPROVE", "bob")
    s.come("RESOLVED")
    [pull] = s.github()["pulls"]
    assert pull["merged"], pull


@repository()
def flow_changes_requested(s):
    """Asked for while the checks still run: the fix would be merged by itself else."""
    s.hub.control("POST", "settings", repo=s.repo, protection={"main": {
        "required_status_checks": {"strict": False, "contexts": ["test", "word of a person"]}}})
    s.push({"stats.py": RED})
    s.come("PROPOSED")
    s.review(1, "REQUEST_CHANGES", "bob")
    head = s.github()["pulls"][0]["head_sha"]
    s.api("statuses/" + head, "POST", {"context": "word of a person", "state": "success"})
    s.come("AWAITING_APPROVAL")
    s.stays(lambda: not s.github()["pulls"][0]["merged"])
    s.review(1, "APPROVE", "bob")
    s.come("RESOLVED")


@repository(BY_HAND)
def flow_closed_is_no(s):
    s.push({"stats.py": RED})
    s.come("AWAITING_APPROVAL")
    s.api("pulls/1", "PATCH", {"state": "closed"}, "bob")
    story = s.come("REJECTED")
    has(s.sticky(1), "A person said no")
    s.push({"other.txt": "x\n"})                         # the same failure again
    again = s.come("SUPERSEDED", skip=[story["id"]])
    has(again["why"], "left to people with pull request #1")
    assert len(s.github()["pulls"]) == 1
    s.push({"other.txt": "y\n"})                         # and again
    more = s.come("SUPERSEDED", skip=[story["id"], again["id"]])
    assert len(s.github()["pulls"]) == 1
    s.hub.idle()
    s.push({"stats.py": GREEN})                          # it was well in between: a new one
    s.hub.idle()
    s.push({"stats.py": RED})
    s.come("AWAITING_APPROVAL", skip=[story["id"], again["id"], more["id"]])
    assert len(s.github()["pulls"]) == 2


@repository(BY_HAND)
def flow_a_person_takes_the_branch(s):
    s.push({"stats.py": RED})
    story = s.come("AWAITING_APPROVAL")
    branch = "aegis/fix-" + story["id"]
    theirs = s.push({"stats.py": GREEN}, branch=branch, author="bob")
    story = s.come("SUPERSEDED")
    has(story["why"], "taken the branch over")
    has(s.sticky(1), "taken the branch over")
    s.push({"other.txt": "x\n"})
    s.come("SUPERSEDED", skip=[story["id"]])
    found = s.github()
    assert found["refs"][branch] == theirs and found["pulls"][0]["state"] == "open", found


@repository()
def flow_mended_by_a_person_while_we_work(s):
    s.push({"stats.py": RED})
    s.until(s.incidents)
    s.push({"stats.py": GREEN})
    story = s.come("SUPERSEDED")
    has(story["why"], "green now")
    found = s.github()
    assert all(pull["state"] == "closed" and not pull["merged"] for pull in found["pulls"]), found
    assert list(found["refs"]) == ["main"], found


@repository(BY_HAND)
def flow_mended_by_a_person_while_it_is_open(s):
    s.push({"stats.py": RED})
    s.come("AWAITING_APPROVAL")
    s.push({"stats.py": GREEN})
    s.come("SUPERSEDED")
    [pull] = s.github()["pulls"]
    assert pull["state"] == "closed" and not pull["merged"], pull
    has(s.sticky(1), "No longer needed", "green now")
    assert list(s.github()["refs"]) == ["main"]


SPREAD = TEST.replace("stats", "spread").replace("mean", "spread")


@repository({**BY_HAND, "spread.py": GREEN.replace("mean", "spread"), "test_spread.py": SPREAD})
def flow_two_pull_requests_for_two_failures(s):
    """Two jobs are red by different faults: two incidents, each with a pull request of its own."""
    two = ("on: push\njobs:\n" + "".join(
        "  %s:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
        "      - run: /usr/bin/python3 -m unittest -q test_%s\n" % (name, name)
        for name in ("stats", "spread")))
    s.push({".github/workflows/ci.yml": two, "stats.py": RED,
            "spread.py": RED.replace("mean", "spread")})
    s.until(lambda: len([one for one in s.incidents() if one["stage"] == "AWAITING_APPROVAL"]) == 2)
    titles = sorted(pull["title"] for pull in s.github()["pulls"])
    assert len(titles) == 2, titles
    has(titles[0], "spread.py")
    has(titles[1], "stats.py")
    for pull in s.github()["pulls"]:
        s.api("pulls/%d/merge" % pull["number"], "PUT", {}, "bob")
    s.until(lambda: all(one["stage"] == "RESOLVED" for one in s.incidents()))


main(globals())
