"""Where no fix is safe: the commit that broke it, and the revert when nothing speaks against it."""
import os

from flow import branches, fix, git, main, repository, write

RUN = "/usr/bin/python3 -m unittest -q"
PRICE = "RATE = 20\n\n\ndef gross(net):\n    return net + net * RATE // 100\n"
WRONG = "RATE = 20\n\n\ndef gross(net):\n    return net + net * RATE // 1000 + sum(map(int, str(net)))\n"
TEST = """\
    import unittest

    from price import gross


    class PriceTest(unittest.TestCase):
        def test_gross(self):
            self.assertEqual(gross(200), 240)
    """


def history(*steps):
    """A repository whose commits are these; and the ids, the first first."""
    folder = repository(steps[0])
    ids = [git(folder, "rev-parse", "HEAD")]
    for number, files in enumerate(steps[1:], 1):
        write(folder, files)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "step %d" % number)
        ids.append(git(folder, "rev-parse", "HEAD"))
    return folder, ids


def flow_the_first_bad_commit_is_taken_back():
    folder, ids = history({"price.py": PRICE, "test_price.py": TEST}, {"notes.txt": "a\n"},
                          {"more.py": "A = 1\n"}, {"price.py": WRONG}, {"notes.txt": "b\n"},
                          {"more.py": "A = 2\n"})
    outcome = fix(folder, "--run", RUN, "--good", ids[0][:9])
    assert outcome.code == 0, outcome.err
    assert outcome["action"] == "revert" and outcome["template"] is None, outcome.json
    assert outcome["culprit"] == ids[3] and outcome["oracle"] == "history"
    assert outcome["risk"] == "HIGH" and outcome["files"] == ["price.py"]
    assert git(folder, "show", outcome["commit"] + ":price.py") + "\n" == PRICE
    assert git(folder, "show", outcome["commit"] + ":more.py") == "A = 2"
    assert "This reverts commit " + ids[3] in git(folder, "log", "-1", "--format=%B", outcome["commit"])


def flow_without_a_good_commit_nothing_is_taken_back():
    folder, _ = history({"price.py": PRICE, "test_price.py": TEST}, {"price.py": WRONG})
    outcome = fix(folder, "--run", RUN)
    assert outcome.code == 2 and outcome["culprit"] is None and not branches(folder), outcome.out


def flow_a_test_that_came_with_it_says_what_is_wanted():
    wanted = TEST.replace("240", "242")
    folder, ids = history({"price.py": PRICE, "test_price.py": TEST}, {"notes.txt": "a\n"},
                          {"test_price.py": wanted})
    outcome = fix(folder, "--run", RUN, "--good", ids[0])
    assert outcome.code == 2 and not branches(folder), outcome.out
    assert outcome["culprit"] == ids[2]
    assert any(one["template"] == "revert" and "what it wants is new" in one["why"]
               for one in outcome["attempts"]), outcome["attempts"]


def flow_later_commits_stand_on_it():
    folder, ids = history({"price.py": PRICE, "test_price.py": TEST}, {"price.py": WRONG},
                          {"price.py": WRONG.replace("1000", "1000 + 0")})
    outcome = fix(folder, "--run", RUN, "--good", ids[0])
    assert outcome.code == 2 and not branches(folder), outcome.out
    assert outcome["culprit"] == ids[1]
    assert any("stand on it" in one["why"] for one in outcome["attempts"]), outcome["attempts"]


def flow_a_good_commit_that_is_red_here_is_no_guide():
    folder, ids = history({"price.py": WRONG, "test_price.py": TEST}, {"notes.txt": "a\n"})
    outcome = fix(folder, "--run", RUN, "--good", ids[0])
    assert outcome.code == 2 and outcome["culprit"] is None and not branches(folder)
    assert any("around the code" in note for note in outcome["notes"]), outcome["notes"]


def flow_a_release_is_not_taken_back():
    folder, ids = history({"price.py": PRICE, "test_price.py": TEST}, {"price.py": WRONG})
    git(folder, "commit", "-q", "--amend", "-m", "v2.0.1")
    outcome = fix(folder, "--run", RUN, "--good", ids[0])
    assert outcome.code == 2 and not branches(folder)
    assert any("release" in one["why"] for one in outcome["attempts"]), outcome["attempts"]


def flow_files_that_came_and_went_between():
    folder, ids = history({"price.py": PRICE, "test_price.py": TEST, "old.bin": b"\0\1"},
                          {"rates/vat.py": "VAT = 20\n"},
                          {"price.py": "from rates.vat import VAT\n\n\ndef gross(net):\n"
                                       "    return net + net * VAT // 10\n"}, {"notes.txt": "a\n"})
    git(folder, "rm", "-q", "old.bin")
    git(folder, "commit", "-q", "-m", "gone")
    os.makedirs(folder + "/rates/deep")
    outcome = fix(folder, "--run", RUN, "--good", ids[0])
    assert outcome.code == 0 and outcome["culprit"] == ids[2], outcome.out
    assert git(folder, "show", outcome["commit"] + ":price.py") + "\n" == PRICE


def flow_no_such_commit():
    folder, _ = history({"price.py": WRONG, "test_price.py": TEST}, {"notes.txt": "a\n"})
    outcome = fix(folder, "--run", RUN, "--good", "v9")
    assert outcome.code == 65 and "v9" in outcome.err, outcome.err


main(globals())
