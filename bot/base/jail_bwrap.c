/*
 * What bubblewrap is told, and the environment inside. Shows the command /usr, a few files of /etc
 * that programs cannot do without, the binds of the job, and nothing else of the machine. The
 * options go through a descriptor: the arguments of process 1 can be read inside.
 */
#include "bot/base/jail_parts.h"

#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static void add(struct text *t, const char *one)
{
	text_add(t, (struct str){ one, strlen(one) + 1 });
}

static void add2(struct text *t, const char *one, const char *two)
{
	add(t, one);
	add(t, two);
}

static void add3(struct text *t, const char *one, const char *two, const char *three)
{
	add2(t, one, two);
	add(t, three);
}

static void add_system(struct text *t)
{
	static const char *const roots[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64",
					     "/libx32" };

	add3(t, "--ro-bind", "/usr", "/usr");
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		char target[PATH_MAX];
		ssize_t n = readlink(roots[i], target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		if (n > 0)
			add3(t, "--symlink", target, roots[i]);
		else if (!access(roots[i], X_OK))
			add3(t, "--ro-bind", roots[i], roots[i]);
	}
}

/*
 * Public settings of programs in /usr. Not here: anything that may hold a password or a host name.
 */
static void add_settings(struct text *t)
{
	static const char *const patterns[] = {
		"/etc/alternatives", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
		"/etc/ca-certificates", "/etc/pki/ca-trust/extracted", "/etc/pki/tls/certs",
		"/etc/pki/tls/cert.pem", "/etc/crypto-policies",
		"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
		"/etc/mime.types", "/etc/magic*", "/etc/services", "/etc/protocols",
		"/etc/java*", "/etc/maven", "/etc/python3*", "/etc/perl", "/etc/php",
		"/etc/ruby*", "/etc/fonts", "/etc/terminfo", "/etc/os-release",
		"/etc/debian_version", "/etc/ghc", "/etc/erlang", "/etc/fpc*.cfg",
	};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		glob_t found = {0};

		if (!glob(patterns[i], 0, NULL, &found))
			for (size_t j = 0; j < found.gl_pathc; j++)
				add3(t, "--ro-bind-try", found.gl_pathv[j], found.gl_pathv[j]);
		globfree(&found);
	}
}

static void add_written(const struct jail_ground *ground, struct text *t, const char *name,
			const char *content)
{
	struct arena *a = ground->arena;
	const char *from = arena_printf(a, "%s/etc/%s", ground->root, name);
	int fd = open(from, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	bool good = fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content);

	if (fd >= 0)
		close(fd);
	if (good)
		add3(t, "--ro-bind", from, arena_printf(a, "/etc/%s", name));
}

static void add_names(const struct jail_ground *ground, struct text *t)
{
	add_written(ground, t, "passwd",
		    arena_printf(ground->arena, "root:x:0:0:root:/:/bin/false\n"
				 "sandbox:x:1000:1000:sandbox:%s:/bin/sh\n"
				 "nobody:x:65534:65534:nobody:/:/bin/false\n",
				 ground->plan->home));
	add_written(ground, t, "group", "root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n");
	add_written(ground, t, "hosts",
		    "127.0.0.1 localhost sandbox\n::1 localhost ip6-localhost\n");
	add_written(ground, t, "nsswitch.conf",
		    "passwd: files\ngroup: files\nhosts: files\nservices: files\n"
		    "protocols: files\n");
}

/*
 * Started by root the command is uid 1000 inside and still root to the kernel's own files: it could
 * write /proc/sys/kernel/core_pattern, and the machine would run what stands there with all rights.
 */
static void add_proc(struct text *t)
{
	static const char *const kernels[] = { "/proc/sys", "/proc/sysrq-trigger", "/proc/irq",
					       "/proc/bus", "/proc/fs", "/proc/acpi", "/proc/scsi",
					       "/proc/driver" };

	add2(t, "--proc", "/proc");
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		add3(t, "--ro-bind-try", kernels[i], kernels[i]);
}

static void add_mounts(const struct jail_ground *ground, struct text *t)
{
	struct arena *a = ground->arena;
	const char *root = ground->root;
	size_t count = 0;
	const struct jail_mount *mounts = jail_ground_binds(ground, &count);

	add_proc(t);
	add2(t, "--dev", "/dev");
	/*
	 * bubblewrap's own /dev/shm has no size: a program could fill the machine's memory there.
	 */
	add3(t, "--bind", arena_printf(a, "%s/shm", root), "/dev/shm");
	add_settings(t);
	add_names(ground, t);
	add3(t, "--bind", arena_printf(a, "%s/tmp", root), "/tmp");
	add3(t, "--bind", arena_printf(a, "%s/tmp", root), "/var/tmp");
	add2(t, "--dir", "/run");
	add3(t, "--bind", arena_printf(a, "%s/home", root), ground->plan->home);
	add3(t, "--bind", arena_printf(a, "%s/out", root), "/aegis-out");
	for (size_t i = 0; i < count; i++)
		add3(t, mounts[i].writable ? "--bind" : "--ro-bind-try", mounts[i].from,
		     mounts[i].to);
	add3(t, "--bind", arena_printf(a, "%s/work", root), ground->inside);
	/* Both are a tmpfs without a size as well. */
	add2(t, "--remount-ro", "/");
	add2(t, "--remount-ro", "/dev");
}

struct str jail_bwrap_options(const struct jail_ground *ground, int seccomp)
{
	static const char *const always[] = {
		"--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000",
		"--cap-drop", "ALL", "--clearenv", "--new-session", "--die-with-parent",
		"--hostname", "sandbox",
	};
	struct text t = TEXT(ground->arena);
	char **environment = jail_environment(ground);

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		add(&t, always[i]);
	if (!ground->plan->switches.old)
		add(&t, "--disable-userns");
	add_system(&t);
	add_mounts(ground, &t);
	for (; *environment; environment++) {
		struct str name, value;

		if (str_split(str_of(*environment), "=", &name, &value))
			add3(&t, "--setenv", str_text(ground->arena, name),
			     str_text(ground->arena, value));
	}
	add2(&t, "--seccomp", arena_printf(ground->arena, "%d", seccomp));
	add2(&t, "--chdir", ground->inside);
	return text_str(&t);
}

/* Later ones win: both setenv and this list replace what has the same name. */
static size_t put(struct arena *a, char ***list, size_t count, const char *pair)
{
	const char *equals = strchr(pair, '=');
	size_t name = equals ? (size_t)(equals - pair) + 1 : 0;

	if (name < 2)
		return count;
	for (size_t i = 0; i < count; i++)
		if (!strncmp((*list)[i], pair, name)) {
			(*list)[i] = arena_strdup(a, pair);
			return count;
		}
	arena_push(a, *list, count) = arena_strdup(a, pair);
	return count;
}

char **jail_environment(const struct jail_ground *ground)
{
	const struct jail_plan *plan = ground->plan;
	struct arena *a = ground->arena;
	bool boxed = plan->bwrap != NULL;
	const char *path = plan->job->path ? plan->job->path : "/usr/local/bin:/usr/bin:/bin";
	char **list = NULL;
	size_t n = 0;

	n = put(a, &list, n, arena_printf(a, "PATH=%s", path));
	n = put(a, &list, n, "LANG=C.UTF-8");
	n = put(a, &list, n, "CI=true");
	for (const char *const *more = plan->job->environment; more && *more; more++)
		n = put(a, &list, n, *more);
	n = put(a, &list, n, boxed ? arena_printf(a, "HOME=%s", plan->home) :
		arena_printf(a, "HOME=%s/home", ground->root));
	n = put(a, &list, n, boxed ? "TMPDIR=/tmp" :
		arena_printf(a, "TMPDIR=%s/tmp", ground->root));
	n = put(a, &list, n, boxed ? "AEGIS_OUT=/aegis-out" :
		arena_printf(a, "AEGIS_OUT=%s/out", ground->root));
	arena_push(a, list, n) = NULL;
	return list;
}
