"""The proof of a fix, run again: it holds, and whatever is changed in it or under it does not."""
import copy
import json
import os
import tempfile

from flow import aegis, fix, git, main, repository, snapshot, write

UNITTEST = "/usr/bin/python3 -m unittest -q"
STATS = """\
    def total(values):
        return sum(values)


    def mean(values):
        return sum(values) / len(values)
"""
STATS_TEST = """\
    import unittest

    from stats import mean


    class MeanTest(unittest.TestCase):
        def test_some(self):
            self.assertEqual(mean([1, 2, 3]), 2)

        def test_empty(self):
            self.assertEqual(mean([]), 0)


    if __name__ == "__main__":
        unittest.main()
"""
FLAKY_TEST = """\
    import os
    import unittest

    from stats import mean


    class MeanTest(unittest.TestCase):
        def test_some(self):
            self.assertEqual(os.urandom(1)[0] % 2, 0)

        def test_empty(self):
            self.assertEqual(mean([]), 0)
"""


class Proven:
    """One fix, made once for all scenes of this file."""
    made = None

    @classmethod
    def get(cls):
        if not cls.made:
            folder = repository({"stats.py": STATS, "test_stats.py": STATS_TEST})
            outcome = fix(folder, "--run", UNITTEST)
            assert outcome.code == 0 and outcome["template"] == "python_zero_division", outcome.err
            cls.made = folder, outcome
        return cls.made


def keep(text):
    path = os.path.join(tempfile.mkdtemp(prefix="aegis-flow-"), "proof")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text if isinstance(text, str) else json.dumps(text))
    return path


def prove(proof, folder, *words):
    before = snapshot(folder)
    outcome = aegis("prove", keep(proof), "--repo", folder, "--format", "json", *words)
    assert snapshot(folder) == before, "HEAD, index or work tree changed"
    if outcome.out:
        outcome.json = json.loads(outcome.out)
        assert outcome.code == {"holds": 0, "does not hold": 2, "cannot tell": 1}[outcome["answer"]]
    return outcome


def record():
    folder, outcome = Proven.get()
    return folder, copy.deepcopy(outcome["proof_record"])


def refuted(proof, folder, claim, *parts):
    outcome = prove(proof, folder)
    assert outcome.code == 2, (outcome.code, outcome.out, outcome.err)
    bad = [one for one in outcome["claims"] if one["state"] == "does not hold"]
    assert [one["claim"] for one in bad] == [claim], outcome["claims"]
    for part in parts:
        assert part in bad[0]["why"], bad
    return outcome


def commit_on(folder, base, files):
    """A commit with these files on top of another; HEAD and work tree stay as they are."""
    place = tempfile.mkdtemp(prefix="aegis-flow-")
    git(folder, "worktree", "add", "-q", "--detach", place, base)
    write(place, files)
    git(place, "add", "-A")
    git(place, "commit", "-q", "--allow-empty", "-m", "another")
    made = git(place, "rev-parse", "HEAD")
    git(folder, "worktree", "remove", "--force", place)
    return {"commit": made, "tree": git(folder, "rev-parse", made + "^{tree}")}


def flow_a_fix_carries_its_proof():
    folder, proof = record()
    _, outcome = Proven.get()
    assert proof["aegis_proof"] == 1 and proof["proven_by"] == "run"
    assert proof["signature"] == outcome["signature"] and proof["incident"] == outcome["incident"]
    assert proof["base"] == {"commit": git(folder, "rev-parse", "main"),
                             "tree": git(folder, "rev-parse", "main^{tree}")}
    assert proof["fixed"] == {"commit": outcome["commit"],
                              "tree": git(folder, "rev-parse", outcome["commit"] + "^{tree}")}
    assert proof["command"] == UNITTEST and proof["template"] == "python_zero_division"
    before, after = proof["before"], proof["after"]
    assert before["exit_code"] == 1 and before["tests"]["failed"] == 1 and before["runs"] >= 1, before
    assert before["failed_names"] == ["test_stats.MeanTest.test_empty"] or before["failed_names"]
    assert after["exit_code"] == 0 and after["runs"] == 2, after
    assert after["tests"] == {"run": 2, "passed": 2, "failed": 0, "skipped": 0}, after
    assert len(before["log_sha256"]) == 64 and before["log_bytes"] > 100
    assert before["log_sha256"] != after["log_sha256"]
    assert proof["tools"][0]["name"] == "python3" and "Python 3" in proof["tools"][0]["version"]
    assert proof["sandbox"]["used"] is True and proof["sandbox"]["network"] is False
    assert proof["sandbox"]["memory_mb"] == 4096 and proof["read"] == []


def flow_the_proof_holds():
    folder, outcome = Proven.get()
    for text in (outcome.out, outcome["proof_record"],
                 "# Fix\n\nwords\n\n```json\n%s\n```\n" % json.dumps(outcome["proof_record"], indent=1),
                 "x\r\n````\r\n%s\r\n````\r\n" % json.dumps(outcome["proof_record"])):
        again = prove(text, folder)
        assert again.code == 0, (again.out, again.err)
        assert [one["claim"] for one in again["claims"]] == ["base", "fixed", "red", "green"], again.out
        assert again["tools"] and not again["notes"]
    text = aegis("prove", "-", "--repo", folder, stdin=outcome.out)
    assert text.code == 0 and "holds" in text.out and "2 of 2 times" in text.out, text.out


def flow_uncommitted_work_does_not_count():
    folder = repository({"stats.py": STATS, "test_stats.py": STATS_TEST})
    outcome = fix(folder, "--run", UNITTEST)
    write(folder, {"stats.py": "raise SystemExit(7)\n", "extra.py": "x = 1\n"})
    assert prove(outcome.out, folder).code == 0
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "elsewhere")
    assert prove(outcome.out, folder).code == 0


def flow_another_command():
    folder, proof = record()
    refuted({**proof, "command": "true"}, folder, "red", "the base is green here")
    refuted({**proof, "command": "echo no; exit 1"}, folder, "red", "red in another way", "exit code 1")
    refuted({**proof, "command": UNITTEST + " || exit 3"}, folder, "red", "exit code 3")


def flow_another_tree():
    folder, proof = record()
    proof["fixed"]["tree"] = proof["base"]["tree"]
    refuted(proof, folder, "fixed", "has the tree")
    folder, proof = record()
    proof["base"]["tree"] = "0" * 40
    refuted(proof, folder, "base", "has the tree")


def flow_not_on_top_of_the_base():
    folder, proof = record()
    proof["fixed"] = commit_on(folder, proof["fixed"]["commit"], {"more.py": "x = 1\n"})
    refuted(proof, folder, "fixed", "does not lie on top of the base")


def flow_a_commit_that_is_not_here():
    folder, proof = record()
    proof["fixed"]["commit"] = "12" * 20
    outcome = prove(proof, folder)
    assert outcome.code == 1 and outcome["answer"] == "cannot tell", outcome.out
    assert "is not here" in outcome.out and "the base is red in the same way" in outcome.out


def flow_the_fix_taken_out():
    folder, proof = record()
    proof["fixed"] = commit_on(folder, proof["base"]["commit"], {})
    refuted(proof, folder, "green", "the failure is still there with the fix")


def flow_another_failure_instead():
    folder, proof = record()
    proof["fixed"] = commit_on(folder, proof["base"]["commit"], {"stats.py": "import nowhere_at_all\n"})
    refuted(proof, folder, "green", "with the fix it ends otherwise", "exit code 1")


def flow_a_test_that_comes_and_goes():
    folder, proof = record()
    fixed = git(folder, "show", proof["fixed"]["commit"] + ":stats.py") + "\n"
    proof["fixed"] = commit_on(folder, proof["base"]["commit"],
                               {"stats.py": fixed, "test_stats.py": FLAKY_TEST})
    proof["after"]["runs"] = 10
    refuted(proof, folder, "green", "the fix comes and goes: green", "of 10 times")


def flow_a_test_taken_out():
    folder, proof = record()
    fixed = git(folder, "show", proof["fixed"]["commit"] + ":stats.py") + "\n"
    fewer = STATS_TEST.replace("def test_some", "def some")
    proof["fixed"] = commit_on(folder, proof["base"]["commit"],
                               {"stats.py": fixed, "test_stats.py": fewer})
    refuted(proof, folder, "tests", "after: 1 run, 0 failed", "2 run")


def flow_a_base_that_is_green():
    folder, proof = record()
    fixed = git(folder, "show", proof["fixed"]["commit"] + ":stats.py") + "\n"
    proof["base"] = commit_on(folder, proof["base"]["commit"], {"stats.py": fixed})
    proof["fixed"] = commit_on(folder, proof["base"]["commit"], {"more.py": "x = 1\n"})
    refuted(proof, folder, "red", "the base is green here: there is nothing to mend")


def flow_a_command_that_does_harm():
    """It has the sandbox around it, whatever the settings say of those we trust."""
    folder, proof = record()
    config = keep("sandbox: { enabled: false }\n")
    proof["command"] = "touch /var/tmp/aegis-was-here; echo x > stats.py; git branch bad; exit 1"
    outcome = prove(proof, folder, "--config", config)
    assert outcome.code == 2 and not os.path.exists("/var/tmp/aegis-was-here"), outcome.out
    assert "bad" not in git(folder, "branch", "--list")
    proof["command"] = "sleep 100"
    outcome = prove(proof, folder, "--config", keep("limits: { wall_s: 1 }\n"))
    assert outcome.code == 1 and "ran longer than allowed" in outcome.out, outcome.out


def flow_a_tool_that_is_not_here():
    folder, proof = record()
    proof["command"] = "no-such-tool-anywhere --check"
    outcome = prove(proof, folder)
    assert outcome.code == 1 and "not on this machine" in outcome.out, outcome.out


def flow_dry_run_and_reading():
    folder = repository({"stats.py": STATS, "test_stats.py": STATS_TEST})
    outcome = fix(folder, "--run", UNITTEST, "--dry-run")
    assert outcome["proof_record"]["fixed"] == {"commit": None, "tree": None}
    again = prove(outcome.out, folder)
    assert again.code == 1 and "dry run" in again.out, again.out
    green = repository({"a.py": "x = 1\n"})
    nothing = fix(green, "--run", "true")
    assert nothing["proof_record"] is None
    assert prove(nothing.out, green).code == 65
    folder, proof = record()
    proof.update(proven_by="reading", command=None, before=None, after=None, tools=[], read=["stats.py"])
    again = prove(proof, folder)
    assert again.code == 1 and "proven by reading" in again.out and "1 changed file" in again.out
    refuted({**proof, "read": ["other.py"]}, folder, "files", "stats.py, which the proof does not name")


def flow_proofs_that_cannot_be_read():
    folder, proof = record()
    good = json.dumps(proof)
    block = "```json\n%s\n```\n" % good
    for bad, why in (("", "no proof"), ("hello", "no proof"), ("{}", "no proof"), (block + block, "2 proofs"),
                     (good[:-1], "JSON"), ("{" + good, "JSON"),
                     ({**proof, "aegis_proof": 2}, "version 2"), ({**proof, "aegis_proof": "1"}, "no proof"),
                     ({**proof, "more": 1}, 'no "more"'), ({**proof, "command": ["x"]}, "command"),
                     ({**proof, "base": {"commit": "main", "tree": proof["base"]["tree"]}}, "base.commit"),
                     ({**proof, "base": {"commit": "--all", "tree": proof["base"]["tree"]}}, "base.commit"),
                     ("x" * 1100000, "too many")):
        outcome = prove(bad, folder)
        assert outcome.code == 65 and outcome.out == "" and why in outcome.err, (bad, outcome.err)
    assert aegis("prove", "/nowhere/at/all", "--repo", folder).code == 65
    assert aegis("prove").code == 64 and aegis("prove", "a", "b").code == 64
    assert aegis("prove", "a", "--format", "xml").code == 64
    for url in ("https://github.com/o/r", "https://github.com/o/r/pull/x", "https://github.com/o/r/pull/0"):
        outcome = aegis("prove", url, env={**os.environ, "GITHUB_TOKEN": "x" * 40})
        assert outcome.code == 65 and "OWNER/NAME/pull/NUMBER" in outcome.err, outcome.err
    outcome = aegis("prove", "https://example.org/o/r/pull/1",
                    env={**os.environ, "GITHUB_TOKEN": "x" * 40})
    assert outcome.code == 65 and "not the GitHub of the settings" in outcome.err, outcome.err


if __name__ == "__main__":
    main(globals())
