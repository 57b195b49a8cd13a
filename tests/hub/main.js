/*
 * The local GitHub. usage: node main.js --port 0 --root DIR [--seed FILE.json] [--jobs N]
 *   [--with-parent]
 * Prints one line of JSON when it is ready: {"url", "pid", "seeded"}. SIGTERM ends it; with
 * --with-parent so does the end of the program that started it.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Hub } from './hub.js';
import { seed } from './seed.js';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '0' },
		root: { type: 'string' },
		seed: { type: 'string' },
		jobs: { type: 'string', default: '2' },
		'with-parent': { type: 'boolean', default: false },
	},
});
if (!values.root) {
	process.stderr.write('main.js: --root DIR is missing\n');
	process.exit(64);
}
const hub = new Hub({ root: values.root, jobs: Number(values.jobs) });
const url = await hub.start(Number(values.port));
const seeded = values.seed ? await seed(hub, JSON.parse(readFileSync(values.seed, 'utf8'))) : null;

function end() {
	hub.stop();
	process.exit(0);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (values['with-parent']) {
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) end();
	}, 500).unref();
}
process.stdout.write(`${JSON.stringify({ url, pid: process.pid, seeded })}\n`);
