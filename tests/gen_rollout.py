"""
Makes deploy windows with known answers, a JSON object a line, in the form of tests/score_rollout.c.

usage: gen_rollout.py [SEED [WINDOWS_PER_FAMILY [FAMILY ...]]]

A service is drawn (traffic, error rate, latency, noise of several kinds), then a family says what
happens to it after the deployment, or had been happening before. Each window draws its own sizes
and times, so that no two are alike. With the same arguments the output is the same.
"""
import json
import math
import random
import sys

WINDOW_S = 300


class Service:
    """What a service is when nothing happens to it, and how its samples are drawn."""

    def __init__(self, r):
        self.r = r
        self.step = r.choice([5, 10, 10, 10, 15, 20, 30])
        self.before = r.choice([300, 600, 600, 900])
        self.rps = math.exp(r.uniform(math.log(3), math.log(900)))
        self.errors = r.choice([0, 0.0002, 0.001, 0.003, 0.01]) * r.uniform(0.5, 1.5)
        self.p95 = math.exp(r.uniform(math.log(20), math.log(900)))
        self.tail = r.uniform(1.3, 2.8)
        self.noise = r.choice([0.03, 0.06, 0.1, 0.18, 0.28])
        self.cpu, self.cpu_noise = r.uniform(0.08, 0.55), r.uniform(0.03, 0.12)
        self.memory, self.memory_noise = r.uniform(150, 6000), r.uniform(0.003, 0.02)
        self.counts = r.random() < 0.5
        self.tells_up = r.random() < 0.4
        self.rough = r.choice([0, 0, 0, 0.3, 0.6])      # how far errors vary more than by chance
        self.sticky = r.choice([0, 0, 0.3, 0.6])        # how much latency hangs on to itself
        self.walk = 0.0

    def poisson(self, mean):
        if mean > 60:
            return max(0, round(self.r.gauss(mean, math.sqrt(mean))))
        count, left = 0, math.exp(-mean)
        product = self.r.random()
        while product > left:
            count += 1
            product *= self.r.random()
        return count

    def binomial(self, n, p):
        if n * p * (1 - p) > 30:
            return min(n, max(0, round(self.r.gauss(n * p, math.sqrt(n * p * (1 - p))))))
        if p < 0.1:
            return min(n, self.poisson(n * p))
        return sum(self.r.random() < p for _ in range(n))

    def sample(self, t, world):
        """world: the factors and rates of this moment, as a family set them."""
        r = self.r
        n = self.poisson(self.rps * self.step * world.get("load", 1))
        rate = world.get("errors", self.errors) * math.exp(r.gauss(0, self.rough))
        bad = self.binomial(n, min(1, rate))
        self.walk = self.sticky * self.walk + r.gauss(0, self.noise) * math.sqrt(1 - self.sticky ** 2)
        common = self.walk + r.gauss(0, 0.02)
        p95 = self.p95 * world.get("latency", 1) * math.exp(common)
        p99 = self.p95 * self.tail * world.get("latency", 1) * world.get("tail", 1) * math.exp(
            common + r.gauss(0, self.noise / 2))
        out = {"t": t, "phase": "post" if t >= 0 else "baseline",
               "error_rate": round(bad / n, 6) if n else None,
               "latency_p95": round(p95, 2) if n else None,
               "latency_p99": round(max(p95, p99), 2) if n else None,
               "cpu": round(self.cpu * world.get("cpu", 1) * math.exp(r.gauss(0, self.cpu_noise)), 4),
               "memory": round(self.memory * world.get("memory", 1)
                               * math.exp(r.gauss(0, self.memory_noise)), 1),
               "rps": round(n / self.step, 1)}
        if self.counts:
            out["requests"], out["errors"] = n, bad
        if self.tells_up:
            out["up"] = world.get("up", 1)
        if world.get("dead"):
            for name in ("error_rate", "latency_p95", "latency_p99", "cpu", "memory", "rps",
                         "requests", "errors"):
                if name in out:
                    out[name] = None
        return out


FAMILIES = {}


def family(label):
    def add(make):
        FAMILIES[make.__name__] = (label, make)
        return make
    return add


def lost(out, up):
    for name in out:
        if name not in ("t", "phase"):
            out[name] = None
    if up:
        out["up"] = None


# A family gets the service (which it may change) and gives the world at t, and the onset in a list.

@family("healthy")
def calm(s, r):
    return lambda t: {}, None


@family("healthy")
def day_rises(s, r):
    slope = r.uniform(0.1, 0.5) / s.before
    return lambda t: {"load": math.exp(slope * t), "cpu": math.exp(slope * t * 0.9),
                      "latency": math.exp(slope * t * 0.4)}, None


@family("healthy")
def day_falls(s, r):
    slope = -r.uniform(0.1, 0.6) / s.before
    return lambda t: {"load": math.exp(slope * t), "cpu": math.exp(slope * t * 0.9)}, None


@family("healthy")
def crowd_comes(s, r):
    at, size = r.uniform(20, 200), r.uniform(1.4, 3)
    soft = r.uniform(1, 1.15)
    return lambda t: ({"load": size, "cpu": size ** 0.95, "latency": soft} if t > at else {}), None


@family("healthy")
def one_spike(s, r):
    at = r.uniform(0, 280)
    length = r.choice([1, 2, 3]) * s.step if s.step <= 10 else s.step
    what = r.choice(["latency", "errors", "cpu", "all"])

    def world(t):
        if not at <= t < at + length:
            return {}
        out = {}
        if what in ("latency", "all"):
            out["latency"] = size
        if what in ("errors", "all"):
            out["errors"] = rate
        if what in ("cpu", "all"):
            out["cpu"] = 2
        return out
    size, rate = r.uniform(2, 8), r.uniform(0.05, 0.6)
    return world, None


@family("healthy")
def spikes_as_ever(s, r):
    every, length, size = r.uniform(60, 150), r.choice([1, 2]) * s.step, r.uniform(1.8, 4)
    shift = r.uniform(0, every)
    rate = r.choice([None, r.uniform(0.02, 0.2)])

    def world(t):
        if (t + shift) % every >= length:
            return {}
        return {"latency": size} if rate is None else {"latency": size, "errors": rate}
    return world, None


@family("healthy")
def rolling_blips(s, r):
    ends = r.uniform(60, 240)
    blips = [(r.uniform(0, ends), r.uniform(0.01, 0.07)) for _ in range(r.randint(2, 6))]
    soft = r.uniform(1, 1.6)

    def world(t):
        hit = [rate for at, rate in blips if at <= t < at + s.step]
        return {"errors": s.errors + max(hit), "latency": soft} if hit else {}
    return world, None


def warming(s, r, shape):
    size, rate, hot = r.uniform(0.5, 3.5), r.choice([0, r.uniform(0.005, 0.1)]), r.uniform(0.2, 1)
    start = r.choice([0, 0, r.uniform(0, 20)])

    def world(t):
        left = shape(t - start) if t >= start else 0
        return {"latency": 1 + size * left, "errors": s.errors + rate * left, "cpu": 1 + hot * left}
    return world, None


@family("healthy")
def warms_by_and_by(s, r):
    tau = r.uniform(10, 60)
    return warming(s, r, lambda t: math.exp(-t / tau))


@family("healthy")
def warms_in_a_line(s, r):
    length = r.uniform(30, 110)
    return warming(s, r, lambda t: max(0, 1 - t / length))


@family("healthy")
def warms_late(s, r):
    flat, tau = r.uniform(10, 35), r.uniform(8, 25)
    return warming(s, r, lambda t: 1 if t < flat else math.exp(-(t - flat) / tau))


@family("healthy")
def saw_tooth_memory(s, r):
    period, height = r.uniform(60, 400), r.uniform(0.1, 0.5)
    shift = r.uniform(0, period)
    return lambda t: {"memory": 1 + height * ((t + shift) % period) / period}, None


@family("healthy")
def memory_refills(s, r):
    low, tau = r.uniform(0.3, 0.8), r.uniform(40, 200)
    return lambda t: {"memory": 1 - (1 - low) * math.exp(-t / tau)} if t >= 0 else {}, None


@family("healthy")
def two_levels(s, r):
    size, share = r.uniform(1.4, 2.5), r.uniform(0.15, 0.5)
    return lambda t: {"latency": size if r.random() < share else 1}, None


@family("healthy")
def heavy_tails(s, r):
    def world(t):
        return {"latency": math.exp(min(2.5, abs(r.gauss(0, 0.1) / max(0.08, r.random())))),
                "cpu": math.exp(r.gauss(0, 0.1))}
    return world, None


@family("healthy")
def was_getting_worse(s, r):
    s.rps = max(s.rps, 20)
    what = r.choice(["errors", "latency"])
    end, growth = r.uniform(0.02, 0.08), r.uniform(0.3, 0.8)

    def world(t):
        way = max(0, (t + s.before) / s.before)
        if what == "errors":
            return {"errors": s.errors + end * way}
        return {"latency": math.exp(growth * way)}
    return world, None


@family("healthy")
def bad_as_before(s, r):
    s.errors = r.uniform(0.04, 0.4)
    return lambda t: {}, None


@family("healthy")
def got_better(s, r):
    rate, size = r.uniform(0.03, 0.3), r.uniform(0.4, 0.9)
    return lambda t: {"errors": rate} if t < 0 else {"latency": size, "cpu": 0.8}, None


@family("healthy")
def hardly_used(s, r):
    s.rps = r.uniform(0.03, 0.6)
    s.errors = r.choice([0, 0.01, 0.03])
    return lambda t: {}, None


@family("healthy")
def holes(s, r):
    share = r.uniform(0.1, 0.55)
    return lambda t: {"lost": r.random() < share}, None


@family("healthy")
def source_away(s, r):
    start, length = r.uniform(-100, 200), r.uniform(40, 170)
    return lambda t: {"lost": start <= t < start + length}, None


@family("healthy")
def coarse_latency(s, r):
    s.coarse = r.uniform(0.25, 0.5)
    return lambda t: {}, None


@family("healthy")
def restarts_once(s, r):
    s.tells_up = True
    gone = r.choice([1, 2]) * s.step if s.step <= 10 else s.step
    return lambda t: {"dead": True, "up": 0} if 0 <= t < gone else {}, None


@family("healthy")
def slightly_slower(s, r):
    size, more = r.uniform(1.03, 1.18), r.uniform(1, 1.2)
    return lambda t: {"latency": size, "cpu": more, "memory": r.uniform(1, 1.04)} if t >= 0 else {}, None


@family("healthy")
def repeated_times(s, r):
    s.stutter = r.uniform(0.05, 0.3)
    return lambda t: {}, None


@family("unknown")
def nothing_seen(s, r):
    return lambda t: {"lost": t >= 0}, None


def from_then(r, at, bad):
    return lambda t: bad if t >= at else {}, at


@family("regression")
def errors_at_once(s, r):
    return from_then(r, 0, {"errors": s.errors + r.uniform(0.04, 0.6)})


@family("regression")
def few_errors(s, r):
    s.rps = max(s.rps, 30)
    return from_then(r, 0, {"errors": s.errors * 1.3 + r.uniform(0.025, 0.04)})


@family("regression")
def errors_later(s, r):
    return from_then(r, r.uniform(30, 180), {"errors": s.errors + r.uniform(0.05, 0.6)})


@family("regression")
def slow_at_once(s, r):
    s.noise = min(s.noise, 0.18)
    return from_then(r, 0, {"latency": r.uniform(1.7, 5)})


@family("regression")
def slow_later(s, r):
    s.noise = min(s.noise, 0.18)
    return from_then(r, r.uniform(30, 180), {"latency": r.uniform(1.8, 5)})


@family("regression")
def slow_tail(s, r):
    s.noise = min(s.noise, 0.18)
    return from_then(r, 0, {"tail": r.uniform(1.8, 4)})


@family("regression")
def slower_and_slower(s, r):
    s.noise = min(s.noise, 0.18)
    growth, power = r.uniform(1, 4), r.choice([0.7, 1, 2])
    return lambda t: {"latency": 1 + growth * (t / WINDOW_S) ** power} if t >= 0 else {}, 0


@family("regression")
def more_and_more_errors(s, r):
    s.rps = max(s.rps, 10)
    end = r.uniform(0.1, 0.5)
    return lambda t: {"errors": s.errors + end * t / WINDOW_S} if t >= 0 else {}, 0


@family("regression")
def leaks(s, r):
    end = r.uniform(0.5, 2)
    return lambda t: {"memory": 1 + end * t / WINDOW_S} if t >= 0 else {}, 0


@family("regression")
def hungry(s, r):
    return from_then(r, 0, {"cpu": r.uniform(2.1, 4)})


@family("regression")
def nobody_gets_in(s, r):
    return from_then(r, r.choice([0, r.uniform(30, 150)]), {"load": r.uniform(0.02, 0.4)})


@family("regression")
def bursts_of_errors(s, r):
    every = r.uniform(2.2, 4.5) * max(s.step, 10)
    length, rate = max(s.step, r.uniform(0.25, 0.45) * every), r.uniform(0.12, 0.6)
    return lambda t: {"errors": rate} if t >= 0 and t % every < length else {}, 0


@family("regression")
def crash_loop(s, r):
    s.tells_up = True
    alive, dead = r.choice([1, 2]) * s.step, r.choice([1, 2, 3]) * s.step
    rate = r.uniform(0.05, 0.5)

    def world(t):
        if t < 0:
            return {}
        if t % (alive + dead) < dead:
            return {"dead": True, "up": 0}
        return {"errors": rate, "latency": 1.5}
    return world, 0


@family("regression")
def down(s, r):
    s.tells_up = True
    return from_then(r, r.choice([0, r.uniform(20, 150)]), {"dead": True, "up": 0})


@family("regression")
def hardly_used_and_broken(s, r):
    s.rps = r.uniform(0.3, 1.5)
    s.errors = r.choice([0, 0.01])
    return from_then(r, 0, {"errors": r.uniform(0.5, 1)})


@family("regression")
def broken_with_holes(s, r):
    s.step = min(s.step, 15)
    share = r.uniform(0.1, 0.4)
    rate, size = r.uniform(0.06, 0.5), r.choice([1, 3])
    return lambda t: {"lost": r.random() < share, **(
        {"errors": rate, "latency": size} if t >= 0 else {})}, 0


@family("regression")
def bad_and_now_worse(s, r):
    s.errors = r.uniform(0.03, 0.12)
    s.rps = max(s.rps, 15)
    s.rough = 0
    return from_then(r, 0, {"errors": s.errors * 1.5 + r.uniform(0.12, 0.4)})


@family("regression")
def warms_to_worse(s, r):
    s.noise = min(s.noise, 0.1)
    tau, first, stays = r.uniform(10, 40), r.uniform(0.5, 2), r.uniform(0.9, 2)
    rate = r.uniform(0.03, 0.2)
    return lambda t: {"latency": 1 + stays + first * math.exp(-t / tau),
                      "errors": s.errors + rate} if t >= 0 else {}, 0


@family("regression")
def all_of_it(s, r):
    return from_then(r, r.choice([0, r.uniform(0, 120)]),
                     {"latency": r.uniform(1.5, 3), "errors": r.uniform(0.03, 0.3),
                      "cpu": r.uniform(1.2, 2)})


def only(s, *names):
    s.keep = {"t", "phase", *names}


@family("healthy")
def cold_cache(s, r):
    size, tau = r.uniform(0.4, 1.5), r.uniform(50, 90)
    return lambda t: {"latency": 1 + size * math.exp(-t / tau)} if t >= 0 else {}, None


@family("healthy")
def warms_in_two_batches(s, r):
    second, tau, size = r.uniform(60, 140), r.uniform(8, 25), r.uniform(0.5, 2)

    def world(t):
        left = math.exp(-t / tau) if t >= 0 else 0
        left += math.exp(-(t - second) / tau) if t >= second else 0
        return {"latency": 1 + size * left, "cpu": 1 + 0.3 * left}
    return world, None


@family("healthy")
def a_bit_bigger(s, r):
    more = r.uniform(1.05, 1.2)
    return lambda t: {"memory": more} if t >= 0 else {}, None


@family("healthy")
def a_few_more_errors(s, r):
    more = r.uniform(0.001, 0.005)
    return lambda t: {"errors": s.errors + more} if t >= 0 else {}, None


@family("healthy")
def stuck_exporter(s, r):
    s.stuck = True
    return lambda t: {}, None


@family("healthy")
def only_rates_and_calm(s, r):
    only(s, "error_rate")
    return lambda t: {}, None


@family("healthy")
def pauses_as_ever(s, r):
    every, size = r.uniform(40, 90), r.uniform(2, 5)
    return lambda t: {"tail": size} if t % every < s.step else {}, None


@family("regression")
def only_rates_and_broken(s, r):
    only(s, "error_rate")
    return from_then(r, r.choice([0, 60]), {"errors": s.errors + r.uniform(0.05, 0.5)})


@family("regression")
def only_latency_and_slow(s, r):
    only(s, "latency_p95")
    s.noise = min(s.noise, 0.18)
    return from_then(r, r.choice([0, 60]), {"latency": r.uniform(1.8, 4)})


@family("regression")
def canary_then_all(s, r):
    s.rps = max(s.rps, 10)
    rate, second = r.uniform(0.15, 0.6), r.uniform(60, 150)
    return lambda t: {} if t < 0 else {"errors": s.errors + rate * (0.1 if t < second else 1)}, 0


@family("regression")
def slow_by_load(s, r):
    """More load than it can carry now: the queue grows, then requests fail."""
    knee, growth = r.uniform(20, 80), r.uniform(0.004, 0.02)

    def world(t):
        if t < knee:
            return {}
        far = growth * (t - knee)
        return {"latency": math.exp(min(2.5, far)), "errors": s.errors + max(0, min(0.5, far - 1)),
                "cpu": 1.3}
    return world, knee


def window(name, number, seed):
    label, make = FAMILIES[name]
    r = random.Random("%s %d %d" % (name, number, seed))
    service = Service(r)
    world, onset = make(service, r)
    samples = []
    for k in range(-int(service.before // service.step), int(WINDOW_S // service.step)):
        t = k * service.step
        now = world(t)
        out = service.sample(t, now)
        if hasattr(service, "coarse"):
            for metric in ("latency_p95", "latency_p99"):
                if out[metric]:
                    out[metric] = round(math.exp(service.coarse * round(
                        math.log(out[metric]) / service.coarse)), 2)
        if hasattr(service, "keep"):
            out = {key: value for key, value in out.items() if key in service.keep}
        if hasattr(service, "stuck"):
            out = dict(samples[0] if samples else out, t=t, phase=out["phase"])
        if now.get("lost"):
            lost(out, service.tells_up)
        samples.append(out)
        if hasattr(service, "stutter") and r.random() < service.stutter:
            samples.append(dict(out))
    return {"id": "%s-%d" % (name, number), "family": name, "label": label, "onset": onset,
            "samples": samples}


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    for name in sys.argv[3:] or FAMILIES:
        for number in range(count):
            print(json.dumps(window(name, number, seed)))


main()
