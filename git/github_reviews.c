/*
 * Reviews as they are read, and the verdict on them. Writes none, and does not ask what the branch's
 * rules want: GitHub holds to those itself when it merges.
 */
#include "git/github_reviews.h"

#include "git/github_pulls_private.h"

enum { BODY_MOST = 64 * 1024, PAGES_MOST = 30, REVIEWERS_MOST = 50 };

struct reviews_to {
	struct arena *a;
	struct github_reviews *list;
};

static bool add_review(void *context, const json_t *item, struct err *e)
{
	static const char *const states[] = { NULL, "APPROVED", "CHANGES_REQUESTED", "COMMENTED",
					      "DISMISSED", "PENDING", NULL };
	static const char *const types[] = { NULL, "User", NULL };
	struct reviews_to *to = context;
	struct github_review one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_name(&r, "user.login", &one.author);
	one.author_is_person = read_word(&r, "user.type", types) &&
			       !str_ends(str_of(one.author), "[bot]");
	one.state = (enum github_review_state)read_word(&r, "state", states);
	read_sha_or_none(&r, "commit_id", one.commit);
	read_time(&r, "submitted_at", &one.submitted_ms);
	read_text(&r, "body", BODY_MOST, &one.body);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_reviews_list(struct github_call *call, uint64_t number, struct github_reviews *out,
			 struct err *e)
{
	struct github_reviews list = {0};
	struct reviews_to to = { call->arena, &list };
	struct pages pages = { .path = pull_path(call, number, "/reviews?per_page=100", e),
		.pages_most = PAGES_MOST, .item = add_review, .context = &to };

	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing the reviews of pull request %llu",
				  (unsigned long long)number);
	list.complete = pages.complete;
	*out = list;
	return true;
}

/* A remark takes nothing back, and what is not sent yet says nothing. */
static bool says_something(const struct github_review *review)
{
	return review->state != GITHUB_REVIEW_COMMENTED && review->state != GITHUB_REVIEW_PENDING;
}

static bool is_newer(const struct github_review *one, const struct github_review *other)
{
	if (one->submitted_ms != other->submitted_ms)
		return one->submitted_ms > other->submitted_ms;
	return one->id > other->id;
}

static bool same_login(const char *one, const char *other)
{
	return str_equal_nocase(str_of(one), str_of(other));
}

/* Has its author said nothing since? */
static bool is_last_word(const struct github_reviews *reviews, const struct github_review *review)
{
	if (!says_something(review))
		return false;
	for (size_t i = 0; i < reviews->count; i++) {
		const struct github_review *other = &reviews->items[i];

		if (says_something(other) && is_newer(other, review) &&
		    same_login(other->author, review->author))
			return false;
	}
	return true;
}

static bool wants_changes(const struct github_reviews *reviews, const struct github_review *review)
{
	return review->state == GITHUB_REVIEW_CHANGES && is_last_word(reviews, review);
}

static bool approves(const struct github_reviews *reviews, const struct github_review *review,
		     const char *head)
{
	return review->state == GITHUB_REVIEW_APPROVED && review->author_is_person && *head &&
	       !strcmp(review->commit, head) && is_last_word(reviews, review);
}

static const struct github_reviewer *find(const struct github_reviewers *reviewers,
					  const char *login)
{
	for (size_t i = 0; i < reviewers->count; i++)
		if (same_login(reviewers->items[i].login, login))
			return &reviewers->items[i];
	return NULL;
}

bool github_reviewers_ask(struct github_call *call, const struct github_reviews *reviews,
			  const char *head, struct github_reviewers *out, struct err *e)
{
	struct github_reviewers list = { .complete = true };

	for (size_t i = 0; i < reviews->count; i++) {
		const struct github_review *review = &reviews->items[i];
		struct github_reviewer one = { .login = review->author };

		if (!github_login_is_good(str_of(one.login)) || find(&list, one.login) ||
		    (!wants_changes(reviews, review) && !approves(reviews, review, head)))
			continue;
		if (list.count == REVIEWERS_MOST) {
			list.complete = false;
			break;
		}
		if (!github_permission_of(call, one.login, &one.permission, e))
			return fail_while(e, "asking who has reviewed");
		arena_push(call->arena, list.items, list.count) = one;
	}
	*out = list;
	return true;
}

static bool may_write(const struct github_reviewers *reviewers, const struct github_review *review)
{
	const struct github_reviewer *one = find(reviewers, review->author);

	return one && one->permission >= GITHUB_PERMISSION_WRITE;
}

enum reviews_verdict github_reviews_verdict(const struct github_reviews *reviews, const char *head,
					    const struct github_reviewers *reviewers,
					    const struct github_review **by)
{
	const struct github_review *approval = NULL;

	for (size_t i = 0; i < reviews->count; i++) {
		const struct github_review *review = &reviews->items[i];

		if (wants_changes(reviews, review) && may_write(reviewers, review)) {
			if (by)
				*by = review;
			return REVIEWS_CHANGES;
		}
		if (approves(reviews, review, head) && may_write(reviewers, review))
			approval = review;
	}
	/* What was left out may want changes. */
	if (!approval || !reviews->complete || reviews->left_out || !reviewers->complete)
		return REVIEWS_NONE;
	if (by)
		*by = approval;
	return REVIEWS_APPROVED;
}
