/*
 * Deliveries to a webhook server over keep-alive connections, as many as it takes: how fast, with which
 * times, with how much of a processor and of memory. Bodies are the published examples where they are
 * installed, each made different; signed before the clock starts.
 *
 * usage: node door.mjs NAME URL SECRET PID DELIVERIES CONNECTIONS
 */
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

const [name, url, secret, pid, deliveries, connections] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);

function bodies() {
	const events = ['workflow_run', 'workflow_job', 'check_run', 'check_suite', 'push', 'status',
		'pull_request', 'issue_comment'];
	const path = new URL('../hub/node_modules/@octokit/webhooks-examples/api.github.com/index.json',
		import.meta.url);
	const out = [];
	for (const one of JSON.parse(readFileSync(path, 'utf8'))) {
		if (!events.includes(one.name)) continue;
		for (const body of one.examples) out.push({ event: one.name, body });
	}
	return out;
}

function made(count) {
	const all = bodies();
	const out = [];
	for (let n = 0; n < count; n++) {
		const { event, body } = all[n % all.length];
		const text = JSON.stringify({ ...body, delivered: randomUUID() });
		const mac = createHmac('sha256', secret).update(text).digest('hex');
		out.push(
			Buffer.from(
				`POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nUser-Agent: GitHub-Hookshot/0\r\n` +
					`Accept: */*\r\nContent-Type: application/json\r\nX-GitHub-Event: ${event}\r\n` +
					`X-GitHub-Delivery: ${randomUUID()}\r\nX-Hub-Signature-256: sha256=${mac}\r\n` +
					`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
			),
		);
	}
	return out;
}

/* Milliseconds of a processor, and MiB: now and at most. */
function usage() {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const mib = (key) => Number(status.match(new RegExp(`${key}:\\s+(\\d+)`))[1]) / 1024;
	return { cpu: (Number(stat[11]) + Number(stat[12])) * 10, rss: mib('VmRSS'), peak: mib('VmHWM') };
}

function run(list, times, bad) {
	let next = 0;
	const one = () =>
		new Promise((done, failed) => {
			const socket = connect(Number(port), hostname);
			let began = 0;
			let got = '';
			const send = () => {
				if (next >= list.length) {
					socket.end();
					done();
					return;
				}
				got = '';
				began = performance.now();
				socket.write(list[next++]);
			};
			socket.setNoDelay(true);
			socket.on('connect', send);
			socket.on('data', (part) => {
				got += part.toString('latin1');
				const head = got.indexOf('\r\n\r\n');
				if (head < 0) return;
				const size = got.match(/content-length: (\d+)/i);
				const ended = size ? got.length >= head + 4 + Number(size[1]) : got.endsWith('0\r\n\r\n');
				if (!ended) return;
				times.push(performance.now() - began);
				const status = got.slice(9, 12);
				if (status !== '200' && status !== '202') bad.push(got.slice(0, 300));
				send();
			});
			socket.on('error', failed);
			socket.on('close', () => done());
		});
	return Promise.all(Array.from({ length: Number(connections) }, one));
}

const list = made(Number(deliveries));
const bytes = list.reduce((sum, one) => sum + one.length, 0);
const times = [];
const bad = [];
const before = usage();
const began = performance.now();
await run(list, times, bad);
const ms = performance.now() - began;
await new Promise((done) => setTimeout(done, 300));
const after = usage();
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
console.log(
	JSON.stringify({
		name,
		answered: times.length,
		bad: bad.length,
		first_bad: bad[0],
		mean_bytes: Math.round(bytes / list.length),
		seconds: ms / 1000,
		per_second: (times.length / ms) * 1000,
		per_core: times.length / ((after.cpu - before.cpu) / 1000),
		p50_ms: at(0.5),
		p99_ms: at(0.99),
		most_ms: times[times.length - 1],
		rss_mib: after.rss,
		peak_mib: after.peak,
	}),
);
