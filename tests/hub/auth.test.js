/* Who may do what: JWTs, installation tokens, personal tokens, what is not visible. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKeyPairSync } from 'node:crypto';
import { makeJwt, plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
let hub;
const now = () => Math.floor(Date.now() / 1000);
const app = (claims) => hub.api('/app', { token: hub.jwt(claims) });

before(async () => {
	const seed = plainSeed();
	seed.repositories.push(
		{ owner: 'alice', name: 'open', private: false, files: { a: 'a' } },
		{ owner: 'dora', name: 'other', files: { a: 'a' } },
	);
	hub = await startHub(seed);
});
after(async () => {
	const left = (await hub.violations()).filter((one) => one.kind !== 'request');
	await hub.stop();
	assert.deepEqual(left, []);
});

test('A1 a JWT is RS256, of a known App, signed by its key, and lives at most ten minutes', async () => {
	assert.equal((await app()).status, 200);
	assert.equal((await app({ exp: now() + 3600 })).status, 401);
	assert.equal((await app({ exp: now() - 1 })).status, 401);
	assert.equal((await app({ iat: now() + 120 })).status, 401);
	assert.equal((await app({ iss: '999' })).status, 404);
	const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
	const { id, private_key } = hub.seeded.apps[0];
	const claims = { iat: now() - 60, exp: now() + 500, iss: id };
	assert.equal((await hub.api('/app', { token: makeJwt(other, claims) })).status, 401);
	const none = makeJwt(private_key, claims, { alg: 'none' });
	assert.equal((await hub.api('/app', { token: none })).status, 401);
});

test('A2 an installation token lives for an hour and then is 401', async () => {
	const { id } = hub.seeded.installations[0];
	const made = await hub.api(`/app/installations/${id}/access_tokens`, {
		method: 'POST',
		token: hub.jwt(),
	});
	assert.equal(made.status, 201);
	assert.ok(Math.abs(Date.parse(made.body.expires_at) - Date.now() - 3600000) < 5000);
	const { token } = made.body;
	assert.equal((await hub.api(R, { token })).status, 200);
	await hub.control('POST', 'clock', { advance_s: 3601 });
	const late = await hub.api(R, { token });
	assert.equal(late.status, 401);
	assert.equal(late.body.message, 'Bad credentials');
	await hub.control('POST', 'clock', { advance_s: -3601 });
});

test('A3 a token may have fewer permissions and repositories, never more', async () => {
	const token = await hub.token({ repositories: ['demo'], permissions: { contents: 'read' } });
	assert.equal((await hub.api(`${R}/branches`, { token })).status, 200);
	assert.equal((await hub.api(`${R}/pulls`, { token })).status, 403);
	await assert.rejects(hub.token({ permissions: { secrets: 'write' } }), /not granted/);
	await assert.rejects(hub.token({ repositories: ['nowhere'] }), /does not exist/);
	const list = await hub.api('/installation/repositories', { token });
	assert.equal(list.body.total_count, 1);
});

test('A4 without the permission 403 "Resource not accessible by integration"', async () => {
	const token = await hub.token({ permissions: { contents: 'read' } });
	const answer = await hub.api(`${R}/git/refs`, {
		method: 'POST',
		token,
		body: { ref: 'refs/heads/x', sha: 'a'.repeat(40) },
	});
	assert.equal(answer.status, 403);
	assert.equal(answer.body.message, 'Resource not accessible by integration');
	assert.match(answer.body.documentation_url, /^https:\/\/docs\.github\.com\/rest\/git\/refs/);
});

test('A5 what the caller may not see is 404, not 403', async () => {
	const token = await hub.token();
	assert.equal((await hub.api('/repos/dora/other', { token })).status, 404);
	assert.equal((await hub.api('/repos/dora/nothing', { token })).status, 404);
	assert.equal((await hub.api(R)).status, 404);
	assert.equal((await hub.api('/repos/alice/open')).status, 200);
});

test('A6 a wrong token is 401 also for what everybody may read', async () => {
	const answer = await hub.api('/repos/alice/open', { token: 'ghs_wrong' });
	assert.equal(answer.status, 401);
	assert.equal(answer.body.message, 'Bad credentials');
});

test('A7 a JWT is for the App only, a token not for the App', async () => {
	assert.equal((await hub.api(R, { token: hub.jwt() })).status, 401);
	assert.equal((await hub.api('/app', { token: await hub.token() })).status, 401);
	const found = await hub.api(`${R}/installation`, { token: hub.jwt() });
	assert.equal(found.body.id, hub.seeded.installations[0].id);
	assert.equal(
		(await hub.api('/repos/dora/other/installation', { token: hub.jwt() })).status,
		404,
	);
});

test('A8 tokens come in the newer long form too', async () => {
	const { id } = hub.seeded.apps[0];
	await hub.control('POST', 'app', { id, token_format: 'stateless' });
	const token = await hub.token();
	assert.match(token, new RegExp(`^ghs_${id}_[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
	assert.ok(token.length > 200);
	assert.equal((await hub.api(R, { token })).status, 200);
	await hub.control('POST', 'app', { id, token_format: 'classic' });
});

test('A9 an installation that is gone or suspended gives no token, and its tokens end', async () => {
	const { id } = await hub.control('POST', 'installation', { app: 'aegis', account: 'dora' });
	const make = () =>
		hub.api(`/app/installations/${id}/access_tokens`, { method: 'POST', token: hub.jwt() });
	const { token } = (await make()).body;
	assert.equal((await hub.api('/repos/dora/other', { token })).status, 200);
	await hub.control('POST', 'installation', { id, suspended: true });
	assert.equal((await make()).status, 403);
	await hub.control('POST', 'installation', { id, remove: true });
	assert.equal((await make()).status, 404);
	assert.equal((await hub.api('/repos/dora/other', { token })).status, 401);
});

test('A10 permission of a person: maintain shows as write, triage as read, none for strangers', async () => {
	await hub.control('POST', 'settings', {
		repo: 'alice/demo',
		collaborators: { mia: 'maintain', tom: 'triage' },
	});
	const token = await hub.token();
	const role = async (who) => {
		const { body } = await hub.api(`${R}/collaborators/${who}/permission`, { token });
		return [body.permission, body.role_name];
	};
	assert.deepEqual(await role('alice'), ['admin', 'admin']);
	assert.deepEqual(await role('mia'), ['write', 'maintain']);
	assert.deepEqual(await role('tom'), ['read', 'triage']);
	assert.deepEqual(await role('dora'), ['none', 'none']);
	const nobody = await hub.api(`${R}/collaborators/nobody/permission`, { token });
	assert.equal(nobody.status, 404);
	assert.equal((await hub.api(`${R}/collaborators/bob`, { token })).status, 204);
	assert.equal((await hub.api(`${R}/collaborators/dora`, { token })).status, 404);
});

test('A11 a request without User-Agent is 403, an unknown version 400', async () => {
	assert.equal((await hub.api('/meta', { headers: { 'user-agent': null } })).status, 403);
	const version = { 'x-github-api-version': '1999-01-01' };
	assert.equal((await hub.api('/meta', { headers: version })).status, 400);
});

test('A12 a header names the permissions an operation accepts, another the scopes of a person', async () => {
	const token = await hub.token({ permissions: { contents: 'read' } });
	const denied = await hub.api(`${R}/pulls`, { token });
	assert.equal(denied.status, 403);
	assert.equal(denied.headers['x-accepted-github-permissions'], 'pull_requests=read');
	const either = await hub.api(`${R}/labels`, { token });
	const both = 'issues=read; pull_requests=read';
	assert.equal(either.headers['x-accepted-github-permissions'], both);
	const person = await hub.api(R, { token: 'ghp_bob' });
	assert.match(person.headers['x-oauth-scopes'], /repo/);
});

test('A13 an App has an account of its own, and commits with its noreply address are shown as its', async () => {
	const token = await hub.token();
	const { status, body } = await hub.api('/users/aegis%5Bbot%5D', { token });
	assert.equal(status, 200);
	assert.deepEqual([body.login, body.type], ['aegis[bot]', 'Bot']);
	assert.equal((await hub.api('/users/nobody%5Bbot%5D', { token })).status, 404);
	const shown = async (mail) => {
		const change = { branch: 'whose', files: { mail: `${mail}\n` }, author: 'bob', mail };
		await hub.control('POST', 'push', { repo: 'alice/demo', ...change });
		return (await hub.api(`${R}/commits/whose`, { token })).body.author?.login;
	};
	const host = new URL(hub.url).hostname;
	assert.equal(await shown(`${body.id}+aegis[bot]@users.noreply.github.com`), 'aegis[bot]');
	assert.equal(await shown(`${body.id}+older[bot]@users.noreply.${host}`), 'aegis[bot]');
	assert.equal(await shown(`999999+aegis[bot]@users.noreply.github.com`), undefined);
	assert.equal(await shown(`${body.id}+aegis[bot]@users.noreply.example.com`), undefined);
	assert.equal(await shown('aegis@example.com'), undefined);
});

test('A14 GET /user: a person, 403 for an installation, 401 without a token and with a JWT', async () => {
	const bob = await hub.api('/user', { token: 'ghp_bob' });
	assert.deepEqual([bob.status, bob.body.login, bob.body.type], [200, 'bob', 'User']);
	assert.equal((await hub.api('/user', { token: await hub.token() })).status, 403);
	assert.equal((await hub.api('/user')).status, 401);
	assert.equal((await hub.api('/user', { token: hub.jwt() })).status, 401);
	assert.equal((await hub.api('/users/bob', { token: hub.jwt() })).status, 401);
	assert.equal((await hub.api('/users/bob')).body.id, bob.body.id);
});
