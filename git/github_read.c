/*
 * The field readers and the rules for names. Knows no family of answers.
 */
#include "git/github_read.h"

#include "bot/base/clock.h"
#include "bot/base/utf8.h"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool github_login_is_good(struct str login)
{
	str_chop(&login, "[bot]");
	if (!login.size || login.size > 100 || !is_alnum(login.at[0]))
		return false;
	for (size_t i = 0; i < login.size; i++)
		if (!is_alnum(login.at[i]) && login.at[i] != '-' && login.at[i] != '_')
			return false;
	return true;
}

bool github_repository_is_good(struct str name)
{
	if (!name.size || name.size > 100 || str_is(name, ".") || str_is(name, ".."))
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!is_alnum(name.at[i]) && !strchr("._-", name.at[i]))
			return false;
	return true;
}

static bool is_plain(struct str text)
{
	while (text.size) {
		uint32_t character;
		size_t size = utf8_first(text, &character);

		if (!size || utf8_is_hidden(character))
			return false;
		text = str_from(text, size);
	}
	return true;
}

/* The rules of git check-ref-format for a branch, part by part. */
bool github_branch_is_good(struct str branch)
{
	struct str rest = branch, part;

	if (!branch.size || branch.size >= GITHUB_NAME_SIZE || !is_plain(branch) ||
	    branch.at[0] == '-' || branch.at[0] == '/' || branch.at[branch.size - 1] == '/' ||
	    branch.at[branch.size - 1] == '.' || str_has(branch, "..") || str_has(branch, "@{") ||
	    str_is(branch, "@") || str_is(branch, "HEAD"))
		return false;
	for (size_t i = 0; i < branch.size; i++)
		if (strchr(" ~^:?*[\\", branch.at[i]))
			return false;
	while (str_next(&rest, '/', &part))
		if (!part.size || part.at[0] == '.' || str_ends(part, ".lock"))
			return false;
	return true;
}

bool github_sha_is_good(struct str sha)
{
	for (size_t i = 0; i < sha.size; i++)
		if (!((sha.at[i] >= '0' && sha.at[i] <= '9') ||
		      (sha.at[i] >= 'a' && sha.at[i] <= 'f')))
			return false;
	return sha.size == GITHUB_SHA_SIZE - 1;
}

static bool wrong(struct reading *r, const char *path, const char *what)
{
	r->good = false;
	return fail(r->e, ERR_INPUT, "%s %s", path, what);
}

/* The text there; false when reading has failed, or nothing is there. */
static bool find_text(struct reading *r, const char *path, struct str *text)
{
	if (!r->good || !json_at(r->json, path))
		return false;
	r->good = json_get_text(r->json, path, text, r->e);
	return r->good;
}

void read_count(struct reading *r, const char *path, uint64_t most, uint64_t *out)
{
	int64_t number = 0;

	*out = 0;
	if (!r->good || !json_at(r->json, path))
		return;
	r->good = json_get_integer(r->json, path, &number, r->e);
	if (r->good && (number < 0 || (uint64_t)number > most))
		wrong(r, path, "is out of range");
	else if (r->good)
		*out = (uint64_t)number;
}

void read_id(struct reading *r, const char *path, uint64_t *out)
{
	read_count(r, path, INT64_MAX, out);
	if (r->good && !*out)
		wrong(r, path, "is missing or 0");
}

void read_sha_or_none(struct reading *r, const char *path, char out[GITHUB_SHA_SIZE])
{
	struct str text;

	out[0] = '\0';
	if (!find_text(r, path, &text))
		return;
	if (!github_sha_is_good(text)) {
		wrong(r, path, "is not the id of a commit");
		return;
	}
	memcpy(out, text.at, GITHUB_SHA_SIZE - 1);
	out[GITHUB_SHA_SIZE - 1] = '\0';
}

void read_sha(struct reading *r, const char *path, char out[GITHUB_SHA_SIZE])
{
	read_sha_or_none(r, path, out);
	if (r->good && !out[0])
		wrong(r, path, "is missing");
}

void read_name(struct reading *r, const char *path, const char **out)
{
	struct str text;

	*out = "";
	if (!find_text(r, path, &text))
		return;
	if (text.size >= GITHUB_NAME_SIZE || !is_plain(text))
		wrong(r, path, "is no name: too long, or with hidden characters");
	else
		*out = str_text(r->arena, text);
}

static void read_by(struct reading *r, const char *path, const char **out,
		    bool (*good)(struct str))
{
	read_name(r, path, out);
	if (r->good && !good(str_of(*out)))
		wrong(r, path, "is missing or not such a name");
}

void read_login(struct reading *r, const char *path, const char **out)
{
	read_by(r, path, out, github_login_is_good);
}

void read_repository(struct reading *r, const char *path, const char **out)
{
	read_by(r, path, out, github_repository_is_good);
}

void read_branch(struct reading *r, const char *path, const char **out)
{
	read_by(r, path, out, github_branch_is_good);
}

void read_text(struct reading *r, const char *path, size_t most, struct str *out)
{
	struct str text;

	*out = STR_NONE;
	if (!find_text(r, path, &text))
		return;
	if (text.size > most) {
		while (most && ((unsigned char)text.at[most] & 0xc0) == 0x80)
			most--;
		text.size = most;
	}
	*out = str_copy(r->arena, text);
}

void read_time(struct reading *r, const char *path, int64_t *out)
{
	struct err ignored = ERR_INIT;
	struct str text;

	*out = 0;
	if (!find_text(r, path, &text))
		return;
	if (!clock_parse(text, out, &ignored))
		wrong(r, path, "is no time");
}

bool read_flag(struct reading *r, const char *path, bool other)
{
	bool flag = other;

	if (r->good && json_at(r->json, path))
		r->good = json_get_boolean(r->json, path, &flag, r->e);
	return flag;
}

unsigned read_word(struct reading *r, const char *path, const char *const *words)
{
	struct str text;

	if (!find_text(r, path, &text))
		return 0;
	for (unsigned i = 1; words[i]; i++)
		if (str_is(text, words[i]))
			return i;
	return 0;
}
