/*
 * Counts before and after, as bot/rules_text.c does: what a file has already is left alone. Knows
 * words, not meanings; what it misses still runs in the sandbox without a network.
 */
#include "bot/model_fence.h"

#include "bot/base/utf8.h"

enum { BLOB_BYTES = 120 };

static const char *const reaching[] = {
	"eval(", "exec(", "execv", "execl", "popen", "system(", "subprocess", "child_process", "spawn(",
	"os/exec", "ProcessBuilder", "getRuntime", "Command::new", "dlopen", "__import__(", "importlib",
	"Function(", "socket", "urllib", "requests.", "httpx", "aiohttp", "fetch(", "XMLHttpRequest",
	"axios", "net/http", "http.Get", "HttpClient", "reqwest", "curl", "wget", "os.environ",
	"getenv", "process.env", "os.Getenv", "System.getenv", "env::var", "pickle", "marshal.loads",
	"base64", "atob(", "fromCharCode", "ctypes", "chmod", "/proc/", "/etc/", ".ssh", "rm -rf",
	"sys.exit", "os._exit", "process.exit", "os.Exit", "pytest", "unittest", "jest", "inspect.stack",
	"sys._getframe", "sys.modules", "sys.argv",
};

static size_t occurrences(struct str text, struct str word)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find(text, word)) >= 0) {
		n++;
		text = str_from(text, (size_t)at + word.size);
	}
	return n;
}

static bool no_reaching(const struct change *change, struct err *e)
{
	for (size_t i = 0; i < sizeof(reaching) / sizeof(*reaching); i++)
		if (occurrences(change->after, str_of(reaching[i])) >
		    occurrences(change->before, str_of(reaching[i])))
			return fail(e, ERR_DENIED, "it would add \"%s\" to %s; a model's fix may not reach "
				    "out of the code it mends", reaching[i], change->path);
	return true;
}

static bool is_host(char c)
{
	return c == '.' || c == '-' || c == ':' || c == '@' || c == '%' || (c >= '0' && c <= '9') ||
	       (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool no_new_host(const struct change *change, struct err *e)
{
	struct str text = change->after;
	ptrdiff_t at;

	while ((at = str_find(text, STR("://"))) >= 0) {
		size_t size = 3;

		text = str_from(text, (size_t)at);
		while (size < text.size && is_host(text.at[size]))
			size++;
		if (str_find(change->before, str_slice(text, 0, size)) < 0)
			return fail(e, ERR_DENIED, "it would add a URL of another host to %s",
				    change->path);
		text = str_from(text, size);
	}
	return true;
}

static bool is_blob(char c)
{
	return c == '+' || c == '/' || c == '=' || c == '_' || c == '-' || c == '\\' ||
	       (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool no_blob(const struct change *change, struct err *e)
{
	struct str text = change->after;

	for (size_t i = 0, end; i < text.size; i = end + 1) {
		for (end = i; end < text.size && is_blob(text.at[end]); end++)
			;
		if (end - i > BLOB_BYTES &&
		    str_find(change->before, str_slice(text, i, end - i)) < 0)
			return fail(e, ERR_DENIED, "it would add a long encoded text to %s", change->path);
	}
	return true;
}

static size_t hidden(struct str text)
{
	size_t n = 0;

	while (text.size) {
		uint32_t c;
		size_t size = utf8_first(text, &c);

		n += size && ((utf8_is_hidden(c) && c != '\n' && c != '\t' && c != '\r') ||
			      (c >= 0xe0000 && c <= 0xe0fff));
		text = str_from(text, size ? size : 1);
	}
	return n;
}

bool model_fence(const struct patch *patch, struct err *e)
{
	for (size_t i = 0; i < patch->count; i++) {
		const struct change *change = &patch->changes[i];

		if (!no_reaching(change, e) || !no_new_host(change, e) || !no_blob(change, e))
			return false;
		if (hidden(change->after) > hidden(change->before))
			return fail(e, ERR_DENIED, "it would add hidden characters to %s", change->path);
	}
	return true;
}
