/*
 * A repository from a list of files, by libgit2. Not for existing folders: it refuses one that has a
 * repository already.
 */
#include "git/create.h"

#include "bot/base/file.h"
#include "git/path.h"

#include <errno.h>
#include <git2.h>
#include <sys/stat.h>

static bool git_fail(struct err *e, const char *what)
{
	const git_error *error = git_error_last();

	return fail(e, ERR_BUG, "%s: %s", what, error && error->message ? error->message : "unknown");
}

static bool make_folders(const char *path, struct err *e)
{
	char folder[1024];

	for (size_t i = 1; path[i] && i < sizeof(folder) - 1; i++) {
		if (path[i] != '/')
			continue;
		memcpy(folder, path, i);
		folder[i] = '\0';
		if (mkdir(folder, 0755) && errno != EEXIST)
			return fail(e, err_kind_of_errno(errno), "making %s: %s", folder,
				    strerror(errno));
	}
	return true;
}

static bool write_files(const char *folder, const struct tree_file *files, struct err *e)
{
	ARENA a = {0};

	for (; files->path; files++) {
		const char *path = arena_printf(&a, "%s/%s", folder, files->path);

		if (!path_check(str_of(files->path), e) || !make_folders(path, e) ||
		    !file_write(path, str_of(files->text), 0644, e))
			return fail_while(e, "writing the files of the repository");
	}
	return true;
}

static bool commit_all(git_repository *repository, const char *message, struct err *e)
{
	git_index *index = NULL;
	git_tree *tree = NULL;
	git_signature *who = NULL;
	git_oid tree_id, commit_id;
	bool done = !git_repository_index(&index, repository) &&
		    !git_index_add_all(index, NULL, GIT_INDEX_ADD_FORCE, NULL, NULL) &&
		    !git_index_write(index) && !git_index_write_tree(&tree_id, index) &&
		    !git_tree_lookup(&tree, repository, &tree_id) &&
		    !git_signature_now(&who, "Aegis", "aegis@localhost") &&
		    !git_commit_create_v(&commit_id, repository, "HEAD", who, who, NULL, message,
					 tree, 0);

	git_signature_free(who);
	git_tree_free(tree);
	git_index_free(index);
	return done || git_fail(e, "committing");
}

bool repo_create(const char *folder, const struct tree_file *files, const char *message,
		 struct err *e)
{
	git_repository_init_options options;
	git_repository *repository = NULL;
	bool done;

	git_libgit2_init();
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_NO_REINIT;
	options.initial_head = "main";
	if (!write_files(folder, files, e))
		done = false;
	else if (git_repository_init_ext(&repository, folder, &options))
		done = git_fail(e, "making a repository");
	else
		done = commit_all(repository, message, e);
	git_repository_free(repository);
	git_libgit2_shutdown();
	return done;
}
