/*
 * People, Apps, repositories and commits as GitHub prints them. Pure: from state to JSON.
 * Pull requests are in shapes_pull.js, checks and runs in shapes_check.js.
 */
import { nodeId, roleAtLeast, roleOf } from './state.js';

export function user(hub, who) {
	if (!who) return null;
	const api = `${hub.url}/users/${encodeURIComponent(who.login)}`;
	return {
		login: who.login,
		id: who.id,
		node_id: nodeId('U', who.id),
		avatar_url: `${hub.url}/avatars/u/${who.id}?v=4`,
		gravatar_id: '',
		url: api,
		html_url: `${hub.url}/${encodeURIComponent(who.login)}`,
		followers_url: `${api}/followers`,
		following_url: `${api}/following{/other_user}`,
		gists_url: `${api}/gists{/gist_id}`,
		starred_url: `${api}/starred{/owner}{/repo}`,
		subscriptions_url: `${api}/subscriptions`,
		organizations_url: `${api}/orgs`,
		repos_url: `${api}/repos`,
		events_url: `${api}/events{/privacy}`,
		received_events_url: `${api}/received_events`,
		type: who.type,
		user_view_type: 'public',
		site_admin: false,
	};
}

export function app(hub, one) {
	if (!one) return null;
	return {
		id: one.id,
		client_id: one.client_id,
		slug: one.slug,
		node_id: nodeId('A', one.id),
		owner: user(hub, one.owner),
		name: one.name,
		description: '',
		external_url: 'https://example.org/',
		html_url: `${hub.url}/apps/${one.slug}`,
		created_at: one.created_at,
		updated_at: one.created_at,
		permissions: one.permissions,
		events: one.events,
	};
}

export function installation(hub, one) {
	const of = hub.state.apps.get(one.app_id);
	return {
		id: one.id,
		client_id: of.client_id,
		account: user(hub, one.account),
		repository_selection: one.repositories === null ? 'all' : 'selected',
		access_tokens_url: `${hub.url}/app/installations/${one.id}/access_tokens`,
		repositories_url: `${hub.url}/installation/repositories`,
		html_url: `${hub.url}/settings/installations/${one.id}`,
		app_id: one.app_id,
		app_slug: of.slug,
		target_id: one.account.id,
		target_type: one.account.type,
		permissions: one.permissions,
		events: of.events,
		created_at: one.created_at,
		updated_at: one.created_at,
		single_file_name: null,
		has_multiple_single_files: false,
		single_file_paths: [],
		suspended_by: null,
		suspended_at: one.suspended_at ?? null,
	};
}

/* Field name without "_url" → the rest of the address. */
const REPO_URLS = {
	forks: '/forks',
	keys: '/keys{/key_id}',
	collaborators: '/collaborators{/collaborator}',
	teams: '/teams',
	hooks: '/hooks',
	issue_events: '/issues/events{/number}',
	events: '/events',
	assignees: '/assignees{/user}',
	branches: '/branches{/branch}',
	tags: '/tags',
	blobs: '/git/blobs{/sha}',
	git_tags: '/git/tags{/sha}',
	git_refs: '/git/refs{/sha}',
	trees: '/git/trees{/sha}',
	statuses: '/statuses/{sha}',
	languages: '/languages',
	stargazers: '/stargazers',
	contributors: '/contributors',
	subscribers: '/subscribers',
	subscription: '/subscription',
	commits: '/commits{/sha}',
	git_commits: '/git/commits{/sha}',
	comments: '/comments{/number}',
	issue_comment: '/issues/comments{/number}',
	contents: '/contents/{+path}',
	compare: '/compare/{base}...{head}',
	merges: '/merges',
	archive: '/{archive_format}{/ref}',
	downloads: '/downloads',
	issues: '/issues{/number}',
	pulls: '/pulls{/number}',
	milestones: '/milestones{/number}',
	notifications: '/notifications{?since,all,participating}',
	labels: '/labels{/name}',
	releases: '/releases{/id}',
	deployments: '/deployments',
};

export const repoUrl = (hub, repo) => `${hub.url}/repos/${repo.owner.login}/${repo.name}`;
export const htmlUrl = (hub, repo) => `${hub.url}/${repo.owner.login}/${repo.name}`;

/* What "minimal-repository" has: also inside runs, suites and statuses. */
export function minimalRepo(hub, repo) {
	const api = repoUrl(hub, repo);
	const urls = Object.entries(REPO_URLS).map(([name, rest]) => [`${name}_url`, api + rest]);
	return {
		id: repo.id,
		node_id: nodeId('R', repo.id),
		name: repo.name,
		full_name: `${repo.owner.login}/${repo.name}`,
		private: repo.private,
		owner: user(hub, repo.owner),
		html_url: htmlUrl(hub, repo),
		description: repo.description,
		fork: false,
		url: api,
		...Object.fromEntries(urls),
	};
}

export function permissions(role) {
	return {
		admin: roleAtLeast(role, 'admin'),
		maintain: roleAtLeast(role, 'maintain'),
		push: roleAtLeast(role, 'write'),
		triage: roleAtLeast(role, 'triage'),
		pull: roleAtLeast(role, 'read'),
	};
}

export function repo(hub, one) {
	const html = htmlUrl(hub, one);
	const open = [...one.pulls.values()].filter((p) => p.state === 'open').length;
	return {
		...minimalRepo(hub, one),
		created_at: one.created_at,
		updated_at: one.pushed_at,
		pushed_at: one.pushed_at,
		git_url: `git://${hub.host}/${one.owner.login}/${one.name}.git`,
		ssh_url: `ssh://git@${hub.host}/${one.owner.login}/${one.name}.git`,
		clone_url: `${html}.git`,
		svn_url: html,
		homepage: null,
		size: 1,
		stargazers_count: 0,
		watchers_count: 0,
		language: null,
		has_issues: true,
		has_projects: true,
		has_downloads: true,
		has_wiki: true,
		has_pages: false,
		has_discussions: false,
		forks_count: 0,
		mirror_url: null,
		archived: one.archived,
		disabled: one.disabled ?? false,
		open_issues_count: open,
		license: null,
		allow_forking: true,
		is_template: false,
		web_commit_signoff_required: false,
		topics: [],
		visibility: one.private ? 'private' : 'public',
		forks: 0,
		open_issues: open,
		watchers: 0,
		default_branch: one.default_branch,
	};
}

export function fullRepo(hub, one, auth) {
	const role =
		auth.kind === 'user'
			? roleOf(one, auth.user.login)
			: auth.permissions?.contents === 'write'
				? 'write'
				: 'read';
	return {
		...repo(hub, one),
		permissions: permissions(role),
		allow_squash_merge: one.allow_squash_merge,
		allow_merge_commit: one.allow_merge_commit,
		allow_rebase_merge: one.allow_rebase_merge,
		allow_auto_merge: one.allow_auto_merge,
		delete_branch_on_merge: one.delete_branch_on_merge,
		network_count: 0,
		subscribers_count: 0,
	};
}

const UNSIGNED = {
	verified: false,
	reason: 'unsigned',
	signature: null,
	payload: null,
	verified_at: null,
};

/* Mail addresses of noreply form, of github.com or of this server, lead to an account by its number. */
function account(hub, person) {
	const found = /^(?:(\d+)\+)?(.+)@users\.noreply\.(.+)$/.exec(person.email);
	if (!found) return null;
	const [, id, login, host] = found;
	if (host !== 'github.com' && host !== new URL(hub.url).hostname) return null;
	const { users } = hub.state;
	const known = id
		? [...users.values()].find((one) => one.id === Number(id))
		: users.get(login.toLowerCase());
	return known ? user(hub, known) : null;
}

export function gitCommit(hub, of, commit) {
	const api = repoUrl(hub, of);
	const html = htmlUrl(hub, of);
	return {
		sha: commit.sha,
		node_id: nodeId('C', commit.sha),
		url: `${api}/git/commits/${commit.sha}`,
		html_url: `${html}/commit/${commit.sha}`,
		author: commit.author,
		committer: commit.committer,
		tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
		message: commit.message,
		parents: commit.parents.map((sha) => ({
			sha,
			url: `${api}/git/commits/${sha}`,
			html_url: `${html}/commit/${sha}`,
		})),
		verification: UNSIGNED,
	};
}

export function commit(hub, of, one) {
	const api = repoUrl(hub, of);
	const html = htmlUrl(hub, of);
	return {
		sha: one.sha,
		node_id: nodeId('C', one.sha),
		commit: {
			author: one.author,
			committer: one.committer,
			message: one.message,
			tree: { sha: one.tree, url: `${api}/git/trees/${one.tree}` },
			url: `${api}/git/commits/${one.sha}`,
			comment_count: 0,
			verification: UNSIGNED,
		},
		url: `${api}/commits/${one.sha}`,
		html_url: `${html}/commit/${one.sha}`,
		comments_url: `${api}/commits/${one.sha}/comments`,
		author: account(hub, one.author),
		committer: account(hub, one.committer),
		parents: one.parents.map((sha) => ({
			sha,
			url: `${api}/commits/${sha}`,
			html_url: `${html}/commit/${sha}`,
		})),
	};
}

export const simpleCommit = (one) =>
	one && {
		id: one.sha,
		tree_id: one.tree,
		message: one.message,
		timestamp: one.committer.date,
		author: { name: one.author.name, email: one.author.email },
		committer: { name: one.committer.name, email: one.committer.email },
	};

const escapePath = (path) => path.split('/').map(encodeURIComponent).join('/');

export function diffEntry(hub, of, file, head) {
	const path = escapePath(file.filename);
	return {
		...file,
		changes: file.additions + file.deletions,
		blob_url: `${htmlUrl(hub, of)}/blob/${head}/${path}`,
		raw_url: `${htmlUrl(hub, of)}/raw/${head}/${path}`,
		contents_url: `${repoUrl(hub, of)}/contents/${path}?ref=${head}`,
	};
}

export function gitRef(hub, of, ref, target) {
	return {
		ref,
		node_id: nodeId('REF', `${of.id}:${ref}`),
		url: `${repoUrl(hub, of)}/git/${ref}`,
		object: {
			sha: target.sha,
			type: target.type,
			url: `${repoUrl(hub, of)}/git/${target.type}s/${target.sha}`,
		},
	};
}

export function content(hub, of, entry, ref, bytes) {
	const path = escapePath(entry.path);
	const self = `${repoUrl(hub, of)}/contents/${path}?ref=${ref}`;
	const kind = {
		tree: 'dir',
		blob: entry.mode === '120000' ? 'symlink' : 'file',
		commit: 'submodule',
	}[entry.type];
	const area = entry.type === 'tree' ? 'trees' : 'blobs';
	const gitUrl = `${repoUrl(hub, of)}/git/${area}/${entry.sha}`;
	const html = `${htmlUrl(hub, of)}/${entry.type === 'tree' ? 'tree' : 'blob'}/${ref}/${path}`;
	const out = {
		name: entry.path.split('/').pop(),
		path: entry.path,
		sha: entry.sha,
		size: entry.size ?? 0,
		url: self,
		html_url: html,
		git_url: gitUrl,
		download_url: kind === 'file' ? `${htmlUrl(hub, of)}/raw/${ref}/${path}` : null,
		type: kind,
	};
	if (bytes) {
		/* Over 1 MB the content is empty and the encoding "none". */
		const large = bytes.length > 1024 * 1024;
		out.content = large ? '' : bytes.toString('base64').replace(/.{1,60}/g, '$&\n');
		out.encoding = large ? 'none' : 'base64';
	}
	return { ...out, _links: { self, git: gitUrl, html } };
}
