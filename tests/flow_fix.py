"""The main job, end to end: a red repository in, a proven fix on a branch out, or hands off."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

from flow import (AEGIS, aegis, branches, committed, fix, git, main, need, repository, write)

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


def stats():
    return repository({"stats.py": STATS, "test_stats.py": STATS_TEST})


def flow_repository_below_var_tmp():
    """The sandbox has its own /var/tmp, and the repository lies in it."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as place:
        folder = shutil.copytree(stats(), place + "/r", symlinks=True)
        outcome = fix(folder, "--run", UNITTEST)
        assert outcome.code == 0 and outcome["template"] == "python_zero_division", outcome.err


def flow_one_error_gives_way_to_the_next():
    """Imports lack their endings, and the error names one: a test that stays red is no fix."""
    need("node")
    folder = repository({
        "package.json": '{"type": "module"}\n',
        "src/page.js": "import { place } from './place';\n\nexport const page = (p) => `<${place(p)}>`;\n",
        "src/place.js": "import { slug } from './slug';\n\nexport const place = (p) => slug(p.city);\n",
        "src/slug.js": "export const slug = (text) => text.toLowerCase();\n",
        "test/page.test.js": "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
                             "import { page } from '../src/page.js';\n\ntest('a page', () => {\n"
                             "  assert.strictEqual(page({ city: 'Bo' }), '<bo>');\n});\n"})
    outcome = fix(folder, "--run", "node --test test")
    if outcome.code == 0:                       # all of them, then
        assert outcome["verification"]["after"]["green"], outcome.out
    else:
        assert outcome.code == 2 and not branches(folder), outcome.err


def flow_python_division_by_the_test():
    folder = stats()
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 0, outcome.err
    assert outcome["action"] == "template" and outcome["template"] == "python_zero_division"
    assert outcome["oracle"] == "test"
    assert outcome["files"] == ["stats.py"]
    assert outcome["failure"]["type"] == "ZeroDivisionError"
    assert outcome["failure"]["file"] == "stats.py" and outcome["failure"]["function"] == "mean"
    assert outcome["tier"] == "high" and outcome["risk"] == "LOW", outcome.json
    assert outcome["parts"]["pass_rate"] == 1
    assert outcome["verification"]["before"]["failed"] == 1
    assert outcome["verification"]["after"]["failed"] == 0
    text = committed(folder, outcome, "stats.py")
    assert "max(" not in text and "if not values:" in text, text
    message = git(folder, "log", "-1", "--format=%B", outcome["branch"])
    assert "Aegis-Incident: " + outcome["incident"] in message
    assert "Aegis-Signature: " + outcome["signature"] in message
    assert "Aegis-Template: python_zero_division" in message
    git(folder, "fsck", "--strict")


def flow_the_same_answer_twice():
    folder = stats()
    first = fix(folder, "--run", UNITTEST)
    second = fix(folder, "--run", UNITTEST)
    assert (first["branch"], first["signature"]) == (second["branch"], second["signature"])
    assert branches(folder).split() == [first["branch"]]


def flow_dry_run_commits_nothing():
    folder = stats()
    outcome = fix(folder, "--run", UNITTEST, "--dry-run")
    assert outcome.code == 0 and outcome["commit"] is None and not branches(folder)
    assert outcome["files"] == ["stats.py"]


def flow_from_a_log_alone():
    folder = stats()
    log = subprocess.run(UNITTEST, shell=True, cwd=folder, capture_output=True, text=True).stderr
    stamped = "".join("2026-01-02T03:04:05.1234567Z %s\n" % line for line in log.splitlines())
    write(folder + "/..", {"red.log": stamped})
    outcome = fix(folder, "--log", folder + "/../red.log")
    assert outcome.code == 0, outcome.err + str(outcome.json)
    assert outcome["template"] == "python_zero_division"


def flow_no_oracle_no_fix():
    folder = repository({
        "stats.py": "def mean(values):\n    return sum(values) / len(values)\n\n"
                    "print(mean([]))\n"})
    outcome = fix(folder, "--run", "/usr/bin/python3 stats.py")
    assert outcome.code == 2 and outcome["action"] == "escalate", outcome.json
    assert outcome["failure"]["type"] == "ZeroDivisionError"
    assert not branches(folder)


def flow_green_is_left_alone():
    folder = repository({"a.txt": "x\n"})
    outcome = fix(folder, "--run", "true")
    assert outcome.code == 0 and outcome["action"] is None and not branches(folder)


def flow_red_in_the_log_green_here():
    folder = stats()
    red = subprocess.run(UNITTEST, shell=True, cwd=folder, capture_output=True, text=True).stderr
    write(folder, {"stats.py": "def mean(values):\n    return sum(values) / len(values) "
                               "if values else 0\n"})
    git(folder, "commit", "-qam", "mended by a person")
    write(folder + "/..", {"red.log": red})
    outcome = fix(folder, "--log", folder + "/../red.log", "--run", UNITTEST)
    assert outcome.code == 2 and outcome["action"] == "rerun", outcome.json


def flow_transient_is_run_again():
    folder = repository({"a.txt": "x\n"})
    outcome = fix(folder, "--run", "echo 'curl: (56) Recv failure: Connection reset by peer'; exit 56")
    assert outcome.code == 2 and outcome["action"] == "rerun", outcome.json


def flow_two_failures_in_one_run():
    folder = repository({
        "stats.py": STATS,
        "names.py": "def here():\n    return os.getcwd()\n\n\ndef first(text):\n    return text[0]\n",
        "other.py": "import os\n\nHOME = os.environ\n",
        "test_stats.py": STATS_TEST,
        "test_names.py": """\
            import unittest

            import names


            class Names(unittest.TestCase):
                def test_here(self):
                    self.assertTrue(names.here())
        """})
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 0, str(outcome.json)
    assert sorted(outcome["files"]) == ["names.py", "stats.py"], outcome.json
    assert outcome["verification"]["after"]["green"]


def flow_dirty_tree_is_not_looked_at():
    folder = stats()
    write(folder, {"stats.py": "raise SystemExit('not committed')\n", "new.txt": "mine\n",
                   "mine/deep/er/test_new.py": "raise SystemExit('not committed either')\n"})
    os.symlink("/etc", folder + "/mine/deep/link")
    git(folder, "add", "new.txt")
    outcome = fix(folder, "--run", "test ! -e mine && " + UNITTEST)
    assert outcome.code == 0, outcome.err + str(outcome.json)
    assert os.path.exists(folder + "/mine/deep/er/test_new.py")
    assert any("uncommitted" in note for note in outcome["notes"]), outcome["notes"]
    assert git(folder, "diff", "--name-only", "main", outcome["branch"]) == "stats.py"
    assert "not committed" not in committed(folder, outcome, "stats.py")


def flow_ignored_files_are_there():
    folder = stats()
    write(folder, {".gitignore": "local/\n"})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "ignore")
    write(folder, {"local/marker": "here\n"})
    outcome = fix(folder, "--run", "test -f local/marker && " + UNITTEST)
    assert outcome.code == 0 and outcome["template"] == "python_zero_division", outcome.json


def flow_bad_input():
    plain = repository({"a.txt": "x\n"}) + "/.."
    refused(plain, "not a git repository", "--run", "true")
    folder = repository({"a.txt": "x\n"})
    bare = folder + "-bare"
    subprocess.run(["git", "clone", "-q", "--bare", folder, bare], check=True)
    refused(bare, "bare", "--run", "true")
    empty = folder + "-empty"
    subprocess.run(["git", "init", "-q", empty], check=True)
    refused(empty, "no commit", "--run", "true")
    refused(folder, "no-such-command-here", "--run", "no-such-command-here")
    refused(folder, "missing.log", "--log", folder + "/missing.log")
    refused(folder, "folder", "--log", folder)
    refused(folder + "/nowhere", "nowhere", "--run", "true")


def refused(folder, word, *words):
    """Bad input: exit code 65, a message that names it, nothing on standard output."""
    outcome = aegis("fix", "--repo", folder, "--format", "json", "--quiet", *words)
    assert outcome.code == 65 and outcome.out == "" and word in outcome.err, outcome.err


def flow_wrong_usage():
    for words in (["fix", "--nonsense"], ["fix", "--format", "xml"], ["fix", "extra"], [],
                  ["nonsense"], ["fix", "--repo"], ["fix", "--run", " "]):
        assert aegis(*words).code == 64, words


def flow_commands_that_misbehave():
    folder = stats()
    for command in ("kill -9 $$", "head -c 100000000 /dev/zero; exit 1",
                    "head -c 3000000 /dev/urandom; exit 1",
                    ":(){ :|:& };:; sleep 0.2; exit 1", "setsid sleep 300 & exit 1"):
        outcome = fix(folder, "--run", command)
        assert outcome.code == 2 and outcome["action"] == "escalate", (command, outcome.json)
    assert not branches(folder)


def flow_a_path_with_blanks_and_umlauts():
    folder = repository({"stats.py": STATS, "test_stats.py": STATS_TEST}, name="mein Prüf, ordner:1")
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 0 and outcome["template"] == "python_zero_division", outcome.json


def flow_odd_repositories():
    folder = stats()
    os.symlink("/etc/passwd", folder + "/link")
    os.symlink("../../..", folder + "/up")
    write(folder, {"big.bin": b"\0" * 50_000_000, "crlf.txt": b"a\r\nb\r\n",
                   ".gitattributes": "*.lfs filter=lfs diff=lfs merge=lfs -text\n",
                   "a.lfs": "version https://git-lfs.github.com/spec/v1\noid sha256:"
                            + "a" * 64 + "\nsize 12\n"})
    git(folder, "add", "-A")
    git(folder, "update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",module")
    git(folder, "commit", "-qm", "odd things")
    os.makedirs(folder + "/module")
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 0 and outcome["files"] == ["stats.py"], outcome.json
    assert open("/etc/passwd").read()
    assert git(folder, "diff", "--name-only", "main", outcome["branch"]) == "stats.py"


def flow_crlf_stays_crlf():
    folder = repository({"stats.py": STATS.replace("    def", "def").replace("        ret", "    ret")
                         .replace("\n", "\r\n").encode(), "test_stats.py": STATS_TEST})
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 0, outcome.json
    text = subprocess.run(["git", "-C", folder, "show", outcome["branch"] + ":stats.py"],
                          capture_output=True, check=True).stdout
    assert text.count(b"\n") == text.count(b"\r\n"), text


def flow_no_identity_configured():
    folder = stats()
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    outcome = fix(folder, "--run", UNITTEST, env=env)
    assert outcome.code == 0, outcome.err
    assert "aegis" in git(folder, "log", "-1", "--format=%an", outcome["branch"]).lower()


def flow_killed_half_way():
    """Killed at random moments: the repository stays whole, and the next run does the job."""
    folder = stats()
    for delay in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8):
        child = subprocess.Popen([AEGIS, "fix", "--repo", folder, "--run", UNITTEST, "--quiet"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        git(folder, "fsck", "--strict")
        assert git(folder, "status", "--porcelain") == ""
    assert fix(folder, "--run", UNITTEST).code == 0


def flow_a_test_is_never_edited():
    folder = repository({
        "shop.py": "def price():\n    return 3\n",
        "test_shop.py": "import unittest\n\nimport shop\n\n\nclass T(unittest.TestCase):\n"
                        "    def test_price(self):\n"
                        "        self.assertEqual({'a': 1}['b'], shop.price())\n"})
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 2 and not branches(folder), outcome.json


def flow_formatter_black():
    need("black")
    folder = repository({"pyproject.toml": "[tool.black]\nline-length = 88\n",
                         "a.py": "x = {  'a':1 }\n", "b.py": "y = 1\n",
                         "tests/test_a.py": "def test_a( ):\n  assert 1==1\n"})
    outcome = fix(folder, "--run", "black --check .")
    assert outcome.code == 0 and outcome["action"] == "tool", outcome.json
    assert sorted(outcome["files"]) == ["a.py", "tests/test_a.py"]
    assert committed(folder, outcome, "a.py") == 'x = {"a": 1}\n'


def flow_c_missing_include():
    folder = repository({
        "Makefile": "CFLAGS = -Wall -Werror\nall: tool\ntool: tool.o\n",
        "tool.c": "#include <stdio.h>\n\nint main(void)\n{\n\tchar *p = malloc(3);\n\n"
                  "\tfree(p);\n\tputs(\"ok\");\n\treturn 0;\n}\n"})
    outcome = fix(folder, "--run", "make")
    assert outcome.code == 0 and outcome["template"] == "c_missing_include", outcome.json
    assert "#include <stdlib.h>\n" in committed(folder, outcome, "tool.c")


def flow_go_unused_import():
    need("go")
    folder = repository({
        "go.mod": "module example.com/a\n\ngo 1.19\n",
        "a.go": "package a\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\n"
                "func A() { fmt.Println(1) }\n"})
    outcome = fix(folder, "--run", "go build ./...")
    assert outcome.code == 0 and outcome["template"] == "go_unused_import", outcome.json
    assert '"os"' not in committed(folder, outcome, "a.go")


def flow_node_undefined_property():
    need("node")
    folder = repository({
        "cart.js": "function total(cart) {\n  return cart.items.length;\n}\n\n"
                   "module.exports = { total };\n",
        "cart.test.js": "const test = require('node:test');\nconst assert = require('node:assert');\n"
                        "const { total } = require('./cart');\n\n"
                        "test('items', () => {\n  assert.equal(total({ items: [1] }), 1);\n});\n\n"
                        "test('no cart', () => {\n  assert.equal(total(undefined), 0);\n});\n"})
    outcome = fix(folder, "--run", "node --test")
    assert outcome.code == 0 and outcome["template"] == "node_undefined_property", outcome.json
    assert outcome["tier"] == "high", outcome.json


def flow_secrets_of_home_stay_out():
    folder = stats()
    home = folder + "-home"
    write(home, {".ssh/id_rsa": "canary-ssh\n", ".netrc": "canary-netrc\n",
                 ".aws/credentials": "canary-aws\n", ".npmrc": "canary-npmrc\n",
                 ".config/gh/hosts.yml": "canary-config\n", ".git-credentials": "canary-git\n"})
    env = dict(os.environ, HOME=home, CANARY="canary-environment")
    look = ("cat %s/.ssh/id_rsa %s/.netrc %s/.aws/credentials %s/.npmrc %s/.config/gh/hosts.yml "
            "%s/.git-credentials ~/.netrc\nenv\ncat /proc/*/environ | tr '\\0' '\\n'\n"
            "cat $(find / -name .netrc -o -name credentials 2>/dev/null)\n") % ((home,) * 6)
    write(folder, {"look.sh": look})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "look")
    command = "if sh look.sh 2>&1 | grep -q canary-; then exit 7; fi; exit 1"
    outcome = fix(folder, "--run", command, env=env)
    assert outcome["verification"]["before"]["exit_code"] == 1, "a secret was seen"
    seen = subprocess.run(command, shell=True, cwd=folder, env=env)
    assert seen.returncode == 7, "the test's own look finds nothing even without a sandbox"


main(globals())
