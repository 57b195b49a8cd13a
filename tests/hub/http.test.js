/* What all operations share: ETags, pages, limits, shapes of errors, redirects, planned trouble. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
let hub;
let token;

before(async () => {
	hub = await startHub(plainSeed());
	token = await hub.token();
});
beforeEach(async () => {
	await hub.control('DELETE', 'faults');
	await hub.control('POST', 'limits', { reset: true });
	/* A new hour: nothing is used up. */
	await hub.control('POST', 'clock', { advance_s: 3700 });
	token = await hub.token();
});
after(async () => {
	const left = (await hub.violations()).filter((one) => one.kind !== 'request');
	await hub.stop();
	assert.deepEqual(left, []);
});

const get = (path, more = {}) => hub.api(R + path, { token, ...more });
const post = (path, body) => get(path, { method: 'POST', body });
const used = (answer) => Number(answer.headers['x-ratelimit-used']);

test('H1 If-None-Match with the ETag gives 304 without a body, and is not counted', async () => {
	const first = await get('/branches');
	const again = await get('/branches', { headers: { 'if-none-match': first.headers.etag } });
	assert.equal(again.status, 304);
	assert.equal(again.raw.length, 0);
	assert.equal(used(again), used(first));
	await hub.control('POST', 'push', { repo: 'alice/demo', branch: 'etag', files: { x: 'x' } });
	const moved = await get('/branches', { headers: { 'if-none-match': first.headers.etag } });
	assert.equal(moved.status, 200);
	assert.equal(used(moved), used(first) + 1);
});

test('H2 another token gets another ETag', async () => {
	const first = await get('/branches');
	const other = await hub.api(`${R}/branches`, {
		token: 'ghp_bob',
		headers: { 'if-none-match': first.headers.etag },
	});
	assert.equal(other.status, 200);
	assert.notEqual(other.headers.etag, first.headers.etag);
});

test('H3 lists come in pages of 30, at most 100, with a Link header of numbered addresses', async () => {
	for (let i = 0; i < 5; i += 1) await post('/labels', { name: `label ${i}` });
	const first = await get('/labels?per_page=2');
	assert.equal(first.body.length, 2);
	const links = Object.fromEntries(
		first.headers.link
			.split(', ')
			.map((one) => /<(.*)>; rel="(.*)"/.exec(one))
			.map(([, url, rel]) => [rel, url]),
	);
	assert.match(links.next, /\/repositories\/\d+\/labels\?per_page=2&page=2$/);
	assert.match(links.last, /page=3$/);
	const second = await hub.api(links.next, { token });
	assert.equal(second.status, 200);
	assert.notEqual(second.body[0].name, first.body[0].name);
	assert.match(second.headers.link, /rel="prev".*rel="first"/);
	const last = await hub.api(links.last, { token });
	assert.equal(last.body.length, 1);
	assert.doesNotMatch(last.headers.link, /rel="next"/);
	assert.equal((await get('/labels?per_page=1000')).status, 200);
});

test('H4 the hourly limit: 403, remaining 0, no retry-after; over after the reset', async () => {
	await hub.control('POST', 'limits', { installation: used(await get('')) + 1 });
	assert.equal((await get('')).headers['x-ratelimit-remaining'], '0');
	const over = await get('');
	assert.equal(over.status, 403);
	assert.match(over.body.message, /^API rate limit exceeded for installation ID/);
	assert.equal(over.headers['x-ratelimit-remaining'], '0');
	assert.equal(over.headers['retry-after'], undefined);
	const wait = over.headers['x-ratelimit-reset'] * 1000 - Date.parse(over.headers.date);
	assert.ok(wait > 0 && wait <= 3601000);
	const rate = await hub.api('/rate_limit', { token });
	assert.equal(rate.status, 200);
	assert.equal(rate.body.resources.core.remaining, 0);
});

test('H5 a secondary limit: 403 or 429, with retry-after or only in words', async () => {
	await hub.control('POST', 'faults', { kind: 'secondary', times: 1, retry_after: 7 });
	const first = await get('');
	assert.equal(first.status, 403);
	assert.equal(first.headers['retry-after'], '7');
	assert.match(first.body.message, /secondary rate limit/);
	assert.notEqual(first.headers['x-ratelimit-remaining'], '0');
	await hub.control('POST', 'faults', { kind: 'secondary', status: 429, body_only: true });
	const second = await get('');
	assert.equal(second.status, 429);
	assert.equal(second.headers['retry-after'], undefined);
	assert.match(second.body.message, /secondary rate limit/);
});

test('H6 too many points or too much content in a minute is a secondary limit', async () => {
	await hub.control('POST', 'limits', { content_per_minute: 2 });
	assert.equal((await post('/labels', { name: 'c1' })).status, 201);
	assert.equal((await post('/labels', { name: 'c2' })).status, 201);
	const third = await post('/labels', { name: 'c3' });
	assert.equal(third.status, 403);
	assert.equal(third.headers['retry-after'], '60');
	await hub.control('POST', 'limits', { points_per_minute: 3 });
	assert.equal((await get('')).status, 403);
});

test('H7 a renamed repository: 301 to its number, 307 for writes', async () => {
	await hub.control('POST', 'repository', { owner: 'alice', name: 'old', files: { a: 'a' } });
	await hub.control('POST', 'rename', { repo: 'alice/old', to: 'new' });
	const moved = await hub.api('/repos/alice/old/branches', { token });
	assert.equal(moved.status, 301);
	assert.match(moved.headers.location, /\/repositories\/\d+\/branches$/);
	assert.equal(moved.body.url, moved.headers.location);
	assert.equal((await hub.api(moved.headers.location, { token })).body[0].name, 'main');
	const write = await hub.api('/repos/alice/old/labels', {
		method: 'POST',
		token,
		body: { name: 'x' },
	});
	assert.equal(write.status, 307);
});

test('H8 no JSON is 400, no object is 400, a missing field 422', async () => {
	const bad = await post('/labels', '{"name"');
	assert.equal(bad.status, 400);
	assert.equal(bad.body.message, 'Problems parsing JSON');
	assert.equal((await post('/labels', '"name"')).status, 400);
	const missing = await post('/pulls', { title: 'x', base: 'main' });
	assert.equal(missing.status, 422);
	assert.match(missing.body.message, /^Invalid request\./);
});

test('H9 a validation error names resource, field and code', async () => {
	await post('/labels', { name: 'twice' });
	const twice = await post('/labels', { name: 'twice' });
	assert.equal(twice.status, 422);
	assert.equal(twice.body.message, 'Validation Failed');
	assert.deepEqual(twice.body.errors, [
		{ resource: 'Label', field: 'name', code: 'already_exists' },
	]);
});

test('H10 long answers come as gzip to who takes it, with the same ETag', async () => {
	const plain = await get('');
	assert.equal(plain.headers['content-encoding'], undefined);
	const packed = await get('', { headers: { 'accept-encoding': 'gzip, deflate' } });
	assert.equal(packed.headers['content-encoding'], 'gzip');
	assert.equal(packed.headers.etag, plain.headers.etag);
	assert.deepEqual(packed.body, plain.body);
	assert.ok(packed.raw.length < plain.raw.length);
});

test('V1 what does not conform is put down: unknown fields, queries and operations', async () => {
	await hub.control('DELETE', 'violations');
	await get('/branches');
	assert.deepEqual(await hub.violations(), []);
	await post('/labels', { name: 'v1', flavour: 'sweet' });
	await get('/pulls?colour=red');
	await hub.api('/repos/alice/demo/nonsense', { token });
	const kinds = (await hub.violations()).map((one) => one.bad.join());
	assert.equal(kinds.length, 3);
	assert.match(kinds[0], /flavour/);
	assert.match(kinds[1], /colour/);
	assert.match(kinds[2], /does not know/);
	await hub.control('DELETE', 'violations');
});

test('F1 a connection dropped before has no effect, one dropped after has', async () => {
	await hub.control('POST', 'faults', { kind: 'drop_before', method: 'POST', path: '/labels$' });
	await assert.rejects(post('/labels', { name: 'f1' }));
	assert.equal((await get('/labels/f1')).status, 404);
	await hub.control('POST', 'faults', { kind: 'drop_after', method: 'POST', path: '/labels$' });
	await assert.rejects(post('/labels', { name: 'f1' }));
	assert.equal((await get('/labels/f1')).status, 200);
});

test('F2 an error status before and after the effect', async () => {
	await hub.control('POST', 'faults', { kind: 'status_before', status: 503, method: 'POST' });
	assert.equal((await post('/labels', { name: 'f2' })).status, 503);
	assert.equal((await get('/labels/f2')).status, 404);
	await hub.control('POST', 'faults', { kind: 'status_after', status: 502, method: 'POST' });
	assert.equal((await post('/labels', { name: 'f2' })).status, 502);
	assert.equal((await get('/labels/f2')).status, 200);
});

test('F3 slow, stale, truncated and senseless answers, and an outage', async () => {
	await get('/branches');
	await hub.control('POST', 'push', { repo: 'alice/demo', branch: 'f3', files: { x: 'y' } });
	await get('/branches');
	await hub.control('POST', 'faults', { kind: 'stale', path: '/branches$' });
	const names = (answer) => answer.body.map((one) => one.name);
	assert.ok(!names(await get('/branches')).includes('f3'));
	assert.ok(names(await get('/branches')).includes('f3'));
	await hub.control('POST', 'faults', { kind: 'slow', delay_ms: 150 });
	const begun = Date.now();
	await get('');
	assert.ok(Date.now() - begun >= 149);
	await hub.control('POST', 'faults', { kind: 'truncate' });
	await assert.rejects(get(''));
	await hub.control('POST', 'faults', { kind: 'garbage' });
	assert.equal((await get('')).body, '<!doctype');
	await hub.control('POST', 'faults', { kind: 'outage' });
	assert.equal((await get('')).status, 503);
	await hub.control('POST', 'faults', { kind: 'outage', on: false });
	assert.equal((await get('')).status, 200);
});

test('F4 a fault can wait, and come several times', async () => {
	await hub.control('POST', 'faults', {
		kind: 'status_before',
		path: '/branches$',
		skip: 1,
		times: 2,
	});
	const seen = [];
	for (let i = 0; i < 4; i += 1) seen.push((await get('/branches')).status);
	assert.deepEqual(seen, [200, 502, 502, 200]);
	assert.equal((await hub.control('GET', 'faults'))[0].hits, 2);
});

test('F5 the journal has every request, whose it was and what came of it, and no token', async () => {
	await hub.control('DELETE', 'journal');
	await post('/labels', { name: 'f5' });
	const [entry] = await hub.control('GET', 'journal');
	assert.equal(entry.method, 'POST');
	assert.equal(entry.path, `${R}/labels`);
	assert.equal(entry.status, 201);
	assert.match(entry.who, /^installation:\d+$/);
	assert.deepEqual(entry.body, { name: 'f5' });
	assert.ok(!JSON.stringify(entry).includes('ghs_'));
});
