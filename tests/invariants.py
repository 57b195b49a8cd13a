"""
What must hold whatever happened to a daemon: looks at the local GitHub, the store and the machine when
all is over, and says in words what does not hold. What it looks at is one dictionary, the world:

    repo            "alice/demo", and of the hub: summary (of this repository) and journal (of all)
    owner           whose App it is in the journal, "installation:7", and its login, "aegis[bot]"
    incidents       the rows of the store, as dictionaries: id, stage, due_at, ...
    effects         the rows of the outbox: incident, kind, name, intended_at, ...
    canaries, said  secrets that must not get out, and texts by what they are: what was said and kept
    database, audit what a check of the database and `aegis audit check` complained of
    left            processes, files and folders that a finished daemon left behind
"""
import calendar
import json
import re
import time

ENDS = ("RESOLVED", "ESCALATED", "REVERTED", "SUPERSEDED", "REJECTED")
GOOD = ("success", "neutral", "skipped")
FIX = re.compile(r"aegis/fix-([0-9a-f]{12})$")
REVERT = re.compile(r"aegis/revert-([0-9a-f]{12})$")
MARK = re.compile(r"<!-- aegis:incident=([0-9a-f]{12}) -->")


def _ours(world):
    """Our App's requests that changed something, of this repository."""
    home = "/repos/%s/" % world["repo"]
    nodes = {pull["node_id"] for pull in world["summary"]["pulls"]}
    for one in world["journal"]:
        if one.get("who") != world["owner"] or one["method"] in ("GET", "HEAD"):
            continue
        if one["path"].startswith(home):
            yield one, one["path"][len(home):]
        elif re.fullmatch("/%s(\\.git)?/git-receive-pack" % re.escape(world["repo"]), one["path"]):
            yield one, "git-receive-pack"
        elif one["path"] == "/graphql" and nodes & set(map(str, _values(one.get("body")))):
            yield one, "graphql"


def _values(body):
    if isinstance(body, dict):
        for value in body.values():
            yield from _values(value)
    elif body is not None:
        yield body


def _done(one):
    return 200 <= (one.get("status") or 0) < 300


def _twice(names):
    return sorted({name for name in names if names.count(name) > 1})


def one_pull_an_incident(world):
    """I1: at most one pull request of a fix an incident, and at most one that takes it back."""
    heads = [pull["head"] for pull in world["summary"]["pulls"] if pull["user"] == world["login"]]
    return ["%s has more than one pull request" % head for head in _twice(heads)]


def one_merge_an_incident(world):
    """I2: at most one merge of the fix, and one of what takes it back."""
    merged = [path for one, path in _ours(world) if path.endswith("/merge") and _done(one)]
    heads = [pull["head"] for pull in world["summary"]["pulls"] if pull["merged"]]
    return ["%s was merged more than once" % path for path in _twice(merged)] + \
        ["%s was merged more than once" % head for head in _twice(heads)]


def one_voice(world):
    """I3: one comment by us on a pull request, one check run for an incident and a commit."""
    comments = [(one["number"], MARK.findall(one["body"])[-1:]) for one in
                world["summary"]["comments"] if one["user"] == world["login"]]
    problems = ["comment on #%d without a mark" % number for number, mark in comments if not mark]
    marked = ["#%d of incident %s" % (number, mark[0]) for number, mark in comments if mark]
    problems += ["more than one comment on %s" % one for one in _twice(marked)]
    checks = ["%s of incident %s" % (one["head_sha"][:12], one["external_id"])
              for one in world["summary"]["checks"] if one["app"] == world["app"]]
    return problems + ["more than one check run on %s" % one for one in _twice(checks)]


# Writing these twice is as good as once: they say how things are, whatever was said before.
IDEMPOTENT = (
    ("POST", r"labels"), ("POST", r"issues/\d+/labels"), ("PATCH", r"issues/comments/\d+"),
    ("POST", r"issues/comments/\d+/reactions"),
    ("PATCH", r"pulls/\d+"), ("POST", r"check-runs"), ("PATCH", r"check-runs/\d+"),
    ("DELETE", r"git/refs/heads/aegis/(fix|revert)-[0-9a-f]{12}"),
)


def _kinds(one, path):
    """(kind, key) of the effects that a write may be; empty when it is none that we know."""
    body = one.get("body") or {}
    if path == "git-receive-pack":
        return [(kind, move["after"]) for move in (one.get("refs") or {}).values()
                for kind in ("push", "revert-push")]
    if one["method"] == "POST" and path == "pulls":
        return [(kind, body.get("head", "").split(":")[-1]) for kind in ("pull", "revert-pull")]
    found = re.fullmatch(r"issues/(\d+)/comments", path)
    if found and one["method"] == "POST":
        return [("comment", found[1])]
    if one["method"] == "PUT" and re.fullmatch(r"pulls/\d+/merge", path):
        return [(kind, body.get("sha")) for kind in ("merge", "revert-merge")]
    if path == "graphql" and "markPullRequestReadyForReview" in body.get("query", ""):
        return [("ready", None)]
    if one["method"] == "POST" and re.fullmatch(r"actions/runs/\d+/rerun-failed-jobs", path):
        return [("rerun", None)]
    return []


def _intended(world, one, kinds):
    for row in world["effects"]:
        kind, key = row["name"].split("/", 2)[1:]
        if row["intended_at"] <= one["at_ms"] + 5 and \
                any(kind == k and (wanted is None or wanted == key) for k, wanted in kinds):
            return True
    return False


def all_intended(world):
    """I4: what was written was written down before, or is of no harm when done twice."""
    problems = []
    for one, path in _ours(world):
        if any(one["method"] == method and re.fullmatch(form, path) for method, form in IDEMPOTENT):
            continue
        if path == "git-receive-pack" and not one.get("refs"):
            continue                            # moved nothing
        if not _intended(world, one, _kinds(one, path)):
            problems.append("%s %s was not intended" % (one["method"], one["path"]))
    return problems


def _seconds(stamp):
    return calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ"))


def green_when_merged(world):
    """I5: all checks of exactly the head that we merged were there and green when we merged it."""
    problems = []
    for one, path in _ours(world):
        if not path.endswith("/merge") or not _done(one):
            continue
        head = one["body"].get("sha")
        checks = [check for check in world["summary"]["checks"]
                  if check["head_sha"] == head and not check["replaced"]]
        if not [check for check in checks if check["app"] != world["app"]]:
            problems.append("%s was merged without a check" % head)
        problems += ["%s was merged while %s was not green" % (head, check["name"])
                     for check in checks if check["conclusion"] not in GOOD or
                     _seconds(check["completed_at"]) > one["at_ms"] / 1000]
    return problems


def no_secret_out(world):
    """I6: no secret is in what was sent, said or kept."""
    said = {**world["said"], "the incidents": json.dumps(world["incidents"])}
    for one in world["journal"]:
        said["%s %s" % (one["method"], one["path"])] = json.dumps(one.get("body"))
    return ["a secret (%s...) is in %s" % (canary[:4], where) for where, text in said.items()
            for canary in world["canaries"] if canary in text]


def sound_store(world):
    """I7: the database is whole and the audit log unchanged."""
    return list(world["database"]) + list(world["audit"])


def nothing_left(world):
    """I8: no process, file or folder stays behind."""
    return ["left behind: %s" % one for one in world["left"]]


def patient(world):
    """I11: nothing is asked before the time that GitHub named has passed."""
    problems, until = [], 0
    for one in sorted(world["journal"], key=lambda one: one["at_ms"]):
        if one.get("who") != world["owner"]:
            continue
        if one["at_ms"] < until:
            problems.append("%s %s was asked %d ms too early" %
                            (one["method"], one["path"], until - one["at_ms"]))
        if one.get("retry_after_s"):
            until = max(until, one["ended_ms"] + one["retry_after_s"] * 1000)
    return problems


def none_forgotten(world):
    """I12: an incident that is not at its end is looked at again."""
    return ["incident %s is %s and never looked at again" % (one["id"], one["stage"])
            for one in world["incidents"] if one["stage"] not in ENDS and not one["due_at"] > 0]


ALL = (one_pull_an_incident, one_merge_an_incident, one_voice, all_intended, green_when_merged,
       no_secret_out, sound_store, nothing_left, patient, none_forgotten)


def broken(world):
    """What does not hold, as lines; none when all is well."""
    return ["%s: %s" % (one.__doc__.split(":")[0], problem) for one in ALL for problem in one(world)]
