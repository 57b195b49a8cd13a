/* Real repositories for tests, made by the git program in a folder that goes away again. */
#ifndef TESTS_REPOSITORY_H
#define TESTS_REPOSITORY_H

#include "bot/base/str.h"
#include "git/repo.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct folder {
	char path[64];
};

static inline int folder_remove_one(const char *path, const struct stat *info, int kind,
				    struct FTW *walk)
{
	(void)info, (void)kind, (void)walk;
	return remove(path);
}

static inline void folder_close(struct folder *folder)
{
	nftw(folder->path, folder_remove_one, 32, FTW_DEPTH | FTW_PHYS);
}

#define FOLDER __attribute__((cleanup(folder_close))) struct folder

static inline struct folder folder_new(void)
{
	struct folder folder = { "/tmp/aegis-repository-XXXXXX" };

	assert_non_null(mkdtemp(folder.path));
	return folder;
}

/* Runs a script by sh in the folder, with a git that knows no settings of this machine. */
static inline struct str shell(struct arena *a, const struct folder *folder, const char *script)
{
	struct text output = TEXT(a);
	int pipes[2], status;
	char piece[4096];
	ssize_t size;
	pid_t child;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		static const char *const variables[][2] = {
			{ "GIT_CONFIG_GLOBAL", "/dev/null" }, { "GIT_CONFIG_NOSYSTEM", "1" },
			{ "GIT_AUTHOR_NAME", "T" }, { "GIT_AUTHOR_EMAIL", "t@example.com" },
			{ "GIT_COMMITTER_NAME", "T" }, { "GIT_COMMITTER_EMAIL", "t@example.com" },
			{ "LC_ALL", "C.UTF-8" },
		};

		for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
			setenv(variables[i][0], variables[i][1], 1);
		if (chdir(folder->path) || dup2(pipes[1], 1) < 0)
			_exit(126);
		execl("/bin/sh", "sh", "-ec", script, (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	while ((size = read(pipes[0], piece, sizeof(piece))) > 0)
		text_add(&output, (struct str){ piece, (size_t)size });
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("script failed (%d): %s\n%s", status, script, text_cstr(&output));
	return text_str(&output);
}

static inline void write_file(const struct folder *folder, const char *path, struct str bytes)
{
	char whole[512];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s/%s", folder->path, path);
	file = fopen(whole, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.size ? bytes.at : "", 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
}

/* By another thread, which looks at the work tree only, and the list of HEAD. */
static inline bool status_behind(struct repo *repo, struct arena *a, struct repo_status *out,
				 struct err *e)
{
	const struct repo_tree *tree;
	struct repo_head head;
	struct repo_look *look;

	return repo_look_begin(repo, &look, e) && repo_head(repo, &head, e) &&
	       repo_tree(repo, head.commit, a, &tree, e) && repo_look_end(look, tree, a, out, e);
}

#endif
