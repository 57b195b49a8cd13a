/* Every row of the table has its test, every numbered test its row. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

test('BEHAVIOURS.md and the tests name the same behaviours, each with a source', () => {
	const rows = [
		...readFileSync(`${here}BEHAVIOURS.md`, 'utf8').matchAll(
			/^\| ([A-Z]\d+) \| (.+) \| (.+) \|$/gm,
		),
	];
	const tested = [];
	for (const file of readdirSync(here).filter((name) => name.endsWith('.test.js'))) {
		const found = readFileSync(here + file, 'utf8').matchAll(/^test\(['"]([A-Z]\d+) /gm);
		tested.push(...[...found].map((one) => one[1]));
	}
	const ids = rows.map((one) => one[1]);
	assert.equal(new Set(ids).size, ids.length);
	assert.deepEqual([...tested].sort(), [...ids].sort());
	for (const [, id, , source] of rows) assert.ok(source.trim().length > 5, id);
});
