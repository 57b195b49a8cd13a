/*
 * A data race on a field of a struct with a mutex, where every other method that touches a field
 * holds the lock -> the one method that does not takes it, with the lines of its siblings. Keeps
 * off methods that a holder of the lock calls, and those that call one that takes it: that would
 * be a deadlock.
 */
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

enum { METHODS_MAX = 64 };

struct method {
	struct go_file *file;
	TSNode node;
	struct str name, receiver;
	bool locks, reads_only, touches;
	struct str idiom;		/* "mu.Lock()", without the receiver */
};

struct type {
	struct scene *scene;
	struct go_package *package;
	struct str name, mutex;
	bool shared;			/* RWMutex */
	struct method list[METHODS_MAX];
	size_t count;
};

/* The one field of type sync.Mutex or sync.RWMutex. */
static bool find_mutex(struct type *type)
{
	struct go_file *file = NULL;
	TSNode spec = go_type(type->package, type->name, &file), body = syntax_field(spec, "type");

	for (unsigned n = 0; syntax_type_is(body, "struct_type"); n++) {
		TSNode field = syntax_below(body, "field_declaration", n);
		struct str kind = syntax_text(file->syntax, syntax_field(field, "type"));

		if (ts_node_is_null(field))
			return type->mutex.size > 0;
		if (!str_is(kind, "sync.Mutex") && !str_is(kind, "sync.RWMutex"))
			continue;
		if (type->mutex.size)
			return false;
		type->mutex = syntax_text(file->syntax, syntax_field(field, "name"));
		type->shared = str_is(kind, "sync.RWMutex");
	}
	return false;
}

/* "mu.Lock()" at the start of the body and the deferred unlock behind it. */
static void take_idiom(const struct type *type, struct method *method)
{
	const struct syntax *s = method->file->syntax;
	struct arena *a = type->scene->arena;
	TSNode body = syntax_field(method->node, "body"), first = ts_node_named_child(body, 0);
	TSNode second = ts_node_named_child(body, 1);
	struct str rest = syntax_text(s, first), after = syntax_text(s, second);
	const char *head = arena_printf(a, "%.*s.%.*s.", STR_ARG(method->receiver), STR_ARG(type->mutex));

	method->locks = str_has(syntax_text(s, body), arena_printf(a, "%sLock()", head)) ||
			str_has(syntax_text(s, body), arena_printf(a, "%sRLock()", head));
	if (str_skip(&rest, head) && str_skip(&after, "defer ") && str_skip(&after, head) &&
	    ((str_is(rest, "Lock()") && str_is(after, "Unlock()")) ||
	     (str_is(rest, "RLock()") && str_is(after, "RUnlock()"))))
		method->idiom = rest;
}

static bool is_written(const struct syntax *s, TSNode use)
{
	TSNode up = syntax_up(use, "assignment_statement|inc_statement|dec_statement|unary_expression|block");

	if (syntax_type_is(up, "inc_statement") || syntax_type_is(up, "dec_statement"))
		return true;
	if (syntax_type_is(up, "unary_expression"))
		return str_starts(syntax_text(s, up), "&");
	return syntax_type_is(up, "assignment_statement") &&
	       ts_node_end_byte(use) <= ts_node_end_byte(syntax_field(up, "left"));
}

/* Does it touch a field of the receiver, and how? A method of the field may do anything. */
static void look_at_fields(const struct type *type, struct method *method)
{
	const struct syntax *s = method->file->syntax;
	struct go_file *file = NULL;

	method->reads_only = true;
	for (unsigned n = 0;; n++) {
		TSNode use = syntax_below(syntax_field(method->node, "body"), "selector_expression", n);
		struct str field = syntax_text(s, syntax_field(use, "field"));

		if (ts_node_is_null(use))
			return;
		if (!str_equal(syntax_text(s, syntax_field(use, "operand")), method->receiver) ||
		    str_equal(field, type->mutex) ||
		    ts_node_is_null(go_field_type(type->package, type->name, field, &file)))
			continue;
		method->touches = true;
		if (is_written(s, use) || syntax_type_is(ts_node_parent(use), "selector_expression"))
			method->reads_only = false;
	}
}

static void collect(struct type *type)
{
	for (size_t i = 0; i < type->package->count; i++) {
		struct go_file *file = &type->package->files[i];

		for (unsigned n = 0; !file->test && type->count < METHODS_MAX; n++) {
			TSNode node = syntax_below(file->syntax->root, "method_declaration", n);
			TSNode receiver = syntax_below(syntax_field(node, "receiver"), "parameter_declaration", 0);
			struct method *method = &type->list[type->count];

			if (ts_node_is_null(node))
				break;
			if (!str_equal(syntax_text(file->syntax, syntax_below(receiver, "type_identifier", 0)),
				       type->name))
				continue;
			*method = (struct method){ .file = file, .node = node };
			method->name = syntax_text(file->syntax, syntax_field(node, "name"));
			method->receiver = syntax_text(file->syntax, syntax_field(receiver, "name"));
			take_idiom(type, method);
			look_at_fields(type, method);
			type->count++;
		}
	}
}

static bool calls(const struct method *from, const struct method *to, struct arena *a)
{
	return str_has(syntax_text(from->file->syntax, syntax_field(from->node, "body")),
		       arena_printf(a, "%.*s.%.*s(", STR_ARG(from->receiver), STR_ARG(to->name)));
}

/* Would taking the lock wait for itself? Or does the name say that the caller holds it? */
static bool would_wait(const struct type *type, const struct method *open)
{
	if (str_has(open->name, "Locked") || str_has(open->name, "locked"))
		return true;
	for (size_t i = 0; i < type->count; i++) {
		const struct method *other = &type->list[i];

		if (other == open || !other->locks)
			continue;
		if (calls(other, open, type->scene->arena) || calls(open, other, type->scene->arena))
			return true;
	}
	return false;
}

/* The one method without the lock; NULL with a reason. */
static struct method *find_open(struct type *type, const char **why)
{
	struct method *open = NULL;
	unsigned idioms = 0;

	for (size_t i = 0; i < type->count; i++) {
		struct method *method = &type->list[i];

		idioms += method->idiom.size > 0;
		if (!method->touches || method->locks)
			continue;
		*why = "several methods do without the lock";
		if (open)
			return NULL;
		open = method;
	}
	*why = open ? "its siblings do not lock in one way" : "no method does without the lock";
	if (!open || !idioms)
		return NULL;
	*why = "taking the lock there would wait for itself";
	return would_wait(type, open) ? NULL : open;
}

static void lock(struct type *type, struct method *open)
{
	const struct syntax *s = open->file->syntax;
	struct code code = { .scene = type->scene, .path = open->file->path, .syntax = open->file->syntax };
	struct edits edits = { .arena = type->scene->arena };
	TSNode body = syntax_field(open->node, "body"), first = ts_node_named_child(body, 0);
	bool reads = type->shared && open->reads_only;
	size_t at = code_line_start(s->text, ts_node_start_byte(first));
	struct str indent = syntax_indent(s, first);

	edit_replace(&edits, at, at, str_of(arena_printf(type->scene->arena,
		"%.*s%.*s.%.*s.%s()\n%.*sdefer %.*s.%.*s.%s()\n", STR_ARG(indent), STR_ARG(open->receiver),
		STR_ARG(type->mutex), reads ? "RLock" : "Lock", STR_ARG(indent), STR_ARG(open->receiver),
		STR_ARG(type->mutex), reads ? "RUnlock" : "Unlock")));
	code_propose(type->scene, &code, &edits, ORACLE_SIBLING, DANGER_2, arena_printf(type->scene->arena,
		"%.*s takes the lock %.*s.%.*s, as every other method of the type does.", STR_ARG(open->name),
		STR_ARG(type->name), STR_ARG(type->mutex)));
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct str name = str_of(scene->failure->function);
	struct type *type = arena_new(scene->arena, struct type);
	struct method *open;
	struct code code;
	const char *why;

	if (!go_place(scene, &package, &code))
		return;
	*type = (struct type){ .scene = scene, .package = &package };
	if (!str_split(name, "(*", NULL, &name) || !str_split(name, ")", &type->name, NULL))
		return template_decline(scene, "the race is in no method of a shared type");
	if (!find_mutex(type))
		return template_decline(scene, "%.*s has not one mutex", STR_ARG(type->name));
	collect(type);
	open = find_open(type, &why);
	if (!open)
		return template_decline(scene, "%s", why);
	if (!open->receiver.size || syntax_line(open->node) == syntax_line(ts_node_named_child(
	    syntax_field(open->node, "body"), 0)))
		return template_decline(scene, "the method is on one line");
	lock(type, open);
}

#define LOG \
	"==================\nWARNING: DATA RACE\nRead at 0x00c0000d6008 by goroutine 8:\n" \
	"  example.com/gate.(*Gate).Enter()\n      /src/gate.go:13 +0x8f\n" \
	"  example.com/gate.TestGate.func1()\n      /src/gate_test.go:15 +0x86\n\n" \
	"Previous write at 0x00c0000d6008 by goroutine 9:\n  example.com/gate.(*Gate).Leave()\n" \
	"      /src/gate.go:17 +0xd2\n  example.com/gate.TestGate.func1()\n" \
	"      /src/gate_test.go:16 +0x8e\n\n==================\n--- FAIL: TestGate (0.01s)\n" \
	"    testing.go:1319: race detected during execution of test\nFAIL\nFAIL\texample.com/gate\t0.128s\n"
#define GATE(kind, leave) \
	"package gate\n\nimport \"sync\"\n\ntype Gate struct {\n\tmu     sync." kind "\n\tinside int\n}\n\n" \
	"func (g *Gate) Enter() {\n\tg.mu.Lock()\n\tdefer g.mu.Unlock()\n\tg.inside++\n}\n\n" leave

static const struct example examples[] = {
	{
		.name = "one method has forgotten it",
		.log = LOG,
		.file = {
			{ "gate.go", GATE("Mutex", "func (g *Gate) Leave() {\n\tg.inside--\n}\n"),
			  GATE("Mutex", "func (g *Gate) Leave() {\n\tg.mu.Lock()\n\tdefer g.mu.Unlock()\n"
			       "\tg.inside--\n}\n") },
		},
	},
	{
		.name = "one that only reads",
		.log = LOG,
		.file = {
			{ "gate.go", GATE("RWMutex", "func (g *Gate) Inside() int {\n\treturn g.inside\n}\n"),
			  GATE("RWMutex", "func (g *Gate) Inside() int {\n\tg.mu.RLock()\n\tdefer g.mu.RUnlock()\n"
			       "\treturn g.inside\n}\n") },
		},
	},
	{
		.name = "two have forgotten it",
		.log = LOG,
		.file = {
			{ "gate.go", GATE("Mutex", "func (g *Gate) Leave() {\n\tg.inside--\n}\n\n"
					  "func (g *Gate) Inside() int {\n\treturn g.inside\n}\n"), NULL },
		},
		.declines = "several methods do without",
	},
	{
		.name = "who holds the lock calls it",
		.log = LOG,
		.file = {
			{ "gate.go", GATE("Mutex", "func (g *Gate) Swap() {\n\tg.mu.Lock()\n\tdefer g.mu.Unlock()\n"
					  "\tg.leave()\n}\n\nfunc (g *Gate) leave() {\n\tg.inside--\n}\n"), NULL },
		},
		.declines = "would wait for itself",
	},
	{0}
};

const struct template template_go_unlocked_method = {
	.name = "go_unlocked_method",
	.summary = "a data race: one method does not take the lock of its type -> it takes it as its siblings do",
	.language = "go",
	.class = "concurrency",
	.oracles = "all other methods of the type, which lock first, and the race detector",
	.keeps_off = "several methods without the lock; methods that a holder calls, or that call one",
	.danger = DANGER_2,
	.types = (const char *const[]){ "DATA RACE", NULL },
	.fix = fix,
	.examples = examples,
};
