"""The commands around the main job: explain, templates, check-config, doctor, help, the man page."""
import json
import os
import shutil
import subprocess
import tempfile

from flow import AEGIS, aegis, git, main, need, repository, write

TRACE = """\
Traceback (most recent call last):
  File "/home/runner/work/shop/shop/app/cart.py", line 3, in total
    return price / count
ZeroDivisionError: division by zero
"""


def log_file(text):
    path = os.path.join(tempfile.mkdtemp(prefix="aegis-flow-"), "red.log")
    with open(path, "w") as out:
        out.write(text)
    return path


def flow_explain_json():
    path = log_file("2026-01-02T03:04:05.1234567Z ##[group]Run python app/cart.py\n" + TRACE
                    + "##[error]Process completed with exit code 1.\n")
    folder = repository({"app/cart.py": "def total(price, count):\n\n    return price / count\n"})
    for words in (["explain", path], ["explain", "--repo", folder, path]):
        outcome = aegis(*words, "--format", "json")
        assert outcome.code == 0, outcome.err
        answer = json.loads(outcome.out)
        first = answer["failures"][0]
        assert first["type"] == "ZeroDivisionError" and first["line"] == 3, first
        assert first["function"] == "total" and first["rank"] == 1
        assert len(first["signature"]) == 32 and len(first["family"]) == 32
        assert answer["exit_code"] == 1 and answer["lines"] == 6
        assert set(answer) == {"failures", "tests", "diagnostics", "blocks", "exit_code", "lines",
                               "bytes"}
        assert set(first) == {"rank", "kind", "language", "tool", "type", "message", "file", "line",
                              "column", "function", "test", "log_lines", "error_line", "frames",
                              "signature", "family", "transient"}, set(first)
    assert first["file"] == "app/cart.py" and first["frames"][-1]["own"] is True
    assert first["error_line"] == 5 and first["log_lines"] == [2, 5], first


def flow_explain_text_and_stdin():
    outcome = aegis("explain", "-", stdin=TRACE)
    assert outcome.code == 0 and "ZeroDivisionError: division by zero" in outcome.out
    assert "cart.py:3" in outcome.out
    assert aegis("explain", stdin="all is well\n").code == 0


def flow_explain_sarif():
    outcome = aegis("explain", "--format", "sarif", log_file(TRACE))
    answer = json.loads(outcome.out)
    assert answer["version"] == "2.1.0" and answer["runs"][0]["tool"]["driver"]["name"] == "Aegis"
    assert answer["runs"][0]["results"][0]["ruleId"] == "ZeroDivisionError"


def flow_explain_bad_input():
    assert aegis("explain", "/nowhere/red.log").code == 65
    assert aegis("explain", "/tmp").code == 65
    assert aegis("explain", "--format", "xml", "-", stdin="").code == 64
    assert aegis("explain", "a", "b").code == 64


def flow_templates():
    outcome = aegis("templates", "list")
    assert outcome.code == 0 and "python_zero_division" in outcome.out
    names = [line.split()[0] for line in outcome.out.splitlines()]
    for name in names:
        shown = aegis("templates", "show", name)
        assert shown.code == 0 and "declines:" in shown.out and "fixes:" in shown.out, name
    assert aegis("templates", "show", "nothing").code == 65
    assert aegis("templates", "test").code == 0


def flow_check_config():
    good = log_file("limits: { wall_s: 5 }\nsandbox: { enabled: true }\n")
    assert aegis("check-config", good).code == 0
    bad = log_file("limits:\n  wall_s: soon\n")
    outcome = aegis("check-config", bad)
    assert outcome.code == 78 and bad + ":2:" in outcome.err, outcome.err
    assert aegis("check-config", "/nowhere.yml").code == 65
    folder = repository({"a.txt": "x\n"})
    outcome = aegis("fix", "--repo", folder, "--run", "true", "--config", bad)
    assert outcome.code == 78, outcome.err
    outcome = aegis("fix", "--repo", folder, "--run", "true", env=dict(os.environ, AEGIS_CONFIG=bad))
    assert outcome.code == 78, outcome.err


def flow_limits_of_the_file():
    folder = repository({"a.txt": "x\n"})
    file = log_file("limits: { wall_s: 1 }\n")
    outcome = aegis("fix", "--repo", folder, "--run", "sleep 60", "--config", file, "--format",
                    "json")
    answer = json.loads(outcome.out)
    assert outcome.code == 2 and "longer" in answer["why"], answer["why"]
    assert answer["timings_ms"]["total"] < 20000


def flow_a_hanging_command():
    folder = repository({"a.txt": "x\n"})
    file = log_file("limits: { idle_s: 1 }\n")
    outcome = aegis("fix", "--repo", folder, "--run", "sleep 60", "--config", file, "--format",
                    "json")
    answer = json.loads(outcome.out)
    assert outcome.code == 2 and "hung" in answer["why"], answer["why"]


def flow_repository_file():
    folder = repository({".github/aegis.yml": "run: /usr/bin/python3 check.py\n",
                         "check.py": "print('fine')\n"})
    outcome = aegis("fix", "--repo", folder, "--format", "json")
    assert outcome.code == 0 and json.loads(outcome.out)["command"] == "/usr/bin/python3 check.py"
    write(folder, {".github/aegis.yml": "runn: x\n"})
    git(folder, "commit", "-qam", "a slip")
    outcome = aegis("fix", "--repo", folder, "--format", "json")
    assert outcome.code == 78 and ".github/aegis.yml:1:1" in outcome.err, outcome.err


def flow_help_and_man_page():
    assert aegis("--version").out.startswith("aegis ")
    outcome = aegis("help")
    for name in ("fix", "explain", "templates", "doctor", "check-config", "demo"):
        assert name in outcome.out
        assert aegis("help", name).code == 0 and aegis(name, "--help").code == 0
    assert aegis("help", "nothing").code == 64
    page = aegis("help", "--man").out
    assert "limits.wall_s" in page and "EXIT STATUS" in page
    need("mandoc")
    done = subprocess.run(["mandoc", "-Tlint", "-Wwarning"], input=page, text=True,
                          capture_output=True)
    assert done.stdout == "", done.stdout


def flow_the_daemons_own_child():
    """The argument of a job's child does nothing for anybody else, and is in no help."""
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    for name in ("pid", "order.json"):
        with open(os.path.join(folder, name), "w") as out:
            out.write("{}")
    outcome = aegis("fix-child", folder)
    assert outcome.code == 64 and "daemon" in outcome.err, outcome.err
    assert sorted(os.listdir(folder)) == ["order.json", "pid"]
    assert "fix-child" not in aegis("help").out + aegis("help", "--man").out


def flow_doctor():
    outcome = aegis("doctor")
    assert outcome.code == 0 and "sandbox" in outcome.out, outcome.out


def flow_install():
    place = tempfile.mkdtemp(prefix="aegis-flow-")
    subprocess.run(["make", "--no-print-directory", "install", "PREFIX=" + place],
                   check=True, capture_output=True, cwd=os.path.dirname(AEGIS) + "/..")
    assert os.path.exists(place + "/bin/aegis") and os.path.exists(place + "/share/man/man1/aegis.1")
    shutil.rmtree(place)


main(globals())
