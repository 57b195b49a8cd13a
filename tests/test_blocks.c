/*
 * The lines of an exception make one block, exactly, whatever stands around it: plain lines, the
 * runner's stamps, another copy, the exception of another language.
 */
#include "tests/unit.h"

#include "ci/log.h"

/* As the runtimes print them (Go's newest, Rails, Flutter: in their form). No newline ends one. */
static const struct {
	const char *name, *text;
} samples[] = {
	{ "java with causes and a message of many lines",
		"Exception in thread \"main\" java.lang.Exception: top level failed\n"
		"\tat T.top(T.java:6)\n"
		"\tat T.main(T.java:11)\n"
		"Caused by: java.lang.IllegalStateException: mid\n"
		"\tat T.mid(T.java:5)\n"
		"\t... 2 more\n"
		"Caused by: java.lang.RuntimeException: low\n"
		"second line of it\n"
		"  third\n"
		"\tat T.low(T.java:4)\n"
		"\t... 3 more\n" },
	{ "java, suppressed",
		"Exception in thread \"main\" java.lang.Exception: wrapped\n"
		"\tat T.main(T.java:18)\n"
		"\tSuppressed: java.lang.Exception: s2\n"
		"\t\t... 1 more\n"
		"\tCaused by: java.lang.RuntimeException: cause of s2\n"
		"\t\t... 1 more\n"
		"Caused by: java.io.IOException: read\n"
		"\tat T.sup(T.java:7)\n"
		"\t... 1 more\n"
		"\tSuppressed: java.lang.IllegalStateException: cannot close\n"
		"\t\tat T$Res.close(T.java:3)\n"
		"\t\t... 2 more\n" },
	{ "java, circular",
		"Exception in thread \"main\" java.lang.Exception: a\n"
		"\tat T.circ(T.java:8)\n"
		"\tat T.main(T.java:11)\n"
		"Caused by: java.lang.Exception: b\n"
		"\t... 2 more\n"
		"Caused by: [CIRCULAR REFERENCE: java.lang.Exception: a]\n" },
	{ "java, a mail exception nested in its message",
		"java.lang.RuntimeException: jakarta.mail.SendFailedException: Invalid"
		" Addresses;\n"
		"  nested exception is:\n"
		"\tcom.example.smtp.AddressFailedException: 550 5.7.1 <a@example.org>..."
		" Relaying denied\n"
		"\n"
		"\tat com.example.Mail.send(Mail.java:40)\n"
		"\tat com.example.Main.main(Main.java:8)\n"
		"Caused by: jakarta.mail.SendFailedException: Invalid Addresses;\n"
		"  nested exception is:\n"
		"com.example.smtp.AddressFailedException: 550 5.7.1 <a@example.org>..."
		" Relaying denied\n"
		"\n"
		"\tat com.example.smtp.Transport.rcpt(Transport.java:1294)\n"
		"\t... 2 more\n"
		"Caused by: com.example.smtp.AddressFailedException: 550 5.7.1"
		" <a@example.org>... Relaying denied\n"
		"\n"
		"\tat com.example.smtp.Transport.check(Transport.java:1145)\n"
		"\t... 3 more\n" },
	{ "java, logback with common frames",
		"2026-03-04 05:06:07.111 ERROR 12 --- [main] com.example.App : Could not"
		" start: com.example.StartException: no port\n"
		"\tat com.example.App.run(App.java:20) ~[classes/:na]\n"
		"\tat com.example.App.main(App.java:9) ~[classes/:na]\n"
		"Caused by: java.net.BindException: Address already in use\n"
		"\tat java.base/sun.nio.ch.Net.bind0(Native Method) ~[na:na]\n"
		"\tat com.example.App.bind(App.java:30) ~[classes/:na]\n"
		"\t... 2 common frames omitted\n" },
	{ "java with an odd name",
		"Exception in thread \"main\" odd one\n"
		"\tat T.lambda$main$0(T.java:15)\n"
		"\tat java.base/java.util.stream.ReferencePipeline$3$1.accept(Reference"
		"Pipeline.java:197)\n"
		"\tat T.main(T.java:15)\n" },
	{ "java without a message",
		"java.lang.NullPointerException\n"
		"\tat T.main(T.java:19)\n" },
	{ "java, cause without message, generated frames",
		"jakarta.servlet.ServletException: Something bad happened\n"
		"    at com.example.myproject.OpenSessionInViewFilter.doFilter(OpenSess"
		"ionInViewFilter.java:60)\n"
		"    at com.example.$Proxy12.call(Unknown Source)\n"
		"    at jdk.internal.reflect.GeneratedMethodAccessor1.invoke(Unknown Source)\n"
		"    at com.example.Service$$EnhancerBySpringCGLIB$$1a2b.save(<generated>)\n"
		"Caused by: com.example.myproject.MyServletException\n"
		"    at com.example.myproject.MyServlet.doPost(MyServlet.java:169)\n"
		"    ... 4 more\n"
		"Caused by: java.sql.SQLException: Violation of unique constraint UK_1:"
		" duplicate value(s) for column(s) C in statement [...]\n"
		"    at org.hsqldb.jdbc.Util.throwError(Unknown Source)\n"
		"    ... 54 more\n" },
	{ "node, an uncaught error with properties",
		"node:fs:573\n"
		"  return binding.open(\n"
		"                 ^\n"
		"\n"
		"Error: ENOENT: no such file or directory, open '/nope'\n"
		"    at Object.openSync (node:fs:573:18)\n"
		"    at Object.<anonymous> (/tmp/a.js:16:26)\n"
		"    at node:internal/main/run_main_module:28:49 {\n"
		"  errno: -2,\n"
		"  code: 'ENOENT',\n"
		"  path: '/nope'\n"
		"}\n" },
	{ "node, an asynchronous error of two lines",
		"/tmp/a.js:2\n"
		"async function f() { await null; throw new Error(\"async one\\nwith a second"
		" line\"); }\n"
		"                                       ^\n"
		"\n"
		"Error: async one\n"
		"with a second line\n"
		"    at f (/tmp/a.js:2:40)\n"
		"    at async g (/tmp/a.js:3:22)\n" },
	{ "node, an express server's error",
		"ReferenceError: myArray is not defined\n"
		"  at next (/app/node_modules/express/lib/router/index.js:256:14)\n"
		"  at /app/node_modules/express/lib/router/index.js:615:15\n"
		"  at process.processImmediate [as _immediateCallback] (timers.js:354:15)\n" },
	{ "node, an error and its cause",
		"Error: logged\n"
		"    at Object.<anonymous> (/tmp/a.js:8:25)\n"
		"    ... 4 lines matching cause stack trace ...\n"
		"    at node:internal/main/run_main_module:28:49 {\n"
		"  [cause]: TypeError: inner\n"
		"      at Object.<anonymous> (/tmp/a.js:8:53)\n"
		"      at node:internal/main/run_main_module:28:49\n"
		"}\n" },
	{ "node, an error event",
		"node:events:502\n"
		"      throw er; // Unhandled 'error' event\n"
		"      ^\n"
		"\n"
		"Error: ev\n"
		"    at Object.<anonymous> (/tmp/a.js:17:86)\n"
		"    at node:internal/main/run_main_module:28:49\n"
		"Emitted 'error' event at:\n"
		"    at Object.<anonymous> (/tmp/a.js:17:45)\n"
		"    [... lines matching original stack trace ...]\n"
		"    at node:internal/main/run_main_module:28:49\n" },
	{ "node, assertion",
		"node:assert:90\n"
		"  throw new AssertionError(obj);\n"
		"  ^\n"
		"\n"
		"AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n"
		"\n"
		"1 !== 2\n"
		"\n"
		"    at Object.<anonymous> (/tmp/a.js:15:30)\n"
		"    at node:internal/main/run_main_module:28:49 {\n"
		"  generatedMessage: true,\n"
		"  operator: 'strictEqual'\n"
		"}\n" },
	{ "a browser's console",
		"Error\n"
		"    at bls (<anonymous>:3:9)\n"
		"    at <anonymous>:6:4\n"
		"    at http://localhost:8080/static/app.js:12:7\n"
		"    at HTMLButtonElement.<anonymous>"
		" (http://localhost:8080/static/app.js:20:3)\n"
		"    at Object.call (chrome-extension://abcdef/page.js:3:1)\n"
		"    at webpack-internal:///./src/a.js:4:11\n" },
	{ "a page's uncaught error",
		"Uncaught TypeError: Cannot read property 'x' of undefined\n"
		"    at Foo.a (eval at Bar.z (myscript.js:10:3), <anonymous>:1:2)\n"
		"    at new Foo (native)\n"
		"    at new Function (unknown location)\n"
		"    at Array.map (<anonymous>)\n"
		"    at Type.functionName [as methodName] (file(copy).js:10:3)\n"
		"    at eval (eval at foo (http://h/a.js:1:1), <anonymous>:3:7)\n" },
	{ "a heading before V8's frames",
		"JavaScript stack trace:\n"
		"    at Foo.a (app.js:10:3)\n"
		"    at async Promise.all (index 0)\n"
		"    at main (app.js:1:1)\n" },
	{ "a logger's head before the error",
		"2026-03-04 10:11:12 ERROR TypeError: Cannot read x\n"
		"    at foo (/a/b.js:1:2)\n"
		"    at bar (/a/b.js:3:2)\n" },
	{ "forms of V8's places",
		"V8 engine stack trace\n"
		"  eval at Foo.a (eval at Bar.z (myscript.js:10:3))\n"
		"  at new Contructor.Name (native)\n"
		"  at new FunctionName (unknown location)\n"
		"  at Type.functionName [as methodName] (file(copy).js:10:3)\n"
		"  at functionName (eval at foo (a.js:1:2))\n" },
	{ "java, a lambda and a native frame",
		"[ERROR] (main) com.foo.App$Inner: java.lang.RuntimeException: hello: there\n"
		"\tat com.foo.Main.main(Main.java:3)\n"
		"\tat com.foo.Main$$Lambda$14/0x00000008000b.run(Unknown Source)\n"
		"\tat app//com.foo.Main.run(Main.java:9)\n"
		"\tat java.lang.Thread.run(Thread.java:748) [?:1.8]\n"
		"Caused by: java.io.IOException\n"
		"\tat com.foo.Main.x(Main.java)\n"
		"\t... 22 common frames omitted\n" },
	{ "console.trace",
		"Trace: here\n"
		"    at Object.<anonymous> (/tmp/a.js:12:19)\n"
		"    at node:internal/main/run_main_module:28:49\n" },
	{ "python",
		"Traceback (most recent call last):\n"
		"  File \"/tmp/a.py\", line 21, in <module>\n"
		"    main(int(sys.argv[1]))\n"
		"  File \"/tmp/a.py\", line 2, in f\n"
		"    def f(x): return 1/x\n"
		"                     ~^~\n"
		"ZeroDivisionError: division by zero\n" },
	{ "python, chained",
		"Traceback (most recent call last):\n"
		"  File \"/tmp/a.py\", line 2, in f\n"
		"    def f(x): return 1/x\n"
		"                     ~^~\n"
		"ZeroDivisionError: division by zero\n"
		"\n"
		"During handling of the above exception, another exception occurred:\n"
		"\n"
		"Traceback (most recent call last):\n"
		"  File \"/tmp/a.py\", line 10, in main\n"
		"    except ZeroDivisionError: raise KeyError(\"k\")\n"
		"KeyError: 'k'\n" },
	{ "python, an exception of a tuple",
		"Traceback (most recent call last):\n"
		"  File \"/base/data/home/apps/s~shop/1.3/lib/webapp2.py\", line 1535, in"
		" __call__\n"
		"    rv = self.handle_exception(request, response, e)\n"
		"  File \"/base/data/home/apps/s~shop/1.3/app.py\", line 8, in get\n"
		"    raise Exception('spam', 'eggs')\n"
		"Exception: ('spam', 'eggs')\n" },
	{ "go, a plain panic",
		"panic: plain text\n"
		"\n"
		"goroutine 1 [running]:\n"
		"main.main()\n"
		"\t/src/main.go:7 +0x426\n" },
	{ "go, a signal in a goroutine, of Go 1.21 on",
		"panic: runtime error: invalid memory address or nil pointer dereference\n"
		"[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x64c68e]\n"
		"\n"
		"goroutine 5 gp=0xc000006c40 m=3 mp=0xc00005a808 [running]:\n"
		"main.work(0x0)\n"
		"\t/src/main.go:8 +0x18e fp=0xc000051fc8 sp=0xc000051f90 pc=0x64c68e\n"
		"created by main.main in goroutine 1\n"
		"\t/src/main.go:11 +0x65\n" },
	{ "go, a panic again",
		"panic: first [recovered]\n"
		"\tpanic: again first\n"
		"\n"
		"goroutine 1 [running]:\n"
		"main.main.func3()\n"
		"\t/src/main.go:13 +0x74\n"
		"panic({0x66a340, 0x7368b0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\n"
		"main.main()\n"
		"\t/src/main.go:13 +0x3a5\n" },
	{ "go, two goroutines",
		"fatal error: all goroutines are asleep - deadlock!\n"
		"\n"
		"goroutine 1 [semacquire]:\n"
		"sync.(*WaitGroup).Wait(0xc000088f70?)\n"
		"\t/usr/lib/go-1.19/src/sync/waitgroup.go:139 +0x52\n"
		"main.main()\n"
		"\t/src/main.go:19 +0x50\n"
		"\n"
		"goroutine 18 [chan receive, 2 minutes]:\n"
		"main.main.func1()\n"
		"\t/src/main.go:17 +0x2c\n"
		"created by main.main\n"
		"\t/src/main.go:15 +0x45\n" },
	{ "go, a stack overflow",
		"fatal error: stack overflow\n"
		"\n"
		"runtime stack:\n"
		"runtime.throw({0x6bd90e?, 0x88eea0?})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:1047 +0x5d fp=0x7fffdc9c9d30"
		" sp=0x7fffdc9c9d00 pc=0x43685d\n"
		"\n"
		"goroutine 1 [running]:\n"
		"main.deep(0x98966f?)\n"
		"\t/src/main.go:4 +0x3a fp=0xc0200f83a8 sp=0xc0200f8388 pc=0x64c3ba\n"
		"...additional frames elided...\n"
		"created by runtime.main\n"
		"\t/usr/lib/go-1.19/src/runtime/proc.go:145 +0x1\n" },
	{ "go, a server's panic",
		"2026/11/21 18:50:09 http: panic serving 127.0.0.1:56098: runtime error:"
		" invalid memory address\n"
		"goroutine 9 [running]:\n"
		"net/http.(*conn).serve.func1()\n"
		"\t/usr/lib/go-1.19/src/net/http/server.go:1850 +0xbf\n"
		"panic({0x6793a0, 0x8b70b0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:890 +0x262\n"
		"main.main.func2({0x4a66e0?, 0xc0000ca280?}, 0x7f7e25fcd6e8?)\n"
		"\t/src/main.go:12 +0x2\n"
		"created by net/http.(*Server).Serve\n"
		"\t/usr/lib/go-1.19/src/net/http/server.go:3102 +0x4db\n" },
	{ "ruby, an exception with its cause",
		"lib/cart.rb:13:in `rescue in load': cannot load x1 (CartError)\n"
		"\tfrom lib/cart.rb:10:in `load'\n"
		"\tfrom run.rb:2:in `<main>'\n"
		"lib/cart.rb:11:in `Integer': invalid value for Integer(): \"x1\""
		" (ArgumentError)\n"
		"\tfrom lib/cart.rb:11:in `load'\n"
		"\tfrom run.rb:2:in `<main>'\n" },
	{ "ruby, a hint below the message",
		"lib/cart.rb:8:in 'Cart#name': undefined method 'name' for nil (NoMethodError)\n"
		"\n"
		"    @owner.name\n"
		"          ^^^^^\n"
		"\tfrom run.rb:2:in '<main>'\n" },
	{ "ruby, endless",
		"lib/cart.rb:15:in `deep': stack level too deep (SystemStackError)\n"
		"\tfrom lib/cart.rb:15:in `deep'\n"
		"\t ... 10068 levels...\n"
		"\tfrom lib/cart.rb:15:in `deep'\n"
		"\tfrom run.rb:1:in `<main>'\n" },
	{ "rails, with a gap",
		"ActiveRecord::RecordNotFound (Couldn't find Cart with 'id'=1):\n"
		"  \n"
		"app/models/cart.rb:5:in `total'\n"
		"app/controllers/carts_controller.rb:9:in `show'\n"
		"activesupport (5.1.4) lib/active_support/tagged_logging.rb:69:in `block in"
		" tagged'\n" },
	{ "php, an uncaught error",
		"PHP Fatal error:  Uncaught Error: Call to a member function name() on null in"
		" /x/src/Cart.php:10\n"
		"Stack trace:\n"
		"#0 /x/run.php(3): Shop\\Cart->name()\n"
		"#1 {main}\n"
		"  thrown in /x/src/Cart.php on line 10\n" },
	{ "php, on the screen, with one before it",
		"Fatal error: Uncaught DivisionByZeroError: Division by zero in"
		" /x/src/Cart.php:8\n"
		"Stack trace:\n"
		"#0 /x/src/Cart.php(8): intdiv()\n"
		"#1 {main}\n"
		"\n"
		"Next Shop\\CartError: cannot load x1 in /x/src/Cart.php:13\n"
		"Stack trace:\n"
		"#0 /x/run.php(3): Shop\\Cart->load()\n"
		"#1 {main}\n"
		"  thrown in /x/src/Cart.php on line 13\n" },
	{ "php 5, printed",
		"exception 'Exception' with message 'Custom exception' in /x/test.php:5\n"
		"Stack trace:\n"
		"#0 /x/test.php(9): func1()\n"
		"#1 /x/test.php(13): func2()\n"
		"#2 {main}\n" },
	{ "php 8, printed",
		"Exception: Custom exception in /x/test.php:5\n"
		"Stack trace:\n"
		"#0 {main}\n" },
	{ "dart, asynchronous",
		"Unhandled exception:\n"
		"Bad state: No element\n"
		"#0      List.first (dart:core-patch/growable_array.dart:343:5)\n"
		"#1      load (file:///x/bin/shop.dart:12:8)\n"
		"<asynchronous suspension>\n"
		"#2      main (file:///x/bin/shop.dart:5:3)\n"
		"<asynchronous suspension>\n" },
	{ "dart, no such method",
		"Unhandled exception:\n"
		"NoSuchMethodError: The method 'total' was called on null.\n"
		"Receiver: null\n"
		"Tried calling: total()\n"
		"#0      Object.noSuchMethod (dart:core-patch/object_patch.dart:38:5)\n"
		"#1      main (file:///x/bin/shop.dart:4:8)\n" },
};

enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

static unsigned long count_lines(const char *text)
{
	unsigned long n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static struct str stamped(struct arena *a, struct str log)
{
	struct text out = TEXT(a);
	struct str line;

	for (unsigned n = 0; str_next(&log, '\n', &line); n++)
		text_addf(&out, "2026-03-04T05:%02u:%02u.%07uZ %.*s\n", n / 60 % 60, n % 60,
			  n * 731 % 9999999, STR_ARG(line));
	return text_str(&out);
}

/* Block i must be first[i]..last[i]. */
static unsigned check(const char *name, struct str log, const unsigned long *first,
		      const unsigned long *last, size_t count)
{
	ARENA a = {0};
	unsigned wrong = 0;

	for (int round = 0; round < 2; round++) {
		const struct report *report = log_read(&a, NULL, round ? stamped(&a, log) : log);

		for (size_t i = 0; i < report->block_count || i < count; i++) {
			const struct block none = {0};
			const struct block *b = i < report->block_count ? &report->blocks[i] : &none;

			if (i < count && b->first == first[i] && b->last == last[i])
				continue;
			wrong++;
			print_error("%s%s: block %lu-%lu, expected %lu-%lu\n", name,
				    round ? ", stamped" : "", b->first, b->last,
				    i < count ? first[i] : 0, i < count ? last[i] : 0);
		}
	}
	return wrong;
}

static void two_copies(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		ARENA a = {0};
		struct text log = TEXT(&a);
		unsigned long n = count_lines(samples[i].text);

		text_addf(&log, "one plain line\n%sand another\n%sthe end\n", samples[i].text,
			  samples[i].text);
		wrong += check(samples[i].name, text_str(&log), (unsigned long[]){ 2, n + 3 },
			       (unsigned long[]){ n + 1, 2 * n + 2 }, 2);
	}
	assert_int_equal(wrong, 0);
}

static void one_after_another(void **state)
{
	ARENA a = {0};
	unsigned long first[SAMPLES], last[SAMPLES], at = 1;
	struct text log = TEXT(&a);

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t k = i * 17 % SAMPLES;	/* no two of a language in a row */

		text_adds(&log, samples[k].text);
		first[i] = at;
		at += count_lines(samples[k].text);
		last[i] = at - 1;
	}
	assert_int_equal(check("all", text_str(&log), first, last, SAMPLES), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_copies),
		cmocka_unit_test(one_after_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
