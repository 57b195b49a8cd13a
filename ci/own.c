/*
 * Own or a library's. Reads a file of the tree only to count its lines, and only so many files: a
 * forged log may name every file there is.
 */
#include "ci/own.h"

#include "ci/frame.h"

#include <stdint.h>

static const char *const library_parts[] = {
	"site-packages/", "dist-packages/", "node_modules/", "/vendor/", ".cargo/registry",
	".cargo/git", "/rustc/", "/usr/local/go/src/", "/usr/lib/", "/usr/include/", "<frozen",
	"node:internal", "(internal/", "_actions/", "hostedtoolcache", "java.base/",
	"/go/pkg/mod/", "/usr/src/", "/usr/share/", "/lib/python", "/.pyenv/", "/.rustup/",
	"/sysdeps/", "_pytest/", "/libsanitizer/", "compiler-rt/", "/libstdc++", "/glibc",
	"\\Program Files", "/.m2/", "/.gradle/", "/.nuget/",
	"/gems/", "/lib/ruby/", "/.pub-cache/",
};

static const char *const library_starts[] = {
	"<", "node:", "internal/", "vendor/", "java/", "jdk/", "org/junit/", "sun/", "runtime/",
	"libc.so", "ld-linux", "asan_",
};

static const char *const library_functions[] = {
	"java.", "javax.", "jdk.", "sun.", "com.sun.", "org.junit.", "org.gradle.", "kotlin.",
	"scala.", "junit.", "org.testng.", "org.opentest4j.", "org.scalatest.", "munit.",
	"org.specs2.", "org.spockframework.", "org.codehaus.groovy.", "groovy.",
	"org.apache.maven.", "org.mockito.", "org.assertj.", "org.hamcrest.", "System.", "Xunit.",
	"NUnit.", "runtime.", "testing.", "__asan_", "__ubsan_", "__msan_", "__tsan_", "__sanitizer",
	"__interceptor_", "__libc_", "core::panicking", "std::panicking",
	"std::rt::", "rust_begin_unwind",
};

/* Either separator: "D:\\a\\r\\r\\node_modules\\x.js" is a library's file too. */
static bool has_part(struct str path, const char *part)
{
	for (size_t i = 0, n; i < path.size; i++) {
		for (n = 0; part[n] && i + n < path.size; n++)
			if (path.at[i + n] != part[n] && !(part[n] == '/' && path.at[i + n] == '\\'))
				break;
		if (!part[n])
			return true;
	}
	return false;
}

static bool starts_with_one(struct str text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(text, list[i]))
			return true;
	return false;
}

/* Folders of the machine, which no repository is put into. */
static const char *const machine_starts[] = {
	"/etc/", "/proc/", "/sys/", "/dev/", "/boot/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/run/",
	"/var/lib/", "/var/log/", "/root/.", "/windows/",
};

/* "/etc/passwd", "../../etc/passwd", "file:///etc/passwd", "C:\\Windows\\x.dll": forged, or none of ours. */
static bool is_of_machine(struct str path)
{
	char plain[64];
	size_t size = 0;

	str_skip(&path, "file://");
	if (str_starts(path, "../") || str_starts(path, "..\\")) {
		while (str_skip(&path, "../") || str_skip(&path, "..\\"))
			;
		plain[size++] = '/';
	} else if (path.size > 2 && path.at[1] == ':') {
		path = str_from(path, 2);
	}
	for (size_t i = 0; i < path.size && size < sizeof(plain); i++) {
		char c = path.at[i] == '\\' ? '/' : path.at[i];

		if (c == '/' && size && plain[size - 1] == '/')
			continue;
		plain[size++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return starts_with_one((struct str){ plain, size }, machine_starts,
			       sizeof(machine_starts) / sizeof(machine_starts[0]));
}

static bool looks_own(const char *file, const char *function)
{
	struct str path = str_of(file);

	if (is_of_machine(path))
		return false;

	for (size_t i = 0; i < sizeof(library_parts) / sizeof(library_parts[0]); i++)
		if (has_part(path, library_parts[i]))
			return false;
	return !starts_with_one(path, library_starts,
				sizeof(library_starts) / sizeof(library_starts[0])) &&
	       !starts_with_one(str_of(function), library_functions,
				sizeof(library_functions) / sizeof(library_functions[0]));
}

static bool is_native(const struct failure *f)
{
	static const char *const languages[] = { "c", "c++", "rust" };

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_is(str_of(f->language), languages[i]))
			return true;
	return false;
}

/* In native stacks the runtime's functions are known by name, wherever they were built. */
static bool is_runtime(const struct failure *f, const struct frame *frame)
{
	return is_native(f) && !frame_is_cause(str_of(frame->function), str_of(frame->file));
}

/*
 * Without debug information a function's name is all there is; with a tree nothing is proven by it.
 */
static bool looks_own_name(const struct failure *f, const struct frame *frame)
{
	return is_native(f) && !frame->file && frame->function && looks_own("", frame->function) &&
	       frame_is_cause(str_of(frame->function), STR_NONE);
}

static unsigned long count_lines(const struct tree *tree, const char *path)
{
	ARENA a = {0};
	struct str text, line;
	unsigned long lines = 0;

	if (!tree_read(tree, &a, path, &text))
		return UINT32_MAX;	/* too large or no text: not known, so not held against it */
	while (str_next(&text, '\n', &line))
		lines++;
	return lines;
}

/* One line behind the last counts: that is where "unexpected end of file" is found. */
static bool has_line(struct own *own, const char *path, unsigned line)
{
	for (size_t i = 0; i < own->file_count; i++)
		if (own->files[i].path == path)
			return line <= own->files[i].lines + 1;
	if (own->file_count == OWN_FILES_MAX)
		return true;
	own->files[own->file_count].path = path;
	own->files[own->file_count].lines = count_lines(own->tree, path);
	return line <= own->files[own->file_count++].lines + 1;
}

/* The own path, or NULL. */
static const char *own_path(struct own *own, const char *file, unsigned line, const char *function)
{
	const char *path;

	if (!file)
		return NULL;
	if (!own->tree)
		return looks_own(file, function) ? file : NULL;
	path = tree_path(own->tree, str_of(file));
	return path && has_line(own, path, line) ? path : NULL;
}

/* Marks one frame; true when its place is an own one. */
static bool settle_frame(struct own *own, const struct failure *f, struct frame *frame)
{
	const char *path = own_path(own, frame->file, frame->line, frame->function);

	if (!own->tree && is_runtime(f, frame))
		path = NULL;
	frame->own = path || (!own->tree && looks_own_name(f, frame));
	if (path)
		frame->file = path;
	return path != NULL;
}

bool own_settle(struct own *own, struct failure *f)
{
	const char *path = own_path(own, f->file, f->line, NULL);
	const struct frame *innermost = NULL, *named = NULL;

	for (size_t i = 0; i < f->frame_count; i++) {
		struct frame *frame = &f->frames[i];

		if (!settle_frame(own, f, frame)) {
			named = frame->own ? frame : named;
			continue;
		}
		innermost = frame;
		if (path && !f->function && f->line == frame->line && !strcmp(path, frame->file))
			f->function = frame->function;
	}
	if (path) {
		f->file = path;
		return true;
	}
	if (!innermost) {
		if (named && !f->function)
			f->function = named->function;
		return named != NULL;
	}
	f->file = innermost->file;
	f->line = innermost->line;
	f->column = innermost->column;
	f->function = innermost->function;
	return true;
}
