"""
The daemon killed at any moment, alone or with all that it started, several times a circle: it ends as
if nobody had been killed. 300 kills; AEGIS_LONG=1: 3,000. AEGIS_SEED repeats the moments of a run.
"""
import collections
import itertools
import os
import random
import sys
import time

import kills
from flow import AEGIS, Skip
from flow_kill_points import Score, differs

KILLS = int(os.environ.get("AEGIS_KILLS", 3000 if "AEGIS_LONG" in os.environ else 300))
SEED = int(os.environ.get("AEGIS_SEED", time.time_ns() % 10 ** 9))
A_CIRCLE = 12                               # kills that are tried, within twice the time of a circle
WHOLE = 2                                   # of them with all children: a job may die twice, not more
# Where the time goes by with waiting there is less to kill: circles of each scene in a row.
ORDER = ("merged", "merged", "closed", "merged", "reverted", "closed")


def moments(chance, took):
    whole = set(chance.sample(range(A_CIRCLE), WHOLE))
    return [(chance.uniform(0, took * 1.5), n in whole) for n in range(A_CIRCLE)]


def circles(chance, plain):
    for n, scene in enumerate(itertools.cycle(one for one in ORDER if one in plain)):
        yield "%s-%d" % (scene, n), scene, kills.Timed(moments(chance, plain[scene]["took"]))


def main():
    chance, score, began = random.Random(SEED), Score(), time.time()
    print("AEGIS_SEED=%d" % SEED)
    scenes = sys.argv[1:] or list(kills.SCENES)
    with kills.Ground(AEGIS) as ground:
        plain = {one["scene"]: one for one in kills.play(
            ground, [(scene + "-plain", scene, kills.Undisturbed()) for scene in scenes])}
        for one in plain.values():
            score.say(not one["problems"], "kill_random_%s_undisturbed" % one["scene"],
                      "%.0f s" % one.get("took", 0))
            if one["problems"]:
                print("\n".join(one["problems"]), one["log"])
                return score
        died, more = collections.Counter(), circles(chance, plain)
        while sum(died.values()) < KILLS:
            some = max(kills.AT_ONCE, (KILLS - sum(died.values())) // 8)
            for one in kills.play(ground, itertools.islice(more, min(some, 100))):
                problems = one["problems"] + differs(one, plain[one["scene"]]["state"])
                died[one["scene"]] += one["deaths"]
                if problems:
                    score.say(False, "kill_random_" + one["name"], "AEGIS_SEED=%d" % SEED)
                    print("\n".join(problems), one.get("log", ""), sep="\n", flush=True)
    for scene, count in died.items():
        score.say(count > 0, "kill_random_" + scene, "%d kills" % count)
    print("%d kills in %.0f s" % (sum(died.values()), time.time() - began))
    return score


if __name__ == "__main__":
    try:
        outcome = main()
    except Skip as why:
        print("skip kill_random -", why)
        sys.exit(0)
    print("%d passed, %d failed" % (outcome.good, outcome.bad))
    sys.exit(1 if outcome.bad else 0)
