/*
 * The whole body of a request before anything is done with it: one that breaks off in the middle
 * was never made, and must not keep others waiting.
 */
import { ApiError } from './errors.js';

const BODY_LIMIT = 64 * 1024 * 1024;

export async function readBody(req) {
	const parts = [];
	let size = 0;
	for await (const part of req) {
		size += part.length;
		if (size > BODY_LIMIT) throw new ApiError(413, 'Payload too large');
		parts.push(part);
	}
	return Buffer.concat(parts);
}

/* What readBody throws when the other side hung up. */
export const brokeOff = (error) => error.code === 'ECONNRESET';
