/*
 * Any bytes as a model's answer, plain and inside a well-formed one: refused with a reason, or a
 * patch whose every path is a file of the tree and whose texts differ from it.
 */
#include "bot/base/json.h"
#include "bot/llm/answer_edits.h"
#include "git/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct tree_file files[] = {
	{ "a.py", "one = 1\ntwo = 2\nthree = 3\n" }, { "b/c.py", "x\r\ny\r\n" }, {0}
};

static void check(struct str text, struct arena *a)
{
	const struct tree *tree = tree_of_files(a, files);
	struct model_fix fix = {0};
	struct err e = ERR_INIT;

	if (!answer_edits(text, tree, ANSWER_NO_CREATE, a, &fix, &e)) {
		if (!e.kind || !e.text[0] || fix.patch.count)
			__builtin_trap();
		return;
	}
	if (!fix.patch.count || !(fix.confidence >= 0 && fix.confidence <= 1))
		__builtin_trap();
	for (size_t i = 0; i < fix.patch.count; i++)
		if (!tree_has(tree, fix.patch.changes[i].path) ||
		    str_equal(fix.patch.changes[i].before, fix.patch.changes[i].after))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str all = { (const char *)data, size }, path = STR(""), find = STR(""), replace = all;
	struct text out = TEXT(&a);
	struct err e = ERR_INIT;
	JSON *json;

	check(all, &a);
	(void)str_split(all, "\n", &path, &replace);
	(void)str_split(replace, "\n--\n", &find, &replace);
	json = json_pack("{s:s, s:f, s:s, s:[{s:o, s:o, s:o}]}", "hypothesis", "h", "confidence", 0.5,
			 "oracle", "test", "edits", "path", json_string_of(path), "find",
			 json_string_of(find), "replace", json_string_of(replace));
	if (json && json_print(json, JSON_AS_MADE, &out, &e))
		check(text_str(&out), &a);
	return 0;
}
