"""
Fixes against small repositories with a known right answer: tests/bench/fixes/<family>/<name>.case.

    fixes.py AEGIS [--validate] [--verbose] [FAMILY | CASE.case]...

A case is one text. Its head is lines "key: value" up to the first section; a section is a line
"-- kind path --" and the text up to the next one:

    language  python, node, ...                          what: a sentence on what broke and what is right
    run       the red command; with a "-- log --" section the log of that command, which cannot run here
    check     the command that tells right from wrong, with the hidden files in place (default: run)
    expect    fix: it must be mended. none: hands off, any fix is wrong
    needs     programs without which the case is left out, in blanks
    -- file PATH --      of the red commit (and of the one before, unless "before" has it)
    -- before PATH --    of the commit before, which was green: the history
    -- hidden PATH --    put there for the check only: an oracle that the fix has not seen
    -- right PATH --     a right answer; the case is held against it: run and check must pass
    -- wrong PATH --     the tempting wrong answer: run passes with it, or check fails. "wrong2": another
    -- log --            what the command printed, where it cannot run on this machine

An empty text is an empty file in "file" and no such file elsewhere; "-> TARGET" alone is a symbolic link;
the last line "\\ No newline at end of file" takes the line feed off the one before.

Before anything is asked of Aegis each case is held against its own answers. Then `aegis fix --no-llm`
has its turn: right is what check passes, wrong is any other fix, and a case with "none" wants none.
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixes")
SECTION = re.compile(r"^-- (file|before|hidden|right|wrong\d*|log)(?: (\S+))? --$")
KEYS = {"language", "what", "run", "check", "expect", "needs"}
GIT = ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com",
       "-c", "init.defaultBranch=main"]
NO_NEWLINE = "\n\\ No newline at end of file\n"
LIMIT_S = 120


class Bad(Exception):
    """The case itself is wrong."""


def read_case(path):
    case = {"path": path, "name": os.path.basename(path)[:-len(".case")], "log": None,
            "family": os.path.basename(os.path.dirname(path)), "expect": "fix", "needs": ""}
    parts, at = collections.defaultdict(dict), None
    with open(path, encoding="utf-8", newline="\n") as text:
        for number, line in enumerate(text, 1):
            found = SECTION.match(line.rstrip("\n"))
            if found:
                at = (found[1], found[2])
                if (found[1] == "log") != (found[2] is None):
                    raise Bad("line %d: a section has a path, and a log has none" % number)
                parts[at[0]][at[1]] = ""
            elif at:
                parts[at[0]][at[1]] += line
            elif line.strip():
                key, _, value = line.partition(":")
                if key not in KEYS:
                    raise Bad("line %d: there is no key %r" % (number, key))
                case[key] = value.strip()
    for key in ("language", "what", "run"):
        if not case.get(key):
            raise Bad("it has no %r" % key)
    if case["expect"] not in ("fix", "none"):
        raise Bad("expect is fix or none")
    case["log"] = parts.pop("log", {}).get(None)
    case["parts"] = parts
    case.setdefault("check", case["run"])
    if case["expect"] == "fix" and not parts["right"]:
        raise Bad("it has no right answer")
    return case


def write(folder, files, empty_is_none=True):
    for path, text in files.items():
        place = os.path.join(folder, path)
        if text == "" and empty_is_none:
            if os.path.exists(place):
                os.remove(place)
            continue
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if text.startswith("-> ") and text.count("\n") == 1:
            if not os.path.islink(place):
                os.symlink(text[3:-1], place)
            continue
        with open(place, "w", encoding="utf-8", newline="") as out:
            out.write(text[:-len(NO_NEWLINE)] if text.endswith(NO_NEWLINE) else text)
        if text.startswith("#!"):
            os.chmod(place, 0o755)


def git(folder, *words):
    return subprocess.run([*GIT, "-C", folder, *words], check=True, capture_output=True,
                          text=True).stdout


def make(case, folder):
    """The repository: a green commit where there is a history, then the red one."""
    git(folder, "init", "-q")
    parts = case["parts"]
    for words in ("Before", "After"):
        if words == "Before" and not parts["before"]:
            continue
        for path in parts["before"]:
            if os.path.lexists(os.path.join(folder, path)):
                os.remove(os.path.join(folder, path))
        write(folder, parts["file"], empty_is_none=False)
        if words == "Before":
            write(folder, parts["before"])
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", words)


def passes(command, folder):
    try:
        done = subprocess.run(["/bin/sh", "-c", command], cwd=folder, capture_output=True,
                              timeout=LIMIT_S, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def answer(case, kind, folder):
    """(run passes, check passes) with these files in place."""
    shutil.copytree(folder, folder + "-" + kind, symlinks=True)
    here = folder + "-" + kind
    write(here, case["parts"][kind])
    ran = case["log"] is not None or passes(case["run"], here)
    write(here, case["parts"]["hidden"])
    return ran, passes(case["check"], here)


def validate(case, folder):
    """The case must be red, its right answer right, and its wrong ones wrong."""
    if case["log"] is None and passes(case["run"], folder):
        raise Bad("it is not red")
    for kind in list(case["parts"]):
        if kind == "right" and answer(case, kind, folder) != (True, True):
            raise Bad("the right answer does not pass (run, check) = %r" % (
                answer(case, kind, folder + "-right"),))
        if kind.startswith("wrong") and answer(case, kind, folder) == (True, True) and \
                case["expect"] == "fix":
            raise Bad("the answer %r passes all: nothing tells it from a right one" % kind)


def ask(aegis, case, folder):
    """What Aegis makes of it, as its JSON."""
    words = [aegis, "fix", "--repo", folder, "--no-llm", "--quiet", "--format", "json"]
    if case["log"] is not None:
        with open(folder + ".log", "w", encoding="utf-8") as out:
            out.write(case["log"])
        words += ["--log", folder + ".log"]
    else:
        words += ["--run", case["run"]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=LIMIT_S * 3)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"why": "exit code %d: %s" % (done.returncode, done.stderr.strip()[-300:])}


def judge(aegis, case, folder):
    """right, wrong, missed (fixable, not fixed), kept (hands off, rightly)"""
    said = ask(aegis, case, folder)
    if not said.get("commit"):
        return ("kept" if case["expect"] == "none" else "missed"), said.get("why") or "?"
    if case["expect"] == "none":
        return "wrong", "%s: %s" % (said.get("template"), said.get("why"))
    git(folder, "checkout", "-q", "--force", said["commit"])
    write(folder, case["parts"]["hidden"])
    if passes(case["check"], folder):
        return "right", "%s" % said.get("template")
    return "wrong", "%s: %s\n%s" % (said.get("template"), said.get("why"),
                                   git(folder, "diff", "HEAD~1", "HEAD"))


def play(aegis, path, only_validate):
    try:
        case = read_case(path)
        lacks = [one for one in case["needs"].split() if not shutil.which(one)]
        if lacks:
            return "left out", case, "needs " + " ".join(lacks)
        with tempfile.TemporaryDirectory(prefix="aegis-case-") as root:
            folder = os.path.join(root, case["name"])
            os.mkdir(folder)
            make(case, folder)
            validate(case, folder)
            if only_validate:
                return "valid", case, ""
            result, why = judge(aegis, case, folder)
            return result, case, why
    except Bad as why:
        return "bad case", {"family": os.path.basename(os.path.dirname(path)), "language": "?",
                            "name": os.path.basename(path), "expect": "?"}, str(why)


def chosen(words):
    for word in words or [""]:
        if word.endswith(".case"):
            yield word
        else:
            yield from sorted(glob.glob(os.path.join(HERE, word or "*", "*.case")))


def table(counts):
    print("%-14s %6s %6s %6s %6s %6s %9s" % ("", "cases", "right", "missed", "kept", "wrong",
                                            "left out"))
    for name, count in sorted(counts.items()):
        print("%-14s %6d %6d %6d %6d %6d %9d" % (name, sum(count.values()), count["right"],
                                                count["missed"], count["kept"], count["wrong"],
                                                count["left out"]))


def main():
    flags = {word for word in sys.argv[1:] if word.startswith("--")}
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    aegis = os.path.abspath(words[0])
    families, languages = collections.defaultdict(collections.Counter), \
        collections.defaultdict(collections.Counter)
    bad = hands_off = 0
    for path in chosen(words[1:]):
        result, case, why = play(aegis, path, "--validate" in flags)
        families[case["family"]][result] += 1
        languages[case["language"]][result] += 1
        bad += result in ("wrong", "bad case")
        hands_off += case["expect"] == "none" and result in ("kept", "wrong")
        if result in ("wrong", "bad case") or "--verbose" in flags:
            print("%-9s %s/%s: %s" % (result, case["family"], case["name"], why), flush=True)
    table(families)
    table(languages)
    all_of = sum(families.values(), collections.Counter())
    fixable = all_of["right"] + all_of["missed"] + all_of["wrong"] + all_of["kept"] - hands_off
    if fixable:
        print("right: %.1f %% of %d that can be mended; wrong: %d; hands kept off: %d of %d" % (
            100 * all_of["right"] / fixable, fixable, all_of["wrong"], all_of["kept"], hands_off))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
