/*
 * Planned trouble. A fault names requests (method, path pattern, how many to let pass, how often)
 * and what happens to them. It is asked for through /_hub/faults; nothing here happens by chance.
 */

/* What a fault may be; those "before" keep the request from having any effect. */
export const KINDS = {
	drop_before: 'the connection ends, nothing was done',
	drop_after: 'it was done, the connection ends without an answer',
	status_before: 'an error status, nothing was done',
	status_after: 'an error status although it was done',
	slow: 'the answer comes after delay_ms',
	truncate: 'the answer ends in the middle',
	garbage: 'status 200 and no JSON',
	stale: 'the answer this request had before the last change',
	primary: 'the hourly limit is used up',
	secondary: 'a secondary limit (status, retry_after or body_only)',
};

export class Faults {
	constructor() {
		this.list = [];
		this.outage = false;
		this.lastId = 0;
		this.answers = new Map();
	}

	add(fault) {
		if (!(fault.kind in KINDS)) throw new Error(`no fault is called ${fault.kind}`);
		this.lastId += 1;
		const one = { id: this.lastId, skip: 0, times: 1, hits: 0, ...fault };
		if (one.path) one.pattern = new RegExp(one.path);
		this.list.push(one);
		return one;
	}

	clear() {
		this.list = [];
		this.outage = false;
	}

	/* The fault for this request, if any; counts it. */
	take(method, path) {
		if (this.outage) return { kind: 'status_before', status: 503 };
		for (const one of this.list) {
			if (one.method && one.method !== method) continue;
			if (one.pattern && !one.pattern.test(path)) continue;
			if (one.skip > 0) {
				one.skip -= 1;
				continue;
			}
			if (one.hits >= one.times) continue;
			one.hits += 1;
			return one;
		}
		return null;
	}

	/* Keeps two different answers a request, for "stale". */
	remember(key, answer) {
		const [last] = this.answers.get(key) ?? [];
		if (last && last.headers.etag === answer.headers.etag) return;
		this.answers.set(key, [answer, last]);
	}

	stale(key) {
		return this.answers.get(key)?.[1] ?? null;
	}
}
