/*
 * GitHub's primary limit (requests an hour) and secondary limits (points, content and requests at
 * once), each for one token owner, by the hub's clock. Answers that say 304 are not counted.
 */
import { ApiError } from './errors.js';

const DOCS = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';
const HOUR_MS = 3600 * 1000;
const MINUTE_MS = 60 * 1000;

export const DEFAULTS = {
	installation: 5000,
	user: 5000,
	app: 5000,
	actions: 1000,
	none: 60,
	points_per_minute: 900,
	content_per_minute: 80,
	content_per_hour: 500,
	concurrent: 100,
};

export class Limits {
	constructor(state) {
		this.state = state;
		this.settings = { ...DEFAULTS };
		this.windows = new Map();
	}

	window(auth) {
		const now = this.state.now();
		let one = this.windows.get(auth.key);
		if (!one) {
			one = { reset_ms: now + HOUR_MS, used: 0, points: [], content: [], going: 0 };
			this.windows.set(auth.key, one);
		}
		if (now >= one.reset_ms) {
			one.used = 0;
			one.reset_ms = now + HOUR_MS;
		}
		return one;
	}

	numbers(auth) {
		const one = this.window(auth);
		const limit = this.settings[auth.kind];
		return {
			limit,
			used: one.used,
			remaining: Math.max(0, limit - one.used),
			reset: Math.ceil(one.reset_ms / 1000),
		};
	}

	headers(auth, resource = 'core') {
		const n = this.numbers(auth);
		return {
			'x-ratelimit-limit': n.limit,
			'x-ratelimit-remaining': n.remaining,
			'x-ratelimit-used': n.used,
			'x-ratelimit-reset': n.reset,
			'x-ratelimit-resource': resource,
		};
	}

	/* Throws where the limit is reached; else counts, and returns what takes the count back. */
	enter(auth, method, content) {
		const one = this.window(auth);
		if (one.used >= this.settings[auth.kind]) throw this.primary(auth);
		const now = this.state.now();
		const weight = method === 'GET' || method === 'HEAD' ? 1 : 5;
		one.points = one.points.filter(([at]) => at > now - MINUTE_MS);
		one.content = one.content.filter((at) => at > now - HOUR_MS);
		const points = one.points.reduce((sum, [, w]) => sum + w, 0);
		const lately = one.content.filter((at) => at > now - MINUTE_MS).length;
		const s = this.settings;
		if (
			points + weight > s.points_per_minute ||
			one.going >= s.concurrent ||
			(content &&
				(lately >= s.content_per_minute || one.content.length >= s.content_per_hour))
		) {
			throw secondary({ retry_after: 60 });
		}
		one.used += 1;
		one.points.push([now, weight]);
		if (content) one.content.push(now);
		return () => {
			one.used -= 1;
		};
	}

	primary(auth) {
		const whose = auth.key === 'address' ? '127.0.0.1' : auth.key.replace(':', ' ID ');
		return new ApiError(403, `API rate limit exceeded for ${whose}.`, { documentation: DOCS });
	}
}

/* Either form GitHub uses: 403 or 429, with retry-after or with the words of the body only. */
export function secondary({ status = 403, retry_after = null } = {}) {
	return new ApiError(
		status,
		'You have exceeded a secondary rate limit. Please wait a few minutes ' +
			'before you try again.',
		{
			documentation: `${DOCS}#about-secondary-rate-limits`,
			headers: retry_after === null ? {} : { 'retry-after': String(retry_after) },
		},
	);
}
