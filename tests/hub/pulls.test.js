/* Pull requests: opening, mergeability, merging and what keeps from it, reviews, GraphQL. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
let hub;
let token;
let count = 0;

before(async () => {
	const seed = plainSeed();
	delete seed.repositories[0].files['.github/workflows/ci.yml'];
	hub = await startHub(seed);
	token = await hub.token();
	await hub.control('POST', 'limits', { content_per_minute: 1000, points_per_minute: 100000 });
});
after(async () => {
	const left = await hub.violations();
	await hub.stop();
	assert.deepEqual(left, []);
});

const get = (path, more = {}) => hub.api(R + path, { token, ...more });
const post = (path, body, more) => get(path, { method: 'POST', body, ...more });
const put = (path, body) => get(path, { method: 'PUT', body });
const push = (branch, files, more = {}) =>
	hub.control('POST', 'push', { repo: 'alice/demo', branch, files, ...more });

/* A pull request from a branch of its own; files as in a push. */
async function open(more = {}, files = undefined) {
	count += 1;
	const head = `branch-${count}`;
	await push(head, files ?? { [`file-${count}`]: `${count}\n` });
	const { status, body } = await post('/pulls', {
		title: `pull ${count}`,
		head,
		base: 'main',
		...more,
	});
	assert.equal(status, 201);
	return body;
}

async function settled(number) {
	for (;;) {
		const { body } = await get(`/pulls/${number}`);
		if (body.mergeable !== null) return body;
		await new Promise((done) => {
			setTimeout(done, 20);
		});
	}
}

const protect = (rule) =>
	hub.control('POST', 'settings', { repo: 'alice/demo', protection: { main: rule } });

test("P1 opening: 201; the same again, no commits, no such branch: 422 with GitHub's words", async () => {
	const pull = await open();
	const again = await post('/pulls', { title: 'x', head: pull.head.ref, base: 'main' });
	assert.equal(again.status, 422);
	assert.equal(
		again.body.errors[0].message,
		`A pull request already exists for alice:${pull.head.ref}.`,
	);
	await hub.control('POST', 'push', { repo: 'alice/demo', branch: 'empty', files: {} });
	const sha = (await get('/git/ref/heads/main')).body.object.sha;
	await post('/git/refs', { ref: 'refs/heads/same', sha });
	const none = await post('/pulls', { title: 'x', head: 'same', base: 'main' });
	assert.equal(none.body.errors[0].message, 'No commits between main and same');
	const missing = await post('/pulls', { title: 'x', head: 'nothing', base: 'main' });
	assert.deepEqual(missing.body.errors, [
		{ resource: 'PullRequest', field: 'head', code: 'invalid' },
	]);
});

test('P2 the list filters by owner:head, base and state; head without owner is no filter', async () => {
	const pull = await open();
	const heads = async (query) => (await get(`/pulls?${query}`)).body.map((one) => one.number);
	assert.deepEqual(await heads(`head=alice:${pull.head.ref}`), [pull.number]);
	assert.deepEqual(await heads('head=alice:nothing'), []);
	assert.ok((await heads(`head=${pull.head.ref}`)).length > 1);
	assert.deepEqual(await heads('base=side'), []);
	await get(`/pulls/${pull.number}`, { method: 'PATCH', body: { state: 'closed' } });
	assert.deepEqual(await heads(`head=alice:${pull.head.ref}`), []);
	assert.deepEqual(await heads(`head=alice:${pull.head.ref}&state=all`), [pull.number]);
});

test('P3 mergeable is null first, then true or false; mergeable_state follows', async () => {
	const pull = await open();
	assert.equal(pull.mergeable, null);
	assert.equal(pull.mergeable_state, 'unknown');
	const good = await settled(pull.number);
	assert.equal(good.mergeable, true);
	assert.equal(good.mergeable_state, 'clean');
	const bad = await open({}, { 'value.txt': `${count} mine\n` });
	await push('main', { 'value.txt': `${count} theirs\n` });
	const clash = await settled(bad.number);
	assert.equal(clash.mergeable, false);
	assert.equal(clash.mergeable_state, 'dirty');
	const merge = await put(`/pulls/${bad.number}/merge`, {});
	assert.equal(merge.status, 405);
	assert.equal(merge.body.message, 'Pull Request is not mergeable');
});

test("M1 a merge with the head's sha: 200, a merge commit on the base, state closed and merged", async () => {
	const pull = await open();
	const base = (await get('/git/ref/heads/main')).body.object.sha;
	const done = await put(`/pulls/${pull.number}/merge`, { sha: pull.head.sha });
	assert.equal(done.status, 200);
	assert.equal(done.body.merged, true);
	const { body } = await get(`/commits/${done.body.sha}`);
	assert.deepEqual(
		body.parents.map((one) => one.sha),
		[base, pull.head.sha],
	);
	assert.match(
		body.commit.message,
		new RegExp(`^Merge pull request #${pull.number} from alice/`),
	);
	const after_ = (await get(`/pulls/${pull.number}`)).body;
	assert.equal(after_.state, 'closed');
	assert.equal(after_.merged, true);
	assert.equal(after_.merged_by.login, 'aegis[bot]');
	assert.equal(after_.merge_commit_sha, done.body.sha);
	assert.equal((await get(`/pulls/${pull.number}/merge`)).status, 204);
});

test('M2 another sha than the head\'s: 409 "Head branch was modified"', async () => {
	const pull = await open();
	const wrong = await put(`/pulls/${pull.number}/merge`, { sha: 'a'.repeat(40) });
	assert.equal(wrong.status, 409);
	assert.equal(wrong.body.message, 'Head branch was modified. Review and try the merge again.');
	await push(pull.head.ref, { more: 'more\n' }, { author: 'bob' });
	assert.equal((await put(`/pulls/${pull.number}/merge`, { sha: pull.head.sha })).status, 409);
});

test('M3 merged, closed or draft: 405', async () => {
	const pull = await open();
	assert.equal((await put(`/pulls/${pull.number}/merge`, {})).status, 200);
	assert.equal((await put(`/pulls/${pull.number}/merge`, {})).status, 405);
	assert.equal((await get(`/pulls/${pull.number}/merge`)).status, 204);
	const draft = await open({ draft: true });
	assert.equal(draft.draft, true);
	const refused = await put(`/pulls/${draft.number}/merge`, {});
	assert.equal(refused.status, 405);
	assert.equal(refused.body.message, 'Pull Request is still a draft');
	assert.equal((await get(`/pulls/${draft.number}/merge`)).status, 404);
});

test('M4 a required check that is missing, pending or red: 405; neutral and green pass', async () => {
	await protect({ required_status_checks: { contexts: ['gate'] } });
	const pull = await open();
	const sha = pull.head.sha;
	const merge = () => put(`/pulls/${pull.number}/merge`, { sha });
	const missing = await merge();
	assert.equal(missing.status, 405);
	assert.equal(missing.body.message, 'Required status check "gate" is expected.');
	assert.equal((await settled(pull.number)).mergeable_state, 'blocked');
	await post(`/statuses/${sha}`, { state: 'failure', context: 'gate' });
	assert.equal((await merge()).body.message, 'Required status check "gate" is failing.');
	await post('/check-runs', { name: 'gate', head_sha: sha, status: 'in_progress' });
	assert.equal((await merge()).status, 405);
	await post('/check-runs', { name: 'gate', head_sha: sha, conclusion: 'neutral' });
	assert.equal((await merge()).status, 200);
	await protect(null);
});

test('M5 strict protection: a head behind the base is "behind" and 405', async () => {
	await protect({ required_status_checks: { strict: true, contexts: [] } });
	const pull = await open();
	await push('main', { strict: `${count}\n` });
	assert.equal((await settled(pull.number)).mergeable_state, 'behind');
	assert.equal((await put(`/pulls/${pull.number}/merge`, {})).status, 405);
	const wrong = await put(`/pulls/${pull.number}/update-branch`, {
		expected_head_sha: 'a'.repeat(40),
	});
	assert.equal(wrong.status, 422);
	const update = await put(`/pulls/${pull.number}/update-branch`, {});
	assert.equal(update.status, 202);
	assert.equal((await put(`/pulls/${pull.number}/merge`, {})).status, 200);
	await protect(null);
});

test('M6 required reviews: 405 until someone else approves; own approval is 422', async () => {
	await protect({ required_pull_request_reviews: { required_approving_review_count: 1 } });
	const pull = await open();
	const own = await post(`/pulls/${pull.number}/reviews`, { event: 'APPROVE' });
	assert.equal(own.status, 422);
	assert.deepEqual(own.body.errors, ['Can not approve your own pull request']);
	assert.match((await put(`/pulls/${pull.number}/merge`, {})).body.message, /approving review/);
	const review = await post(
		`/pulls/${pull.number}/reviews`,
		{ event: 'APPROVE' },
		{ token: 'ghp_bob' },
	);
	assert.equal(review.status, 200);
	assert.equal(review.body.state, 'APPROVED');
	const list = (await get(`/pulls/${pull.number}/reviews`)).body;
	assert.deepEqual(
		list.map((one) => [one.user.login, one.state]),
		[['bob', 'APPROVED']],
	);
	assert.equal((await put(`/pulls/${pull.number}/merge`, {})).status, 200);
	await protect(null);
});

test('M10 a review keeps its commit; dismissed it says nothing; readers and drafts do not count', async () => {
	await protect({ required_pull_request_reviews: { required_approving_review_count: 1 } });
	const pull = await open();
	const path = `/pulls/${pull.number}/reviews`;
	const as = (token_, event, body) => post(path, { event, body }, { token: token_ });
	const merge = async () => (await put(`/pulls/${pull.number}/merge`, {})).status;
	const states = async (token_) =>
		(await get(path, { token: token_ })).body.map((one) => one.state);
	assert.equal((await as('ghp_carol', 'APPROVE')).status, 200);
	assert.equal(await merge(), 405);
	const approval = (await as('ghp_bob', 'APPROVE')).body;
	assert.equal(approval.commit_id, pull.head.sha);
	assert.equal((await as('ghp_bob', undefined, 'later')).body.state, 'PENDING');
	assert.deepEqual(await states('ghp_bob'), ['APPROVED', 'APPROVED', 'PENDING']);
	assert.deepEqual(await states(token), ['APPROVED', 'APPROVED']);
	const dismiss = (id, more = {}, body = { message: 'too early' }) =>
		get(`${path}/${id}/dismissals`, { method: 'PUT', body, ...more });
	assert.equal((await dismiss(approval.id, { token: 'ghp_carol' })).status, 403);
	assert.equal((await dismiss(1)).status, 404);
	assert.equal((await dismiss(approval.id, {}, { message: '' })).status, 422);
	const done = await dismiss(approval.id, {}, { message: 'too early', event: 'DISMISS' });
	assert.equal(done.status, 200);
	assert.equal(done.body.state, 'DISMISSED');
	assert.equal(done.body.submitted_at, approval.submitted_at);
	assert.equal((await dismiss(approval.id)).status, 422);
	assert.equal(await merge(), 405);
	await push(pull.head.ref, { more: `${count}\n` });
	assert.equal((await get(path)).body[0].commit_id, pull.head.sha);
	await as('ghp_bob', 'REQUEST_CHANGES', 'no');
	assert.equal(await merge(), 405);
	await as('ghp_bob', 'APPROVE');
	assert.equal(await merge(), 200);
	await protect(null);
});

test('M7 squash makes one commit with one parent; a method that is not allowed is 405', async () => {
	const pull = await open();
	await push(pull.head.ref, { second: `${count}\n` });
	const rebase = await put(`/pulls/${pull.number}/merge`, { merge_method: 'rebase' });
	assert.equal(rebase.status, 405);
	assert.equal(rebase.body.message, 'Rebase merges are not allowed on this repository.');
	const done = await put(`/pulls/${pull.number}/merge`, {
		merge_method: 'squash',
		commit_title: 'one thing',
		commit_message: 'why',
	});
	const { body } = await get(`/commits/${done.body.sha}`);
	assert.equal(body.parents.length, 1);
	assert.equal(body.commit.message, 'one thing\n\nwhy');
});

test('M8 rulesets count as protection does; rules/branches is never 404', async () => {
	await hub.control('POST', 'settings', {
		repo: 'alice/demo',
		rulesets: [
			{
				branches: ['main'],
				rules: [
					{
						type: 'required_status_checks',
						parameters: {
							strict_required_status_checks_policy: false,
							required_status_checks: [{ context: 'gate' }],
						},
					},
				],
			},
		],
	});
	const rules = (await get('/rules/branches/main')).body;
	assert.equal(rules[0].type, 'required_status_checks');
	assert.equal(rules[0].parameters.required_status_checks[0].context, 'gate');
	assert.deepEqual((await get('/rules/branches/nothing')).body, []);
	assert.equal((await get('/branches/main/protection')).status, 404);
	const pull = await open();
	const refused = await put(`/pulls/${pull.number}/merge`, {});
	assert.equal(refused.status, 405);
	assert.match(refused.body.message, /^Repository rule violations found/);
	assert.equal((await get('/rulesets')).body.length, 1);
	await hub.control('POST', 'settings', { repo: 'alice/demo', rulesets: [] });
});

test('M9 classic protection is readable with administration:read, 404 without protection', async () => {
	const none = await get('/branches/main/protection');
	assert.equal(none.status, 404);
	assert.equal(none.body.message, 'Branch not protected');
	await protect({ required_status_checks: { strict: true, contexts: ['a', 'b'] } });
	const checks = (await get('/branches/main/protection/required_status_checks')).body;
	assert.deepEqual(checks.contexts, ['a', 'b']);
	assert.equal(checks.strict, true);
	assert.equal((await get('/branches/main/protection')).status, 200);
	const less = await hub.token({ permissions: { contents: 'read' } });
	assert.equal((await get('/branches/main/protection', { token: less })).status, 403);
	assert.equal((await get('/branches/main', { token: less })).body.protected, true);
	await protect(null);
});

test('P4 a deleted head branch closes the pull request; a merged base merges it', async () => {
	const pull = await open();
	await get(`/git/refs/heads/${pull.head.ref}`, { method: 'DELETE' });
	assert.equal((await get(`/pulls/${pull.number}`)).body.state, 'closed');
	const other = await open();
	await get('/git/refs/heads/main', {
		method: 'PATCH',
		body: { sha: other.head.sha, force: true },
	});
	assert.equal((await get(`/pulls/${other.number}`)).body.merged, true);
});

test('P5 files and commits of a pull request; reopening', async () => {
	const pull = await open({}, { 'README.md': 'demo\nmore\n', 'new file.txt': 'n\n' });
	const files = (await get(`/pulls/${pull.number}/files`)).body;
	assert.deepEqual(
		files.map((one) => [one.filename, one.status, one.changes]),
		[
			['README.md', 'modified', 1],
			['new file.txt', 'added', 1],
		],
	);
	assert.equal((await get(`/pulls/${pull.number}/commits`)).body.length, 1);
	assert.equal(pull.changed_files, 2);
	const change = (state) => get(`/pulls/${pull.number}`, { method: 'PATCH', body: { state } });
	assert.equal((await change('closed')).body.state, 'closed');
	assert.equal((await change('open')).body.state, 'open');
	const diff = await get(`/pulls/${pull.number}`, {
		headers: { accept: 'application/vnd.github.diff' },
	});
	assert.match(diff.body, /^diff --git a\/README.md/);
});

test('P6 reviewers must be collaborators', async () => {
	const pull = await open();
	const ask = (who) => post(`/pulls/${pull.number}/requested_reviewers`, { reviewers: [who] });
	const good = await ask('bob');
	assert.equal(good.status, 201);
	assert.equal(good.body.requested_reviewers[0].login, 'bob');
	assert.equal((await ask('stranger')).status, 422);
});

const graphql = (query, variables, more = {}) =>
	hub.api('/graphql', { method: 'POST', token, body: { query, variables }, ...more });

test('Q1 GraphQL turns a draft ready and back', async () => {
	const pull = await open({ draft: true });
	const turn = (name) =>
		graphql(
			`mutation T($id: ID!) { ${name}(input: {pullRequestId: $id}) ` +
				'{ pullRequest { number isDraft } } }',
			{ id: pull.node_id },
		);
	const ready = await turn('markPullRequestReadyForReview');
	assert.deepEqual(ready.body.data.markPullRequestReadyForReview.pullRequest, {
		number: pull.number,
		isDraft: false,
	});
	assert.equal((await get(`/pulls/${pull.number}`)).body.draft, false);
	await turn('convertPullRequestToDraft');
	assert.equal((await get(`/pulls/${pull.number}`)).body.draft, true);
});

test('Q2 auto-merge is refused in clean status and merges when the last check is green', async () => {
	const enable = (id) =>
		graphql(
			'mutation($input: EnablePullRequestAutoMergeInput!) { ' +
				'enablePullRequestAutoMerge(input: $input) { pullRequest { autoMergeRequest ' +
				'{ mergeMethod } } } }',
			{ input: { pullRequestId: id, mergeMethod: 'SQUASH' } },
		);
	const clean = await enable((await open()).node_id);
	assert.equal(clean.status, 200);
	assert.match(clean.body.errors[0].message, /clean status/);
	await protect({ required_status_checks: { contexts: ['gate'] } });
	const pull = await open();
	const waiting = await enable(pull.node_id);
	assert.equal(
		waiting.body.data.enablePullRequestAutoMerge.pullRequest.autoMergeRequest.mergeMethod,
		'SQUASH',
	);
	await post(`/statuses/${pull.head.sha}`, { state: 'success', context: 'gate' });
	await hub.idle();
	assert.equal((await get(`/pulls/${pull.number}`)).body.merged, true);
	await protect(null);
});

test('Q3 statusCheckRollup has check runs and statuses, and is null without any', async () => {
	const pull = await open();
	const ask = async () =>
		(
			await graphql(
				'query($n: Int!) { repository(owner: "alice", name: "demo")' +
					' { pullRequest(number: $n) { commits(last: 1) { nodes { commit { statusCheckRollup {' +
					' state contexts(first: 10) { nodes { __typename ... on CheckRun { name conclusion }' +
					' ... on StatusContext { context state } } } } } } } } } }',
				{ n: pull.number },
			)
		).body.data.repository.pullRequest.commits.nodes[0].commit.statusCheckRollup;
	assert.equal(await ask(), null);
	await post('/check-runs', { name: 'c', head_sha: pull.head.sha, conclusion: 'success' });
	assert.equal((await ask()).state, 'SUCCESS');
	await post(`/statuses/${pull.head.sha}`, { state: 'failure', context: 's' });
	const both = await ask();
	assert.equal(both.state, 'FAILURE');
	assert.deepEqual(both.contexts.nodes, [
		{ __typename: 'CheckRun', name: 'c', conclusion: 'SUCCESS' },
		{ __typename: 'StatusContext', context: 's', state: 'FAILURE' },
	]);
});

test('Q4 GraphQL errors come with 200; an unknown field is a violation too', async () => {
	const gone = await graphql(
		'mutation { markPullRequestReadyForReview(input: ' +
			'{pullRequestId: "PR_nothing"}) { pullRequest { id } } }',
	);
	assert.equal(gone.status, 200);
	assert.equal(gone.body.errors[0].type, 'NOT_FOUND');
	assert.deepEqual(await hub.violations(), []);
	const field = await graphql('{ repository(owner: "alice", name: "demo") { colour } }');
	assert.match(field.body.errors[0].message, /'colour' doesn't exist on type 'Repository'/);
	assert.equal((await hub.violations()).length, 1);
	await hub.control('DELETE', 'violations');
	const reader = await hub.token({ permissions: { pull_requests: 'read' } });
	const pull = await open({ draft: true });
	const denied = await graphql(
		'mutation($id: ID!) { markPullRequestReadyForReview(input: ' +
			'{pullRequestId: $id}) { pullRequest { id } } }',
		{ id: pull.node_id },
		{ token: reader },
	);
	assert.equal(denied.body.errors[0].type, 'FORBIDDEN');
});
