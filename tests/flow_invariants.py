"""The checker of invariants is itself held against worlds in which one thing is wrong."""
import copy

import invariants
from flow import main

ID, HEAD, SHA = "0123456789ab", "aegis/fix-0123456789ab", "c0ffee" + 34 * "0"
MARK = "<!-- aegis:incident=%s -->" % ID


def entry(method, path, at_ms, status=200, **more):
    return {"method": method, "path": path, "at_ms": at_ms, "ended_ms": at_ms + 5, "status": status,
            "who": "installation:7", **more}


def effect(kind, key, intended_at):
    return {"incident": ID, "kind": kind, "name": "%s/%s/%s" % (ID, kind, key),
            "intended_at": intended_at}


def check(**more):
    return {"name": "test", "app": "github-actions", "head_sha": SHA, "status": "completed",
            "conclusion": "success", "completed_at": "1970-01-01T00:00:04Z", "replaced": False,
            "external_id": "", **more}


HOME = "/repos/alice/demo/"
WELL = {
    "repo": "alice/demo", "owner": "installation:7", "login": "aegis[bot]", "app": "aegis",
    "summary": {
        "pulls": [{"number": 1, "node_id": "PR_1", "head": HEAD, "user": "aegis[bot]", "merged": True}],
        "comments": [{"number": 1, "user": "aegis[bot]", "body": "so " + MARK},
                     {"number": 1, "user": "bob", "body": "thanks"}],
        "checks": [check(), check(name="Aegis", app="aegis", conclusion="neutral", external_id=ID)],
    },
    "journal": [
        entry("GET", "/user", 900),
        entry("POST", "/alice/demo.git/git-receive-pack", 1000,
              refs={"refs/heads/" + HEAD: {"before": None, "after": SHA}}),
        entry("POST", HOME + "pulls", 2000, 201, body={"head": HEAD}),
        entry("POST", HOME + "check-runs", 2500, 201, body={}),
        entry("POST", HOME + "issues/1/comments", 3000, 201, body={}),
        entry("GET", HOME + "pulls/1", 3200, 403, retry_after_s=1),
        entry("POST", "/graphql", 5000, body={
            "query": "mutation { markPullRequestReadyForReview }", "variables": {"id": "PR_1"}}),
        entry("PUT", HOME + "pulls/1/merge", 6000, body={"sha": SHA}),
        entry("DELETE", HOME + "git/refs/heads/" + HEAD, 7000, 204),
        {**entry("POST", HOME + "pulls", 7000), "who": "user:3"},
    ],
    "effects": [effect("push", SHA, 990), effect("pull", HEAD, 1990), effect("comment", "1", 2990),
                effect("ready", SHA, 4990), effect("merge", SHA, 5990)],
    "incidents": [{"id": ID, "stage": "RESOLVED", "due_at": 0},
                  {"id": "ba9876543210", "stage": "PROPOSED", "due_at": 17}],
    "canaries": ["ghp_canary"], "said": {"the log": "started"},
    "database": [], "audit": [], "left": [],
}


def fails(word, change):
    """After the change exactly one thing is said, and of this invariant."""
    world = copy.deepcopy(WELL)
    change(world)
    found = invariants.broken(world)
    assert found and all(one.startswith(word + ":") for one in found), (word, found)


def again(world, where, **more):
    world["summary"][where].append({**world["summary"][where][0], **more})


def journal(world, path, **more):
    [one] = [one for one in world["journal"] if one["path"].endswith(path) and
             one["who"] == "installation:7" and one["method"] != "GET"]
    one.update(more)


def forget(world, kind):
    world["effects"] = [one for one in world["effects"] if one["kind"] != kind]


def flow_all_well():
    assert invariants.broken(WELL) == [], invariants.broken(WELL)


def flow_i1_two_pulls():
    fails("I1", lambda w: again(w, "pulls", number=2, merged=False))


def flow_i2_two_merges():
    fails("I2", lambda w: w["journal"].append(
        entry("PUT", HOME + "pulls/1/merge", 6100, body={"sha": SHA})))


def flow_i3_two_comments():
    fails("I3", lambda w: again(w, "comments"))


def flow_i3_a_comment_without_a_mark():
    fails("I3", lambda w: again(w, "comments", body="hello"))


def flow_i3_two_checks():
    fails("I3", lambda w: again(w, "checks", name="Aegis", app="aegis", conclusion="neutral",
                                external_id=ID) or w["summary"]["checks"].append(
                                    w["summary"]["checks"][1]))


def flow_i4_each_write_needs_its_intent():
    for kind in ("push", "pull", "comment", "ready", "merge"):
        fails("I4", lambda w: forget(w, kind))


def flow_i4_intended_too_late():
    for number in range(len(WELL["effects"])):
        fails("I4", lambda w: w["effects"][number].update(intended_at=6500))


def flow_i4_another_commit():
    fails("I4", lambda w: journal(w, "git-receive-pack", refs={
        "refs/heads/" + HEAD: {"before": None, "after": 40 * "1"}}))


def flow_i4_a_write_of_an_unknown_kind():
    fails("I4", lambda w: w["journal"].append(entry("POST", HOME + "forks", 8000, 202)))
    fails("I4", lambda w: w["journal"].append(entry("DELETE", HOME + "git/refs/heads/main", 8000)))


def flow_i5_red_when_merged():
    fails("I5", lambda w: w["summary"]["checks"][0].update(conclusion="failure"))


def flow_i5_not_over_when_merged():
    fails("I5", lambda w: w["summary"]["checks"][0].update(completed_at="1970-01-01T00:00:09Z"))


def flow_i5_no_check_at_all():
    fails("I5", lambda w: w["summary"]["checks"].pop(0))


def flow_i6_a_secret_gets_out():
    fails("I6", lambda w: journal(w, "comments", body={"body": "it says ghp_canary"}))
    fails("I6", lambda w: w["said"].update(log="token ghp_canary"))
    fails("I6", lambda w: w["incidents"][0].update(why="ghp_canary is wrong"))


def flow_i7_a_broken_database():
    fails("I7", lambda w: w["database"].append("row 3 missing from index"))
    fails("I7", lambda w: w["audit"].append("row 1 was changed"))


def flow_i8_something_left():
    fails("I8", lambda w: w["left"].append("process 17"))


def flow_i11_too_early():
    fails("I11", lambda w: w["journal"].append(entry("GET", HOME + "pulls", 4000)))


def flow_i12_forgotten():
    fails("I12", lambda w: w["incidents"][1].update(due_at=0))


main(globals())
