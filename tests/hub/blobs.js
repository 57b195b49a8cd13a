/*
 * The other host, where job logs lie: addresses carry a signature and work for one minute. A
 * request that brings credentials along is refused and recorded, for they do not belong there.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const MINUTE_MS = 60 * 1000;

export class Blobs {
	constructor(hub) {
		this.hub = hub;
		this.server = createServer((req, res) => {
			this.serve(req, res).catch(() => res.destroy());
		});
	}

	start() {
		return new Promise((done) => {
			/* Another host as well as another port, and one that needs no /etc/hosts. */
			this.server.listen(0, '127.0.0.2', () => {
				this.url = `http://127.0.0.2:${this.server.address().port}`;
				done();
			});
		});
	}

	stop() {
		this.server.closeAllConnections();
		this.server.close();
	}

	sign(path, expires) {
		return createHmac('sha256', this.hub.state.seal).update(`${path} ${expires}`).digest('hex');
	}

	link(file) {
		const path = `/actions-results/${file.split('/').pop()}`;
		const expires = this.hub.state.now() + MINUTE_MS;
		return `${this.url}${path}?se=${expires}&sig=${this.sign(path, expires)}`;
	}

	async serve(req, res) {
		const { hub } = this;
		const { pathname, searchParams } = new URL(req.url, this.url);
		const entry = {
			n: hub.state.journal.length + 1,
			at_ms: hub.state.now(),
			method: req.method,
			path: pathname,
			query: {},
			host: 'blobs',
		};
		hub.state.journal.push(entry);
		const fault = hub.faults.take(req.method, pathname);
		if (fault) entry.fault = fault.kind;
		const end = (status, text, headers = {}) => {
			entry.status = status;
			res.writeHead(status, { 'content-length': Buffer.byteLength(text), ...headers });
			res.end(text);
		};
		if (fault?.kind === 'drop_before') return req.socket.destroy();
		if (fault?.kind === 'status_before') return end(fault.status ?? 502, '');
		if (req.headers.authorization) {
			hub.state.violation('request', {
				n: entry.n,
				request: `GET ${pathname}`,
				bad: ['credentials sent to the host of the logs'],
			});
			return end(401, 'Server failed to authenticate the request.');
		}
		const want = Buffer.from(this.sign(pathname, searchParams.get('se')));
		const have = Buffer.from(searchParams.get('sig') ?? '');
		if (
			want.length !== have.length ||
			!timingSafeEqual(want, have) ||
			Number(searchParams.get('se')) < hub.state.now()
		) {
			return end(403, 'Signature not valid in the specified time frame');
		}
		const bytes = await readFile(`${hub.state.root}/logs/${pathname.split('/').pop()}`);
		if (fault?.kind === 'truncate') {
			res.writeHead(200, { 'content-type': 'text/plain', 'content-length': bytes.length });
			return res.write(bytes.subarray(0, bytes.length / 2), () => req.socket.destroy());
		}
		return end(200, bytes, { 'content-type': 'text/plain; charset=utf-8' });
	}
}
