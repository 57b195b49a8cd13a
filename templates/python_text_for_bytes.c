/*
 * A text where bytes are wanted: a hash, a checksum, base64, a socket. The text is encoded with the
 * one codec that the code around it names; without one nobody knows which bytes are meant. Data
 * that should have been read as bytes in the first place is left alone.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

/* Functions and methods that take bytes, and which argument it is. */
static const struct {
	const char *names;
	unsigned argument;
} takers[] = {
	{ "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256 sha3_512 update sendall send "
	  "b64encode urlsafe_b64encode standard_b64encode hexlify crc32 adler32 compress b32encode "
	  "b16encode", 0 },
};

struct codec {
	struct str text;		/* "\"utf-8\"", or blank for encode() */
	bool named, quarrel;
	const char *by;
};

static struct str codec_of(const struct syntax *s, TSNode call)
{
	TSNode list = syntax_field(call, "arguments");
	struct str name = python_callee(s, call);

	if (word_among(name, "encode decode"))
		return syntax_text(s, python_child(list, 0));
	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);

		if (str_is(syntax_text(s, syntax_field(one, "name")), "encoding"))
			return syntax_text(s, syntax_field(one, "value"));
	}
	return STR_NONE;
}

/* "utf8", 'UTF-8' and nothing are one codec. */
static bool is_utf8(struct str text)
{
	if (!text.size)
		return true;
	if (text.size < 2)
		return false;
	text = str_slice(text, 1, text.size - 2);
	return str_equal_nocase(text, STR("utf-8")) || str_equal_nocase(text, STR("utf8"));
}

static void find_codec(struct python *python, const char *path, struct codec *codec)
{
	struct near *near;
	size_t count = python_near(python, path, &near);

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(python->scene->arena, near[i].s->root, "call");

		for (size_t k = 0; k < all.count; k++) {
			struct str name = python_callee(near[i].s, all.list[k]);
			struct str text = codec_of(near[i].s, all.list[k]);

			if (!word_among(name, "encode decode") && !text.size)
				continue;
			codec->quarrel |= codec->named && !str_equal(codec->text, text) &&
					  !(is_utf8(codec->text) && is_utf8(text));
			if (!codec->named)
				codec->text = text;
			codec->named = true;
			codec->by = arena_printf(python->scene->arena, "%s:%u", near[i].path,
						 syntax_line(all.list[k]));
		}
	}
}

static bool is_taker(struct str name)
{
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (word_among(name, takers[i].names))
			return true;
	return false;
}

/* The argument on the crashing line that has to be bytes. */
static TSNode find_text(struct arena *a, const struct site *crash)
{
	struct nodes all = python_nodes(a, crash->statement, "call");
	TSNode found = {{0}, NULL, NULL}, none = found;
	unsigned count = 0;

	for (size_t i = 0; i < all.count; i++) {
		TSNode first = python_bare(python_child(syntax_field(all.list[i], "arguments"), 0));
		struct str name = python_callee(crash->syntax, all.list[i]);

		if (!is_taker(name) || syntax_line(all.list[i]) != crash->line || ts_node_is_null(first))
			continue;
		if (str_is(python_callee(crash->syntax, first), "encode") ||
		    str_starts(syntax_text(crash->syntax, first), "b\"") ||
		    syntax_type_is(first, "keyword_argument|list_splat|dictionary_splat"))
			continue;
		found = first;
		count++;
	}
	return count == 1 ? found : none;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct codec codec = {0};
	struct site crash;
	struct str text;
	TSNode place;

	if (!python_own_crash(&python, &crash))
		return;
	place = find_text(scene->arena, &crash);
	if (ts_node_is_null(place))
		return template_decline(scene, "it is not clear what on the line has to be bytes");
	find_codec(&python, crash.path, &codec);
	if (!codec.named || codec.quarrel)
		return template_decline(scene, "no oracle: the code around it does not name one codec");
	text = syntax_text(crash.syntax, place);
	edit_node(&edits, place, str_of(arena_printf(scene->arena,
		  syntax_type_is(place, "identifier|attribute|subscript|call|string") ?
		  "%.*s.encode(%.*s)" : "(%.*s).encode(%.*s)", STR_ARG(text), STR_ARG(codec.text))));
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "%.*s is a text and has to be bytes, encoded as at %s",
				   STR_ARG(text), codec.by));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "the neighbour encodes in UTF-8",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_text ____________________\n"
			"test_digest.py:5: in test_text\n"
			"    assert of_text(\"ab\") == of_lines([\"a\", \"b\"])\n"
			"digest.py:12: in of_text\n"
			"    return hashlib.sha256(text).hexdigest()\n"
			"E   TypeError: Strings must be encoded before hashing\n"
			"============ short test summary info =============\n"
			"FAILED test_digest.py::test_text - TypeError: S...\n"
			"1 failed in 0.07s\n",
		.file = {
			{ "digest.py",
			  "import hashlib\n"
			  "\n"
			  "\n"
			  "def of_lines(lines):\n"
			  "    whole = hashlib.sha256()\n"
			  "    for line in lines:\n"
			  "        whole.update(line.encode(\"utf-8\"))\n"
			  "    return whole.hexdigest()\n"
			  "\n"
			  "\n"
			  "def of_text(text):\n"
			  "    return hashlib.sha256(text).hexdigest()\n",
			  "import hashlib\n"
			  "\n"
			  "\n"
			  "def of_lines(lines):\n"
			  "    whole = hashlib.sha256()\n"
			  "    for line in lines:\n"
			  "        whole.update(line.encode(\"utf-8\"))\n"
			  "    return whole.hexdigest()\n"
			  "\n"
			  "\n"
			  "def of_text(text):\n"
			  "    return hashlib.sha256(text.encode(\"utf-8\")).hexdigest()\n" },
			{ "test_digest.py",
			  "from digest import of_lines, of_text\n"
			  "\n"
			  "\n"
			  "def test_text():\n"
			  "    assert of_text(\"ab\") == of_lines([\"a\", \"b\"])\n", NULL },
		},
	},
	{
		.name = "base64 of a sum of texts",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_token ___________________\n"
			"test_tokens.py:5: in test_token\n"
			"    assert read(make(\"ada\", \"x\")) == \"ada:x\"\n"
			"tokens.py:9: in make\n"
			"    return base64.b64encode(name + \":\" + word).decode()\n"
			"/usr/lib/python3.11/base64.py:58: in b64encode\n"
			"    encoded = binascii.b2a_base64(s, newline=False)\n"
			"E   TypeError: a bytes-like object is required, not 'str'\n"
			"============ short test summary info =============\n"
			"FAILED test_tokens.py::test_token - TypeError: ...\n"
			"1 failed in 0.06s\n",
		.file = {
			{ "tokens.py",
			  "import base64\n"
			  "\n"
			  "\n"
			  "def read(token):\n"
			  "    return base64.b64decode(token).decode()\n"
			  "\n"
			  "\n"
			  "def make(name, word):\n"
			  "    return base64.b64encode(name + \":\" + word).decode()\n",
			  "import base64\n"
			  "\n"
			  "\n"
			  "def read(token):\n"
			  "    return base64.b64decode(token).decode()\n"
			  "\n"
			  "\n"
			  "def make(name, word):\n"
			  "    return base64.b64encode((name + \":\" + word).encode()).decode()\n" },
			{ "test_tokens.py",
			  "from tokens import make, read\n"
			  "\n"
			  "\n"
			  "def test_token():\n"
			  "    assert read(make(\"ada\", \"x\")) == \"ada:x\"\n", NULL },
		},
	},
	{
		.name = "nobody names a codec",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_text ____________________\n"
			"test_digest.py:5: in test_text\n"
			"    assert len(of_text(\"ab\")) == 64\ndigest.py:5: in of_text\n"
			"    return hashlib.sha256(text).hexdigest()\n"
			"E   TypeError: Strings must be encoded before hashing\n"
			"============ short test summary info =============\n"
			"FAILED test_digest.py::test_text - TypeError: S...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "digest.py",
			  "import hashlib\n"
			  "\n"
			  "\n"
			  "def of_text(text):\n"
			  "    return hashlib.sha256(text).hexdigest()\n", NULL },
			{ "test_digest.py",
			  "from digest import of_text\n"
			  "\n"
			  "\n"
			  "def test_text():\n"
			  "    assert len(of_text(\"ab\")) == 64\n", NULL },
		},
		.declines = "does not name one codec",
	},
	{
		.name = "two codecs",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_text ____________________\n"
			"test_digest.py:5: in test_text\n"
			"    assert len(of_text(\"ab\")) == 32\ndigest.py:13: in of_text\n"
			"    return hashlib.md5(text).hexdigest()\n"
			"E   TypeError: Strings must be encoded before hashing\n"
			"============ short test summary info =============\n"
			"FAILED test_digest.py::test_text - TypeError: S...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "digest.py",
			  "import hashlib\n"
			  "\n"
			  "\n"
			  "def old(text):\n"
			  "    return hashlib.md5(text.encode(\"latin-1\")).hexdigest()\n"
			  "\n"
			  "\n"
			  "def new(text):\n"
			  "    return hashlib.md5(text.encode(\"utf-8\")).hexdigest()\n"
			  "\n"
			  "\n"
			  "def of_text(text):\n"
			  "    return hashlib.md5(text).hexdigest()\n", NULL },
			{ "test_digest.py",
			  "from digest import of_text\n"
			  "\n"
			  "\n"
			  "def test_text():\n"
			  "    assert len(of_text(\"ab\")) == 32\n", NULL },
		},
		.declines = "does not name one codec",
	},
	{
		.name = "it is not clear what has to be bytes",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_words ___________________\n"
			"test_split.py:5: in test_words\n"
			"    assert words(b\"a,b\") == [\"a\", \"b\"]\nsplit.py:2: in words\n"
			"    return [word.decode(\"utf-8\") for word in data.split(\",\")]\n"
			"E   TypeError: a bytes-like object is required, not 'str'\n"
			"============ short test summary info =============\n"
			"FAILED test_split.py::test_words - TypeError: a...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "split.py",
			  "def words(data):\n"
			  "    return [word.decode(\"utf-8\") for word in data.split(\",\")]\n", NULL },
			{ "test_split.py",
			  "from split import words\n"
			  "\n"
			  "\n"
			  "def test_words():\n"
			  "    assert words(b\"a,b\") == [\"a\", \"b\"]\n", NULL },
		},
		.declines = "not clear",
	},
	{0}
};

const struct template template_python_text_for_bytes = {
	.name = "python_text_for_bytes",
	.summary = "a text where a hash, base64 or a socket wants bytes -> encoded as the code around it does",
	.language = "python",
	.class = "type",
	.oracles = "sibling",
	.keeps_off = "the code around it names no codec, or several; it is not clear what has to be bytes",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(Strings must be encoded before hashing|Unicode-objects must be encoded before hashing|a bytes-like object is required, not .str.)",
	.fix = fix,
	.examples = examples,
};
