/*
 * Which folders outside /usr a command needs to find its tools, from a table of toolchain homes
 * and from PATH, and which variables go with them. Everything is checked by its resolved path
 * against what must never be seen, so that a symlink cannot make a secret visible. Does not look
 * at what the tools are or whether they work.
 */
#include "bot/base/jail_parts.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/*
 * A home of a toolchain: its variable, where it is below HOME without it, and which parts of it
 * may be seen ("" is all of it; a pattern is allowed). '+' before a part: programs write there,
 * which is thrown away afterwards. A variable without a place of its own is bound only when it is
 * set.
 */
static const struct home {
	const char *variable, *place;
	const char *parts[6];
} homes[] = {
	{ "RUSTUP_HOME", ".rustup", { "toolchains", "settings.toml", "update-hashes" } },
	{ "CARGO_HOME", ".cargo", { "bin", "+registry", "+git" } },
	{ "PYENV_ROOT", ".pyenv", { "" } },
	{ "NVM_DIR", ".nvm", { "versions", "alias", "nvm.sh", "nvm-exec", "bin" } },
	{ "FNM_DIR", ".local/share/fnm", { "" } },
	{ "VOLTA_HOME", ".volta", { "bin", "tools", "hooks.json" } },
	{ "ASDF_DIR", ".asdf", { "" } },
	{ "ASDF_DATA_DIR", ".asdf", { "" } },
	{ "MISE_DATA_DIR", ".local/share/mise", { "installs", "shims", "plugins" } },
	{ "SDKMAN_DIR", ".sdkman", { "bin", "candidates", "src" } },
	{ "RBENV_ROOT", ".rbenv", { "" } },
	{ "GOPATH", "go", { "bin", "+pkg/mod" } },
	{ "GOMODCACHE", NULL, { "+" } },
	{ "GOCACHE", ".cache/go-build", { "+" } },
	{ "GOROOT", NULL, { "" } },
	{ "npm_config_cache", ".npm", { "+_cacache", "+_npx" } },
	{ "PNPM_HOME", ".local/share/pnpm", { "+" } },
	{ "YARN_CACHE_FOLDER", ".cache/yarn", { "+" } },
	{ "PIP_CACHE_DIR", ".cache/pip", { "+" } },
	{ "UV_CACHE_DIR", ".cache/uv", { "+" } },
	{ NULL, ".local", { "bin", "lib/python*", "pipx", "share/uv", "share/pipx" } },
	{ NULL, ".cache/pypoetry", { "+" } },
	{ NULL, ".m2", { "+repository", "wrapper" } },
	{ "GRADLE_USER_HOME", ".gradle", { "+caches", "+wrapper", "jdks" } },
	{ "DENO_DIR", ".cache/deno", { "+" } },
	{ NULL, ".deno", { "bin" } },
	{ "BUN_INSTALL", ".bun", { "bin", "+install" } },
	{ "DOTNET_ROOT", ".dotnet", { "" } },
	{ "NUGET_PACKAGES", ".nuget/packages", { "+" } },
	{ "GEM_HOME", NULL, { "" } },
	{ "GHCUP_INSTALL_BASE_PREFIX", NULL, { ".ghcup" } },
	{ NULL, ".ghcup", { "bin", "ghc" } },
	{ NULL, ".elan", { "bin", "toolchains", "settings.toml" } },
	{ NULL, ".juliaup", { "" } },
	{ "JAVA_HOME", NULL, { "" } },
	{ "NVM_BIN", NULL, { "" } },
	{ "VIRTUAL_ENV", NULL, { "" } },
	{ "CONDA_PREFIX", NULL, { "" } },
	{ NULL, "/nix/store", { "" } },
};

/* Passed on as they are, and what keeps tools from waiting for a network that is not there. */
static const char *const passed[] = { "PYENV_VERSION", "RUSTUP_TOOLCHAIN", "GOFLAGS", "NODE_ENV",
				      "PYTHONDONTWRITEBYTECODE", "LC_ALL", "LC_CTYPE", "TZ" };
static const char *const offline[] = {
	"CARGO_NET_OFFLINE=true", "RUSTUP_AUTO_INSTALL=0", "GOPROXY=off", "GOTOOLCHAIN=local",
	"GOTELEMETRY=off", "npm_config_offline=true", "npm_config_audit=false",
	"npm_config_fund=false", "npm_config_update_notifier=false",
	"PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_NO_INPUT=1", "PIP_RETRIES=0",
	"DENO_NO_UPDATE_CHECK=1", "DOTNET_CLI_TELEMETRY_OPTOUT=1",
};

/* Parts of a path that mean secrets wherever they stand; then files among toolchains. */
static const char *const secret_names[] = {
	".ssh", ".netrc", ".aws", ".config", ".npmrc", ".docker", ".gnupg", ".git-credentials",
	".kube", ".pypirc", ".azure", ".gcloud", ".password-store", ".mozilla", ".terraform.d",
	".vault-token", ".yarnrc.yml", ".pgpass", ".my.cnf", ".boto", ".s3cfg", ".claude",
};
static const char *const secret_places[] = {
	".cargo/credentials", ".cargo/credentials.toml", ".cargo/config", ".cargo/config.toml",
	".m2/settings.xml", ".m2/settings-security.xml", ".gradle/gradle.properties",
	".gem/credentials", ".local/share/keyrings", ".nuget/NuGet/NuGet.Config",
};
static const char *const system_roots[] = { "/etc", "/proc", "/sys", "/dev", "/boot" };
static const char *const system_alone[] = { "/", "/home", "/root", "/var", "/run", "/tmp",
					    "/var/tmp", "/mnt", "/srv", "/media" };

struct finder {
	struct arena *arena;
	struct jail_bind *binds;
	size_t bind_count;
	const char **environment;
	size_t environment_count;
	struct text path;
	const char *home;		/* resolved, or NULL */
	const char *home_given;
	const char *folder;		/* resolved, or NULL */
};

/* Is path the same as, or below, top? */
static bool within(const char *path, const char *top)
{
	struct str rest = str_of(path);

	if (!strcmp(top, "/"))
		return true;
	return str_skip(&rest, top) && (!rest.size || rest.at[0] == '/');
}

static bool in_usr(const char *path)
{
	static const char *const tops[] = { "/usr", "/bin", "/sbin", "/lib", "/lib64" };

	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		if (within(path, tops[i]))
			return true;
	return false;
}

static bool has_secret_name(const char *path)
{
	struct str rest = str_of(path), piece;

	while (str_next(&rest, '/', &piece))
		for (size_t i = 0; i < sizeof(secret_names) / sizeof(secret_names[0]); i++)
			if (str_is(piece, secret_names[i]))
				return true;
	return false;
}

/* Would a secret be seen if this resolved path were bound? */
static bool shows_secret(const struct finder *f, const char *path)
{
	for (size_t i = 0; i < sizeof(system_roots) / sizeof(system_roots[0]); i++)
		if (within(path, system_roots[i]))
			return true;
	for (size_t i = 0; i < sizeof(system_alone) / sizeof(system_alone[0]); i++)
		if (!strcmp(path, system_alone[i]))
			return true;
	if (has_secret_name(path))
		return true;
	if (!f->home)
		return false;
	if (within(f->home, path) || within(f->home_given, path))
		return true;
	for (size_t i = 0; i < sizeof(secret_names) / sizeof(secret_names[0]); i++)
		if (!access(arena_printf(f->arena, "%s/%s", path, secret_names[i]), F_OK))
			return true;
	for (size_t i = 0; i < sizeof(secret_places) / sizeof(secret_places[0]); i++) {
		const char *place = arena_printf(f->arena, "%s/%s", f->home, secret_places[i]);

		if (within(path, place) || (within(place, path) && !access(place, F_OK)))
			return true;
	}
	return false;
}

static bool seen_already(const struct finder *f, const char *path)
{
	if (f->folder && within(path, f->folder))
		return true;
	for (size_t i = 0; i < f->bind_count; i++)
		if (within(path, f->binds[i].path) &&
		    (!strcmp(path, f->binds[i].path) || !f->binds[i].throwaway))
			return true;
	return in_usr(path);
}

static void push_bind(struct finder *f, const char *path, bool throwaway)
{
	const struct jail_bind bind = { arena_strdup(f->arena, path), throwaway };

	arena_push(f->arena, f->binds, f->bind_count) = bind;
}

/* Binds the path, and what it resolves to if that is elsewhere. True when it can be seen inside. */
static bool show(struct finder *f, const char *path, bool throwaway)
{
	char resolved[PATH_MAX];

	if (path[0] != '/' || !realpath(path, resolved) || access(resolved, R_OK))
		return false;
	if (seen_already(f, path) && (seen_already(f, resolved) || within(resolved, path)))
		return true;
	if (shows_secret(f, resolved) || shows_secret(f, path))
		return false;
	/* A part that is written to is needed even below something that is bound already. */
	if (!seen_already(f, path) || (throwaway && !in_usr(path)))
		push_bind(f, path, throwaway);
	if (strcmp(path, resolved) && !seen_already(f, resolved))
		push_bind(f, resolved, throwaway);
	return true;
}

static bool is_folder(struct arena *a, const char *top, const char *name)
{
	struct stat status;

	return !stat(arena_printf(a, "%s/%s", top, name), &status) && S_ISDIR(status.st_mode);
}

/*
 * A folder of programs. Next to ".../bin" there often are the libraries of its programs
 * (".../lib"): then the whole is a toolchain, unless it is a hidden folder of HOME, which may hold
 * anything; those we know are in the table.
 */
static bool show_programs(struct finder *f, const char *folder)
{
	struct str top, name;
	const char *whole;

	if (within(folder, "/opt") && strcmp(folder, "/opt"))
		return show(f, "/opt", false) || show(f, folder, false);
	if (str_split_last(str_of(folder), "/", &top, &name) && str_is(name, "bin") && top.size) {
		whole = str_text(f->arena, top);
		if (!strstr(whole, "/.") &&
		    (is_folder(f->arena, whole, "lib") || is_folder(f->arena, whole, "include")))
			show(f, whole, false);
	}
	return show(f, folder, false);
}

/* Programs that are symlinks to somewhere else need that as well. */
static void show_targets(struct finder *f, const char *folder)
{
	enum { MOST = 400 };
	DIR *list = opendir(folder);
	struct dirent *item;

	for (int i = 0; list && i < MOST && (item = readdir(list)); i++) {
		char resolved[PATH_MAX], *slash;

		if (item->d_type != DT_LNK ||
		    !realpath(arena_printf(f->arena, "%s/%s", folder, item->d_name), resolved))
			continue;
		slash = strrchr(resolved, '/');
		if (!slash || slash == resolved || seen_already(f, resolved))
			continue;
		*slash = '\0';
		show_programs(f, resolved);
	}
	if (list)
		closedir(list);
}

static void set(struct finder *f, const char *name, const char *value)
{
	arena_push(f->arena, f->environment, f->environment_count) =
		arena_printf(f->arena, "%s=%s", name, value);
}

static bool show_parts(struct finder *f, const struct home *home, const char *top)
{
	const size_t most = sizeof(home->parts) / sizeof(home->parts[0]);
	bool any = false;

	for (size_t i = 0; i < most && home->parts[i]; i++) {
		const char *part = home->parts[i];
		bool throwaway = part[0] == '+';
		glob_t found = {0};

		part += throwaway;
		if (!*part) {
			any |= show(f, top, throwaway);
		} else if (!strchr(part, '*')) {
			any |= show(f, arena_printf(f->arena, "%s/%s", top, part), throwaway);
		} else if (!glob(arena_printf(f->arena, "%s/%s", top, part), 0, NULL, &found)) {
			for (size_t j = 0; j < found.gl_pathc; j++)
				any |= show(f, found.gl_pathv[j], throwaway);
		}
		globfree(&found);
	}
	return any;
}

static void find_homes(struct finder *f)
{
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		const struct home *home = &homes[i];
		const char *given = home->variable ? getenv(home->variable) : NULL;
		const char *top = given;

		if (given && given[0] != '/')
			continue;
		if (!top && home->place && home->place[0] == '/')
			top = home->place;
		else if (!top && home->place && f->home)
			top = arena_printf(f->arena, "%s/%s", f->home_given, home->place);
		if (top && show_parts(f, home, top) && given)
			set(f, home->variable, given);
	}
}

static void add_folder(struct finder *f, const char *folder)
{
	struct str rest = text_str(&f->path), one;

	while (str_next(&rest, ':', &one))
		if (str_is(one, folder))
			return;
	if (f->path.size)
		text_addc(&f->path, ':');
	text_adds(&f->path, folder);
}

static void find_path(struct finder *f)
{
	static const char *const always[] = { "/usr/local/bin", "/usr/bin", "/bin",
					      "/usr/local/sbin", "/usr/sbin", "/sbin" };
	const char *path = getenv("PATH");
	struct str rest = str_of(path ? path : ""), piece;

	while (str_next(&rest, ':', &piece)) {
		const char *folder;

		while (piece.size > 1 && str_chop(&piece, "/"))
			;
		folder = str_text(f->arena, piece);
		if (folder[0] != '/' || access(folder, X_OK) || !show_programs(f, folder))
			continue;
		add_folder(f, folder);
		if (!in_usr(folder))
			show_targets(f, folder);
	}
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		add_folder(f, always[i]);
}

static const char *resolve(struct arena *a, const char *path)
{
	char resolved[PATH_MAX];

	if (!path || path[0] != '/' || !realpath(path, resolved) || !resolved[1])
		return NULL;
	return arena_strdup(a, resolved);
}

void jail_toolchains(struct jail_job *job, struct arena *a, const char *const *more)
{
	struct finder f = { .arena = a, .path = TEXT(a) };

	f.home_given = getenv("HOME");
	f.home = resolve(a, f.home_given);
	f.folder = resolve(a, job->folder);
	for (size_t i = 0; i < sizeof(offline) / sizeof(offline[0]); i++)
		arena_push(a, f.environment, f.environment_count) = offline[i];
	find_homes(&f);
	find_path(&f);
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		if (getenv(passed[i]))
			set(&f, passed[i], getenv(passed[i]));
	for (; more && *more; more++)
		arena_push(a, f.environment, f.environment_count) = *more;
	arena_push(a, f.environment, f.environment_count) = NULL;
	job->binds = f.binds;
	job->bind_count = f.bind_count;
	job->environment = f.environment;
	job->path = text_cstr(&f.path);
}

const char *const *jail_toolchain_variables(struct arena *a)
{
	const char **names = NULL;
	size_t count = 0;

	arena_push(a, names, count) = "HOME";
	arena_push(a, names, count) = "PATH";
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (homes[i].variable)
			arena_push(a, names, count) = homes[i].variable;
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		arena_push(a, names, count) = passed[i];
	arena_push(a, names, count) = NULL;
	return names;
}
