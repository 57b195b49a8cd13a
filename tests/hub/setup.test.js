/* What owners set up: Apps from manifests, Actions' switches, rulesets and who goes past them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
let hub;

before(async () => {
	hub = await startHub(plainSeed());
});
after(async () => {
	const left = (await hub.violations()).filter((one) => one.kind !== 'request');
	await hub.stop();
	assert.deepEqual(left, []);
});

const manifest = {
	name: 'Another',
	url: 'https://example.org/',
	default_permissions: { contents: 'read' },
	default_events: ['push'],
};

test('A15 a manifest makes an App; its code is good once and for an hour', async () => {
	const convert = (code) =>
		hub.api(`/app-manifests/${code}/conversions`, { method: 'POST', body: {} });
	const { code, id } = await hub.control('POST', 'manifest', { manifest, owner: 'alice' });
	const made = await convert(code);
	assert.equal(made.status, 201);
	assert.equal(made.body.id, id);
	assert.deepEqual(made.body.permissions, { contents: 'read' });
	assert.match(made.body.pem, /PRIVATE KEY/);
	assert.equal((await convert(code)).status, 404);
	const late = await hub.control('POST', 'manifest', { manifest, owner: 'alice' });
	await hub.control('POST', 'clock', { advance_s: 3700 });
	assert.equal((await convert(late.code)).status, 404);
	await hub.control('POST', 'clock', { advance_s: -3700 });
});

test("R17 Actions' switches are read with administration:read", async () => {
	const path = `${R}/actions/permissions`;
	const token = await hub.token({ permissions: { contents: 'read' } });
	assert.equal((await hub.api(path, { token })).status, 403);
	await hub.control('POST', 'settings', { repo: 'alice/demo', actions_enabled: false });
	assert.equal((await hub.api(path, { token: 'ghp_alice' })).body.enabled, false);
	const more = await hub.api(`${path}/workflow`, { token: 'ghp_alice' });
	assert.equal(more.body.can_approve_pull_request_reviews, false);
});

test('M11 a ruleset tells whether the caller goes past it', async () => {
	const rules = [{ type: 'creation' }];
	const token = await hub.token();
	for (const bypass of ['never', 'always']) {
		const rulesets = [{ branches: ['aegis/*'], rules, bypass }];
		await hub.control('POST', 'settings', { repo: 'alice/demo', rulesets });
		const [rule] = (await hub.api(`${R}/rules/branches/aegis/x`, { token })).body;
		const set = await hub.api(`${R}/rulesets/${rule.ruleset_id}`, { token });
		assert.equal(set.body.current_user_can_bypass, bypass);
	}
});

test('H11 a repository that was transferred or deleted is not under its old name', async () => {
	const token = 'ghp_alice';
	await hub.control('POST', 'repository', { owner: 'alice', name: 'moves', files: { a: 'a' } });
	const { id } = (await hub.api('/repos/alice/moves', { token })).body;
	await hub.control('POST', 'settings', {
		repo: 'alice/moves',
		collaborators: { alice: 'write' },
	});
	await hub.control('POST', 'transfer', { repo: 'alice/moves', to: 'bob' });
	assert.equal((await hub.api('/repos/alice/moves', { token })).status, 301);
	assert.equal((await hub.api('/repos/bob/moves', { token })).body.id, id);
	await hub.control('POST', 'remove', { repo: 'bob/moves' });
	assert.equal((await hub.api('/repos/bob/moves', { token })).status, 404);
});
