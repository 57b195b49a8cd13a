/*
 * The standard library's modules and the names that everybody takes from them. A name that several
 * modules have (`sleep`, `open`, `Lock`) is not in the table: it would be a guess.
 */
#include "templates/lib_import.h"

static const char *const modules[] = {
	"__future__", "abc", "argparse", "array", "ast", "asyncio", "atexit", "base64", "binascii",
	"bisect", "builtins", "bz2", "calendar", "cmath", "cmd", "code", "codecs", "codeop",
	"collections", "colorsys", "compileall", "concurrent", "configparser", "contextlib",
	"contextvars", "copy", "copyreg", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm",
	"decimal", "difflib", "dis", "doctest", "email", "encodings", "enum", "errno", "faulthandler",
	"fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "gc", "getopt",
	"getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html",
	"http", "imaplib", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword",
	"linecache", "locale", "logging", "lzma", "mailbox", "marshal", "math", "mimetypes", "mmap",
	"modulefinder", "multiprocessing", "netrc", "numbers", "operator", "optparse", "os", "pathlib",
	"pdb", "pickle", "pickletools", "pkgutil", "platform", "plistlib", "poplib", "posixpath",
	"pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pydoc", "queue", "quopri",
	"random", "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets",
	"select", "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtplib", "socket",
	"socketserver", "sqlite3", "ssl", "stat", "statistics", "string", "stringprep", "struct",
	"subprocess", "symtable", "sys", "sysconfig", "syslog", "tarfile", "tempfile", "termios",
	"textwrap", "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace",
	"traceback", "tracemalloc", "tty", "turtle", "types", "typing", "unicodedata", "unittest",
	"urllib", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "wsgiref",
	"xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
};

static const char *const removed[] = {
	"asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "distutils", "imghdr",
	"imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "smtpd",
	"sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib", "formatter", "parser", "symbol",
	"macpath", "dummy_threading", "_markupbase", "ConfigParser", "Queue", "StringIO", "cPickle",
	"cStringIO", "urllib2", "urlparse", "httplib", "Tkinter", "commands", "HTMLParser", "thread",
};

static const struct {
	const char *name, *module;
} homes[] = {
	{ "ABC", "abc" }, { "abstractmethod", "abc" }, { "Any", "typing" }, { "AnyStr", "typing" },
	{ "BytesIO", "io" }, { "Callable", "typing" }, { "ClassVar", "typing" },
	{ "Counter", "collections" }, { "Decimal", "decimal" }, { "Dict", "typing" },
	{ "Enum", "enum" }, { "Fraction", "fractions" }, { "FrozenSet", "typing" },
	{ "Generic", "typing" }, { "IntEnum", "enum" }, { "Iterable", "typing" },
	{ "Iterator", "typing" }, { "List", "typing" }, { "Literal", "typing" },
	{ "Mapping", "typing" }, { "NamedTuple", "typing" }, { "Optional", "typing" },
	{ "OrderedDict", "collections" }, { "Path", "pathlib" }, { "PurePath", "pathlib" },
	{ "Sequence", "typing" }, { "Set", "typing" }, { "StringIO", "io" },
	{ "TYPE_CHECKING", "typing" }, { "Tuple", "typing" }, { "Type", "typing" },
	{ "TypeVar", "typing" }, { "Union", "typing" }, { "contextmanager", "contextlib" },
	{ "dataclass", "dataclasses" }, { "deepcopy", "copy" }, { "defaultdict", "collections" },
	{ "deque", "collections" }, { "lru_cache", "functools" }, { "namedtuple", "collections" },
	{ "partial", "functools" }, { "reduce", "functools" }, { "suppress", "contextlib" },
	{ "timedelta", "datetime" }, { "timezone", "datetime" }, { "wraps", "functools" },
};

bool import_is_stdlib(struct str module)
{
	struct str first;

	if (!str_split(module, ".", &first, NULL))
		first = module;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (str_is(first, modules[i]))
			return true;
	return false;
}

bool import_is_removed(struct str module)
{
	struct str first;

	if (!str_split(module, ".", &first, NULL))
		first = module;
	for (size_t i = 0; i < sizeof(removed) / sizeof(removed[0]); i++)
		if (str_is(first, removed[i]))
			return true;
	return false;
}

const char *import_home_of(struct str name)
{
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (str_is(name, homes[i].name))
			return homes[i].module;
	return NULL;
}
