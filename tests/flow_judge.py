"""aegis judge: its contract, and its scores on deploy windows with known answers."""
import json
import os
import subprocess
import sys
import tempfile

from flow import AEGIS, Skip, aegis, main

SCORE = os.path.join(os.path.dirname(AEGIS), "score_rollout")


def lines(change=None, baseline=60, post=30):
    out = []
    for i in range(-baseline, post):
        sample = {"t": 10 * i, "phase": "post" if i >= 0 else "baseline",
                  "error_rate": 0.002 + 0.0005 * (i % 3), "latency_p95": 100.0 + i % 7,
                  "latency_p99": 200.0 + i % 11, "cpu": 0.3 + 0.01 * (i % 4), "memory": 500 + i % 5,
                  "rps": 80.0 + i % 9}
        if change and i >= 0:
            change(sample)
        out.append(json.dumps(sample))
    return "\n".join(out) + "\n"


def judge(text, *words):
    outcome = aegis("judge", *words, stdin=text)
    assert outcome.code == 0, outcome.err
    return [json.loads(line) for line in outcome.out.splitlines()]


def flow_judge_held():
    answers = judge(lines())
    assert [a["t"] for a in answers] == list(range(0, 300, 10))
    assert all(list(a) == ["t", "confidence", "verdict", "why"] for a in answers)
    assert all(0.9 < a["confidence"] <= 1 for a in answers)
    assert answers[-1]["verdict"] == "HELD" and answers[0]["verdict"] == "WATCH", answers[-1]


def flow_judge_decayed():
    answers = judge(lines(lambda s: s.update(error_rate=0.3)), "-", "--format", "json")
    first = next(a for a in answers if a["verdict"] == "DECAYED")
    assert first["t"] <= 60 and first["confidence"] < 0.70, first
    assert "error rate 30 %" in first["why"] and "2 confirmations" in first["why"], first
    at = answers.index(first)
    assert all(a["verdict"] == "DECAYED" for a in answers[at:])
    assert answers[at - 1]["confidence"] < 0.70 and answers[at - 1]["verdict"] == "WATCH"


def flow_judge_unknown():
    def away(sample):
        for name in list(sample):
            if name not in ("t", "phase"):
                sample[name] = None
        sample["up"] = None
    answers = judge(lines(away))
    assert answers[-1]["verdict"] == "UNKNOWN" and answers[-1]["confidence"] > 0.70
    assert judge(lines(lambda s: s.update(error_rate=0.9), baseline=0))[-1]["verdict"] == "UNKNOWN"


def flow_judge_text_and_file():
    path = os.path.join(tempfile.mkdtemp(prefix="aegis-flow-"), "samples.jsonl")
    with open(path, "w") as out:
        out.write(lines(lambda s: s.update(latency_p95=400)))
    outcome = aegis("judge", path, "--format", "text")
    assert outcome.code == 0 and "DECAYED" in outcome.out and "latency p95 4" in outcome.out
    assert len(outcome.out.splitlines()) == 30


def flow_judge_streams():
    """An answer comes as soon as its sample is in."""
    with subprocess.Popen([AEGIS, "judge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as child:
        for line in lines(post=2).splitlines():
            child.stdin.write(line + "\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["t"] == 0
        assert json.loads(child.stdout.readline())["t"] == 10
        child.stdin.close()
        assert child.wait(5) == 0


def flow_judge_bad_input():
    good = lines(baseline=2, post=0)
    for bad, words in (("{", "3"), ("[]", "object"), ('{"t":1}', "phase"),
                       ('{"t":1,"phase":"post","cpu":"x"}', "cpu"),
                       ('{"t":NaN,"phase":"post"}', "3"), ("x" * 100000, "bytes"), ("\0", "3")):
        outcome = aegis("judge", stdin=good + bad + "\n")
        assert outcome.code == 65 and ":3: " in outcome.err and words in outcome.err, outcome.err
    assert aegis("judge", "/nowhere/at/all").code == 65
    assert aegis("judge", "/tmp").code == 65
    assert aegis("judge", "--format", "xml").code == 64
    assert aegis("judge", "a", "b").code == 64
    assert aegis("judge", stdin="\n\n").code == 0


def score(*words):
    done = subprocess.run([SCORE, *words], capture_output=True, text=True)
    if done.stdout.startswith("skip"):
        raise Skip(done.stdout.strip())
    print(done.stdout.splitlines()[-2])
    assert done.returncode == 0, done.stdout


def flow_judge_known_windows():
    score()


def flow_judge_other_windows():
    """Families and seeds of our own, which the judge must hold its figures on as well."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        subprocess.run([sys.executable, "tests/gen_rollout.py", "5", "20"], stdout=out, check=True)
        score(out.name)


main(globals())
