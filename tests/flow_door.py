"""The door: what it takes and refuses, that nothing is lost, and that what came is looked at."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

from daemon import Daemon, RED
from door import PREVIOUS, SECRET, Sender, Served, signed
from flow import AEGIS, Skip, main

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "hub/node_modules/@octokit/webhooks-examples")
PING = {"zen": "Keep it logically awesome.", "hook_id": 1}


def refusals():
    old = {"x_hub_signature_256": None, "x_hub_signature": "sha1=" + "0" * 40}
    return [
        (401, "is not that of this body", {"secret": "another"}),
        (401, "is missing: set a secret", {"x_hub_signature_256": None}),
        (401, "X-Hub-Signature is not taken", old),
        (401, "lower-case hex", {"x_hub_signature_256": "sha256=" + "0" * 63}),
        (401, "lower-case hex", {"x_hub_signature_256": "sha256=" + "A" * 64}),
        (401, "lower-case hex", {"x_hub_signature_256": "sha1=" + "0" * 66}),
        (415, "forms are not taken", {"content_type": "application/x-www-form-urlencoded"}),
        (415, "must be application/json", {"content_type": "text/plain"}),
        (415, "must be application/json", {"content_type": None}),
        (400, "X-GitHub-Event", {"x_github_event": None}),
        (400, "X-GitHub-Event", {"x_github_event": "Push; drop"}),
        (400, "X-GitHub-Delivery", {"x_github_delivery": None}),
        (400, "X-GitHub-Delivery", {"x_github_delivery": "../../etc/passwd"}),
        (404, "deliveries go to /webhook", {"path": "/"}),
        (405, "only GET", {"path": "/healthz"}),
    ]


def flow_door_takes_and_refuses():
    with Served() as d:
        sender = Sender(d.port)
        for status, text, words in refusals():
            got = sender.post({**PING, "n": str(uuid.uuid4())}, **words)
            assert got[0] == status and text in got[1], (words, got)
        assert not d.stored()
        guid = str(uuid.uuid4())
        assert sender.post(PING, guid=guid) == (202, "taken\n")
        assert sender.post(PING, guid=guid) == (202, "known already\n")
        assert sender.post({"other": 1}, guid=guid) == (202, "known already\n")     # by its id
        assert sender.post(PING) == (202, "known already\n")                        # by its body
        assert sender.post(PING, secret=PREVIOUS) == (202, "known already\n")       # by either
        assert sender.post({"n": 2}, secret=PREVIOUS) == (202, "taken\n")
        assert sender.post({"n": 3}, path="/api/github/webhooks") == (202, "taken\n")
        assert sender.post({"n": 4}, content_type="Application/JSON; charset=utf-8")[0] == 202
        for body in (b"", b"nonsense", b"[1]", b'{"a":1}x', b'{"action":"a","action":"b"}', b"\xef\xbb\xbf{}",
                     b'{"action":"\xff"}', b'{"repository":{"id":7}}', b'{"repository":{"id":"x"}}'):
            status, text = sender.post(body)
            assert status == 400 and len(text) > 10, (body, status, text)
        status, text = sender.post({"action": "completed"}, event="workflow_run")
        assert status == 400 and '"workflow_run"' in text, text
        assert len(d.stored()) == 4
        sender.connection.request("GET", "/healthz")
        answer = sender.connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"ok\n")
        assert SECRET not in d.said() and "awesome" not in d.said()


def raw(port, data, more=b""):
    """What comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as to:
        try:
            to.sendall(data)
            to.sendall(more)
        except OSError:
            pass
        answer = b""
        try:
            while b"\n\n" not in answer.replace(b"\r", b"") and len(answer) < 4096:
                part = to.recv(4096)
                if not part:
                    break
                answer += part
        except OSError:
            pass
        return answer


def flow_door_bounds_what_it_reads():
    with Served() as d:
        head = ("POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                "x-github-event: ping\r\nx-github-delivery: %s\r\nx-hub-signature-256: %s\r\n"
                % (uuid.uuid4(), "sha256=" + "0" * 64)).encode()
        answer = raw(d.port, head + b"content-length: 26214401\r\n\r\n")
        assert b" 413 " in answer, answer                       # refused before the body
        for twice in (b"x-github-event: push\r\ncontent-length: 0\r\n\r\n",
                      b"x-hub-signature-256: x\r\ncontent-length: 0\r\n\r\n",
                      b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"):
            answer = raw(d.port, head + twice)
            assert b" 400 " in answer, (twice, answer)
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        answer = raw(d.port, head + b"transfer-encoding: chunked\r\n\r\n", chunk * 40)
        assert b" 202 " not in answer, answer                   # cut off, or 413
        answer = raw(d.port, head + b"x-long: " + b"a" * 40000 + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 4"), answer
        # A body in chunks is one like others, also a large one.
        large = json.dumps({"text": "x" * (20 << 20)}).encode()
        sender = Sender(d.port)
        guid = str(uuid.uuid4())
        assert sender.post(large, guid=guid) == (202, "taken\n")
        head = head.replace(b"sha256=" + b"0" * 64, signed(SECRET, b'{"a":1}').encode())
        answer = raw(d.port, head + b"transfer-encoding: chunked\r\n\r\n"
                     b"3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n")
        assert b" 202 " in answer, answer
        assert len(d.stored()) == 2


def flow_door_slow_ones_do_not_stop_it():
    with Served() as d:
        held = []
        try:
            for number in range(300):
                one = socket.create_connection(("127.0.0.1", d.port), timeout=10)
                one.sendall(b"POST /webhook HTTP/1.1\r\nhost: x\r\nx-slow: ")
                held.append(one)
            began = time.time()
            status, _ = Sender(d.port, source="127.0.0.2").post(PING)
            assert status == 202 and time.time() - began < 1, time.time() - began
            until = time.time() + 40                            # they are shown the door
            gone = 0
            while gone < len(held) and time.time() < until:
                gone = 0
                for one in held:
                    try:
                        one.sendall(b"a")
                        one.setblocking(False)
                        gone += one.recv(100) == b""
                    except BlockingIOError:
                        pass
                    except OSError:
                        gone += 1
                time.sleep(1)
            assert gone == len(held), gone
        finally:
            for one in held:
                one.close()
        assert Sender(d.port).post({"n": 1})[0] == 202


def blast(port, results, lock, first, count):
    sender = Sender(port)
    for number in range(first, first + count):
        guid = str(uuid.uuid4())
        try:
            status, _ = sender.post({"n": number, "text": "x" * 2000}, guid=guid)
        except OSError:
            return
        with lock:
            results.append((guid, status))


def flow_door_killed_in_the_middle_nothing_is_lost():
    with Served() as d:
        taken, lock = [], threading.Lock()
        for round_ in range(4):
            threads = [threading.Thread(target=blast, args=(d.port, taken, lock, round_ * 100000 +
                                                            n * 1000, 1000)) for n in range(8)]
            before = len(taken)
            for thread in threads:
                thread.start()
            while len(taken) < before + 100 * (round_ + 1):
                time.sleep(0.001)
            d.stop(signal.SIGKILL)                              # the door dies with it
            for thread in threads:
                thread.join()
            assert all(status == 202 for _, status in taken), taken
            d.start()
            lost = {guid for guid, _ in taken} - d.stored()
            assert not lost, lost
        assert len(taken) > 1000 / 2, len(taken)


def flow_door_comes_back_by_itself():
    with Served() as d:
        os.kill(d.door(), signal.SIGKILL)
        d.wait_for(lambda: d.said().count('"listening"') == 2)
        assert d.field("the webhooks' process has ended: GitHub is only asked until it runs again",
                       "signal") == 9
        port = d.field("listening", "port")
        assert Sender(port).post(PING)[0] == 202


def post_until_taken(d, body):
    """As one who is patient: with the same id until it is answered, whoever dies meanwhile."""
    guid, answered = str(uuid.uuid4()), []
    until = time.time() + 60
    while not answered:
        assert time.time() < until, d.said()
        if d.process.poll() is not None:
            d.start()
        try:
            status, text = Sender(d.field("listening", "port")).post(body, guid=guid)
            assert status == 202, (status, text)
            answered.append(text)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    d.point()
    return guid, answered[0]


def flow_door_killed_at_each_of_its_points():
    program = os.environ.get("AEGIS_KILL", AEGIS + "-kill")
    if not os.path.exists(program):
        raise Skip("there is no %s: make killable" % program)
    for point in ("door.commit.before", "door.commit.after", "hints.settle.before", "serving.start.before"):
        folder = tempfile.mkdtemp(prefix="aegis-kill-")
        with Served(program=program, env={"AEGIS_KILL_FOLDER": folder}) as d:
            if point.startswith("serving."):
                open(os.path.join(folder, point + ":1"), "w", encoding="utf-8").close()
                d.start(door=False)
                assert d.process.wait(30) == -signal.SIGKILL
            d.start()
            d.wait_for(lambda: d.rows("select 1 from answer where name like 'runs of %'"))
            place = os.path.join(folder, point + ":1")
            if point.startswith("door."):
                open(place, "w", encoding="utf-8").close()
            guid, text = post_until_taken(d, PING)
            assert guid in d.stored()
            # What was on the disk before the death is known when it comes again.
            assert text == ("known already\n" if point == "door.commit.after" else "taken\n"), text
            if point.startswith("hints."):
                open(place, "w", encoding="utf-8").close()
            d.hub.push("alice/demo", {"stats.py": RED})
            d.hub.idle()
            until = time.time() + 60
            while not incidents(d) or d.rows("select 1 from delivery where handled_at = 0"):
                assert time.time() < until, d.said()
                if d.process.poll() is not None:
                    d.start()
                time.sleep(0.1)
            assert not os.path.exists(place), place
            assert len(incidents(d)) == 1, incidents(d)
        shutil.rmtree(folder)


def incidents(d):
    return d.rows("select id, stage from incident")


def flow_door_red_run_is_looked_at_at_once():
    with Served() as d:
        d.wait_for(lambda: d.rows("select 1 from answer where name like 'runs of %'"))
        d.hub.push("alice/demo", {"stats.py": RED})
        d.hub.idle()
        began = time.time()
        d.wait_for(lambda: incidents(d))
        assert time.time() - began < 20, time.time() - began        # of the 600 s to the next poll
        assert not d.rows("select 1 from delivery where listed = 1")
        d.wait_for(lambda: not d.rows("select 1 from delivery where handled_at = 0"))


def flow_door_what_did_not_come_is_listed():
    with Served() as d:
        d.wait_for(lambda: d.rows("select 1 from mark where name = 'deliveries listed'"))
        d.stop()
        d.hub.push("alice/demo", {"stats.py": RED})
        d.hub.idle()
        sent = {one["guid"] for one in d.hub.control("GET", "webhooks")}
        missed = {one["guid"] for one in d.hub.control("GET", "webhooks") if not one["status_code"]}
        assert len(missed) > 3, sent
        d.start()
        d.wait_for(lambda: missed <= d.stored())
        assert {row[0] for row in d.rows("select id from delivery where listed = 1")} <= sent
        d.wait_for(lambda: incidents(d))
        # One that is sent again is taken, once, with all that it says.
        last = next(one for one in d.hub.control("GET", "webhooks")
                    if one["guid"] in missed and one["event"] == "push")
        answer = d.hub.api("/app/hook/deliveries/%d/attempts" % last["id"], "POST", d.hub.jwt())
        assert answer.status == 202, answer.text
        d.wait_for(lambda: d.rows("select 1 from delivery where id = ? and listed = 0 and branch = "
                                  "'main' and repository = 'alice/demo'", last["guid"]))


def flow_door_without_a_secret_it_does_not_listen():
    with Daemon() as d:
        log = os.path.join(d.folder, "log")
        with open(log, "w", encoding="utf-8") as out:
            process = subprocess.Popen([AEGIS, "serve", "--config", d.config], stderr=out)
        try:
            until = time.time() + 20
            said = ""
            while "no webhooks are taken: github.webhook_secret is not set" not in said:
                assert time.time() < until, said
                with open(log, encoding="utf-8") as file:
                    said = file.read()
                time.sleep(0.05)
        finally:
            process.terminate()
            assert process.wait(30) == 0
        assert "listening" not in said
        done = d.aegis("serve", "--door")
        assert done.returncode == 78 and "webhook_secret" in done.stderr, done
        d.configure({"token": "x", "webhook_secret_env": "NOT_SET_ANYWHERE"})
        done = d.aegis("serve")
        assert done.returncode == 78 and "NOT_SET_ANYWHERE" in done.stderr, done


def flow_door_published_examples():
    if not os.path.isdir(EXAMPLES):
        raise Skip("tests/hub/node_modules lacks @octokit/webhooks-examples")
    counts = {}
    with Served() as d:
        sender = Sender(d.port)
        for version in sorted(os.listdir(EXAMPLES)):
            index = os.path.join(EXAMPLES, version, "index.json")
            if not os.path.isfile(index):
                continue
            with open(index, encoding="utf-8") as file:
                events = json.load(file)
            for one in events:
                for body in one["examples"]:
                    status, text = sender.post(body, event=one["name"])
                    assert status == 202, (one["name"], status, text)
                    counts[text] = counts.get(text, 0) + 1
    assert sum(counts.values()) > 700 and counts["taken\n"] > 300, counts


main(globals())
