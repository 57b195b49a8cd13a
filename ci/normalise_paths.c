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

/* A prefix, where '*' is one part of a path and '/' is either separator. Its size, or 0. */
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
	"/private/var/folders/*/*/*/", "/var/folders/*/*/*/", "/private/tmp/", "/private/var/tmp/",
	"/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/*/", "/github/runner_temp/",
	"C:/Users/*/AppData/Local/Temp/", "C:/Windows/Temp/", "C:/Temp/",
};

static const char *const workspaces[] = {
	"/home/runner/work/*/*/", "/Users/runner/work/*/*/", "/github/workspace/", "/__w/*/*/",
	"D:/a/*/*/", "C:/a/*/*/", "/home/circleci/project/", "/home/travis/build/*/*/",
	"/builds/*/*/", "/home/vsts/work/1/s/", "/workspace/", "/workspaces/*/",
};

static const char *const temporary_names[] = {
	"pip-build-env-", "pip-install-", "pip-req-build-", "pip-wheel-", "pip-unpack-",
	"pip-modern-metadata-", "pip-ephem-wheel-cache-", "npm-cache-", "go-build", "rustc", "tmp",
};

static size_t any_prefix(struct str s, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = prefix_size(s, list[i]);

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
static void add_temporary(struct text *out, struct str path)
{
	size_t start = path.size;

	while (start && !is_separator(path.at[start - 1]))
		start--;
	text_adds(out, "<tmp>");
	if (start && start < path.size) {
		text_addc(out, '/');
		text_add(out, str_from(path, start));
	}
}

static void add_own(struct text *out, struct str path)
{
	for (size_t i = 0; i < path.size; i++) {
		if (!is_separator(path.at[i]))
			text_addc(out, path.at[i]);
		else if (!i || !is_separator(path.at[i - 1]))
			text_addc(out, '/');
	}
}

/* "tmpab12_x9": a known start, then at least five letters and digits, one digit among them at least
 * for the shorter names, or words like "tmpfile" would go. */
static size_t temporary_name(struct str s)
{
	for (size_t i = 0; i < sizeof(temporary_names) / sizeof(temporary_names[0]); i++) {
		size_t start = strlen(temporary_names[i]), n = start;
		bool digit = temporary_names[i][start - 1] == '-';

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

bool normalise_path(struct text *out, struct str before, struct str *rest)
{
	struct str path = *rest;
	size_t scheme = str_starts(path, "file://") ? 7 : 0, prefix, size;

	path = str_from(path, scheme);
	if (before.size && is_path(before.at[before.size - 1]) &&
	    before.at[before.size - 1] != '=' && before.at[before.size - 1] != '-')
		return false;
	prefix = any_prefix(path, temporary, sizeof(temporary) / sizeof(temporary[0]));
	if (prefix) {
		size = path_size(str_from(path, prefix));
		add_temporary(out, str_slice(path, prefix, size));
		*rest = str_from(path, prefix + size);
		return true;
	}
	prefix = any_prefix(path, workspaces, sizeof(workspaces) / sizeof(workspaces[0]));
	if (prefix) {
		size = path_size(str_from(path, prefix));
		add_own(out, str_slice(path, prefix, size));
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
