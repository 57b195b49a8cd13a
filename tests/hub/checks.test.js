/* Check runs and suites, statuses, comments, labels, reactions, deployments, webhooks. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
let hub;
let token;
let sha;
let receiver;
const received = [];
let answer = 200;

before(async () => {
	receiver = createServer(async (req, res) => {
		const parts = [];
		for await (const part of req) parts.push(part);
		received.push({ headers: req.headers, raw: Buffer.concat(parts) });
		res.writeHead(answer).end('thanks');
	});
	await new Promise((done) => {
		receiver.listen(0, '127.0.0.1', done);
	});
	const seed = plainSeed();
	delete seed.repositories[0].files['.github/workflows/ci.yml'];
	seed.apps[0].webhook_url = `http://127.0.0.1:${receiver.address().port}/hook`;
	seed.apps[0].webhook_secret = 'it is a secret';
	seed.apps[0].permissions.deployments = 'write';
	seed.apps.push({ name: 'Other', owner: 'bob' });
	seed.installations.push({ app: 'other', account: 'alice' });
	hub = await startHub(seed);
	token = await hub.token();
	sha = hub.seeded.repositories[0].sha;
	await hub.control('POST', 'limits', { content_per_minute: 1000, points_per_minute: 100000 });
	await hub.control('POST', 'push', { repo: 'alice/demo', branch: 'work', files: { w: 'w' } });
	await post('/pulls', { title: 't', head: 'work', base: 'main' });
});
after(async () => {
	const left = (await hub.violations()).filter((one) => one.kind !== 'request');
	await hub.stop();
	receiver.close();
	assert.deepEqual(left, []);
});

const get = (path, more = {}) => hub.api(R + path, { token, ...more });
const post = (path, body, more) => get(path, { method: 'POST', body, ...more });
const patch = (path, body, more) => get(path, { method: 'PATCH', body, ...more });
const note = (line) => ({
	path: 'w',
	start_line: line,
	end_line: line,
	annotation_level: 'failure',
	message: `line ${line}`,
});
const notes = (n) => Array.from({ length: n }, (_, i) => note(i + 1));

async function until(test_) {
	for (let i = 0; i < 200; i += 1) {
		const found = test_();
		if (found) return found;
		await new Promise((done) => {
			setTimeout(done, 20);
		});
	}
	throw new Error('it did not come');
}

test('C1 fifty annotations a request, more 422; an update adds to them', async () => {
	const output = (n) => ({ title: 't', summary: 's', annotations: notes(n) });
	const over = await post('/check-runs', { name: 'c1', head_sha: sha, output: output(51) });
	assert.equal(over.status, 422);
	const made = await post('/check-runs', { name: 'c1', head_sha: sha, output: output(50) });
	assert.equal(made.status, 201);
	assert.equal(made.body.output.annotations_count, 50);
	const more = await patch(`/check-runs/${made.body.id}`, { output: output(20) });
	assert.equal(more.body.output.annotations_count, 70);
	const page = await get(`/check-runs/${made.body.id}/annotations?per_page=50&page=2`);
	assert.equal(page.body.length, 20);
	assert.equal(page.body[0].message, 'line 1');
});

test('C2 a conclusion completes a check run; one of the same name replaces the older', async () => {
	const first = await post('/check-runs', { name: 'c2', head_sha: sha, conclusion: 'failure' });
	assert.equal(first.body.status, 'completed');
	assert.ok(first.body.completed_at);
	const second = await post('/check-runs', { name: 'c2', head_sha: sha, status: 'in_progress' });
	const list = async (query) =>
		(await get(`/commits/${sha}/check-runs?check_name=c2${query}`)).body;
	assert.deepEqual(
		(await list('')).check_runs.map((one) => one.id),
		[second.body.id],
	);
	assert.equal((await list('&filter=all')).total_count, 2);
});

test('C3 check runs are written by Apps only, and changed by the App that made them', async () => {
	const person = await post('/check-runs', { name: 'c3', head_sha: sha }, { token: 'ghp_bob' });
	assert.equal(person.status, 403);
	const made = await post('/check-runs', { name: 'c3', head_sha: sha });
	const other = hub.seeded.apps[1];
	const { id } = hub.seeded.installations[1];
	const theirs = (
		await hub.api(`/app/installations/${id}/access_tokens`, {
			method: 'POST',
			token: hub.jwt({ iss: String(other.id) }, other),
		})
	).body.token;
	const change = await patch(
		`/check-runs/${made.body.id}`,
		{ status: 'in_progress' },
		{ token: theirs },
	);
	assert.equal(change.status, 403);
});

test('C4 each App gets a suite at each push; one that never reports stays queued', async () => {
	const head = (await get('/git/ref/heads/work')).body.object.sha;
	const { check_suites } = (await get(`/commits/${head}/check-suites`)).body;
	assert.deepEqual(
		check_suites.map((one) => [one.app.slug, one.status, one.latest_check_runs_count]),
		[
			['aegis', 'queued', 0],
			['other', 'queued', 0],
		],
	);
	await post('/check-runs', { name: 'c4', head_sha: head, conclusion: 'success' });
	const suite = (await get(`/check-suites/${check_suites[0].id}`)).body;
	assert.equal(suite.status, 'completed');
	assert.equal(suite.conclusion, 'success');
	const runs = (await get(`/check-suites/${suite.id}/check-runs`)).body;
	assert.equal(runs.total_count, 1);
});

test('C5 texts of a check run have at most 65535 characters', async () => {
	const long = { title: 't', summary: 'x'.repeat(65536) };
	const over = await post('/check-runs', { name: 'c5', head_sha: sha, output: long });
	assert.equal(over.status, 422);
	long.summary = 'x'.repeat(65535);
	assert.equal(
		(await post('/check-runs', { name: 'c5', head_sha: sha, output: long })).status,
		201,
	);
});

test('S1 the combined status is "pending" without any status, else the worst of the newest', async () => {
	const state = async () => (await get(`/commits/${sha}/status`)).body;
	assert.equal((await state()).state, 'pending');
	assert.equal((await state()).total_count, 0);
	const set = (context, value) => post(`/statuses/${sha}`, { context, state: value });
	assert.equal((await set('a', 'failure')).status, 201);
	await set('b', 'success');
	assert.equal((await state()).state, 'failure');
	await set('a', 'success');
	assert.equal((await state()).state, 'success');
	assert.equal((await state()).total_count, 2);
	assert.equal((await get(`/commits/${sha}/statuses`)).body.length, 3);
});

test('I1 comments: made, listed since, changed, deleted; an empty body is 422', async () => {
	const made = await post('/issues/1/comments', { body: 'hello' });
	assert.equal(made.status, 201);
	assert.equal(made.body.user.login, 'aegis[bot]');
	assert.equal(made.body.performed_via_github_app.slug, 'aegis');
	assert.equal((await post('/issues/1/comments', { body: '  ' })).status, 422);
	assert.equal((await post('/issues/99/comments', { body: 'x' })).status, 404);
	const changed = await patch(`/issues/comments/${made.body.id}`, { body: 'other' });
	assert.equal(changed.body.body, 'other');
	assert.equal((await get('/issues/1/comments')).body.length, 1);
	assert.equal((await get('/issues/1/comments?since=2999-01-01T00:00:00Z')).body.length, 0);
	assert.equal((await get('/issues/comments')).body.length, 1);
	const carol = await patch(
		`/issues/comments/${made.body.id}`,
		{ body: 'x' },
		{ token: 'ghp_carol' },
	);
	assert.equal(carol.status, 403);
	const gone = await get(`/issues/comments/${made.body.id}`, { method: 'DELETE' });
	assert.equal(gone.status, 204);
	assert.equal((await get(`/issues/comments/${made.body.id}`)).status, 404);
});

test('I2 author_association tells owner and collaborator from others', async () => {
	const as = async (who) =>
		(await post('/issues/1/comments', { body: `/aegis from ${who}` }, { token: `ghp_${who}` }))
			.body.author_association;
	assert.equal(await as('alice'), 'OWNER');
	assert.equal(await as('bob'), 'COLLABORATOR');
});

test('I3 a reaction is 201 when new and 200 when it is there already', async () => {
	const comment = (await post('/issues/1/comments', { body: 'react' })).body;
	const react = () =>
		post(`/issues/comments/${comment.id}/reactions`, { content: '+1' }, { token: 'ghp_bob' });
	assert.equal((await react()).status, 201);
	assert.equal((await react()).status, 200);
	const list = (await get(`/issues/comments/${comment.id}/reactions`)).body;
	assert.deepEqual(
		list.map((one) => [one.user.login, one.content]),
		[['bob', '+1']],
	);
	assert.equal((await get(`/issues/comments/${comment.id}`)).body.reactions['+1'], 1);
	await hub.control('POST', 'reaction', {
		repo: 'alice/demo',
		number: 1,
		user: 'carol',
		content: '-1',
	});
	assert.equal((await get('/issues/1/reactions')).body[0].content, '-1');
});

test('I4 labels: adding is 200 and makes them, twice is one, removing what is not there 404', async () => {
	const add = await post('/issues/1/labels', { labels: ['aegis', 'fix'] });
	assert.equal(add.status, 200);
	assert.equal((await post('/issues/1/labels', { labels: ['aegis'] })).body.length, 2);
	assert.equal((await get('/issues/1/labels')).body.length, 2);
	const gone = await get('/issues/1/labels/aegis', { method: 'DELETE' });
	assert.deepEqual(
		gone.body.map((one) => one.name),
		['fix'],
	);
	assert.equal((await get('/issues/1/labels/aegis', { method: 'DELETE' })).status, 404);
	assert.equal((await get('/issues/1')).body.labels[0].name, 'fix');
});

test('D1 deployments: 201, statuses, the older success becomes inactive', async () => {
	const make = () =>
		post('/deployments', { ref: 'main', required_contexts: [], auto_merge: false });
	const one = await make();
	assert.equal(one.status, 201);
	const set = (id, state) => post(`/deployments/${id}/statuses`, { state });
	assert.equal((await set(one.body.id, 'in_progress')).status, 201);
	await set(one.body.id, 'success');
	const two = await make();
	await set(two.body.id, 'success');
	const states = (await get(`/deployments/${one.body.id}/statuses`)).body.map((s) => s.state);
	assert.deepEqual(states, ['inactive', 'success', 'in_progress']);
	const list = (await get('/deployments?environment=production')).body;
	assert.deepEqual(
		list.map((d) => d.id),
		[two.body.id, one.body.id],
	);
	const made = await hub.control('POST', 'deployment', {
		repo: 'alice/demo',
		ref: 'work',
		state: 'success',
	});
	assert.equal((await get(`/deployments/${made.id}/statuses`)).body[0].state, 'success');
});

test('D2 deployments: 409 when a required check is not green, 202 when the base was merged in', async () => {
	await hub.control('POST', 'push', { repo: 'alice/demo', branch: 'd2', files: { d2: '2' } });
	const head = (await get('/git/ref/heads/d2')).body.object.sha;
	await post(`/statuses/${head}`, { context: 'red', state: 'failure' });
	const red = await post('/deployments', { ref: 'd2' });
	assert.equal(red.status, 409);
	await hub.control('POST', 'push', { repo: 'alice/demo', files: { d2main: '2' } });
	const merged = await post('/deployments', { ref: 'd2' });
	assert.equal(merged.status, 202);
	assert.match(merged.body.message, /^Auto-merged main into d2/);
	assert.equal((await post('/deployments', { ref: 'nothing' })).status, 422);
});

test('W1 webhooks are signed with HMAC-SHA256 of the raw body and have a GUID', async () => {
	received.length = 0;
	await post('/issues/1/comments', { body: 'webhook' });
	const one = await until(() =>
		received.find((r) => r.headers['x-github-event'] === 'issue_comment'),
	);
	const mac = createHmac('sha256', 'it is a secret').update(one.raw).digest('hex');
	assert.equal(one.headers['x-hub-signature-256'], `sha256=${mac}`);
	assert.match(one.headers['x-github-delivery'], /^[0-9a-f-]{36}$/);
	assert.match(one.headers['user-agent'], /^GitHub-Hookshot\//);
	const payload = JSON.parse(one.raw);
	assert.equal(payload.action, 'created');
	assert.equal(payload.installation.id, hub.seeded.installations[0].id);
	assert.equal(payload.sender.login, 'aegis[bot]');
});

test('W2 no webhook is sent twice by itself; deliveries list it, redelivery keeps the GUID', async () => {
	received.length = 0;
	answer = 500;
	await post('/issues/1/comments', { body: 'lost' });
	await until(() => received.length);
	answer = 200;
	const token_ = hub.jwt();
	const list = async () =>
		(await hub.api('/app/hook/deliveries?status=failure', { token: token_ })).body;
	await until(() => received.length === 1);
	let failed;
	for (let i = 0; i < 50 && !failed; i += 1) [failed] = await list();
	assert.equal(failed.status_code, 500);
	assert.equal(failed.event, 'issue_comment');
	const whole = await hub.api(`/app/hook/deliveries/${failed.id}`, { token: token_ });
	assert.equal(whole.body.request.payload.comment.body, 'lost');
	const again = await hub.api(`/app/hook/deliveries/${failed.id}/attempts`, {
		method: 'POST',
		token: token_,
	});
	assert.equal(again.status, 202);
	await until(() => received.length === 2);
	assert.equal(
		received[1].headers['x-github-delivery'],
		received[0].headers['x-github-delivery'],
	);
});

test('W3 deliveries come in pages by cursor, newest first', async () => {
	for (let i = 0; i < 3; i += 1) await post('/issues/1/comments', { body: `page ${i}` });
	await until(() => received.length >= 5);
	await hub.idle();
	const first = await hub.api('/app/hook/deliveries?per_page=2', { token: hub.jwt() });
	assert.equal(first.body.length, 2);
	const next = /<(.*)>; rel="next"/.exec(first.headers.link)[1];
	assert.match(next, /cursor=v1_\d+/);
	const second = await hub.api(next, { token: hub.jwt() });
	assert.ok(second.body[0].id < first.body[1].id);
	assert.equal(
		(await hub.api('/app/hook/deliveries?cursor=x', { token: hub.jwt() })).status,
		400,
	);
});

test('W5 pressing a button of a check run sends requested_action', async () => {
	received.length = 0;
	const actions = [{ label: 'Again', description: 'try again', identifier: 'again' }];
	const made = await post('/check-runs', { name: 'w5', head_sha: sha, actions });
	assert.equal(made.status, 201);
	actions.push(actions[0], actions[0], actions[0]);
	assert.equal((await post('/check-runs', { name: 'w5', head_sha: sha, actions })).status, 422);
	const pressed = { repo: 'alice/demo', check_run_id: made.body.id, identifier: 'again' };
	await hub.control('POST', 'press', { ...pressed, user: 'bob' });
	const one = await until(() =>
		received.map((r) => JSON.parse(r.raw)).find((p) => p.action === 'requested_action'),
	);
	assert.equal(one.requested_action.identifier, 'again');
	assert.equal(one.sender.login, 'bob');
});

test('W4 webhooks can be lost, doubled, held back and turned round', async () => {
	const mode = (m, more) => hub.control('POST', 'webhooks', { mode: m, ...more });
	received.length = 0;
	await mode('drop');
	await post('/issues/1/comments', { body: 'dropped' });
	await mode('double');
	await post('/issues/1/comments', { body: 'doubled' });
	await until(() => received.length === 2);
	const bodies = () => received.map((r) => JSON.parse(r.raw).comment.body);
	assert.deepEqual(bodies(), ['doubled', 'doubled']);
	await mode('hold');
	await post('/issues/1/comments', { body: 'one' });
	await post('/issues/1/comments', { body: 'two' });
	assert.equal(received.length, 2);
	await mode('normal', { release: true, reverse: true });
	assert.equal(received.length, 4);
});
