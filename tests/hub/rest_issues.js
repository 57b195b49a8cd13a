/* Comments, reactions and labels of pull requests and of issues, which are made by control calls. */
import { changed } from './events.js';
import { mayDo } from './auth.js';
import { forbidden, invalid, notFound } from './errors.js';
import { paged } from './paging.js';
import { route } from './route.js';
import * as shapes from './shapes_pull.js';

const BODY_LIMIT = 65536;

const findIssue = (repo, number) => repo.pulls.get(number) ?? repo.issues.get(number);

/* Somebody opens an issue: {title, body?, user} */
export function openIssue(state, repo, { title, body = null, user }) {
	const at = state.stamp();
	repo.lastNumber += 1;
	const one = {
		number: repo.lastNumber,
		is_issue: true,
		issue_id: state.id(),
		title,
		body,
		user: state.user(user),
		state: 'open',
		labels: [],
		created_at: at,
		updated_at: at,
		closed_at: null,
	};
	repo.issues.set(one.number, one);
	return one;
}

function issueOf(ctx) {
	const one = findIssue(ctx.repo, Number(ctx.params.issue_number));
	if (!one) throw notFound();
	return one;
}

function commentOf(ctx) {
	const one = ctx.repo.comments.get(Number(ctx.params.comment_id));
	if (!one) throw notFound();
	return one;
}

const shape = (ctx) => (one) => shapes.comment(ctx.hub, ctx.repo, one);

function since(ctx, all) {
	const from = ctx.query.since ? Date.parse(ctx.query.since) : -Infinity;
	return all.filter((one) => Date.parse(one.updated_at) >= from);
}

function list(ctx) {
	const { number } = issueOf(ctx);
	const mine = [...ctx.repo.comments.values()].filter((one) => one.number === number);
	return paged(ctx, since(ctx, mine), shape(ctx));
}

function listAll(ctx) {
	const all = since(ctx, [...ctx.repo.comments.values()]);
	const key = ctx.query.sort === 'updated' ? 'updated_at' : 'created_at';
	const down = ctx.query.sort && ctx.query.direction === 'desc' ? -1 : 1;
	all.sort((a, b) => down * (a[key] === b[key] ? a.id - b.id : a[key] < b[key] ? -1 : 1));
	return paged(ctx, all, shape(ctx));
}

function emit(ctx, comment, action, more = {}) {
	const { hub, repo, auth } = ctx;
	const pull = findIssue(repo, comment.number);
	hub.hooks.emit(
		repo,
		'issue_comment',
		{
			action,
			comment: shapes.comment(hub, repo, comment),
			issue: shapes.issue(hub, repo, pull),
			...more,
		},
		auth,
	);
}

function checkBody(text) {
	if (text.trim() === '') {
		throw invalid({
			resource: 'IssueComment',
			code: 'unprocessable',
			field: 'data',
			message: 'Body cannot be blank',
		});
	}
	if (text.length > BODY_LIMIT) {
		throw invalid({
			resource: 'IssueComment',
			code: 'unprocessable',
			field: 'data',
			message: `Body is too long (maximum is ${BODY_LIMIT} characters)`,
		});
	}
}

function create(ctx) {
	const { state, repo, body, auth } = ctx;
	const pull = issueOf(ctx);
	checkBody(body.body);
	const at = state.stamp();
	const one = {
		id: state.id(),
		number: pull.number,
		user: auth.actor,
		app: auth.app,
		body: body.body,
		created_at: at,
		updated_at: at,
	};
	repo.comments.set(one.id, one);
	pull.updated_at = at;
	emit(ctx, one, 'created');
	const made = shape(ctx)(one);
	return { status: 201, body: made, headers: { location: made.url } };
}

/* One's own comments, or anybody's with write permission of a person. */
function mayEdit(ctx, one) {
	if (one.user === ctx.auth.actor) return;
	if (ctx.auth.kind === 'user' && mayDo(ctx.auth, ctx.repo, 'contents:write')) return;
	throw forbidden();
}

function update(ctx) {
	const one = commentOf(ctx);
	mayEdit(ctx, one);
	checkBody(ctx.body.body);
	const from = one.body;
	one.body = ctx.body.body;
	one.updated_at = ctx.state.stamp();
	emit(ctx, one, 'edited', { changes: { body: { from } } });
	return { body: shape(ctx)(one) };
}

function remove(ctx) {
	const one = commentOf(ctx);
	mayEdit(ctx, one);
	ctx.repo.comments.delete(one.id);
	emit(ctx, one, 'deleted');
	return { status: 204 };
}

function reactions(kind, find) {
	return (ctx) => {
		const target = find(ctx);
		const all = ctx.repo.reactions.filter(
			(one) =>
				one.kind === kind &&
				one.target === (kind === 'issue' ? target.number : target.id) &&
				(!ctx.query.content || one.content === ctx.query.content),
		);
		return paged(ctx, all, (one) => shapes.reaction(ctx.hub, one));
	};
}

/* 200 when this person has already reacted so, 201 when it is new. */
export function react(state, repo, kind, target, who, content) {
	const old = repo.reactions.find(
		(one) =>
			one.kind === kind &&
			one.target === target &&
			one.user === who &&
			one.content === content,
	);
	if (old) return { one: old, status: 200 };
	const one = { id: state.id(), kind, target, user: who, content, created_at: state.stamp() };
	repo.reactions.push(one);
	return { one, status: 201 };
}

function addReaction(ctx) {
	const { id } = commentOf(ctx);
	const { one, status } = react(
		ctx.state,
		ctx.repo,
		'comment',
		id,
		ctx.auth.actor,
		ctx.body.content,
	);
	return { status, body: shapes.reaction(ctx.hub, one) };
}

export function ensureLabel(state, repo, name, more = {}) {
	const key = name.toLowerCase();
	if (!repo.labels.has(key)) {
		repo.labels.set(key, { id: state.id(), name, color: 'ededed', description: null, ...more });
	}
	return repo.labels.get(key);
}

const issueLabels = (ctx, pull) =>
	pull.labels.map((name) =>
		shapes.label(ctx.hub, ctx.repo, ctx.repo.labels.get(name.toLowerCase())),
	);

async function addLabels(ctx) {
	const { hub, repo, state, body, auth } = ctx;
	const pull = issueOf(ctx);
	for (const wanted of body.labels ?? []) {
		const label = ensureLabel(state, repo, wanted.name ?? wanted);
		if (pull.labels.includes(label.name)) continue;
		pull.labels.push(label.name);
		await changed(hub, repo, pull, 'labeled', auth, { label: shapes.label(hub, repo, label) });
	}
	return { body: issueLabels(ctx, pull) };
}

function removeLabel(ctx) {
	const pull = issueOf(ctx);
	const name = ctx.params.name.toLowerCase();
	if (!pull.labels.some((one) => one.toLowerCase() === name))
		throw notFound('Label does not exist');
	pull.labels = pull.labels.filter((one) => one.toLowerCase() !== name);
	return { body: issueLabels(ctx, pull) };
}

function getLabel(ctx) {
	const one = ctx.repo.labels.get(ctx.params.name.toLowerCase());
	if (!one) throw notFound();
	return { body: shapes.label(ctx.hub, ctx.repo, one) };
}

function createLabel(ctx) {
	const { repo, state, body, hub } = ctx;
	const bad = (field, code) => invalid({ resource: 'Label', field, code });
	if (repo.labels.has(body.name.toLowerCase())) throw bad('name', 'already_exists');
	if (body.color && !/^[0-9a-f]{6}$/i.test(body.color)) throw bad('color', 'invalid');
	if (body.description?.length > 100) throw bad('description', 'invalid');
	const { name, ...more } = body;
	const one = shapes.label(hub, repo, ensureLabel(state, repo, name, more));
	return { status: 201, body: one, headers: { location: one.url } };
}

const R = '/repos/{owner}/{repo}';
const READ = ['issues:read', 'pull_requests:read'];
const WRITE = ['issues:write', 'pull_requests:write'];

export const routes = [
	route('GET', `${R}/issues/{issue_number}`, READ, (ctx) => ({
		body: shapes.issue(ctx.hub, ctx.repo, issueOf(ctx)),
	})),
	route('GET', `${R}/issues/{issue_number}/comments`, READ, list),
	route('POST', `${R}/issues/{issue_number}/comments`, WRITE, create),
	route('GET', `${R}/issues/comments`, READ, listAll),
	route('GET', `${R}/issues/comments/{comment_id}`, READ, (ctx) => ({
		body: shape(ctx)(commentOf(ctx)),
	})),
	route('PATCH', `${R}/issues/comments/{comment_id}`, WRITE, update),
	route('DELETE', `${R}/issues/comments/{comment_id}`, WRITE, remove),
	route(
		'GET',
		`${R}/issues/comments/{comment_id}/reactions`,
		READ,
		reactions('comment', commentOf),
	),
	route('POST', `${R}/issues/comments/{comment_id}/reactions`, WRITE, addReaction),
	route('GET', `${R}/issues/{issue_number}/reactions`, READ, reactions('issue', issueOf)),
	route('GET', `${R}/issues/{issue_number}/labels`, READ, (ctx) =>
		paged(ctx, issueLabels(ctx, issueOf(ctx)), (one) => one),
	),
	route('POST', `${R}/issues/{issue_number}/labels`, WRITE, addLabels),
	route('DELETE', `${R}/issues/{issue_number}/labels/{name}`, WRITE, removeLabel),
	route('GET', `${R}/labels`, READ, (ctx) =>
		paged(ctx, [...ctx.repo.labels.values()], (one) => shapes.label(ctx.hub, ctx.repo, one)),
	),
	route('GET', `${R}/labels/{name}`, READ, getLabel),
	route('POST', `${R}/labels`, WRITE, createLabel),
];
