"""Commands in comments: who is obeyed, where, and what each command does."""
import os
import sqlite3
import time

from circle import has, main, repository, settings
from daemon import GREEN, RED, TEST
from model_standin import KEY, Reply, StandIn, fix

BY_HAND = settings(autonomy="propose")
# A name that says risk HIGH.
AT_RISK = {"auth.py": GREEN, "test_auth.py": TEST.replace("stats", "auth")}
# No template knows it: nothing is safe to do.
ODD = {"odd.py": "def odd(n):\n    return n % 2 == 1\n",
       "test_odd.py": "import unittest\n\nfrom odd import odd\n\n\nclass T(unittest.TestCase):\n"
                      "    def test_odd(self):\n        self.assertEqual(odd(4), False)\n"}
NOT_ODD = {"odd.py": "def odd(n):\n    return len(sorted(str(n * 7919))) > 1\n"}


def rows(s, question, *words):
    with sqlite3.connect(s.circle.folder + "/aegis.db", timeout=20) as db:
        found = db.execute(question, words).fetchall()
    db.close()
    return found


def asked(s, comment):
    """State, act and reason of a command; None: it was never taken."""
    found = rows(s, "select state, act, why from asked where comment = ?", comment)
    return found[0] if found else None


def ignored(s, *comments):
    """They were seen, and nothing came of them."""
    for comment in comments:
        s.until(lambda: asked(s, comment) and asked(s, comment)[0] == "IGNORED", 30)
        assert s.reactions(comment) == [], comment


def proposed(s, **files):
    s.push(files or {"stats.py": RED})
    return s.come("AWAITING_APPROVAL")


@repository(AT_RISK)
def flow_approve(s):
    proposed(s, **{"auth.py": RED})
    stranger = s.comment(1, "/aegis approve", "carol")          # she may only read
    ignored(s, stranger)
    s.stays(lambda: not s.github()["pulls"][0]["merged"])
    yes = s.comment(1, "\n/aegis approve\n\nI have read it.", "bob")
    s.obeyed(yes)
    story = s.come("RESOLVED")
    [pull] = s.github()["pulls"]
    assert pull["merged"], pull
    assert any("/aegis approve in comment" in move["why"] for move in story["moves"]), story["moves"]
    assert s.reactions(stranger) == []


@repository(BY_HAND)
def flow_approve_where_people_merge(s):
    proposed(s)
    no = s.comment(1, "/aegis approve", "bob")
    s.obeyed(no, "-1")
    has(s.sticky(1), "`/aegis approve`", "leave the merge to people")
    s.stays(lambda: not s.github()["pulls"][0]["merged"])


@repository(AT_RISK)
def flow_approval_ends_with_the_right(s):
    """Who has lost the right to write before the merge has not approved."""
    s.hub.control("POST", "settings", repo=s.repo, protection={"main": {
        "required_status_checks": {"strict": False, "contexts": ["test", "word of a person"]}}})
    s.push({"auth.py": RED})
    s.come("PROPOSED")
    s.obeyed(s.comment(1, "/aegis approve", "bob"))
    s.hub.control("POST", "settings", repo=s.repo, collaborators={"bob": "read"})
    head = s.github()["pulls"][0]["head_sha"]
    s.api("statuses/" + head, "POST", {"context": "word of a person", "state": "success"})
    s.come("AWAITING_APPROVAL")
    s.stays(lambda: not s.github()["pulls"][0]["merged"])


@repository(BY_HAND)
def flow_reject(s):
    story = proposed(s)
    s.obeyed(s.comment(1, "/aegis reject", "bob"))
    story = s.come("REJECTED")
    has(story["why"], "said no in a comment")
    found = s.github()
    assert found["pulls"][0]["state"] == "closed" and list(found["refs"]) == ["main"], found
    has(s.sticky(1), "A person said no", "`/aegis reject`")
    s.push({"other.txt": "x\n"})                         # the same failure again
    again = s.come("SUPERSEDED", skip=[story["id"]])
    has(again["why"], "left to people")
    assert len(s.github()["pulls"]) == 1


@repository(BY_HAND)
def flow_answers(s):
    """Each edits the one comment, changes nothing, and takes the place of the answer before it."""
    story = proposed(s)
    before = s.show(story["id"])["moves"]
    for word, parts in (("status", ["A fix waits for a person", "`/aegis status`"]),
                        ("why", ["### The last decision", "| gate | fact | passed |", "`propose`",
                                 "**no**"]),
                        ("explain", ["### What went wrong", "ZeroDivisionError"]),
                        ("help", ["### Commands", "`/aegis fix [hint]`", "`/aegis undo`"])):
        s.obeyed(s.comment(1, "/aegis " + word, "bob"))
        has(s.sticky(1), *parts)
    assert "The last decision" not in s.sticky(1)
    s.obeyed(s.comment(1, "/aegis frobnicate", "bob"), "-1")
    has(s.sticky(1), "was not understood", "### Commands")
    assert "frobnicate" not in s.sticky(1)
    assert s.show(story["id"])["moves"] == before


@repository(BY_HAND)
def flow_not_commands(s):
    """Quoted, fenced, hidden, further down, by a bot: nothing is done, and nobody is answered."""
    story = proposed(s)
    made = s.hub.control("POST", "seed", apps=[{"name": "Helper", "owner": "alice", "permissions": {
        area: None for area in ("actions", "checks", "contents", "deployments", "statuses")}}])
    s.hub.seeded["apps"].append(made["apps"][0])
    number = s.hub.control("POST", "installation", app="helper", account="alice")["id"]
    token = s.hub.api("/app/installations/%d/access_tokens" % number, "POST",
                      s.hub.jwt(len(s.hub.seeded["apps"]) - 1)).body["token"]
    bot = s.hub.api("/repos/%s/issues/1/comments" % s.repo, "POST", token, {"body": "/aegis reject"})
    assert bot.status == 201, bot.text
    texts = ["> /aegis reject", "```\n/aegis reject\n```", "<!--\n/aegis reject\n-->", "Do\n/aegis reject",
             "    /aegis reject", " /aegis reject", "`/aegis reject`", "/aegis\u200b reject",
             "\ufeff/aegis reject", "/\u0430egis reject", "/aegisreject", "@aegis reject"]
    comments = [s.comment(1, text, "bob") for text in texts] + [bot.body["id"]]
    last = s.comment(1, "/aegis status", "bob")
    s.obeyed(last)
    for comment in comments:
        assert s.reactions(comment) == [] and asked(s, comment) is None, comment
    assert s.show(story["id"])["stage"] == "AWAITING_APPROVAL"


@repository(BY_HAND)
def flow_edited(s):
    story = proposed(s)
    talk = s.comment(1, "What is this?", "bob")
    time.sleep(1.1)                                     # GitHub's times are whole seconds
    s.api("issues/comments/%d" % talk, "PATCH", {"body": "/aegis reject"}, "bob")
    s.obeyed(talk, "-1")
    has(s.sticky(1), "the comment was edited")
    s.stays(lambda: s.show(story["id"])["stage"] == "AWAITING_APPROVAL", 3)


@repository(BY_HAND)
def flow_twice(s):
    """Seen again, because the place where the last look stopped is lost, and edited afterwards."""
    story = proposed(s)
    comment = s.comment(1, "/aegis status", "bob")
    s.obeyed(comment)
    [[number]] = rows(s, "select repository_id from incident where id = ?", story["id"])
    before = len(s.writes())
    rows(s, "update mark set value = '1' where name = ?", "comments of %d" % number)
    rows(s, "delete from answer where name = ?", "comments of %d" % number)
    s.until(lambda: rows(s, "select value from mark where name = ?",
                         "comments of %d" % number)[0][0] != "1", 20)
    time.sleep(1.1)
    s.api("issues/comments/%d" % comment, "PATCH", {"body": "/aegis reject"}, "bob")
    s.stays(lambda: len([one for one in s.writes() if "comments" in one[1]]) <= before + 2, 4)
    assert asked(s, comment)[0] == "DONE" and s.reactions(comment) == ["+1", "eyes"]
    assert s.show(story["id"])["stage"] == "AWAITING_APPROVAL"


@repository(settings(autonomy="propose"), branches={"work": {"stats.py": RED}})
def flow_older_head(s):
    """It was said of a commit that is not the newest any more when it is read."""
    s.api("pulls", "POST", {"title": "work", "head": "work", "base": "main"}, "bob")
    s.push({"other.txt": "1\n"}, branch="work", author="bob")
    s.until(lambda: [one for one in s.incidents() if one["branch"] == "work"])
    fault = s.hub.fault("status_before", status=502, path="^/repos/%s/issues/comments$" % s.repo,
                        times=1000)
    comment = s.comment(1, "/aegis fix", "bob")
    time.sleep(2)
    s.push({"other.txt": "2\n"}, branch="work", author="bob")
    s.hub.idle()
    s.hub.control("DELETE", "faults")
    assert fault
    s.obeyed(comment, "-1")
    has(asked(s, comment)[2], "newer commit")


@repository(BY_HAND)
def flow_pause_and_resume(s):
    s.push({"other.txt": "x\n"})
    s.api("pulls", "POST", {"title": "w", "head": s_branch(s), "base": "main"}, "bob")
    s.obeyed(s.comment(1, "/aegis pause", "bob"))
    ours = [one["body"] for one in s.github()["comments"] if one["user"] == "aegis[bot]"]
    assert len(ours) == 1, ours
    has(ours[0], "Aegis is paused", "<!-- aegis:number=1 -->")
    s.push({"stats.py": RED})
    s.until(s.incidents)
    s.stays(lambda: [one["stage"] for one in s.incidents()] == ["TRIGGERED"], 5)
    ignored(s, s.comment(1, "/aegis resume", "carol"))
    s.obeyed(s.comment(1, "/aegis resume", "bob"))
    s.come("AWAITING_APPROVAL")
    ours = [one["body"] for one in s.github()["comments"]
            if one["user"] == "aegis[bot]" and one["number"] == 1]
    assert len(ours) == 1 and "Aegis is paused" not in ours[0], ours


def s_branch(s):
    """A branch with something of a person's."""
    s.push({"more.txt": "x\n"}, branch="aside", author="bob", **{"from": "main"})
    return "aside"


@repository({**BY_HAND, **ODD})
def flow_retry_of_what_had_no_fix(s):
    s.api("pulls", "POST", {"title": "w", "head": s_branch(s), "base": "main"}, "bob")
    s.push(NOT_ODD, branch="aside", author="bob")
    story = s.come("ESCALATED")
    for attempt, word, hint in ((2, "retry", ""), (3, "fix", " even numbers are not odd")):
        s.obeyed(s.comment(1, "/aegis " + word + hint, "bob"))
        s.until(lambda: s.show(story["id"])["attempt"] == attempt)
        s.until(lambda: s.show(story["id"])["stage"] == "ESCALATED")
        has(s.sticky(1), "A person has to look at this", "`/aegis %s`" % word)
    questions = [one for one in MODEL.requests if "test_odd" in one]
    hinted = [one for one in questions if "even numbers are not odd" in one]
    assert len(questions) == 3 and hinted == questions[-1:], questions
    s.obeyed(s.comment(1, "/aegis retry", "bob"), "-1")
    has(s.sticky(1), "all attempts are used up")


@repository()
def flow_revert(s):
    s.push({"stats.py": RED})
    s.come("RESOLVED")
    early = s.comment(1, "/aegis approve", "bob")
    s.obeyed(early, "-1")
    s.obeyed(s.comment(1, "/aegis undo", "bob"))
    s.until(lambda: len(s.github()["pulls"]) == 2)
    revert = s.github()["pulls"][1]
    has(revert["title"], "Revert")
    has(revert["body"], "a person asked for it")
    again = s.comment(1, "/aegis revert", "bob")
    s.obeyed(again, "-1")
    s.hub.idle()
    s.api("pulls/2/merge", "PUT", {}, "bob")
    s.until(lambda: [one["stage"] for one in s.incidents()][-1] == "REVERTED")
    assert len(s.github()["pulls"]) == 2


@repository()
def flow_on_an_issue(s):
    number = s.hub.control("POST", "issue", repo=s.repo, title="It is slow", user="carol",
                           body="/aegis pause")["number"]
    ignored(s, s.comment(number, "/aegis status", "carol"))
    for word, thumb, part in (("status", "+1", "No incident is open"), ("help", "+1", "### Commands"),
                              ("fix", "-1", "no failure is known here"),
                              ("approve", "-1", "no fix of Aegis here"),
                              ("explain", "-1", "no failure is known here"),
                              ("undo", "-1", "no fix of Aegis was merged here")):
        s.obeyed(s.comment(number, "/aegis " + word, "bob"), thumb)
        [ours] = [one["body"] for one in s.github()["comments"] if one["user"] == "aegis[bot]"]
        has(ours, part, "<!-- aegis:number=%d -->" % number)


@repository(BY_HAND)
def flow_fix_anew_with_a_hint(s):
    story = proposed(s)
    s.obeyed(s.comment(1, "/aegis fix  return 0 for\tnothing ", "bob"))
    s.until(lambda: s.show(story["id"])["attempt"] == 2)
    s.come("AWAITING_APPROVAL")
    [[hint]] = rows(s, "select json_extract(facts, '$.hint') from incident where id = ?", story["id"])
    assert hint == "return 0 for nothing", hint
    has(s.sticky(1), "a person wants another fix")
    assert len(s.github()["pulls"]) == 1


# It knows no fix, and what it is asked is looked at.
MODEL = StandIn(*[Reply(fix()) for _ in range(40)])
os.environ["TEST_MODEL_KEY"] = KEY
# Many scenes say something at once: a daemon in use waits a second between two writes.
main(globals(), github={"write_gap_ms": 20}, models=[
    {"provider": "openai", "model": "m", "base_url": MODEL.url, "api_key_env": "TEST_MODEL_KEY"}])
