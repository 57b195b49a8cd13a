"""Where Aegis keeps away, keeps quiet, or keeps within bounds."""
from circle import has, main, repository, settings, workflow
from daemon import GREEN, RED, RUN

ZERO = "def mean(values):\n    return 0\n"
BY_HAND = settings(autonomy="propose")


def silent(s):
    """Nothing was said or made on GitHub."""
    made = [one for one in s.writes() if "access_tokens" not in one[1]]
    ours = [one for one in s.github()["checks"] if one["app"] == "aegis"]
    assert not s.github()["pulls"] or all(p["user"] != "aegis[bot]" for p in s.github()["pulls"])
    assert not ours and not s.github()["comments"], (made, ours)


def left_out(s, why):
    story = s.come("SUPERSEDED")
    has(story["why"], why)
    silent(s)
    return story


def asked_for(s, branch="feature", by="bob"):
    """A pull request of a person, green so far."""
    s.push({"more.txt": "x\n"}, branch=branch, author=by)
    return s.api("pulls", "POST", {"head": branch, "base": "main", "title": "More", "body": ""}, by)


@repository(settings(skip=True))
def flow_the_settings_say_skip(s):
    s.push({"stats.py": RED})
    left_out(s, "the settings of the repository say skip")


@repository(settings(branches=["release/*", "!release/old"]))
def flow_branches(s):
    s.push({"stats.py": RED})
    story = left_out(s, "leave this branch out")
    s.push({"stats.py": RED}, branch="release/old")
    old = s.come("SUPERSEDED", skip=[story["id"]])
    has(old["why"], "leave this branch out")
    s.push({"stats.py": GREEN})
    s.push({"stats.py": RED}, branch="release/new")
    s.come("PROPOSED", "AWAITING_APPROVAL", "RESOLVED", skip=[story["id"], old["id"]])


@repository(settings(authors=["!b*"]))
def flow_authors(s):
    asked_for(s)
    s.push({"stats.py": RED}, branch="feature", author="bob")
    left_out(s, "leave this author out")


@repository(settings(paths=["lib/**"]))
def flow_paths(s):
    s.push({"stats.py": RED})
    story = s.come("SUPERSEDED", "ESCALATED")
    assert not s.github()["pulls"] and list(s.github()["refs"]) == ["main"], story
    has(story["why"], "leave the file of the failure out")


@repository(BY_HAND)
def flow_a_label_on_a_pull_request(s):
    pull = asked_for(s)
    s.api("issues/%d/labels" % pull["number"], "POST", {"labels": ["aegis:skip"]}, "bob")
    s.push({"stats.py": RED}, branch="feature", author="bob")
    story = left_out(s, "carries the label aegis:skip")
    s.api("issues/%d/labels/aegis:skip" % pull["number"], "DELETE", None, "bob")
    s.push({"more.txt": "y\n"}, branch="feature", author="bob")
    s.come("AWAITING_APPROVAL", skip=[story["id"]])


@repository()
def flow_a_label_on_our_pull_request(s):
    s.hub.control("POST", "settings", repo=s.repo, protection={"main": {
        "required_status_checks": {"strict": False, "contexts": ["test", "word of a person"]}}})
    s.push({"stats.py": RED})
    s.come("PROPOSED")
    [pull] = s.github()["pulls"]
    s.api("issues/1/labels", "POST", {"labels": ["aegis:skip"]}, "bob")
    s.api("statuses/" + pull["head_sha"], "POST", {"context": "word of a person", "state": "success"})
    s.stays(lambda: s.github()["pulls"][0]["draft"] and not s.github()["pulls"][0]["merged"], 8)
    s.api("issues/1/labels/aegis:skip", "DELETE", None, "bob")
    s.come("RESOLVED")
    assert s.github()["pulls"][0]["merged"]


@repository()
def flow_another_bots_branch(s):
    s.push({"stats.py": RED}, branch="dependabot/pip/requests-2.32.0")
    left_out(s, "another bot's")


@repository(BY_HAND)
def flow_two_pull_requests_an_hour(s):
    branches = ["one", "two", "three"]
    for branch in branches:
        s.push({"stats.py": RED}, branch=branch)

    def waits():
        stages = sorted(one["stage"] for one in s.incidents())
        return stages == ["AWAITING_APPROVAL", "AWAITING_APPROVAL", "VERIFYING"]
    s.until(waits)
    s.stays(lambda: waits() and len(s.github()["pulls"]) == 2, 8)


@repository({"stats.py": ZERO, ".github/workflows/ci.yml": workflow(
    RUN, "if [ $GITHUB_REF = refs/heads/main ] && grep -q if stats.py; then "
         "/usr/bin/python3 -c 'raise ValueError(1)'; fi"), **settings(run=RUN)})
def flow_our_own_commit_is_red(s):
    """Green in the sandbox and on its branch, and red where it was merged: no fix of the fix."""
    s.push({"stats.py": RED})
    # The merge may be red before the incident that it ends is seen to its end.
    story = s.until(lambda: [one for one in s.incidents() if one["stage"] == "RESOLVED"])[0]
    own = s.come("ESCALATED", skip=[story["id"]])
    has(own["why"], "our own work is red")
    assert len(s.github()["pulls"]) == 1 and own["attempt"] == 0, own
    assert s.check(s.github()["refs"]["main"])["title"]


@repository(BY_HAND)
def flow_a_closed_ones_branch_goes(s):
    s.push({"stats.py": RED})
    story = s.come("AWAITING_APPROVAL")
    assert "aegis/fix-" + story["id"] in s.github()["refs"]
    s.api("pulls/1", "PATCH", {"state": "closed"}, "bob")
    s.come("REJECTED")
    assert list(s.github()["refs"]) == ["main"], s.github()["refs"]


@repository(BY_HAND)
def flow_a_branch_does_not_widen(s):
    s.push({"stats.py": RED, ".github/aegis.yml": '{"autonomy": "autopilot"}'}, branch="feature")
    s.come("AWAITING_APPROVAL")
    s.stays(lambda: not s.github()["pulls"][0]["merged"], 8)


@repository(settings(autonomy="autopilot"))
def flow_a_branch_asks_for_less(s):
    s.push({"stats.py": RED, ".github/aegis.yml": '{"autonomy": "propose"}'}, branch="feature")
    s.come("AWAITING_APPROVAL")
    s.stays(lambda: not s.github()["pulls"][0]["merged"], 8)


@repository()
def flow_a_branch_protects_more(s):
    s.push({"stats.py": RED, ".github/aegis.yml": '{"protected": ["stats.py"]}'}, branch="feature")
    story = s.come("ESCALATED")
    assert not s.github()["pulls"], story
    s.push({"stats.py": GREEN}, branch="feature")
    s.push({"stats.py": RED, ".github/aegis.yml": '{"skip": true}'}, branch="other")
    other = s.come("SUPERSEDED", skip=[story["id"]])
    has(other["why"], "say skip")


@repository()
def flow_a_branchs_settings_cannot_be_read(s):
    s.push({"stats.py": RED, ".github/aegis.yml": '{"autonomy": 7'}, branch="feature")
    s.come("AWAITING_APPROVAL")
    s.stays(lambda: not s.github()["pulls"][0]["merged"], 6)


if __name__ == "__main__":
    main(globals())
