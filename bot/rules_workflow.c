/*
 * What a repair of a workflow may not do, seen in its jobs: start by other events or conditions, give a
 * job a right that the log does not name, run on other machines or images, run a command of its own. A
 * text that could not be read before may only get other white space at the start of its lines.
 */
#include "bot/rules.h"

#include "templates/lib_scene.h"
#include "templates/lib_similar.h"
#include "templates/lib_workflow_known.h"
#include "templates/lib_workflow_rights.h"

static const char images[] = "ubuntu-22.04 ubuntu-24.04 windows-2022 windows-2025 macos-14 macos-15";
static const char safe_folder[] = "git config --global --add safe.directory \"$GITHUB_WORKSPACE";

static const char *const scopes[] = {
	"actions", "attestations", "checks", "contents", "deployments", "discussions", "id-token",
	"issues", "models", "packages", "pages", "pull-requests", "repository-projects",
	"security-events", "statuses",
};

struct pair_of {
	const struct candidate *candidate;
	const struct change *change;
	const struct workflow *before, *after;
	struct arena *arena;
	struct err *e;
};

static bool deny(const struct pair_of *p, const char *what, struct str more)
{
	return fail(p->e, ERR_DENIED, "it would %s %.*s in %s", what, STR_ARG(more), p->change->path);
}

/* Are the texts the same but for quotes, of which one line has one pair more? */
static bool same_but_quotes(struct str before, struct str after)
{
	struct str one, other;
	unsigned changed = 0;

	for (;;) {
		bool more = str_next(&before, '\n', &one);

		if (str_next(&after, '\n', &other) != more)
			return false;
		if (!more)
			return changed == 1;
		if (str_equal(one, other))
			continue;
		/* 'value' at the end of the line, with the same quote at both ends */
		other = str_trim_right(other);
		if (++changed > 1 || other.size != str_trim_right(one).size + 2 ||
		    !strchr("'\"", other.at[other.size - 1]))
			return false;
		for (size_t i = 0, n = 0; i < other.size - 1; i++)
			if (n < one.size && other.at[i] == one.at[n])
				n++;
			else if (n != i || other.at[i] != other.at[other.size - 1])
				return false;
	}
}

/* Only what stands before the first word of a line may differ. */
static bool same_but_indent(struct str before, struct str after)
{
	struct str one, other;

	for (;;) {
		bool more = str_next(&before, '\n', &one);

		if (str_next(&after, '\n', &other) != more)
			return false;
		if (!more)
			return true;
		if (!str_equal(str_from(one, str_indent(one)), str_from(other, str_indent(other))))
			return false;
	}
}

static bool job_rights(const struct pair_of *p, const struct workflow_job *before,
		       const struct workflow_job *after)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		enum right now = workflow_right(after, scopes[i]);
		enum right was = workflow_right(before, scopes[i]);
		const char *level = now == RIGHT_WRITE ? "write" : "read";
		const char *right = arena_printf(p->arena, "%s: %s", scopes[i], level);

		if (now <= was || now == RIGHT_NONE || (was == RIGHT_UNSAID && now == RIGHT_READ))
			continue;
		if (now == RIGHT_UNSAID || !p->candidate->grants ||
		    strcmp(p->candidate->grants, right) != 0)
			return deny(p, "grant", str_of(right));
	}
	return true;
}

static bool scalar_there(const struct syntax *s, TSNode node, const char *key, struct str text)
{
	for (unsigned n = 0; n < 5000; n++) {
		TSNode pair = syntax_below(node, "block_mapping_pair|flow_pair", n);

		if (ts_node_is_null(pair))
			return false;
		if ((!key || str_is(yaml_text(s, yaml_key(pair)), key)) &&
		    str_equal(yaml_text(s, yaml_value(pair)), text))
			return true;
	}
	return false;
}

/* 'a' && 'b' || 'c': are all quoted words images, or words of the text before? */
static bool known_words(struct str text, struct str before)
{
	struct str word;

	while (str_split(text, "'", NULL, &text)) {
		if (!str_split(text, "'", &word, &text))
			return false;
		if (!word_among(word, images) && str_find(before, word) < 0)
			return false;
	}
	return true;
}

/* Machines and images: those that were there, or one that GitHub has. */
static bool machine_kept(const struct pair_of *p, const char *key, struct str text)
{
	if (!text.size || scalar_there(p->before->syntax, p->before->root, key, text))
		return true;
	if (!strcmp(key, "runs-on") &&
	    (word_among(text, images) ||
	     scalar_there(p->before->syntax, p->before->root, NULL, text) ||	/* of a misspelt key */
	     (workflow_expression(text).size && known_words(text, p->before->syntax->text))))
		return true;
	return deny(p, "run on", text);
}

/* Two conditions with the same shape: strings in other quotes, an image for a removed one, a new name
 * for a job or step. */
static bool next_token(struct str *text, struct str *token)
{
	size_t n = 0;

	*text = str_trim(*text);
	if (!text->size)
		return false;
	if (strchr("'\"", text->at[0])) {
		char quote = text->at[0];

		for (n = 1; n < text->size && text->at[n] != quote; n++)
			;
		*token = str_slice(*text, 1, n - 1);
		*text = str_from(*text, n + 1);
		return true;
	}
	while (n < text->size && (str_is_word(str_slice(*text, n, 1)) ||
				  strchr("-.0123456789", text->at[n])))
		n++;
	if (!n)
		n = text->size > 1 && strchr("=&|", text->at[0]) && text->at[1] == text->at[0] ? 2 : 1;
	*token = str_slice(*text, 0, n);
	*text = str_from(*text, n);
	return true;
}

/* What expressions may name, without secrets. */
static const char expression_words[] = "github env vars job jobs steps runner strategy matrix needs inputs "
	"contains startsWith endsWith format join toJSON fromJSON hashFiles success always cancelled "
	"failure";

/* A word that does not exist for the one that is a slip away; "=" for "==". */
static bool token_mended(struct str before, struct str after)
{
	struct str one, other;

	if (before.size == 1 && after.size == 2 && strchr("=&|", before.at[0]))
		return after.at[0] == before.at[0] && after.at[1] == before.at[0];
	return str_next(&before, '.', &one) && str_next(&after, '.', &other) &&
	       str_equal(before, after) && similar_distance(one, other) == 1 &&
	       !word_among(one, expression_words) && word_among(other, expression_words);
}

static bool token_renamed(struct str before, struct str after)
{
	struct str one, other;
	const char *next = known_image_after(before);

	if ((next && str_is(after, next)) || token_mended(before, after))
		return true;
	if (!str_next(&before, '.', &one) || !str_next(&after, '.', &other) ||
	    !str_equal(one, other) || (!str_is(one, "needs") && !str_is(one, "steps")))
		return false;
	return str_next(&before, '.', &one) && str_next(&after, '.', &other) &&
	       str_equal(before, after);
}

static bool same_condition(struct str before, struct str after)
{
	struct str one, other;

	for (;;) {
		bool more = next_token(&before, &one);

		if (next_token(&after, &other) != more)
			return false;
		if (!more)
			return true;
		if (!str_equal(one, other) && !token_renamed(one, other))
			return false;
	}
}

struct conditions {
	const struct syntax *s;
	struct str list[256];
	size_t count;
};

static bool condition_step(TSNode node, void *context)
{
	struct conditions *c = context;

	if (syntax_type_is(node, "block_mapping_pair|flow_pair") &&
	    str_is(yaml_text(c->s, yaml_key(node)), "if") && c->count < 256)
		c->list[c->count++] = yaml_text(c->s, yaml_value(node));
	return true;
}

static bool conditions_kept(const struct pair_of *p)
{
	struct conditions *before = arena_new(p->arena, struct conditions);
	struct conditions *after = arena_new(p->arena, struct conditions);

	before->s = p->before->syntax;
	after->s = p->after->syntax;
	syntax_walk(p->before->root, condition_step, before);
	syntax_walk(p->after->root, condition_step, after);
	if (before->count != after->count)
		return deny(p, "change how many conditions there are", STR_NONE);
	for (size_t i = 0; i < before->count; i++)
		if (!same_condition(before->list[i], after->list[i]))
			return deny(p, "change the condition", before->list[i]);
	return true;
}

/* A word that is no event may become the event that it is a slip away from; nothing else may change. */
static bool events_kept(const struct pair_of *p)
{
	struct str before = syntax_text(p->before->syntax, yaml_get(p->before->syntax, p->before->root, "on"));
	struct str after = syntax_text(p->after->syntax, yaml_get(p->after->syntax, p->after->root, "on"));
	struct str one, other;
	unsigned changed = 0;

	while (next_token(&before, &one)) {
		if (!next_token(&after, &other))
			return deny(p, "change what starts it:", one);
		if (str_equal(one, other))
			continue;
		if (++changed > 1 || similar_distance(one, other) != 1 ||
		    str_starts(other, "pull_request_t") || str_is(other, "workflow_run"))
			return deny(p, "start it by", other);
	}
	return !str_trim(after).size || deny(p, "start it by", after);
}

static size_t steps_of(const struct workflow_job *job)
{
	struct workflow_step step;
	size_t n = 0;

	while (workflow_step(job, (unsigned)n, &step))
		n++;
	return n;
}

/* At most one step more: a checkout, or the one that makes the checkout's folder safe. */
static bool steps_kept(const struct pair_of *p, const struct workflow_job *before,
		       const struct workflow_job *after)
{
	size_t was = steps_of(before), now = steps_of(after);
	struct workflow_step old, new;
	unsigned shift = 0;

	if (!was && now && str_find(syntax_text(p->before->syntax, before->body),
				    syntax_text(p->after->syntax, after->steps)) >= 0)
		return true;			/* they stood below a misspelt key */
	if (now < was || now > was + 1)
		return deny(p, "change how many steps the job has:", after->id);
	for (unsigned n = 0; n < now; n++) {
		bool added;

		workflow_step(after, n, &new);
		added = !workflow_step(before, n - shift, &old) ||
			(now > was && !shift && (!str_equal(old.run, new.run) ||
						 !str_equal(old.uses, new.uses)));
		if (!added)
			continue;
		if (shift++)
			return deny(p, "change other steps beside a new one in", after->id);
		if (!str_starts(new.uses, "actions/checkout@") && !str_starts(new.run, safe_folder))
			return deny(p, "add a step to", after->id);
	}
	return true;
}

static bool jobs_kept(const struct pair_of *p)
{
	struct workflow_job before, after;
	unsigned count = 0;

	for (unsigned n = 0; workflow_job(p->after, n, &after); n++, count++) {
		if (!workflow_job_named(p->before, after.id, &before))
			return deny(p, "add or rename the job", after.id);
		if (!job_rights(p, &before, &after) || !steps_kept(p, &before, &after))
			return false;
		if (!machine_kept(p, "runs-on",
				  yaml_get_text(p->after->syntax, after.body, "runs-on")) ||
		    !machine_kept(p, "container",
				  yaml_get_text(p->after->syntax, after.body, "container")) ||
		    !machine_kept(p, "image",
				  yaml_get_text(p->after->syntax, after.body, "container/image")))
			return false;
	}
	return !workflow_job(p->before, count, &before) || deny(p, "take away the job", before.id);
}

static bool read_one(struct workflows *w, struct arena *a, const char *path, struct str text)
{
	const struct tree_file files[] = { { path, str_text(a, text) }, { NULL, NULL } };

	workflows_open(w, a, tree_of_files(a, files));
	return w->count == 1;
}

bool rules_workflow(const struct candidate *candidate, const struct change *change, struct arena *a,
		    struct err *e)
{
	WORKFLOWS before = {0}, after = {0};
	struct pair_of p = { candidate, change, before.list, after.list, a, e };

	if (!rules_is_workflow(change->path))
		return true;
	if (!change->existed)
		return fail(e, ERR_DENIED, "it would add %s", change->path);
	if (!read_one(&after, a, change->path, change->after) ||
	    !read_one(&before, a, change->path, change->before))
		return same_but_indent(change->before, change->after) ||
		       (after.count && same_but_quotes(change->before, change->after)) ||
		       fail(e, ERR_DENIED, "what it would change in %s cannot be read", change->path);
	return events_kept(&p) && conditions_kept(&p) && jobs_kept(&p);
}
