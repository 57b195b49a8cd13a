"""Hostile commands: what code of a repository may try in the sandbox, against small limits."""
import os
import socket
import tempfile
import time

from flow import AEGIS, branches, fix, git, main, repository, snapshot, write

PYTHON = "/usr/bin/python3"
LIMITS = """\
limits: { wall_s: 20, idle_s: 2, cpu_s: 5, memory_mb: 256, processes: 60, file_mb: 16,
          disk_mb: 32, output_mb: 8 }
"""


def small():
    place = tempfile.mkdtemp(prefix="aegis-flow-") + "/limits.yml"
    with open(place, "w") as out:
        out.write(LIMITS)
    return place


CONFIG = small()


def escalated(folder, command, **more):
    """The command is red, nothing is committed, nothing outside is touched, nothing is left."""
    outcome = fix(folder, "--run", command, "--config", CONFIG, timeout=90, **more)
    assert outcome.code == 2 and outcome["action"] in ("escalate", "rerun"), (command, outcome.json)
    assert not branches(folder)
    return outcome


def escape(folder, lines, **more):
    """A script that fails with what it got, or ends with 1 when it got nothing."""
    write(folder, {"try.py": "import ctypes, os, socket, sys\n"
                             "libc = ctypes.CDLL(None, use_errno=True)\n"
                             "def got(what):\n    raise RuntimeError(what)\n" + lines
                   + "\nsys.exit(1)\n"})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "try")
    outcome = escalated(folder, PYTHON + " try.py", **more)
    before = outcome["verification"]["before"]
    assert before["exit_code"] == 1 and not outcome["failure"], (outcome["why"],
                                                                 outcome["failure"], before)


def flow_commands_without_end():
    folder = repository({"a.txt": "x\n"})
    for command, word in (
            ("sleep 100", "hung"), ("while :; do :; done", "processor"),
            ("yes", "printed"), ("yes | tr -d '\\n'", "printed"), ("cat /dev/urandom", "printed"),
            ("cat /dev/zero", "printed"),
            ("head -c 100000000 /dev/zero > big; exit 1", None),
            ("i=0; while [ $i -lt 60 ]; do head -c 1000000 /dev/zero > f$i || exit 1; "
             "i=$((i+1)); done; exit 1", None),
            ("i=0; while [ $i -lt 60 ]; do head -c 1000000 /dev/zero > $TMPDIR/f$i || exit 1; "
             "i=$((i+1)); done; exit 1", None),
            ("head -c 500000000 /dev/zero > /dev/shm/x; exit 1", None),
            (PYTHON + " -c 'x = bytearray(b\"1\") * 10**9'; exit 1", None),
            (":(){ :|:& };:; sleep 1; exit 1", None),
            ("while :; do sleep 9 & done", None), ("exec >&- 2>&-; exit 1", None),
            ("i=0; while [ $i -lt 3000 ]; do mkdir d && cd d || exit 1; i=$((i+1)); done; exit 1",
             None), ("kill -STOP $$", None), ("trap '' TERM INT; sleep 100", "hung")):
        outcome = escalated(folder, command)
        assert not word or word in outcome["why"], (command, outcome["why"])


def flow_nothing_is_left_running():
    folder = repository({"a.txt": "x\n"})
    token = "9%08d" % os.getpid()
    for command in ("setsid sleep %s & exit 1", "(setsid sh -c 'trap \"\" TERM HUP; sleep %s' &) ; "
                    "exit 1", "nohup sleep %s >/dev/null 2>&1 & exit 1",
                    "sleep %s & kill -9 $PPID; kill -9 -1; exit 1", "sleep %s & exec kill -9 $$"):
        begun = time.monotonic()
        escalated(folder, command % token)
        assert time.monotonic() - begun < 60
        for pid in os.listdir("/proc"):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    words = file.read()
            except OSError:
                continue
            assert token.encode() not in words, (command, words)


def flow_nothing_outside_is_written():
    folder = repository({"a.txt": "x\n", "link": "x\n"})
    place = tempfile.mkdtemp(prefix="aegis-flow-")
    os.remove(folder + "/link")
    os.symlink(place, folder + "/link")
    before = snapshot(folder)
    command = ("touch %s/a; echo x > link/b; touch ../c /etc/d /usr/e /var/f ~/g $HOME/h; "
               "echo x > a.txt; rm -rf .git; ln -s / root; touch root%s/i; "
               "git config --global x.y z; exit 1") % (place, place)
    escalated(folder, command)
    assert os.listdir(place) == [] and snapshot(folder) == before
    assert sorted(os.listdir(os.path.dirname(folder))) == [os.path.basename(folder)]


def flow_no_network():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        name = "aegis-abstract-%d" % os.getpid()
        with socket.socket(socket.AF_UNIX) as abstract:
            abstract.bind("\0" + name)
            abstract.listen()
            escape(repository({"a.txt": "x\n"}), """
for family, address in ((socket.AF_INET, ('127.0.0.1', %d)), (socket.AF_UNIX, '\\0%s'),
                        (socket.AF_INET, ('169.254.169.254', 80)),
                        (socket.AF_INET, ('1.1.1.1', 53)), (socket.AF_INET6, ('::1', %d))):
    try:
        with socket.socket(family) as s:
            s.settimeout(1)
            s.connect(address)
            got(address)
    except OSError:
        pass
try:
    got(socket.getaddrinfo('example.org', 80))
except OSError:
    pass
if len([n for n in os.listdir('/sys/class/net')] if os.path.isdir('/sys/class/net') else []) > 1:
    got('interfaces')
""" % (server.getsockname()[1], name, server.getsockname()[1]))


def flow_no_other_process():
    secret = "canary-%d" % os.getpid()
    escape(repository({"a.txt": "x\n"}), """
mine = os.getpid()
for pid in [p for p in os.listdir('/proc') if p.isdigit()]:
    for name in ('environ', 'cmdline'):
        try:
            text = open('/proc/%%s/%%s' %% (pid, name), 'rb').read()
        except OSError:
            continue
        if b'%s' in text or b'aegis\\0fix' in text:
            got((pid, name, text[:200]))
    try:
        os.kill(int(pid), 0) if int(pid) > 4 and int(pid) != mine else None
    except OSError:
        pass
if max(int(p) for p in os.listdir('/proc') if p.isdigit()) > 50:
    got('pids of outside')
for pid in (1, 2, os.getppid()):
    if libc.ptrace(16, pid, 0, 0) == 0:
        got('ptrace')
""" % ("can" + "\" b\"ary-%d" % os.getpid()).replace('" b"', "'b'"),
           env=dict(os.environ, SECRET=secret, GITHUB_TOKEN=secret, AWS_SECRET_ACCESS_KEY=secret))


def flow_no_door_to_the_kernel():
    escape(repository({"a.txt": "x\n"}), """
import platform
if platform.machine() == 'x86_64':
    for number, what in ((425, 'io_uring_setup'), (250, 'keyctl'), (248, 'add_key'),
                         (272, 'unshare'), (165, 'mount'), (155, 'pivot_root'), (161, 'chroot'),
                         (308, 'setns'), (321, 'bpf'), (298, 'perf_event_open'),
                         (323, 'userfaultfd'), (101, 'ptrace'), (175, 'init_module'),
                         (246, 'kexec_load'), (428, 'open_tree'), (430, 'fsopen'),
                         (304, 'open_by_handle_at'), (170, 'sethostname'), (227, 'clock_settime')):
        ctypes.set_errno(0)
        result = libc.syscall(number, 0, 0, 0, 0, 0)
        if result >= 0 or ctypes.get_errno() not in (1, 38):
            got((what, result, ctypes.get_errno()))
    if libc.syscall(272, 0x10000000) == 0 or libc.syscall(56, 0x10000011, 0, 0, 0, 0) > 0:
        got('a user namespace')
    if libc.syscall(435, 0, 0) >= 0:
        got('clone3')
for path in ('/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/kvm', '/dev/fuse', '/dev/tty1',
             '/proc/sysrq-trigger', '/proc/kcore', '/proc/sys/kernel/core_pattern',
             '/proc/sys/vm/overcommit_memory', '/proc/sys/kernel/hostname',
             '/sys/fs/cgroup/cgroup.procs', '/run/docker.sock', '/var/run/docker.sock'):
    for flags in (os.O_WRONLY, os.O_RDONLY)[:1 if path.startswith('/proc/') else 2]:
        try:
            if os.read(os.open(path, flags), 1) if flags == os.O_RDONLY else os.open(path, flags):
                got(path)
        except OSError:
            pass
for call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.mknod('n', 0o020666, 0x101)):
    try:
        call()
        got('a right')
    except OSError:
        pass
if any(int(l.split()[1], 16) for l in open('/proc/self/status') if l.startswith('Cap')):
    got('capabilities')
if 'NoNewPrivs:\\t1' not in open('/proc/self/status').read():
    got('new privileges')
try:
    import fcntl, termios
    fcntl.ioctl(0, termios.TIOCSTI, b'x')
    got('TIOCSTI')
except OSError:
    pass
""")


def flow_no_secret_of_home():
    folder = repository({"a.txt": "x\n"})
    home = folder + "-home"
    canary = "canary-%d" % os.getpid()
    write(home, {name: canary + "\n" for name in (
        ".ssh/id_ed25519", ".netrc", ".aws/credentials", ".config/gh/hosts.yml", ".npmrc",
        ".gitconfig", ".git-credentials", ".docker/config.json", ".gnupg/x", ".kube/config",
        ".pypirc", ".bash_history", ".cargo/credentials.toml", ".m2/settings.xml", "notes.txt",
        ".gradle/gradle.properties", ".cache/pip/../../.vault-token", ".local/share/keyrings/a")})
    os.symlink(home + "/.ssh", home + "/.pyenv")
    env = dict(os.environ, HOME=home, PIP_CACHE_DIR=home + "/.aws", GOPATH=home, JAVA_HOME=home,
               VIRTUAL_ENV=home + "/.config", NVM_BIN=home + "/.cache/../.ssh", AEGIS_TOKEN=canary,
               PATH=home + "/.ssh:" + home + ":" + os.environ["PATH"])
    escape(folder, """
for root, folders, files in os.walk('/'):
    folders[:] = [f for f in folders if f not in ('lib', 'toolchains', 'registry', 'mod')
                  and (root != '/' or f in ('root', 'home', 'tmp', 'var', 'run'))]
    for name in files:
        try:
            with open(os.path.join(root, name), 'rb') as file:
                if b'canary' b'-%d' in file.read(10000):
                    got(os.path.join(root, name))
        except OSError:
            pass
if any('canary' '-%d' in v for v in os.environ.values()):
    got('environment')
""" % (os.getpid(), os.getpid()), env=env)


def flow_programs_of_the_repository_are_not_ours():
    """A PATH that leads into the repository: its git, python3, sh and bwrap run only inside."""
    marker = tempfile.mkdtemp(prefix="aegis-flow-") + "/ran"
    names = ("git", "python3", "sh", "bwrap", "env", "coverage", "black", "id", "mount")
    folder = repository({"bin/" + name: "#!/bin/sh\necho x >> %s\nexit 1\n" % marker
                         for name in names})
    for name in names:
        os.chmod(folder + "/bin/" + name, 0o755)
    git(folder, "commit", "-qam", "programs")
    for path in ("bin:./bin:" + folder + "/bin", folder + "/bin:" + os.environ["PATH"]):
        env = dict(os.environ, PATH=path)
        outcome = fix(folder, "--run", "false", env=env, cwd=folder)
        assert outcome.code == 2, outcome.err
    assert not os.path.exists(marker) and AEGIS


main(globals())
