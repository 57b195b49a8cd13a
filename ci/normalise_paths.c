/*
 * Where runners put repositories and temporary files. Does not look at any file system.
 */
#include "ci/normalise_paths.h"

static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

/* What may stand in a path in a message; blanks end it. */
static bool is_path(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       is_separator(c) || (c && strchr("._-+@~%=#", c)) || (c & 0x80);
}

/*
 * A prefix, where '*' is one part of a path and '/' is either separator; the last one need not be
 * there when the path ends before it. Its size, or 0.
 */
static size_t prefix_size(struct str s, const char *prefix)
{
	size_t i = 0;

	for (; *prefix; prefix++) {
		size_t start = i;

		if (*prefix == '*') {
			while (i < s.size && is_path(s.at[i]) && !is_separator(s.at[i]))
				i++;
			if (i == start)
				return 0;
		} else if (*prefix == '/') {
			while (i < s.size && is_separator(s.at[i]))
				i++;
			if (i == start && !prefix[1] && i && (i == s.size || !is_path(s.at[i])))
				break;
			if (i == start || i - start > 2)	/* "\\" is how JSON and reprs show one */
				return 0;
		} else if (i < s.size && s.at[i] == *prefix) {
			i++;
		} else {
			return 0;
		}
	}
	return i;
}

static const char *const temporary[] = {
	"/home/runner/work/_temp/", "/Users/runner/work/_temp/", "/__w/_temp/", "D:/a/_temp/",
	"d:/a/_temp/", "/d/a/_temp/", "/home/*/actions-runner/_work/_temp/",
	"/actions-runner/_work/_temp/", "/runner/_work/_temp/",
	"/private/var/folders/*/*/*/", "/var/folders/*/*/*/", "/private/tmp/", "/private/var/tmp/",
	"/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/*/", "/github/runner_temp/",
	"C:/Users/*/AppData/Local/Temp/", "C:/Windows/Temp/", "C:/Temp/", "/c/Users/*/AppData/Local/Temp/",
};

static const char *const workspaces[] = {
	"/home/runner/work/*/*/", "/Users/runner/work/*/*/", "/github/workspace/", "/__w/*/*/",
	"D:/a/*/*/", "d:/a/*/*/", "/d/a/*/*/", "/mnt/d/a/*/*/", "C:/a/*/*/",
	"/home/*/actions-runner/_work/*/*/", "/actions-runner/_work/*/*/", "/runner/_work/*/*/",
	"/home/circleci/project/", "/home/travis/build/*/*/", "/builds/*/*/", "/home/vsts/work/1/s/",
	"D:/a/1/s/", "/var/jenkins_home/workspace/*/", "/home/jenkins/workspace/*/",
	"/opt/atlassian/pipelines/agent/build/", "/var/lib/buildkite-agent/builds/*/*/*/",
	"/codebuild/output/*/src/*/*/*/", "/workspace/", "/workspaces/*/", "/root/project/",
	"/work/", "/app/", "/usr/src/app/", "/src/", "/repo/", "/code/",
};

/* Where we run a command without a sandbox: below a temporary folder, so asked first. */
static const char *const copies[] = { "/tmp/aegis-jail-*/work/", "/var/tmp/aegis-jail-*/work/",
				      "/private/tmp/aegis-jail-*/work/" };

static const char *const homes[] = { "/home/*/", "/Users/*/", "/root/", "C:/Users/*/" };

/* Installed code is at another place on each machine; its name within the library stays. */
static const char *const libraries[] = {
	"/site-packages/", "/dist-packages/", "/node_modules/", "/pkg/mod/", "/registry/src/*/",
	"/rustc/*/library/", "/rustlib/src/rust/library/", "/lib/python*/", "/usr/local/go/src/",
	"/go/*/x64/src/", "/.m2/repository/", "/lib/ruby/*/", "/lib/ruby/gems/*/gems/", "/vendor/bundle/",
};

static const char *const temporary_names[] = {
	"pip-build-env-", "pip-install-", "pip-req-build-", "pip-wheel-", "pip-unpack-",
	"pip-modern-metadata-", "pip-ephem-wheel-cache-", "npm-cache-", "go-build", "rustc", "tmp.",
	"tmp",
};

enum { PATH_BYTES_MAX = 512, PATH_PARTS_MAX = 32 };	/* of which a mark is looked for */

/* The first letters settle most: forged paths have very many places to look at. */
static bool may_start(struct str s, const char *prefix)
{
	char first = s.size > 1 ? s.at[1] : '\0';

	return prefix[0] != '/' || is_separator(first) || prefix[1] == first || prefix[1] == '*';
}

static size_t any_prefix(struct str s, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = may_start(s, list[i]) ? prefix_size(s, list[i]) : 0;

		if (size)
			return size;
	}
	return 0;
}

static size_t path_size(struct str s)
{
	size_t n = 0;

	while (n < s.size && is_path(s.at[n]))
		n++;
	while (n && strchr(".,", s.at[n - 1]))	/* the end of the sentence, not of the path */
		n--;
	return n;
}

/* "/tmp/pytest-of-u/pytest-3/test_a0/x.cfg" leaves "<tmp>/x.cfg"; a name alone is a random one. */
static void add_temporary(struct text *out, struct text *names, struct str path)
{
	size_t start = path.size;

	while (start && !is_separator(path.at[start - 1]))
		start--;
	text_adds(out, "<tmp>");
	if (start && start < path.size) {
		text_addc(out, '/');
		text_add(names, str_from(path, start));
	}
}

/* With '/' between its parts; "" is the workspace itself. */
static void add_own(struct text *out, struct text *names, struct str path)
{
	if (!path.size)
		text_addc(out, '.');
	for (size_t i = 0; i < path.size; i++) {
		if (!is_separator(path.at[i]))
			text_addc(names, path.at[i]);
		else if (!i || !is_separator(path.at[i - 1]))
			text_addc(names, '/');
	}
}

static void add_home(struct text *out, struct text *names, struct str path)
{
	text_adds(out, path.size ? "~/" : "~");
	if (path.size)
		add_own(out, names, path);
}

/* An absolute path's size up to behind its last library mark; 0 when there is none. */
static size_t library_size(struct str path)
{
	size_t found = 0, parts = 0, drive = path.size > 2 && path.at[1] == ':' ? 2 : 0;

	if (path.size < 2 || !is_separator(path.at[drive]))
		return 0;
	path = str_slice(path, 0, drive + path_size(str_slice(path, drive, PATH_BYTES_MAX)));
	for (size_t i = 0; i < path.size && parts < PATH_PARTS_MAX; i++) {
		size_t size;

		if (!is_separator(path.at[i]))
			continue;
		parts++;
		size = any_prefix(str_from(path, i), libraries, sizeof(libraries) / sizeof(libraries[0]));
		if (size && i + size < path.size)
			found = i + size;
	}
	return found;
}

/* "tmpab12_x9": a known start, then at least five letters and digits, one digit among them at least
 * for the shorter names, or words like "tmpfile" would go. */
static size_t temporary_name(struct str s)
{
	for (size_t i = 0; i < sizeof(temporary_names) / sizeof(temporary_names[0]); i++) {
		size_t start = strlen(temporary_names[i]), n = start;
		bool digit = temporary_names[i][start - 1] == '-' ||
			     temporary_names[i][start - 1] == '.';

		if (!str_starts(s, temporary_names[i]))
			continue;
		while (n < s.size && is_path(s.at[n]) && !is_separator(s.at[n]) && s.at[n] != '.' &&
		       s.at[n] != '-') {
			digit = digit || (s.at[n] >= '0' && s.at[n] <= '9');
			n++;
		}
		return digit && n >= start + 5 ? n : 0;
	}
	return 0;
}

static const struct {
	const char *const *prefixes;
	size_t count;
	void (*add)(struct text *out, struct text *names, struct str path);
} places[] = {
	{ copies, sizeof(copies) / sizeof(copies[0]), add_own },
	{ temporary, sizeof(temporary) / sizeof(temporary[0]), add_temporary },
	{ workspaces, sizeof(workspaces) / sizeof(workspaces[0]), add_own },
	{ homes, sizeof(homes) / sizeof(homes[0]), add_home },
};

/* "file://" goes, and the slash between it and a drive. */
static size_t scheme_size(struct str path)
{
	if (!str_starts(path, "file://"))
		return 0;
	return path.size > 9 && path.at[7] == '/' && path.at[9] == ':' ? 8 : 7;
}

/* May a path begin behind this text? Within one is none, so that a long one is gone through once. */
static bool begins(struct str before)
{
	char c = before.size ? before.at[before.size - 1] : '\0';

	return !c || !is_path(c) || c == '=' || c == '-';
}

bool normalise_path(struct text *out, struct text *names, struct str before, struct str *rest)
{
	size_t scheme = scheme_size(*rest), size;
	struct str path = str_from(*rest, scheme);

	if (!begins(before) || !path.size)
		return false;
	size = library_size(path);
	if (size) {
		size_t more = path_size(str_from(path, size));

		text_adds(out, "<library>/");
		add_own(out, names, str_slice(path, size, more));
		*rest = str_from(path, size + more);
		return true;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t prefix = any_prefix(path, places[i].prefixes, places[i].count);

		if (!prefix)
			continue;
		size = path_size(str_from(path, prefix));
		places[i].add(out, names, str_slice(path, prefix, size));
		*rest = str_from(path, prefix + size);
		return true;
	}
	size = temporary_name(path);
	if (!size)
		return false;
	text_adds(out, "<tmp>");
	*rest = str_from(path, size);
	return true;
}
