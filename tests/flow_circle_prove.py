"""The proof in a pull request, checked by its address: as it was opened, and after people had a hand in it."""
import json

from circle import has, main, repository, settings
from daemon import GREEN, RED
from flow import aegis

BY_HAND = settings(autonomy="propose")


def prove(s, number=1, code=0, config=None):
    url = "%s/%s/pull/%d" % (s.hub.url, s.repo, number)
    outcome = aegis("prove", url, "--config", config or s.circle.config, "--format", "json")
    assert outcome.code == code, (outcome.code, outcome.out, outcome.err)
    if outcome.out:
        outcome.json = json.loads(outcome.out)
    return outcome


def claims(outcome):
    return {one["claim"]: one["state"] for one in outcome["claims"]}


def proposed(s):
    s.push({"stats.py": RED})
    story = s.come("AWAITING_APPROVAL")
    [pull] = s.github()["pulls"]
    return story, pull


@repository(BY_HAND)
def flow_proven_by_its_address(s):
    story, pull = proposed(s)
    has(pull["body"], "<details><summary>The proof", "```json\n{\n \"aegis_proof\": 1,", story["id"])
    outcome = prove(s)
    assert outcome["incident"] == story["id"] and outcome["fixed"] == pull["head_sha"], outcome.out
    assert set(claims(outcome).values()) == {"holds"} and "head" in claims(outcome), outcome.out
    # Its branch goes with the merge, and the proof can still be checked.
    s.api("pulls/1/merge", "PUT", {"merge_method": "squash"}, "bob")
    s.come("RESOLVED")
    assert list(s.github()["refs"]) == ["main"]
    prove(s)


@repository(BY_HAND)
def flow_the_head_has_moved_on(s):
    story, pull = proposed(s)
    s.push({"stats.py": GREEN}, branch="aegis/fix-" + story["id"], author="bob")
    outcome = prove(s, code=2)
    assert claims(outcome) == {"head": "does not hold", "base": "holds", "fixed": "holds",
                               "red": "holds", "green": "holds"}, outcome.out
    has(outcome.out, "the proof is of " + pull["head_sha"][:12])


@repository(BY_HAND)
def flow_a_body_that_was_edited(s):
    _, pull = proposed(s)
    body = pull["body"]
    s.api("pulls/1", "PATCH", {"body": body.replace('"aegis_proof": 1', '"aegis_proof": 3')}, "bob")
    has(prove(s, code=65).err, "version 3")
    s.api("pulls/1", "PATCH", {"body": body.replace("```", "````")}, "bob")
    assert prove(s).code == 0
    s.api("pulls/1", "PATCH", {"body": body.replace('-m unittest -q"', '-m unittest -q || true"')}, "bob")
    outcome = prove(s, code=2)
    assert claims(outcome)["red"] == "does not hold" and "green here" in outcome.out, outcome.out
    s.api("pulls/1", "PATCH", {"body": "nothing any more"}, "bob")
    has(prove(s, code=65).err, "no proof")


@repository(BY_HAND)
def flow_addresses_that_lead_elsewhere(s):
    for path, code in (("%s/pull/77" % s.repo, 1), ("nobody/nothing/pull/1", 1),
                       ("%s/issues/1" % s.repo, 65), ("%s/pull/1?x=1" % s.repo, 65),
                       ("../%s/pull/1" % s.repo, 65), ("%s/../x/pull/1" % s.repo, 65)):
        outcome = aegis("prove", "%s/%s" % (s.hub.url, path), "--config", s.circle.config)
        assert outcome.code == code and not outcome.out, (path, outcome.code, outcome.err)
    outcome = aegis("prove", "https://example.org/%s/pull/1" % s.repo, "--config", s.circle.config)
    assert outcome.code == 65 and "not the GitHub of the settings" in outcome.err, outcome.err


if __name__ == "__main__":
    main(globals())
