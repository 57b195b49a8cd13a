/*
 * Puts the hub together: state, servers, limits, faults, webhooks, runner. Listens on 127.0.0.1
 * only.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { Blobs } from './blobs.js';
import { brokeOff } from './body.js';
import { Faults } from './faults.js';
import { Hooks } from './hooks.js';
import { handle } from './http.js';
import { Limits } from './limits.js';
import { ACTIONS_APP_ID, State } from './state.js';
import { Validator } from './validate.js';

/* At most so many jobs at once; the others wait in line. */
class Slots {
	constructor(count) {
		this.free = count;
		this.waiting = [];
		this.paused = false;
		this.taken = 0;
	}

	take() {
		return new Promise((done) => {
			this.waiting.push(done);
			this.next();
		});
	}

	give() {
		this.free += 1;
		this.taken -= 1;
		this.next();
	}

	pause(on) {
		this.paused = on;
		this.next();
	}

	next() {
		while (!this.paused && this.free > 0 && this.waiting.length) {
			this.free -= 1;
			this.taken += 1;
			this.waiting.shift()();
		}
	}
}

function listen(server, port) {
	return new Promise((done, fail) => {
		server.once('error', fail);
		server.listen(port, '127.0.0.1', () => done(server.address().port));
	});
}

export class Hub {
	constructor({ root, jobs = 2 }) {
		this.state = new State(resolve(root));
		this.state.seal = randomBytes(32);
		this.faults = new Faults();
		this.limits = new Limits(this.state);
		this.validator = new Validator();
		this.conforming = new Set();
		this.hooks = new Hooks(this);
		this.runner = { limit_ms: 10 * 60 * 1000 };
		this.slots = new Slots(jobs);
		this.groups = new Set();
		this.pending = new Set();
		this.state.actionsApp = {
			id: ACTIONS_APP_ID,
			slug: 'github-actions',
			name: 'GitHub Actions',
			client_id: 'Iv1.github-actions',
			owner: this.state.user('github', 'Organization'),
			created_at: '2018-07-30T09:30:17Z',
			permissions: { metadata: 'read' },
			events: [],
		};
	}

	/* Work that nobody waits for; what it throws is kept for the tests to see. */
	later(after_ms, run) {
		const timer = setTimeout(async () => {
			try {
				await run();
			} catch (error) {
				this.state.errors.push({ at: this.state.stamp(), error: error.stack });
			} finally {
				this.pending.delete(timer);
			}
		}, after_ms);
		this.pending.add(timer);
	}

	busy() {
		const going = [...this.state.repos.values()].some((repo) =>
			[...repo.runs.values()].some((run) => run.attempts.at(-1).status !== 'completed'),
		);
		return going || this.pending.size > 0;
	}

	async start(port = 0) {
		await mkdir(this.state.root, { recursive: true });
		this.server = createServer((req, res) => {
			handle(this, req, res).catch((error) => {
				if (!brokeOff(error)) {
					this.state.errors.push({ at: this.state.stamp(), error: error.stack });
				}
				res.destroy();
			});
		});
		this.server.keepAliveTimeout = 60000;
		const own = await listen(this.server, port);
		this.host = `127.0.0.1:${own}`;
		this.url = `http://${this.host}`;
		this.blobs = new Blobs(this);
		await this.blobs.start();
		return this.url;
	}

	stop() {
		for (const timer of this.pending) clearTimeout(timer);
		for (const end of this.groups) end();
		this.blobs.stop();
		this.server.closeAllConnections();
		this.server.close();
	}
}
