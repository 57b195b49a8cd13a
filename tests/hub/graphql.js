/*
 * The GraphQL that REST lacks: draft and ready, auto-merge, and the rollup of a commit's checks. A
 * field that is not here is an error, as an unknown one is on GitHub. Errors come with status 200.
 */
import { mayDo, visible } from './auth.js';
import { changed } from './events.js';
import * as git from './git.js';
import { bind, parse } from './graphql_parse.js';
import { missing } from './protect.js';
import { mergeableState } from './pulls.js';
import { route } from './route.js';
import { htmlUrl } from './shapes.js';
import { latestStatuses } from './shapes_check.js';
import { nodeId } from './state.js';

class GraphError extends Error {
	constructor(type, message) {
		super(message);
		this.type = type;
	}
}

const upper = (text) => (text === null ? null : text.toUpperCase());
const GOOD = new Set(['success', 'neutral', 'skipped']);

/* Each type: field → value or function (arguments, context). __typename comes by itself. */
const bot = (who) => ({ __typename: who.type, login: who.login });

function pullType(ctx, repo, pull) {
	return {
		__typename: 'PullRequest',
		id: pull.node_id,
		number: pull.number,
		title: pull.title,
		body: pull.body ?? '',
		url: `${htmlUrl(ctx.hub, repo)}/pull/${pull.number}`,
		isDraft: pull.draft,
		state: pull.merged_at ? 'MERGED' : upper(pull.state),
		merged: pull.merged_at !== null,
		headRefName: pull.head_ref,
		headRefOid: pull.head_sha,
		baseRefName: pull.base_ref,
		baseRefOid: pull.base_sha,
		author: bot(pull.user),
		mergeable: { null: 'UNKNOWN', true: 'MERGEABLE', false: 'CONFLICTING' }[pull.mergeable],
		mergeStateStatus: async () => (await mergeableState(repo, pull)).toUpperCase(),
		autoMergeRequest: pull.auto_merge && {
			__typename: 'AutoMergeRequest',
			mergeMethod: upper(pull.auto_merge.method),
			enabledBy: bot(pull.auto_merge.by),
		},
		statusCheckRollup: () => rollup(repo, pull.head_sha),
		commits: ({ last = 1 }) => ({
			__typename: 'PullRequestCommitConnection',
			nodes: [
				{
					__typename: 'PullRequestCommit',
					commit: commitType(repo, pull.head_sha),
				},
			].slice(0, last),
		}),
	};
}

const commitType = (repo, sha) => ({
	__typename: 'Commit',
	oid: sha,
	id: nodeId('C', sha),
	statusCheckRollup: () => rollup(repo, sha),
});

/* null when nothing was reported at all. */
function rollup(repo, sha) {
	const checks = [...repo.checks.values()].filter((c) => c.head_sha === sha && !c.replaced);
	const statuses = latestStatuses(repo, sha);
	if (checks.length + statuses.length === 0) return null;
	const bad =
		checks.some((c) => c.status === 'completed' && !GOOD.has(c.conclusion)) ||
		statuses.some((s) => s.state === 'failure' || s.state === 'error');
	const wait =
		checks.some((c) => c.status !== 'completed') || statuses.some((s) => s.state === 'pending');
	const nodes = [
		...checks.map((c) => ({
			__typename: 'CheckRun',
			name: c.name,
			status: upper(c.status),
			conclusion: upper(c.conclusion),
			databaseId: c.id,
			startedAt: c.started_at,
			completedAt: c.completed_at,
		})),
		...statuses.map((s) => ({
			__typename: 'StatusContext',
			context: s.context,
			state: upper(s.state),
			description: s.description,
			targetUrl: s.target_url,
		})),
	];
	return {
		__typename: 'StatusCheckRollup',
		state: bad ? 'FAILURE' : wait ? 'PENDING' : 'SUCCESS',
		contexts: ({ first = 100 }) => ({
			__typename: 'StatusCheckRollupContextConnection',
			totalCount: nodes.length,
			nodes: nodes.slice(0, first),
			pageInfo: {
				__typename: 'PageInfo',
				hasNextPage: nodes.length > first,
				endCursor: null,
			},
		}),
	};
}

function findPull(ctx, id) {
	for (const repo of ctx.state.repos.values()) {
		for (const pull of repo.pulls.values()) {
			if (pull.node_id !== id || !visible(ctx.auth, repo)) continue;
			return { repo, pull };
		}
	}
	throw new GraphError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}

function need(ctx, repo, permission) {
	if (!mayDo(ctx.auth, repo, permission)) {
		throw new GraphError('FORBIDDEN', 'Resource not accessible by integration');
	}
}

async function setDraft(ctx, input, draft) {
	const { repo, pull } = findPull(ctx, input.pullRequestId);
	need(ctx, repo, 'pull_requests:write');
	if (pull.state !== 'open') throw new GraphError('UNPROCESSABLE', 'Pull request is closed');
	if (pull.draft !== draft) {
		pull.draft = draft;
		await changed(
			ctx.hub,
			repo,
			pull,
			draft ? 'converted_to_draft' : 'ready_for_review',
			ctx.auth,
		);
	}
	return {
		pullRequest: pullType(ctx, repo, pull),
		clientMutationId: input.clientMutationId ?? null,
	};
}

async function autoMerge(ctx, input) {
	const { repo, pull } = findPull(ctx, input.pullRequestId);
	need(ctx, repo, 'pull_requests:write');
	need(ctx, repo, 'contents:write');
	const refuse = (why) => {
		throw new GraphError('UNPROCESSABLE', why);
	};
	if (!repo.allow_auto_merge) refuse('Auto merge is not allowed for this repository');
	if (pull.draft) refuse('Pull request is in draft state');
	if (input.expectedHeadOid && input.expectedHeadOid !== pull.head_sha) {
		refuse('Head branch was modified. Review and try the merge again.');
	}
	/* GitHub refuses when a merge could be done at once. */
	if (!missing(repo, pull)) refuse('Pull request is in clean status');
	pull.auto_merge = {
		by: ctx.auth.actor,
		auth: ctx.auth,
		title: input.commitHeadline,
		message: input.commitBody,
		method: (input.mergeMethod ?? 'MERGE').toLowerCase(),
	};
	await changed(ctx.hub, repo, pull, 'auto_merge_enabled', ctx.auth, { reason: '' });
	return {
		pullRequest: pullType(ctx, repo, pull),
		actor: bot(ctx.auth.actor),
		clientMutationId: input.clientMutationId ?? null,
	};
}

/* Inputs a mutation knows, and what it does. */
const MUTATIONS = {
	markPullRequestReadyForReview: {
		inputs: ['pullRequestId'],
		run: (ctx, input) => setDraft(ctx, input, false),
	},
	convertPullRequestToDraft: {
		inputs: ['pullRequestId'],
		run: (ctx, input) => setDraft(ctx, input, true),
	},
	enablePullRequestAutoMerge: {
		inputs: [
			'pullRequestId',
			'mergeMethod',
			'expectedHeadOid',
			'commitHeadline',
			'commitBody',
			'authorEmail',
		],
		run: autoMerge,
	},
};

async function objectType(repo, sha) {
	return sha && (await git.resolve(repo.dir, sha)) ? commitType(repo, sha) : null;
}

function repositoryType(ctx, { owner, name }) {
	const repo = ctx.state.repo(owner, name);
	if (!repo || !visible(ctx.auth, repo)) {
		throw new GraphError(
			'NOT_FOUND',
			`Could not resolve to a Repository with the name '${owner}/${name}'.`,
		);
	}
	return {
		__typename: 'Repository',
		id: nodeId('R', repo.id),
		name: repo.name,
		nameWithOwner: `${repo.owner.login}/${repo.name}`,
		pullRequest: ({ number }) => {
			need(ctx, repo, 'pull_requests:read');
			const pull = repo.pulls.get(number);
			if (!pull)
				throw new GraphError(
					'NOT_FOUND',
					`Could not resolve to a PullRequest with the number of ${number}.`,
				);
			return pullType(ctx, repo, pull);
		},
		object: async ({ oid, expression }) =>
			objectType(repo, oid ?? (await git.resolve(repo.dir, expression))),
	};
}

const QUERY = (ctx) => ({
	__typename: 'Query',
	repository: (words) => repositoryType(ctx, words),
	node: ({ id }) => {
		const { repo, pull } = findPull(ctx, id);
		return pullType(ctx, repo, pull);
	},
	viewer: () => bot(ctx.auth.actor),
});

const MUTATION = (ctx) => ({
	__typename: 'Mutation',
	...Object.fromEntries(
		Object.entries(MUTATIONS).map(([name, one]) => [
			name,
			({ input }) => {
				const extra = Object.keys(input ?? {}).find(
					(key) => !one.inputs.includes(key) && key !== 'clientMutationId',
				);
				if (!input || extra) {
					throw new GraphError(
						'argumentNotAccepted',
						`InputObject '${name}Input' doesn't accept ` + `argument '${extra}'`,
					);
				}
				return one.run(ctx, input);
			},
		]),
	),
});

async function select(value, fields, variables, errors, path) {
	if (value === null || value === undefined) return null;
	if (Array.isArray(value)) {
		return Promise.all(
			value.map((one, i) => select(one, fields, variables, errors, [...path, i])),
		);
	}
	if (typeof value !== 'object') return value;
	const type = value.__typename;
	if (!fields) throw new GraphError('selectionMismatch', `Field must have selections (${type})`);
	const out = {};
	for (const one of fields) {
		if (one.on) {
			if (one.on === type) {
				Object.assign(out, await select(value, one.fields, variables, errors, path));
			}
			continue;
		}
		if (!(one.name in value)) {
			throw new GraphError(
				'undefinedField',
				`Field '${one.name}' doesn't exist on type '${type ?? 'payload'}'`,
			);
		}
		const words = Object.fromEntries(
			Object.entries(one.words).map(([key, word]) => [key, bind(word, variables)]),
		);
		const at = [...path, one.alias];
		try {
			let found = value[one.name];
			if (typeof found === 'function') found = await found(words);
			out[one.alias] = await select(found, one.fields, variables, errors, at);
		} catch (error) {
			if (!(error instanceof GraphError) || /Field|selection|argument/.test(error.type))
				throw error;
			out[one.alias] = null;
			errors.push({
				type: error.type,
				path: at,
				message: error.message,
				locations: [{ line: 1, column: 1 }],
			});
		}
	}
	return out;
}

async function graphql(ctx) {
	const { query, variables = {} } = ctx.body;
	const errors = [];
	try {
		const operation = parse(query);
		const root = operation.kind === 'mutation' ? MUTATION(ctx) : QUERY(ctx);
		const data = await select(root, operation.fields, variables ?? {}, errors, []);
		return { body: errors.length ? { data, errors } : { data } };
	} catch (error) {
		if (!(error instanceof GraphError) && !/^Parse error/.test(error.message)) throw error;
		/* What GitHub's schema does not have: a fault of the client, as unknown fields are. */
		ctx.state.violation('request', { request: 'POST /graphql', bad: [error.message] });
		return {
			body: { errors: [{ message: error.message, locations: [{ line: 1, column: 1 }] }] },
		};
	}
}

export const routes = [route('POST', '/graphql', 'any', graphql, { undocumented: true })];
