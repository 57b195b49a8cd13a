"""
The demo: `aegis demo`, and then the whole circle on the local GitHub (tests/hub), with the daemon and
a small web shop. It starts things and looks: all it shows comes from the hub, from the daemon's store
and from the shop. What does not come in its time is said, and the demo exits with 1.

usage: demo.py [--patience FACTOR]      FACTOR: how much longer, or shorter, to wait for each station
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import textwrap
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import quiet                        # noqa: E402
from stations import Circle, Late   # noqa: E402
from hub import missing             # noqa: E402

AEGIS = os.path.abspath(os.environ.get("AEGIS", "out/aegis"))
COLUMNS = min(96, shutil.get_terminal_size((96, 24)).columns)
DECAYS_BELOW = 0.70
SLOW_S = 1.0        # as the shop's health checks see it


def wrapped(text, first, rest):
    return textwrap.fill(text, COLUMNS, initial_indent=first, subsequent_indent=rest,
                         break_long_words=False, break_on_hyphens=False)


class Show:
    """Lines for people, each with the seconds since the start."""

    def __init__(self):
        self.began = time.monotonic()

    def passed(self):
        return time.monotonic() - self.began

    def say(self, text):
        print(wrapped(text, "%5.1f s  " % self.passed(), " " * 9), flush=True)

    def quote(self, lines):
        for line in lines:
            print(wrapped(line, " " * 9 + "| ", " " * 9 + "|   ") or " " * 9 + "|", flush=True)


def title(text):
    print("\n== %s ==" % text, flush=True)


def prose(text):
    print(textwrap.fill(textwrap.dedent(text).strip(), COLUMNS), flush=True)


def first_lines(body, most=5):
    """Of a pull request: what is written, without the addresses of its links."""
    lines = [line for line in body.split("\n") if line.strip()]
    return [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line) for line in lines[:most]] + ["..."]


def local():
    """The main job alone, on one repository."""
    code = subprocess.run([AEGIS, "demo"], stdin=subprocess.DEVNULL).returncode
    if code:
        raise Late("aegis demo ended with %d" % code)


def before_the_push(show, circle):
    first = circle.github()["refs"]["main"]
    circle.wait("the daemon", 30, circle.serves)
    circle.wait("the shop's first deployment", 60, lambda: circle.deployed(first))
    circle.wait("a page of the shop", 20, lambda: len(circle.production.waits()) >= 3)
    show.say("alice's shop is on the web, version %.7s: the newest article takes %s."
             % (first, usual(circle.production.waits())))


def usual(waits):
    return "%.0f ms" % (1000 * statistics.median(took for _asked, took in waits))


def red_push(show, circle):
    message = "Show ratings and similar articles"
    head = circle.push(message)
    show.say('alice pushes %.7s, "%s".' % (head, message))
    circle.wait("the red run of %.7s" % head, 60, lambda: circle.run(head, "tests") == "failure")
    circle.wait("the deployment of %.7s" % head, 60, lambda: circle.deployed(head))
    show.say("Its tests are red. It is deployed all the same, as every push is; the shop leaves out "
             "what fails.")


def fix(show, circle):
    incident = circle.wait("an incident", 60, circle.incident)
    story = circle.wait("the reading of the log", 60, lambda: circle.told(incident, "failure"))
    failure = story["failure"]
    show.say("Aegis opens incident %s: %s: %s, %s:%s, in %s."
             % (incident, failure["type"], failure["message"], failure["file"], failure["line"],
                failure["test"]))
    proven = circle.wait("a fix", 180, lambda: circle.told(incident, "fix"))["fix"]
    show.say("A fix is proven in the sandbox, in %.1f s: %s. Confidence %.2f (%s), risk %s."
             % (proven["timings_ms"]["total"] / 1000, proven["why"], proven["confidence"],
                proven["tier"], proven["risk"]))
    return incident


def pull(show, circle, incident):
    number = circle.wait("a pull request", 60, lambda: circle.story(incident)["pull"])
    request = circle.pull(number)
    show.say("Pull request #%d, from %s:" % (number, request["head"]))
    show.quote([request["title"], ""] + first_lines(request["body"]))
    head = request["head_sha"]
    circle.wait("the run of pull request #%d" % number, 60,
                lambda: circle.run(head, "tests") == "success")
    show.say("Its tests are green.")
    circle.wait("the merge", 60, lambda: circle.pull(number)["merged"])
    merge = circle.wait("the merge in the store", 60, lambda: circle.story(incident)["merge_sha"])
    fixed = circle.story(incident)["story"]["fix"]
    show.say("Aegis merges it as %.7s: confidence is %s and risk %s, so nobody is asked."
             % (merge, fixed["tier"], fixed["risk"]))
    return merge


def deployment(show, circle, merge):
    environment = circle.wait("the deployment of %.7s" % merge, 60, lambda: circle.deployed(merge))
    show.say("%.7s is deployed to %s. The fix is right, a test says so; but what no test says: "
             '"similar articles" compares an article with all that are rated alike, and now all '
             "new ones are rated 0." % (merge, environment))
    show.say("Aegis watches it with the shop's health checks, every 5 s: health[0] is /health, "
             "health[1] the newest article.")
    shop = circle.production
    since = circle.wait("the new version of the shop", 20, lambda: shop.since.get(merge))
    slow = circle.wait("a slow page", 60, lambda: [took for asked, took in shop.waits() + shop.waiting()
                                                   if asked >= since and took > SLOW_S])
    show.say("The newest article took %s before; now a shopper waits %.1f s and longer."
             % (usual([one for one in shop.waits() if one[0] < since]), max(slow)))


def bar(share, width=20):
    return "[" + ("#" * round(share * width)).ljust(width, ".") + "]"


def decay(show, circle, incident):
    """Each confidence as the daemon has it, until it is below what it reverts at."""
    shown = None

    def look():
        nonlocal shown
        window = circle.story(incident)["story"].get("window", {})
        seen = window.get("confidence"), window.get("why")
        if None not in seen and seen != shown:
            shown = seen
            show.say("confidence %.2f %s  %s" % (seen[0], bar(seen[0]), seen[1]))
        return shown and shown[0] < DECAYS_BELOW

    circle.wait("a confidence below %.2f" % DECAYS_BELOW, 120, look)


def revert(show, circle, incident):
    number = circle.wait("the pull request that takes it back", 60,
                         lambda: circle.told(incident, "revert"))["revert"]["pull"]
    request = circle.pull(number)
    show.say("Below %.2f it is taken back: pull request #%d, from %s:"
             % (DECAYS_BELOW, number, request["head"]))
    show.quote([request["title"], ""] + first_lines(request["body"]))
    if request["merged"]:
        raise Late("pull request #%d was merged without a person" % number)
    show.say("It waits for a person: merged, it brings quick pages back, and the red test.")


def records(show, circle, incident):
    for words in (("incidents",), ("incidents", "show", incident)):
        title("aegis " + " ".join(words))
        for line in circle.ask(*words).rstrip().split("\n"):
            print(wrapped(line, "", " " * 49), flush=True)


def demo(folder, patience):
    show = Show()
    why = missing()
    if why:
        raise Late("the local GitHub cannot run: " + why)
    print("Starting a local GitHub, a shop and the daemon ...\n", flush=True)
    circle = Circle(AEGIS, folder, patience)
    try:
        local()
        title("The whole circle")
        prose("""Git, workflow runs, the daemon, the shop and its deployments are real and all on this
              machine; only GitHub is a stand-in (tests/hub), at %s.""" % circle.hub.url)
        print()
        before_the_push(show, circle)
        red_push(show, circle)
        incident = fix(show, circle)
        deployment(show, circle, pull(show, circle, incident))
        decay(show, circle, incident)
        revert(show, circle, incident)
        records(show, circle, incident)
    except Late:
        sys.stderr.write(circle.last_words())
        raise
    finally:
        circle.end()
    title("Read on")
    prose("""That took %.0f s, and nothing of it is left. `aegis demo FOLDER` keeps its sample project.
          README.md says how a fix comes about and when a deployment has held; tests/demo has the
          shop, tests/hub/BEHAVIOURS.md what the stand-in does as GitHub does.""" % show.passed())


def main():
    parser = argparse.ArgumentParser(description="aegis, from a red push to a revert")
    parser.add_argument("--patience", type=float, default=1, metavar="FACTOR")
    given = parser.parse_args()
    try:
        with quiet.folder("aegis-demo-") as folder:
            demo(folder, given.patience)
    except Late as why:
        sys.stderr.write("The demo failed: %s.\n" % why)
        return 1
    except quiet.Stopped as signal:
        sys.stderr.write("\nStopped; nothing is left.\n")
        return 128 + signal.args[0]
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
