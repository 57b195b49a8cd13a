/*
 * A member of what may be null is used, and siblings in the same class write "?->...() ?? x" for
 * such a value -> the same. All siblings must agree on what nothing is; without one, or for a
 * value whose type does not allow null, it declines.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^(?:Call to a member function (?<call>\\w+)\\(\\)|Attempt to read property \"(?<property>\\w+)\") on null";

/* What the siblings put behind "??"; all must agree. */
static struct str ask_siblings(const struct syntax *s, bool *several)
{
	struct str found = STR_NONE;

	for (unsigned n = 0;; n++) {
		TSNode sum = syntax_below(s->root, "binary_expression", n), left;
		struct str value;

		if (ts_node_is_null(sum))
			return found;
		left = syntax_field(sum, "left");
		if (!str_is(syntax_text(s, syntax_field(sum, "operator")), "??") ||
		    !syntax_type_is(left, "nullsafe_member_call_expression|nullsafe_member_access_expression"))
			continue;
		value = syntax_text(s, syntax_field(sum, "right"));
		*several |= found.size && !str_equal(found, value);
		found = value;
	}
}

/* Is the property or parameter declared with "?" or "|null", or with null for its default? */
static bool may_be_null(const struct syntax *s, TSNode object)
{
	struct str name = syntax_text(s, object);

	(void)str_split_last(name, "->", NULL, &name);
	(void)str_skip(&name, "$");
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "property_promotion_parameter|property_declaration|simple_parameter", n);
		struct str text = syntax_text(s, one), declared = str_of(arena_printf(s->arena, "$%.*s", STR_ARG(name)));

		if (ts_node_is_null(one))
			return false;
		if (!text_has_word(text, str_text(s->arena, name)) || !str_has(text, declared.at))
			continue;
		text = syntax_text(s, syntax_field(one, "type"));
		return str_starts(text, "?") || text_has_word(text, "null");
	}
}

static TSNode access_on(const struct syntax *s, unsigned line, struct str name)
{
	TSNode one, found = {0};

	for (unsigned n = 0; one = php_on_line(s, line, "member_call_expression|member_access_expression", n),
	     !ts_node_is_null(one); n++) {
		if (!str_equal(php_name(s, one), name))
			continue;
		if (!ts_node_is_null(found))
			return (TSNode){0};
		found = one;
	}
	return found;
}

static void fix(struct scene *scene)
{
	const char *path;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct str name = scene_group(scene, "call"), value, text, object, after;
	struct edits edits = { .arena = scene->arena };
	bool several = false;
	TSNode access;

	if (!s)
		return;
	access = access_on(s, line, name.size ? name : scene_group(scene, "property"));
	if (ts_node_is_null(access) || !syntax_type_is(ts_node_parent(access), "return_statement|argument|"
						       "assignment_expression|array_element_initializer"))
		return template_decline(scene, "line %u does not use the member once, as a value of its own", line);
	if (!may_be_null(s, syntax_field(access, "object")))
		return template_decline(scene, "nothing declares that it may be null");
	value = ask_siblings(s, &several);
	if (!value.size || several)
		return template_decline(scene, several ? "its siblings do not agree on what nothing is"
						       : "no sibling says what nothing is");
	text = syntax_text(s, access);
	object = syntax_text(s, syntax_field(access, "object"));
	edit_node(&edits, access, str_of(arena_printf(scene->arena, "%.*s?%.*s ?? %.*s", STR_ARG(object),
						      STR_ARG(str_from(text, object.size)), STR_ARG(value))));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_SIBLING, "%.*s may be null by its type, and its siblings show "
					     "%.*s then.", STR_ARG(object), STR_ARG(value)), path, after);
}

static const struct example examples[] = {
	{
		.name = "nobody is assigned",
		.log =
		"PHP Fatal error:  Uncaught Error: Call to a member function name() on "
		"null in /home/runner/work/shop/shop/src/Ticket.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Ticket.php on line 5\n",
		.file = {
			{ "src/Ticket.php",
			  "<?php\n"
			  "final class Ticket {\n"
			  "    public function __construct(private ?Person $assignee = null, "
			  "private ?DateTime $due = null) {}\n"
			  "    public function due(): string { return $this->due?->format('Y') "
			  "?? '-'; }\n"
			  "    public function who(): string { return $this->assignee->name(); }\n"
			  "}\n",
			  "<?php\n"
			  "final class Ticket {\n"
			  "    public function __construct(private ?Person $assignee = null, "
			  "private ?DateTime $due = null) {}\n"
			  "    public function due(): string { return $this->due?->format('Y') "
			  "?? '-'; }\n"
			  "    public function who(): string { return $this->assignee?->name() "
			  "?? '-'; }\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "no sibling",
		.log =
		"PHP Fatal error:  Uncaught Error: Call to a member function name() on "
		"null in /home/runner/work/shop/shop/src/Ticket.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Ticket.php on line 4\n",
		.file = {
			{ "src/Ticket.php",
			  "<?php\n"
			  "final class Ticket {\n"
			  "    public function __construct(private ?Person $assignee = null) {}\n"
			  "    public function who(): string { return $this->assignee->name(); }\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no sibling",
	},
	{
		.name = "it may not be null",
		.log =
		"PHP Fatal error:  Uncaught Error: Call to a member function name() on "
		"null in /home/runner/work/shop/shop/src/Ticket.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Ticket.php on line 5\n",
		.file = {
			{ "src/Ticket.php",
			  "<?php\n"
			  "final class Ticket {\n"
			  "    private $assignee;\n"
			  "    public function due(): string { return $this->due?->format('Y') "
			  "?? '-'; }\n"
			  "    public function who(): string { return $this->assignee->name(); }\n"
			  "}\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "nothing declares",
	},
	{0}
};

const struct template template_php_null_member = {
	.name = "php_null_member",
	.summary = "a member of null -> ?-> and what its siblings show for nothing",
	.language = "php",
	.class = "crash guard",
	.oracles = "the declared type and siblings in the same file",
	.keeps_off = "siblings that disagree; types without null",
	.danger = DANGER_2,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
