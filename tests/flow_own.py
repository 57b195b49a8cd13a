"""Templates that a repository brings itself, and those that we give as examples."""
import glob
import os
import subprocess

from flow import AEGIS, aegis, branches, fix, git, main, repository, write

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = sorted(glob.glob(os.path.join(HERE, "..", "workflows", "templates", "*.yml")))
HOME = ".github/aegis/templates/"
RENAMED = """\
    summary: "shop.total is shop.total_of since May -> the new name"
    language: python
    type: AttributeError
    message: "module 'shop' has no attribute 'total'"
    replace:
      - {pattern: '\\bshop\\.total\\(', with: 'shop.total_of('}
    examples:
      - log: |
          Traceback (most recent call last):
            File "bill.py", line 3, in <module>
              print(shop.total([1]))
          AttributeError: module 'shop' has no attribute 'total'
        files:
          bill.py:
            before: |
              import shop

              print(shop.total([1]))
            after: |
              import shop

              print(shop.total_of([1]))
      - log: |
          Traceback (most recent call last):
            File "bill.py", line 3, in <module>
              print(f([1]))
          AttributeError: module 'shop' has no attribute 'total'
        files:
          bill.py: {before: "f(1)\\n"}
        declines: nothing in the failing file
    """
SHOP = {
    "shop.py": "def total_of(prices):\n    return sum(prices)\n",
    "bill.py": "import shop\n\n\ndef bill(prices):\n    return shop.total(prices)\n",
    "test_bill.py": "import unittest\n\nfrom bill import bill\n\n\nclass BillTest(unittest.TestCase):\n"
                    "    def test_bill(self):\n        self.assertEqual(bill([1, 2]), 3)\n",
}
RUN = "/usr/bin/python3 -m unittest -q"


def templates(folder, *words):
    return subprocess.run([AEGIS, "templates", *words, "--repo", folder], capture_output=True, text=True)


def flow_every_example_is_one():
    assert len(EXAMPLES) == 3
    files = {HOME + os.path.basename(path): open(path, "rb").read() for path in EXAMPLES}
    done = templates(repository(files), "test")
    assert done.returncode == 0 and ": 0 wrong" in done.stdout, done.stdout + done.stderr
    listed = templates(repository(files), "list").stdout
    for path in EXAMPLES:
        assert "own_" + os.path.basename(path)[:-4].replace("-", "_") in listed


def flow_its_own_template_mends_it():
    folder = repository({**SHOP, HOME + "total.yml": RENAMED})
    assert templates(folder, "test").returncode == 0, templates(folder, "test").stderr
    outcome = fix(folder, "--run", RUN)
    assert outcome.code == 0 and outcome["template"] == "own_total", outcome.err
    assert outcome["oracle"] == "contract" and outcome["files"] == ["bill.py"]
    assert "shop.total_of(prices)" in git(folder, "show", outcome["commit"] + ":bill.py")


def flow_its_own_template_has_no_more_rights():
    """It may name any file; the fences see what it would do."""
    folder = repository({**SHOP, HOME + "total.yml": RENAMED.replace(
        "replace:\n", "files: ['test_bill.py', 'bill.py']\n    replace:\n", 1).replace(
        "{pattern: '\\bshop\\.total\\(', with: 'shop.total_of('}",
        "{pattern: 'self.assertEqual.*', with: 'pass'}", 1)})
    outcome = fix(folder, "--run", RUN)
    assert outcome.code == 2 and not branches(folder), outcome.out
    assert any("edit the test" in one["why"] for one in outcome["attempts"]), outcome["attempts"]


def flow_a_broken_one_is_said_with_its_place():
    folder = repository({**SHOP, HOME + "total.yml": "summary: s\nmesage: m\n"})
    outcome = fix(folder, "--run", RUN)
    assert outcome.code == 78, outcome.code
    assert "total.yml:2:1: unknown key \"mesage\"" in outcome.err, outcome.err
    done = templates(folder, "test")
    assert done.returncode == 78 and "total.yml:2:1" in done.stderr


def flow_a_wrong_example_is_found():
    folder = repository({HOME + "total.yml": RENAMED.replace("print(shop.total_of([1]))",
                                                             "print(shop.total_of([2]))")})
    done = templates(folder, "test")
    assert done.returncode == 1 and "own_total" in done.stderr, done.stdout + done.stderr


if __name__ == "__main__":
    main(globals())
