/* ci/normalise, ci/signature: what is the same failure and what is another one. */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/normalise.h"
#include "ci/reader.h"
#include "ci/signature.h"

#include <stdio.h>

static const struct {
	const char *one, *other;
} same[] = {
	{ "object at 0x7f12ab", "object at 0x55d0c3e4f5a6" },
	{ "<Foo object at 0x7F00DEAD>", "<Foo object at 0x1>" },
	{ "Foo@1b6d3586 is closed", "Foo@5caf905d is closed" },
	{ "main.f(0xc000012345, 0x3) +0x1d", "main.f(0xc000099999, 0x9) +0x2e" },
	{ "killed pid 123", "killed pid 7" },
	{ "process 4242 died", "process 17 died" },
	{ "[pid=12] gone", "[pid=9912] gone" },
	{ "goroutine 6 [running]", "goroutine 51 [running]" },
	{ "Thread-3 failed", "Thread-11 failed" },
	{ "worker 2 crashed", "worker 13 crashed" },
	{ "at 2024-05-01T12:34:56.789Z no", "at 2025-11-30T01:02:03Z no" },
	{ "at 2024-05-01 12:34:56,789 no", "at 2024-05-02 12:34:57,001 no" },
	{ "on 2024-05-01 it broke", "on 2025-01-31 it broke" },
	{ "12:34:56 it broke", "01:02:03 it broke" },
	{ "Wed, 01 May 2024 12:34:56 GMT expired", "Thu, 02 May 2024 01:02:03 GMT expired" },
	{ "Wed May  1 12:34:56 2024 expired", "Thu May 12 01:02:03 2025 expired" },
	{ "2024-05-01T12:34:56+02:00 x", "2024-05-01T12:34:56Z x" },
	{ "took 3.21s", "took 12.8s" },
	{ "Timeout after 5000ms", "Timeout after 5003ms" },
	{ "Timeout after 5 seconds", "Timeout after 7 seconds" },
	{ "exceeded 1m30.5s", "exceeded 2m1s" },
	{ "no /tmp/tmpab12cd", "no /tmp/tmpzz98yx" },
	{ "no /tmp/pytest-of-me/pytest-12/test_a0/x.cfg", "no /tmp/pytest-of-you/pytest-3/test_a1/x.cfg" },
	{ "no /var/folders/zz/abc/T/x1/a.txt", "no /tmp/y2/a.txt" },
	{ "no /private/var/folders/aa/bb/T/q/a.txt", "no /var/folders/cc/dd/T/r/a.txt" },
	{ "no C:\\Users\\me\\AppData\\Local\\Temp\\a1\\b.txt", "no C:\\Users\\you\\AppData\\Local\\Temp\\c2\\b.txt" },
	{ "run /home/runner/work/_temp/1c2d.sh", "run /home/runner/work/_temp/ff00.sh" },
	{ "in pip-build-env-x1y2z3ab", "in pip-build-env-q9w8e7rt" },
	{ "no dir 'tmpx7k2p9'", "no dir 'tmpb3n8q1'" },
	{ "id 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "id 123e4567-e89b-12d3-a456-426614174000" },
	{ "commit a1b2c3d is bad", "commit 9f8e7d6 is bad" },
	{ "commit 0123456789abcdef0123456789abcdef01234567", "commit fedcba9876543210fedcba9876543210fedcba98" },
	{ "sha256:00aa11bb22cc33dd", "sha256:99ff88ee77dd66cc" },
	{ "core::f::h0123456789abcdef", "core::f::hfedcba9876543210" },
	{ "connect 127.0.0.1:54321 refused", "connect 127.0.0.1:43210 refused" },
	{ "connect 10.0.0.12:80 refused", "connect 172.17.0.2:80 refused" },
	{ "connect localhost:8080 refused", "connect localhost:90 refused" },
	{ "port 80 in use", "port 8081 in use" },
	{ "/home/runner/work/r/r/src/a.py not found", "/__w/q/q/src/a.py not found" },
	{ "/home/runner/work/r/r/src/a.py not found", "src/a.py not found" },
	{ "D:\\a\\r\\r\\src\\a.py not found", "/Users/runner/work/r/r/src/a.py not found" },
	{ "'D:\\\\a\\\\r\\\\r\\\\src\\\\a.py' not found", "'src/a.py' not found" },
	{ "file:///home/runner/work/r/r/x.js", "x.js" },
	{ "a.py:12: bad", "a.py:340: bad" },
	{ "a.ts(3,14): bad", "a.ts(77,2): bad" },
	{ "src/a.c:3:5: bad", "src/a.c:1200:17: bad" },
	{ "unexpected token at line 3 column 9", "unexpected token at line 31 column 2" },
	{ "loss 0.123456 is too high", "loss 0.98765 is too high" },
	{ "0.30000000000000004 != x", "0.30000000000000001 != x" },
	{ "1.5e-07 != x", "2.25e-08 != x" },
	{ "took 123456 steps", "took 654321 steps" },
	{ "1,234,567 rows", "7,654,321 rows" },
	{ "Tried to allocate 2.50 GiB", "Tried to allocate 14.00 GiB" },
	{ "heap of 512MB is full", "heap of 1024MB is full" },
	{ "numpy 1.26.4 wants x", "numpy 1.24.0 wants x" },
	{ "v2.0.0-rc.1 wants x", "v2.3.1 wants x" },
	{ "foo 1.4.2.dev0+g1a2b3c4 wants x", "foo 1.5.0 wants x" },
	{ "a  b\tc", " a b c " },
	{ "run 123456789 of 987654321", "run 111111111 of 222222222" },
	{ "seed=42 failed", "seed=7 failed" },
	{ "I0304 05:06:07.123456 12345 a.cc:12] x", "I1124 15:16:07.923456 98765 a.cc:120] x" },
	{ "Mar 4, 2026 5:06:07 AM x", "Nov 14, 2031 11:16:17 PM x" },
	{ "2026-03-04 05:06:07.123456789 +0000 UTC m=+0.000123 x", "2031-11-14 15:16:17 +0000 UTC m=+12.9 x" },
	{ "/x/2026-11-21T18_47_24_081Z-debug.log", "/x/2031-01-02T03_04_05_006Z-debug.log" },
	{ "pod shop-7d9f8b6c5-x2x4z is gone", "pod shop-5b4c7f8d9-qqk8z is gone" },
	{ "listen :::8140", "listen :::9140" },
	{ "read [fe80::1ff:fe23:4567:890a]:443 reset", "read [2001:db8::8a2e:370:7334]:8443 reset" },
	{ "from 00:1A:2b:3c:4D:5e", "from 10:2a:3b:4c:5d:6e" },
	{ "bad token *** here", "bad token ghp_0123456789abcdefABCDEF0123456789abcd here" },
	{ "bad token *** here", "bad token [REDACTED:github-token] here" },
	{ "https://bot:***@github.com/o/r", "https://u:pa55word@github.com/o/r" },
	{ "https://***@github.com/o/r", "https://[REDACTED:userinfo]@github.com/o/r" },
	{ "request id: 8G7H6J5K4L3M2N1P, x", "request id: 1A2B3C4D5E6F7G8H, x" },
	{ "RequestId: 4b1f2c3d-aaaa", "RequestId: 9c8b7a6d-bbbb" },
	{ "X-GitHub-Request-Id: 0A1B:2C3D:4E5F60", "X-GitHub-Request-Id: 9F8E:7D6C:5B4A39" },
	{ "pool-1-thread-3 died", "pool-12-thread-31 died" },
	{ "[gw0] node down", "[gw13] node down" },
	{ "(node:77) Warning", "(node:98765) Warning" },
	{ "==7==ERROR: x", "==12345==ERROR: x" },
	{ "#<Cart:0x000055d0c3e4f5a6 @a=1>", "#<Cart:0x00007f12ab34cd56 @a=1>" },
	{ "test_x[<app.Foo object at 0x7f00>]", "test_x[<app.Foo object at 0x7fff12>]" },
	{ "Cart$$Lambda$14/0x0000000800066840@5e2de80c", "Cart$$Lambda$231/0x0000000801066c40@1b6d3586" },
	{ "$Proxy12 cannot be cast", "$Proxy47 cannot be cast" },
	{ "took 3 s", "took 41 s" },
	{ "no /tmp/tmp.AbCdEf12gh/out", "no /tmp/tmp.ZyXwVu98ts/out" },
	{ "in '/home/runner/work/r/r'", "in 'D:\\a\\q\\q'" },
	{ "/home/u/actions-runner/_work/r/r/a.py", "/home/runner/work/q/q/a.py" },
	{ "/work/src/a.py", "/home/runner/work/q/q/src/a.py" },
	{ "file:///D:/a/r/r/x.js", "file:///home/runner/work/r/r/x.js" },
	{ "/home/me/.npm/x", "/root/.npm/x" },
	{ "/opt/hostedtoolcache/Python/3.11.7/x64/lib/python3.11/json/decoder.py",
	  "/usr/lib/python3.12/json/decoder.py" },
	{ "/home/runner/work/r/r/node_modules/a/b.js", "C:\\x\\node_modules\\a\\b.js" },
	{ "/home/u/.cargo/registry/src/index.crates.io-6f17d22bba15001f/a-1.2.3/b.rs",
	  "/usr/local/cargo/registry/src/github.com-1ecc6299db9ec823/a-1.2.4/b.rs" },
	{ "no /home/runner/work/r/r/target/debug/deps/shop-4f1e2d3c4b5a6978",
	  "no /__w/r/r/target/debug/deps/shop-0a1b2c3d4e5f6071" },
	{ "make[2]: *** [Makefile:12: all] Error 1", "make: *** [Makefile:18: all] Error 1" },
	{ "ld: Makefile:3: x", "ld: Makefile:41: x" },
	{ "line 1:5 x", "line 12:33 x" },
	{ "(3:5) Unknown word", "(13:47) Unknown word" },
	{ "a.kt: (12, 5): x", "a.kt: (99, 15): x" },
	{ "in <main+12>", "in <main+45>" },
	{ "refs/pull/7/merge", "refs/pull/123/merge" },
	{ "coverage 85.3%", "coverage 91.22%" },
	{ "host fv-az1234-567 x", "host fv-az99-12 x" },
};

static const struct {
	const char *one, *other;
} different[] = {
	{ "HTTP 404", "HTTP 503" },
	{ "status code 404", "status code 500" },
	{ "exit code 1", "exit code 137" },
	{ "exited with code 3221225786", "exited with code 3221225477" },
	{ "assert 1 == 2", "assert 1 == 3" },
	{ "expected 10 but got 7", "expected 10 but got 8" },
	{ "error E0308", "error E0382" },
	{ "error TS2322: no", "error TS2345: no" },
	{ "ORA-00942: no", "ORA-01017: no" },
	{ "CVE-2024-1234", "CVE-2024-9999" },
	{ "No module named 'numpy'", "No module named 'pandas'" },
	{ "test_issue1234 failed", "test_issue1235 failed" },
	{ "numpy 1.26.4 wants x", "numpy 2.0.1 wants x" },
	{ "python 3.11", "python 3.12" },
	{ "src/a.py not found", "src/b.py not found" },
	{ "/tmp/x/a.txt missing", "/tmp/x/b.txt missing" },
	{ "/home/runner/work/r/r/src/a.py", "/home/runner/work/r/r/src/b.py" },
	{ "a.py:12: bad", "b.py:12: bad" },
	{ "tmpfile is open", "tmpdir is open" },
	{ "errno 2", "errno 13" },
	{ "signal 9", "signal 11" },
	{ "decade", "facade" },
	{ "deadbeef", "cafebabe" },
	{ "0.5 != 1", "0.25 != 1" },
	{ "key 'a' missing", "key 'b' missing" },
	{ "utf-8 codec", "utf-16 codec" },
	{ "std::a::b::c failed", "std::a::b::d failed" },
	{ "a::b::c", "a::b::d" },
	{ "make: *** [all] Error 1", "make: *** [all] Error 2" },
	{ "HTTP 401 for https://x/y", "HTTP 403 for https://x/y" },
	{ "https://github.com/o/r not found", "https://github.com/o/q not found" },
	{ "request failed: timeout", "request failed: refused" },
	{ "request id is missing", "request path is missing" },
	{ "session id: expired", "session id: invalid" },
	{ "sk-lang failed", "sk-code failed" },
	{ "(3) items", "(5) items" },
	{ "[3, 5]", "[3, 6]" },
	{ "x == 7", "x == 8" },
	{ "rate 50%", "rate 40%" },
	{ "node_modules/a/b.js", "node_modules/a/c.js" },
	{ "/home/runner/work/r/r/node_modules/a/b.js", "/home/runner/work/r/r/node_modules/c/b.js" },
	{ "/usr/lib/python3/dist-packages/a.py", "/usr/lib/python3/dist-packages/b.py" },
	{ "/home/me/a.cfg", "/home/me/b.cfg" },
	{ "** bold", "*** bold" },
	{ "decimal 12e3", "decimal 12e4x" },
	{ "", "x" },
};

static void normalised(void **state)
{
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct str one = normalise_text(&a, str_of(same[i].one));

		assert_str(one, str_text(&a, normalise_text(&a, str_of(same[i].other))));
		assert_str(normalise_text(&a, one), str_text(&a, one));	/* once is enough */
	}
	for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
		assert_string_not_equal(str_text(&a, normalise_text(&a, str_of(different[i].one))),
					str_text(&a, normalise_text(&a, str_of(different[i].other))));
}

static const struct {
	const char *text, *plain;
} shapes[] = {
	{ "<Foo object at 0x7f12ab>", "<Foo object at <address>>" },
	{ "took 3.21s (limit 2 s)", "took <time> (limit <time>)" },
	{ "numpy 1.26.4, not v2.0.0", "numpy 1.x, not v2.x" },
	{ "127.0.0.1:5432 a.py:7 E0308", "<ip> a.py:<n> E0308" },
	{ "D:\\a\\r\\r\\src\\a.py", "src/a.py" },
	{ "/tmp/pytest-of-u/pytest-3/t0/x.cfg!", "<tmp>/x.cfg!" },
	{ "id 123e4567-e89b-12d3-a456-426614174000.", "id <uuid>." },
	{ "n\xc3\xa9 12345", "n\xc3\xa9 <n>" },
	{ "", "" },
	{ " \t\n", "" },
	{ "0x", "0x" },
	{ "...", "..." },
};

static void shown(void **state)
{
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		assert_str(normalise_text(&a, str_of(shapes[i].text)), shapes[i].plain);
}

/* The time stays in proportion, whatever the text. */
static void long_texts(void **state)
{
	static const char *const pieces[] = { "a-", "x:", "***", "[REDACTED", "://", "/node_modules", "requestid=",
					      "sk-", "/a", "a@", "::", "m[1", "$1", "-/", "=/a",
					      "1", "a1", "1:", "1.", "0x", "/tmp/", "1m", "(1,", "-", "A1-",
					      "/home/runner/work/", "..", "E", " " };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		ARENA a = {0};
		struct text text = TEXT(&a);

		while (text.size < 16384)
			text_adds(&text, pieces[i]);
		assert_true(normalise_text(&a, text_str(&text)).size <= 5 * text.size);
	}
}

static const struct {
	const char *reader, *text;
} logs[] = {
	{ "python", "Traceback (most recent call last):\n"
	"  File \"/home/runner/work/shop/shop/app/cart.py\", line 41, in total\n"
	"    return mean(prices)\n"
	"  File \"/home/runner/work/shop/shop/app/stats.py\", line 12, in mean\n"
	"    return sum(xs) / len(xs)\n"
	"ValueError: pool <Pool at 0x7f3a2b1c> of worker 3 timed out after 31.25s\n" },
	{ "go", "panic: runtime error: invalid memory address or nil pointer dereference\n"
	"[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48f2a3]\n\n"
	"goroutine 17 [running]:\n"
	"example.com/shop.(*Cart).Total(0xc00001c0a8)\n"
	"\t/home/runner/work/shop/shop/cart.go:41 +0x1d\n"
	"example.com/shop.main()\n\t/home/runner/work/shop/shop/main.go:12 +0x2e\n" },
	{ "c", "src/cart.c:41:12: error: 'totl' undeclared (first use in this function)\n" },
	{ "runner", "##[error]Process completed with exit code 3.\n" },
};

/* What a rerun changes and the same commit after an unrelated edit above. */
static const struct {
	const char *from, *to;
} changes[] = {
	{ "0x7f3a2b1c", "0x5599aa00ff" }, { "worker 3", "worker 12" }, { "31.25s", "8.5s" },
	{ "line 41", "line 57" }, { "line 12", "line 1" }, { "cart.go:41", "cart.go:99" },
	{ "main.go:12", "main.go:7" }, { "+0x1d", "+0x155" }, { "+0x2e", "+0x9" },
	{ "goroutine 17", "goroutine 2301" }, { "pc=0x48f2a3", "pc=0x51a0" },
	{ "0xc00001c0a8", "0xc000aa0000" }, { "/home/runner/work/shop/shop", "/__w/fork/fork" },
	{ "/home/runner/work/shop/shop", "/Users/runner/work/shop/shop" },
	{ "/home/runner/work/shop/shop", "/github/workspace" }, { "cart.c:41:12", "cart.c:50:3" },
	{ "Traceback", "2024-05-01 a line before\nTraceback" }, { "panic: ", "other output\n\npanic: " },
	{ "src/cart.c:", "make: Entering directory 'x'\nsrc/cart.c:" },
	{ "##[error]", "\n\n##[error]" },
};

static struct str replaced(struct arena *a, const char *text, const char *from, const char *to)
{
	struct text out = TEXT(a);
	struct str rest = str_of(text), before;

	while (str_split(rest, from, &before, &rest)) {
		text_add(&out, before);
		text_adds(&out, to);
	}
	text_add(&out, rest);
	return text_str(&out);
}

static bool has_reader(const char *name)
{
	for (size_t i = 0; i < reader_count; i++)
		if (!strcmp(readers[i]->name, name))
			return true;
	print_message("SKIPPED: no reader %s\n", name);
	return false;
}

static void mechanical_changes(void **state)
{
	static const struct tree_file files[] = {
		{ "app/cart.py", "" }, { "app/stats.py", "" }, { "cart.go", "" }, { "main.go", "" },
		{ "src/cart.c", "" }, { NULL, NULL },
	};
	unsigned changed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		ARENA a = {0};
		const struct report *one = log_read(&a, NULL, str_of(logs[i].text));
		const struct tree *tree = tree_of_files(&a, files);

		if (!has_reader(logs[i].reader))
			continue;
		assert_true(one->failure_count > 0);
		assert_int_equal(strlen(one->failures[0].signature), 32);
		for (size_t k = 0; k < sizeof(changes) / sizeof(changes[0]); k++) {
			struct str text = replaced(&a, logs[i].text, changes[k].from, changes[k].to);
			const struct report *other = log_read(&a, NULL, text);

			changed += !str_is(text, logs[i].text);
			assert_true(other->failure_count > 0);
			assert_string_equal(other->failures[0].signature, one->failures[0].signature);
			assert_string_equal(other->failures[0].family, one->failures[0].family);
		}
		assert_true(log_read(&a, tree, str_of(logs[i].text))->failure_count > 0);
	}
	assert_true(changed > 10);
}

static struct failure failure_of(const char *type, const char *message, const char *function)
{
	static struct frame frames[1];
	struct failure f = { .kind = KIND_EXCEPTION, .type = type, .message = message };

	frames[0] = (struct frame){ .file = "a.py", .line = 3, .function = function, .own = true };
	f.frames = frames;
	f.frame_count = 1;
	signature_of(&f);
	return f;
}

static void parts(void **state)
{
	struct failure f = failure_of("E", "m", "f"), again = failure_of("E", "m", "f");
	struct failure message = failure_of("E", "n", "f"), type = failure_of("T", "m", "f");
	struct failure function = failure_of("E", "m", "g"), join = failure_of("E\x1fm", "", "f");

	(void)state;
	assert_string_equal(f.signature, again.signature);
	assert_string_not_equal(f.signature, message.signature);
	assert_string_equal(f.family, message.family);
	assert_string_not_equal(f.signature, type.signature);
	assert_string_not_equal(f.family, type.family);
	assert_string_not_equal(f.signature, function.signature);
	assert_string_not_equal(f.family, function.family);
	assert_string_not_equal(f.signature, join.signature);
	assert_string_not_equal(f.signature, f.family);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(normalised),	cmocka_unit_test(shown),
		cmocka_unit_test(long_texts),	cmocka_unit_test(mechanical_changes),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
