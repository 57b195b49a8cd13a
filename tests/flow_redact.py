"""`aegis redact`: nothing but secrets is changed, whatever the bytes, the size and the way in."""
import os
import resource
import subprocess

from flow import AEGIS, aegis, main, repository

TOKEN = "ghp_" + "7dagz2d1dLkroGXcjUcVWgxH4676ZgQe0R81"


def redact(data, *words, limit=None):
    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = subprocess.run([AEGIS, "redact", *words], input=data, capture_output=True,
                          preexec_fn=bounded if limit else None, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def flow_bytes_that_are_no_secret_pass():
    for data in (b"", b"\n", b"\0\xff\r\n\x1b[31m\xc3", bytes(range(256)) * 4000, b"x" * 300_000):
        assert redact(data) == data


def flow_a_log_of_many_pieces():
    """64 MiB with a token now and then, in an address space that could not hold it."""
    line = b"2026-01-02T03:04:05.1234567Z step 7: compiling src/main.c, 12 of 900 tests, key=cache-linux\n"
    block = line * 700 + b"export GITHUB_TOKEN=" + TOKEN.encode() + b"\n"
    data = block * (64 * 1024 * 1024 // len(block))
    out = redact(data, limit=512 * 1024 * 1024)
    assert TOKEN.encode() not in out and out.count(b"[REDACTED:github-token]") == data.count(TOKEN.encode())
    assert out.replace(b"[REDACTED:github-token]", TOKEN.encode()) == data


def flow_file_and_standard_input_are_alike():
    folder = repository({"a.log": "password: Hunter2!x\nmail jane.doe@corp.io\n"})
    want = b"password: [REDACTED:password]\nmail [REDACTED:email]\n"
    with open(folder + "/a.log", "rb") as file:
        data = file.read()
    assert redact(b"", folder + "/a.log") == want and redact(data) == want and redact(data, "-") == want
    assert redact(want) == want


def flow_a_line_at_a_time():
    """What is decided is written at once: it may stand behind `tail -f`."""
    with subprocess.Popen([AEGIS, "redact"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdin.write(b"one\ntoken: " + TOKEN.encode() + b"\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"one\n"
        assert child.stdout.readline() == b"token: [REDACTED:github-token]\n"
        child.stdin.close()


def flow_bad_input():
    assert aegis("redact", "/nowhere/a.log").code == 65
    assert aegis("redact", os.path.dirname(AEGIS)).code == 65
    assert aegis("redact", "a", "b").code == 64
    with open("/dev/full", "wb") as full:
        done = subprocess.run([AEGIS, "redact"], input=b"x\n" * 100000, stdout=full,
                              stderr=subprocess.PIPE)
    assert done.returncode == 1


main(globals())
