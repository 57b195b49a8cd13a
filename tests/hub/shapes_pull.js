/*
 * Pull requests, their comments, reviews, labels and reactions as GitHub prints them. Pure, save
 * that numbers of commits and lines are handed in by the caller, who asks git.
 */
import { nodeId, roleOf } from './state.js';
import { app, htmlUrl, repo, repoUrl, user } from './shapes.js';

export function association(of, who) {
	if (!who) return 'NONE';
	if (who === of.owner) return 'OWNER';
	if (of.collaborators.has(who.login.toLowerCase())) return 'COLLABORATOR';
	return who.type !== 'Bot' && roleOf(of, who.login) !== 'none' && of.private
		? 'CONTRIBUTOR'
		: 'NONE';
}

export function label(hub, of, one) {
	return {
		id: one.id,
		node_id: nodeId('LA', one.id),
		url: `${repoUrl(hub, of)}/labels/${encodeURIComponent(one.name)}`,
		name: one.name,
		description: one.description,
		color: one.color,
		default: false,
	};
}

const pullLabels = (hub, of, pull) =>
	pull.labels.map((name) => {
		const shape = label(hub, of, of.labels.get(name.toLowerCase()));
		return { ...shape, description: shape.description ?? '' };
	});

function side(hub, of, ref, sha) {
	return {
		label: `${of.owner.login}:${ref}`,
		ref,
		sha,
		user: user(hub, of.owner),
		repo: repo(hub, of),
	};
}

export function pullSimple(hub, of, pull) {
	const api = `${repoUrl(hub, of)}/pulls/${pull.number}`;
	const issue = `${repoUrl(hub, of)}/issues/${pull.number}`;
	const html = `${htmlUrl(hub, of)}/pull/${pull.number}`;
	const statuses = `${repoUrl(hub, of)}/statuses/${pull.head_sha}`;
	const review = `${repoUrl(hub, of)}/pulls/comments{/number}`;
	const link = (href) => ({ href });
	return {
		url: api,
		id: pull.id,
		node_id: pull.node_id,
		html_url: html,
		diff_url: `${html}.diff`,
		patch_url: `${html}.patch`,
		issue_url: issue,
		number: pull.number,
		state: pull.state,
		locked: false,
		title: pull.title,
		user: user(hub, pull.user),
		body: pull.body,
		created_at: pull.created_at,
		updated_at: pull.updated_at,
		closed_at: pull.closed_at,
		merged_at: pull.merged_at,
		merge_commit_sha: pull.merge_commit_sha,
		assignee: null,
		assignees: [],
		requested_reviewers: pull.requested.map((one) => user(hub, one)),
		requested_teams: [],
		labels: pullLabels(hub, of, pull),
		milestone: null,
		draft: pull.draft,
		commits_url: `${api}/commits`,
		review_comments_url: `${api}/comments`,
		review_comment_url: review,
		comments_url: `${issue}/comments`,
		statuses_url: statuses,
		head: side(hub, of, pull.head_ref, pull.head_sha),
		base: side(hub, of, pull.base_ref, pull.base_sha),
		_links: {
			self: link(api),
			html: link(html),
			issue: link(issue),
			comments: link(`${issue}/comments`),
			review_comments: link(`${api}/comments`),
			review_comment: link(review),
			commits: link(`${api}/commits`),
			statuses: link(statuses),
		},
		author_association: association(of, pull.user),
		auto_merge: autoMerge(hub, pull),
		active_lock_reason: null,
	};
}

function autoMerge(hub, pull) {
	if (!pull.auto_merge) return null;
	return {
		enabled_by: user(hub, pull.auto_merge.by),
		merge_method: pull.auto_merge.method,
		commit_title: pull.auto_merge.title ?? '',
		commit_message: pull.auto_merge.message ?? '',
	};
}

/* numbers: {commits, additions, deletions, changed_files, mergeable_state} */
export function pull(hub, of, one, numbers) {
	const comments = [...of.comments.values()].filter((c) => c.number === one.number).length;
	return {
		...pullSimple(hub, of, one),
		merged: one.merged_at !== null,
		mergeable: one.mergeable,
		rebaseable: one.mergeable,
		mergeable_state: numbers.mergeable_state,
		merged_by: user(hub, one.merged_by),
		comments,
		review_comments: 0,
		maintainer_can_modify: false,
		commits: numbers.commits,
		additions: numbers.additions,
		deletions: numbers.deletions,
		changed_files: numbers.changed_files,
	};
}

export function issue(hub, of, one) {
	const api = `${repoUrl(hub, of)}/issues/${one.number}`;
	const html = `${htmlUrl(hub, of)}/${one.is_issue ? 'issues' : 'pull'}/${one.number}`;
	return {
		id: one.issue_id,
		node_id: nodeId('I', one.issue_id),
		url: api,
		repository_url: repoUrl(hub, of),
		labels_url: `${api}/labels{/name}`,
		comments_url: `${api}/comments`,
		events_url: `${api}/events`,
		html_url: html,
		number: one.number,
		state: one.state,
		state_reason: null,
		title: one.title,
		body: one.body,
		user: user(hub, one.user),
		labels: pullLabels(hub, of, one),
		assignee: null,
		assignees: [],
		milestone: null,
		locked: false,
		active_lock_reason: null,
		comments: [...of.comments.values()].filter((c) => c.number === one.number).length,
		...(one.is_issue
			? {}
			: {
					pull_request: {
						url: `${repoUrl(hub, of)}/pulls/${one.number}`,
						html_url: html,
						diff_url: `${html}.diff`,
						patch_url: `${html}.patch`,
						merged_at: one.merged_at,
					},
				}),
		closed_at: one.closed_at,
		created_at: one.created_at,
		updated_at: one.updated_at,
		...(one.is_issue ? {} : { draft: one.draft }),
		author_association: association(of, one.user),
		reactions: rollup(of, `${api}/reactions`, 'issue', one.number),
		timeline_url: `${api}/timeline`,
		performed_via_github_app: null,
	};
}

const CONTENTS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

function rollup(of, url, kind, id) {
	const mine = of.reactions.filter((r) => r.kind === kind && r.target === id);
	const counts = CONTENTS.map((c) => [c, mine.filter((r) => r.content === c).length]);
	return { url, total_count: mine.length, ...Object.fromEntries(counts) };
}

export function reaction(hub, one) {
	return {
		id: one.id,
		node_id: nodeId('REA', one.id),
		user: user(hub, one.user),
		content: one.content,
		created_at: one.created_at,
	};
}

export function comment(hub, of, one) {
	const api = `${repoUrl(hub, of)}/issues/comments/${one.id}`;
	const page = `${of.issues.has(one.number) ? 'issues' : 'pull'}/${one.number}`;
	return {
		url: api,
		html_url: `${htmlUrl(hub, of)}/${page}#issuecomment-${one.id}`,
		issue_url: `${repoUrl(hub, of)}/issues/${one.number}`,
		id: one.id,
		node_id: nodeId('IC', one.id),
		user: user(hub, one.user),
		created_at: one.created_at,
		updated_at: one.updated_at,
		body: one.body,
		author_association: association(of, one.user),
		reactions: rollup(of, `${api}/reactions`, 'comment', one.id),
		performed_via_github_app: app(hub, one.app ?? null),
	};
}

export function review(hub, of, one) {
	const html = `${htmlUrl(hub, of)}/pull/${one.number}#pullrequestreview-${one.id}`;
	const api = `${repoUrl(hub, of)}/pulls/${one.number}`;
	return {
		id: one.id,
		node_id: nodeId('PRR', one.id),
		user: user(hub, one.user),
		body: one.body,
		state: one.state,
		html_url: html,
		pull_request_url: api,
		author_association: association(of, one.user),
		_links: { html: { href: html }, pull_request: { href: api } },
		...(one.submitted_at ? { submitted_at: one.submitted_at } : {}),
		commit_id: one.commit_id,
	};
}
