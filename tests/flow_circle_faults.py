"""GitHub fails at every write of the circle: the end is the same, and nothing is there twice."""
from circle import has, main, repository
from daemon import RED

MADE = (("POST", "[.]git/git-receive-pack$"), ("POST", "/pulls$"), ("POST", "/check-runs$"),
        ("POST", "/issues/1/labels$"))
SAID = (("POST", "/comments$"), ("PATCH", "/comments/"), ("PUT", "/merge$"), ("DELETE", "/refs/heads/"))


def through(s, writes, kind, **more):
    """From a red push to the merged fix, with a fault at the first of each kind of write."""
    for method, path in writes:
        s.hub.fault(kind, method=method, path="%s.*%s" % (s.repo, path), **more)
    same_end(s)
    hits = [(one["path"], one["hits"]) for one in s.hub.control("GET", "faults")
            if s.repo in one.get("path", "")]
    assert len(hits) == len(writes) and all(count for _, count in hits), hits


def same_end(s):
    red = s.push({"stats.py": RED})
    story = s.come("RESOLVED", within_s=240)
    assert story["attempt"] == 1, story
    found = s.github()
    [pull] = found["pulls"]
    assert pull["merged"] and pull["labels"] == ["aegis"], pull
    assert found["refs"]["main"] == story["merge_sha"] == pull["merge_commit_sha"], found["refs"]
    has(s.sticky(1), "Resolved: the fix is merged")
    has(s.check(red)["title"], "in pull request 1")
    s.hub.idle()
    assert len(s.incidents()) == 1, s.incidents()
    merges = [one for one in s.api("commits?sha=main") if "Aegis-Incident" in one["commit"]["message"]]
    assert len(merges) == 1, merges
    assert not [one for one in story["effects"] if one["state"] == "FAILED"], story["effects"]


@repository()
def flow_error_before_it_is_made(s):
    through(s, MADE, "status_before", status=500)


@repository()
def flow_error_before_it_is_said(s):
    through(s, SAID, "status_before", status=502)


@repository()
def flow_error_after_it_was_made(s):
    through(s, MADE, "status_after", status=502)


@repository()
def flow_error_after_it_was_said(s):
    through(s, SAID, "status_after", status=500)


@repository()
def flow_connection_ends_before_it_is_made(s):
    through(s, MADE, "drop_before", times=2)


@repository()
def flow_connection_ends_before_it_is_said(s):
    through(s, SAID, "drop_before", times=2)


@repository()
def flow_connection_ends_after_it_was_made(s):
    through(s, MADE, "drop_after", times=2)


@repository()
def flow_connection_ends_after_it_was_said(s):
    through(s, SAID, "drop_after", times=2)


@repository()
def flow_asked_to_slow_down(s):
    through(s, MADE[1:] + SAID, "secondary", status=403, retry_after=2)


@repository()
def flow_answers_are_stale(s):
    """What was just written does not show at once."""
    for path in ("/pulls$", "/pulls/1$", "/pulls[?]", "/check-runs", "/comments", "/git/ref", "/branches/",
                 "/actions/runs"):
        s.hub.fault("stale", method="GET", path="%s.*%s" % (s.repo, path), times=3, skip=1)
    same_end(s)


@repository()
def flow_ready_is_lost(s):
    """Whose question of GraphQL it is, its path does not say: whoever comes first has the trouble."""
    for kind in ("status_before", "drop_after", "status_after", "drop_before"):
        s.hub.fault(kind, method="POST", path="^/graphql$", times=2)
    same_end(s)


@repository()
def flow_out_for_a_while(s):
    """Nothing is answered at all while a fix is on its way."""
    s.push({"stats.py": RED})
    s.until(lambda: s.incidents() and s.incidents()[0]["stage"] in ("EXECUTING", "VERIFYING"))
    s.hub.fault("status_before", path=s.repo, status=503, times=25)
    story = s.come("RESOLVED", within_s=240)
    assert len(s.github()["pulls"]) == 1 and story["attempt"] == 1, story


main(globals())
