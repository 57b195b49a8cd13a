"""The commands around the main job: explain, templates, check-config, doctor, help, the man page."""
import gzip
import io
import json
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib

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


def sarif_errors(schema, text):
    """What a JSON schema has against it; "" when nothing."""
    tests = os.path.dirname(os.path.abspath(__file__))
    return subprocess.run(["node", tests + "/sarif_valid.mjs", schema, log_file(text)],
                          capture_output=True, text=True).stdout


SARIF = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sarif.schema.json")


def archive(files):
    """A zip archive of them, as bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name, text)
    return out.getvalue()


STEP = "##[group]Run x\nx\nshell: bash\n##[endgroup]\n"
RUN = {"0_test (3.12).txt": STEP + TRACE + "##[error]Process completed with exit code 1.\n",
       "1_build.txt": STEP + "src/a.c:3:5: error: 'x' undeclared\n##[error]Process completed with "
       "exit code 2.\n", "2_lint.txt": STEP + "fine\n", "test (3.12)/system.txt": "x\n"}


def flow_sarif_keeps_to_its_schema():
    """Ours of the part we write; OASIS's own where AEGIS_SARIF_SCHEMA names a copy of it."""
    files = {"app/cart.py": "\n" * 9, "src/a.c": "\n" * 9}
    folder = repository(files)
    hostile = ("a b%\u00e9\u202e.c:0:0: error: \n::error file=../x%0A,line=9,title=t::m\n"
               "::warning file=app/cart.py,line=3::\n::notice file=C:\\\\x::y\n\n")
    for text in (TRACE, "", hostile, hostile * 3000, "src/a.c:3:5: error: x\n" + TRACE):
        for words in ([], ["--repo", folder]):
            answer = aegis("explain", "--format", "sarif", *words, "-", stdin=text).out
            for schema in filter(None, (SARIF, os.environ.get("AEGIS_SARIF_SCHEMA"))):
                assert sarif_errors(schema, answer) == "", (schema, text[:60])
    path = log_file("")
    with open(path, "wb") as out:
        out.write(archive(RUN))
    answer = aegis("explain", "--format", "sarif", "--repo", folder, path).out
    assert sarif_errors(SARIF, answer) == ""
    assert [run["automationDetails"]["id"] for run in json.loads(answer)["runs"]] == [
        "test (3.12)", "build"]
    for wrong in ('"level":"fatal"', '"level":"error","more":1'):
        assert sarif_errors(SARIF, answer.replace('"level":"error"', wrong)), wrong


def flow_explain_packed():
    """gzip and GitHub's archive, as files, from a pipe, and as a file on standard input."""
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    write(folder, {"red.log.gz": gzip.compress(TRACE.encode()), "run.zip": archive(RUN)})
    plain = json.loads(aegis("explain", "--format", "json", "-", stdin=TRACE).out)
    for name, shape in (("red.log.gz", None), ("run.zip", 3)):
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            data = file.read()
        for words in ([path], ["-"], ["<"]):
            with open(path, "rb") as file:
                how = {"stdin": file} if words == ["<"] else {"input": data}
                done = subprocess.run([AEGIS, "explain", "--format", "json", words[0]
                                       if words != ["<"] else "-"], capture_output=True, **how)
            assert done.returncode == 0 and not done.stderr, done.stderr
            answer = json.loads(done.stdout)
            assert answer["failures"][0]["signature"] == plain["failures"][0]["signature"]
            assert len(answer.get("jobs", [])) == (shape or 0)
            assert (set(plain) == set(answer)) == (shape is None)
    assert [f["job"] for f in answer["failures"][:2]] == ["test (3.12)", "build"], answer
    assert answer["exit_code"] == 1 and answer["jobs"][2]["failed"] is False
    text = aegis("explain", os.path.join(folder, "run.zip")).out
    assert text.startswith("test (3.12)\nZeroDivisionError") and "2 of 3 jobs failed" in text
    outcome = aegis("fix", "--repo", repository({"a.py": "x\n"}), "--log",
                    os.path.join(folder, "run.zip"))
    assert outcome.code == 65 and "zip archive" in outcome.err, outcome.err
    for data in (archive(RUN)[:-9], archive({}), archive({"a.png": "x"}), b"PK\3\4",
                 gzip.compress(TRACE.encode())[:-3], b"\x1f\x8b\x08"):
        write(folder, {"bad": data})
        assert aegis("explain", os.path.join(folder, "bad")).code == 65, data[:9]


def flow_explain_bombs():
    """What unpacks to gigabytes is given up, in small memory."""
    def memory_of(data):
        write(folder, {"bomb": data})
        child = subprocess.Popen([AEGIS, "explain", os.path.join(folder, "bomb")],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode, usage.ru_maxrss / 1024

    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    packer = zlib.compressobj(wbits=31)
    piece = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    code, memory = memory_of(piece * 2)
    assert code == 0 and memory < 40, (code, memory)
    code, memory = memory_of(piece * 33)
    assert code == 65 and memory < 40, (code, memory)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("0_job.txt", "w") as entry:
            for _ in range(96):
                entry.write(bytes(1 << 20))
    one = out.getvalue()
    list_at = one.rindex(b"PK\1\2")
    entry, count = one[list_at:-22], 500    # all of them in the same place
    code, memory = memory_of(one[:list_at] + entry * count + b"PK\5\6" + struct.pack(
        "<HHHHIIH", 0, 0, count, count, len(entry) * count, list_at, 0))
    assert code == 65 and memory < 64, (code, memory)


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
