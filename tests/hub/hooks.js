/*
 * Webhooks of Apps: payload, signature, delivery, record and redelivery. As GitHub, it delivers
 * once and never again by itself. Events can be dropped, doubled or held back by the control
 * calls.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { installationRepos } from './auth.js';
import * as shapes from './shapes.js';
import { nodeId } from './state.js';

const ANSWER_MS = 10000;

/* Events that come without asking for them. */
const ALWAYS = new Set(['ping', 'installation']);

export class Hooks {
	constructor(hub) {
		this.hub = hub;
		this.deliveries = [];
		this.mode = 'normal';
		this.held = [];
	}

	emit(repo, event, payload, auth) {
		const { hub } = this;
		for (const installation of hub.state.installations.values()) {
			const app = hub.state.apps.get(installation.app_id);
			if (!installationRepos(hub.state, installation).includes(repo)) continue;
			if (!ALWAYS.has(event) && !app.events.includes(event)) continue;
			const full = {
				...payload,
				repository: shapes.repo(hub, repo),
				sender: shapes.user(hub, auth.actor ?? repo.owner),
				installation: { id: installation.id, node_id: nodeId('I', installation.id) },
			};
			this.send(app, event, full, installation, repo);
		}
	}

	send(app, event, payload, installation = null, repo = null) {
		const bad = this.hub.validator.webhook(event, payload);
		if (bad.length) this.hub.state.violation('webhook', { event, action: payload.action, bad });
		if (!app.webhook_url) return;
		const one = {
			app,
			event,
			payload,
			guid: randomUUID(),
			installation_id: installation?.id ?? null,
			repository_id: repo?.id ?? null,
		};
		if (this.mode === 'drop') this.record(one, { status_code: 0, status: 'timed out' });
		else if (this.mode === 'hold') this.held.push(one);
		else {
			this.deliver(one);
			if (this.mode === 'double') this.deliver(one);
		}
	}

	/* Sends what was held back, in the opposite order when asked to. */
	release(reverse) {
		const list = reverse ? this.held.reverse() : this.held;
		this.held = [];
		return Promise.all(list.map((one) => this.deliver(one)));
	}

	record(one, result, redelivery = false) {
		const { state } = this.hub;
		const delivery = {
			id: state.id(),
			guid: one.guid,
			delivered_at: state.stamp(),
			redelivery,
			duration: 0,
			event: one.event,
			action: one.payload.action ?? null,
			installation_id: one.installation_id,
			repository_id: one.repository_id,
			request: { headers: {}, payload: one.payload },
			response: { headers: {}, payload: '' },
			app_id: one.app.id,
			source: one,
			...result,
		};
		this.deliveries.push(delivery);
		return delivery;
	}

	async deliver(one, redelivery = false) {
		const text = JSON.stringify(one.payload);
		const sign = (hash) => createHmac(hash, one.app.webhook_secret).update(text).digest('hex');
		const headers = {
			accept: '*/*',
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(text),
			'user-agent': 'GitHub-Hookshot/0000000',
			'x-github-delivery': one.guid,
			'x-github-event': one.event,
			'x-github-hook-id': String(one.app.id),
			'x-github-hook-installation-target-id': String(one.app.id),
			'x-github-hook-installation-target-type': 'integration',
		};
		if (one.app.webhook_secret) {
			headers['x-hub-signature'] = `sha1=${sign('sha1')}`;
			headers['x-hub-signature-256'] = `sha256=${sign('sha256')}`;
		}
		const begun = Date.now();
		const result = await post(one.app.webhook_url, headers, text);
		return this.record(
			one,
			{
				...result,
				duration: (Date.now() - begun) / 1000,
				request: { headers, payload: one.payload },
			},
			redelivery,
		);
	}
}

const OK = { 200: 'OK', 202: 'Accepted', 204: 'No Content' };

function post(url, headers, text) {
	return new Promise((done) => {
		const failed = (status) =>
			done({ status_code: 0, status, response: { headers: {}, payload: '' } });
		let sent;
		try {
			sent = request(url, { method: 'POST', headers, timeout: ANSWER_MS }, (res) => {
				const parts = [];
				res.on('data', (part) => parts.push(part));
				res.on('end', () =>
					done({
						status_code: res.statusCode,
						status: OK[res.statusCode] ?? res.statusMessage,
						response: {
							headers: res.headers,
							payload: Buffer.concat(parts).toString(),
						},
					}),
				);
				res.on('error', () => failed('failed to connect to host'));
			});
		} catch {
			failed('invalid URL');
			return;
		}
		sent.on('timeout', () => {
			sent.destroy();
			failed('timed out');
		});
		sent.on('error', () => failed('failed to connect to host'));
		sent.end(text);
	});
}
