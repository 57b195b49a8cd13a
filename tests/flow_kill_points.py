"""
The daemon killed at each of its kill points, in three circles: it ends as if nobody had been killed.
A circle dies at a dozen places one after the other. Of the times that a point is reached some are
taken, the first, one in the middle and the last; with AEGIS_LONG=1 all, up to 60.
"""
import collections
import os
import random
import re
import sys
import time

import kills
from flow import AEGIS, Skip

LONG = "AEGIS_LONG" in os.environ
A_CIRCLE = 14                               # kills
OF_A_JOB = 2                                # a job that is killed more often is given up on purpose
PROGRAM = os.environ.get("AEGIS_KILL", AEGIS + "-kill")
SEED = int(os.environ.get("AEGIS_SEED", "20261121"))

# The times that they are reached differ most.
EACH = re.compile(r"effect\.|act\.|job\.|remote\.|clone\.|see\.|window\.")
# Of the door, which no circle here has: tests/flow_door.py dies at them.
OF_THE_DOOR = ("door.", "serving.", "hints.")
# In the child of a job.
IN_JOB = re.compile(r"clone\.|jail\.|job\.(child|clone|fix|import|answer)\.")


def times(point, count):
    """Which of the times that a point is reached are tried."""
    if IN_JOB.match(point) and not LONG:
        return [count // 2 + 1]
    most = min(count, 60 if LONG else 3 if EACH.match(point) else 2)
    return sorted({1 + i * (count - 1) // max(most - 1, 1) for i in range(most)})


def plan(passes, chance):
    """Circles of places, so that no circle kills too many jobs."""
    places = [(point, n) for point, count in sorted(passes.items()) for n in times(point, count)]
    chance.shuffle(places)
    circles = [[] for _ in range(-(-len(places) // A_CIRCLE))]
    for point, n in sorted(places, key=lambda one: not IN_JOB.match(one[0])):
        def full(circle):
            jobs = sum(bool(IN_JOB.match(place)) for place in circle)
            return bool(IN_JOB.match(point)) and jobs >= OF_A_JOB, len(circle)
        fitting = min(circles, key=full)
        if full(fitting)[0]:
            circles.append(fitting := [])
        fitting.append("%s:%d" % (point, n))
    # Where a child of git dies, the daemon has trouble to write down.
    for circle in circles:
        if any(place.startswith("remote.push.") for place in circle):
            circle.append("turn.trouble.before:1")
    return circles


def points():
    """All that the sources have."""
    with open(os.path.join(os.path.dirname(PROGRAM), "list_kill_points.c")) as file:
        return re.findall(r'"([a-z_.]+)",', file.read())


def differs(one, wanted):
    if one["state"] == wanted:
        return []
    return ["%s: %s\n    not %s" % (key, one["state"][key], wanted[key]) for key in wanted
            if one["state"] and one["state"][key] != wanted[key]]


class Score:
    def __init__(self):
        self.good = self.bad = 0

    def say(self, good, name, *more):
        self.good += good
        self.bad += not good
        print("ok" if good else "FAILED", name, *more, flush=True)


def play(ground, score, plain, circles, prefix=""):
    """The points that were died at, by scene."""
    died, began = collections.defaultdict(set), time.time()
    planned = {"%s-%s%d" % (scene, prefix, n): places for scene, lists in circles.items()
               for n, places in enumerate(lists)}
    for one in kills.play(ground, [(name, name.split("-")[0], kills.Planned(places))
                                   for name, places in planned.items()]):
        problems = one["problems"] + differs(one, plain[one["scene"]]["state"])
        reached = set(planned[one["name"]]) - set(one["missed"])
        died[one["scene"]] |= {place.split(":")[0] for place in reached}
        score.say(not problems, "kill_points_" + one["name"], "%d kills, %d of the daemon, %.0f s" %
                  (len(reached), one["deaths"], one.get("took", 0)))
        if problems:
            print("\n".join(problems), "killed at " + " ".join(sorted(reached)), one.get("log", ""),
                  sep="\n", flush=True)
        died["kills"].update((one["name"], place) for place in reached)
    print("%d kills in %.0f s" % (len(died["kills"]), time.time() - began), flush=True)
    return died


def again(missing):
    """The first time of each point, for those that nobody died at."""
    return {scene: [["%s:1" % point] for point in sorted(list_)] for scene, list_ in missing.items()
            if list_}


def main():
    chance, score = random.Random(SEED), Score()
    scenes = [one for one in kills.SCENES if not sys.argv[1:] or one in sys.argv[1:]]
    with kills.Ground(PROGRAM) as ground:
        if not os.path.exists(PROGRAM):
            raise Skip("there is no %s: make killable" % PROGRAM)
        plain = {one["scene"]: one for one in kills.play(
            ground, [(scene + "-0-plain", scene, kills.Undisturbed()) for scene in scenes])}
        for scene, one in plain.items():
            good = not one["problems"] and not one["deaths"] and \
                kills.SCENES[scene].end == one["state"]["incidents"][0][0]
            score.say(good, "kill_points_%s_undisturbed" % scene, "%.0f s" % one.get("took", 0))
            if not good:
                print(one)
                return score
        [patient] = kills.play(ground, [("patient", scenes[0], kills.Impatient())])
        problems = patient["problems"] + differs(patient, plain[scenes[0]]["state"])
        score.say(not problems and patient["deaths"] == 1, "kill_points_while_github_asks_to_wait",
                  *problems)
        circles = {scene: plan(one["passes"], chance) for scene, one in plain.items()}
        died = play(ground, score, plain, circles)
        missing = {scene: set(one["passes"]) - died[scene] for scene, one in plain.items()}
        if any(missing.values()):
            print("once more:", missing)
            more = play(ground, score, plain, again(missing), "again-")
            for scene in plain:
                died[scene] |= more[scene]
    for scene, one in plain.items():
        never = sorted(set(one["passes"]) - died[scene])
        score.say(not never, "kill_points_%s_all_died_at" % scene, *never)
    if len(scenes) == len(kills.SCENES):
        never = sorted(set(points()) - set().union(*(died[scene] for scene in scenes)))
        never = [point for point in never if not point.startswith(OF_THE_DOOR)]
        score.say(not never, "kill_points_each_is_reached", *never)
    return score


if __name__ == "__main__":
    try:
        outcome = main()
    except Skip as why:
        print("skip kill_points -", why)
        sys.exit(0)
    print("%d passed, %d failed" % (outcome.good, outcome.bad))
    sys.exit(1 if outcome.bad else 0)
