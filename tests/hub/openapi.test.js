/* The description is the package's, the validator finds what is wrong, the code is small. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SOURCE, trim } from './trim.js';
import { Validator } from './validate.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const missing = existsSync(SOURCE) ? false : '@octokit/openapi is not installed';

test('openapi.json is what trim.js makes of the published description', { skip: missing }, () => {
	assert.equal(readFileSync(`${here}openapi.json`, 'utf8'), trim());
});

test('openapi.json is under 1.5 MB', () => {
	assert.ok(statSync(`${here}openapi.json`).size < 1.5 * 1024 * 1024);
});

test('every schema of the description compiles', () => {
	const validator = new Validator();
	validator.spec.operations.forEach((one, i) => {
		if (one.request) validator.check(`operations/${i}/request`, {});
		for (const [status, schema] of Object.entries(one.responses)) {
			if (schema) validator.check(`operations/${i}/responses/${status}`, {});
		}
	});
	for (const name of Object.keys(validator.spec.webhooks))
		validator.check(`webhooks/${name}`, {});
});

test('the validator finds a missing field, a wrong type, a wrong status, a body too many', () => {
	const v = new Validator();
	const ref = {
		ref: 'refs/heads/x',
		node_id: 'x',
		url: 'http://127.0.0.1/x',
		object: { type: 'commit', sha: 'a'.repeat(40), url: 'http://127.0.0.1/x' },
	};
	const name = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
	assert.deepEqual(v.response(name, 200, ref), []);
	assert.notDeepEqual(v.response(name, 200, { ...ref, node_id: undefined }), []);
	assert.notDeepEqual(v.response(name, 200, { ...ref, node_id: 5 }), []);
	assert.notDeepEqual(v.response(name, 200, { ...ref, url: 'no address' }), []);
	assert.notDeepEqual(v.response(name, 207, ref), []);
	assert.deepEqual(v.response(name, 404, { message: 'Not Found' }), []);
	const remove = 'DELETE /repos/{owner}/{repo}/git/refs/{ref}';
	assert.deepEqual(v.response(remove, 204, undefined), []);
	assert.notDeepEqual(v.response(remove, 204, {}), []);
});

test('the validator finds unknown fields of a request, also deep inside, and unknown queries', () => {
	const v = new Validator();
	const name = 'POST /repos/{owner}/{repo}/check-runs';
	const good = { name: 'x', head_sha: 'a'.repeat(40), output: { title: 't', summary: 's' } };
	assert.deepEqual(v.request(name, {}, good), []);
	assert.match(v.request(name, {}, { ...good, extra: 1 }).join(), /extra/);
	assert.match(
		v.request(name, {}, { ...good, output: { ...good.output, color: 1 } }).join(),
		/color/,
	);
	assert.match(v.request(name, {}, { name: 'x' }).join(), /head_sha/);
	assert.match(
		v.request('GET /repos/{owner}/{repo}/pulls', { colour: 'red' }, undefined).join(),
		/colour/,
	);
	assert.notDeepEqual(
		v.request('GET /repos/{owner}/{repo}/pulls', { per_page: 'x' }, undefined),
		[],
	);
	assert.notDeepEqual(v.request('GET /repos/{owner}/{repo}/pulls', {}, {}), []);
});

test('a null is taken where the description says so and nowhere else', () => {
	const v = new Validator();
	const name = 'POST /repos/{owner}/{repo}/statuses/{sha}';
	assert.deepEqual(v.request(name, {}, { state: 'success', description: null }), []);
	assert.notDeepEqual(v.request(name, {}, { state: null }), []);
});

test('a webhook that is not described is found', () => {
	const v = new Validator();
	assert.match(v.webhook('push', {}).join(), /ref/);
	assert.match(v.webhook('check_run', { action: 'nonsense' }).join(), /not described/);
});

test('files have at most 500 lines of 100 columns and functions at most 60 lines', () => {
	const bad = [];
	for (const file of readdirSync(here).filter((name) => name.endsWith('.js'))) {
		const lines = readFileSync(here + file, 'utf8').split('\n');
		if (lines.length > 501) bad.push(`${file}: ${lines.length} lines`);
		let begun = -1;
		lines.forEach((line, i) => {
			const width = line.replaceAll('\t', '    ').length;
			const text = /^(test\(|\s*['"/])/.test(line);
			if (width > 100 && !text) bad.push(`${file}:${i + 1}: ${width} wide`);
			if (/^(export )?(async )?function /.test(line)) begun = i;
			if (line === '}' && begun >= 0) {
				if (i - begun > 61)
					bad.push(`${file}:${begun + 1}: a function of ${i - begun} lines`);
				begun = -1;
			}
		});
		if (!/^\/\*/.test(lines[0])) bad.push(`${file} does not open with a comment`);
	}
	assert.deepEqual(bad, []);
});
