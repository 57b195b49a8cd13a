/*
 * Reads workflow files: which events start them, which jobs they have. A narrow part of the
 * format: push, pull_request and workflow_dispatch; jobs with needs, matrix, env, if; no reusable
 * workflows.
 */
import { parse } from 'yaml';
import * as git from './git.js';

const FOLDER = '.github/workflows';

const list = (value) => (value === undefined || value === null ? [] : [value].flat());

/* GitHub's patterns: * within a segment, ** across, ! takes back. */
function glob(pattern) {
	const text = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replace(/\*\*/g, '\u0000')
		.replace(/\*/g, '[^/]*')
		.replace(/\u0000/g, '.*');
	return new RegExp(`^${text}$`);
}

export function matchesAny(patterns, name) {
	let found = false;
	for (const pattern of patterns) {
		if (pattern.startsWith('!')) found &&= !glob(pattern.slice(1)).test(name);
		else found ||= glob(pattern).test(name);
	}
	return found;
}

/* "on" as a map of event → settings, whichever of the three ways it was written in. */
function triggers(on) {
	if (typeof on === 'string') return { [on]: {} };
	if (Array.isArray(on)) return Object.fromEntries(on.map((one) => [one, {}]));
	return Object.fromEntries(Object.entries(on ?? {}).map(([k, v]) => [k, v ?? {}]));
}

const PULL_TYPES = ['opened', 'synchronize', 'reopened'];

/* event: {event, branch, base, action, files}; files: paths the push or the pull request changed */
export function startsOn(on, { event, branch, base, action, files }) {
	const settings = triggers(on)[event];
	if (!settings) return false;
	const target = event === 'pull_request' ? base : branch;
	if (
		event === 'pull_request' &&
		!(list(settings.types).length ? settings.types : PULL_TYPES).includes(action)
	)
		return false;
	if (event === 'push' && settings.tags && !settings.branches) return false;
	if (settings.branches && !matchesAny(list(settings.branches), target)) return false;
	const ignored = settings['branches-ignore'];
	if (ignored && matchesAny(list(ignored), target)) return false;
	if (settings.paths && !files.some((f) => matchesAny(list(settings.paths), f))) return false;
	const skip = settings['paths-ignore'];
	return !(skip && files.length && files.every((f) => matchesAny(list(skip), f)));
}

/* [{path, name, on, spec, error}] of a commit; error where the file cannot be used. */
export async function workflowsAt(repo, sha) {
	const tree = await git.resolve(repo.dir, sha, 'tree');
	const entries = (await git.listTree(repo.dir, tree, true)) ?? [];
	const files = entries.filter(
		(e) => e.type === 'blob' && e.path.startsWith(`${FOLDER}/`) && /\.ya?ml$/.test(e.path),
	);
	return Promise.all(
		files.map(async ({ path, sha: id }) =>
			read(path, (await git.blob(repo.dir, id)).toString()),
		),
	);
}

function read(path, text) {
	try {
		const spec = parse(text, { version: '1.2' });
		if (!spec?.jobs || typeof spec.jobs !== 'object') throw new Error('No jobs defined');
		for (const [id, job] of Object.entries(spec.jobs)) {
			if (!job || (!job.steps && !job.uses)) throw new Error(`Job ${id} has no steps`);
			for (const need of list(job.needs)) {
				if (!(need in spec.jobs)) throw new Error(`Job ${id} needs unknown job ${need}`);
			}
		}
		return { path, name: spec.name ?? path, on: spec.on, spec };
	} catch (error) {
		return {
			path,
			name: path,
			on: { push: {}, pull_request: {} },
			spec: null,
			error: error.message,
		};
	}
}

const covers = (combination, wanted) =>
	Object.entries(wanted).every(
		([key, value]) => JSON.stringify(combination[key]) === JSON.stringify(value),
	);

function include(combinations, extra, keys) {
	const known = Object.fromEntries(Object.entries(extra).filter(([k]) => keys.includes(k)));
	const fits = combinations.filter((one) => covers(one, known));
	if (fits.length && (Object.keys(known).length || combinations.length > 1)) {
		fits.forEach((one) => Object.assign(one, extra));
	} else combinations.push({ ...extra });
}

/* All combinations of a matrix; [null] where a job has none. */
export function matrixOf(job) {
	const matrix = job.strategy?.matrix;
	if (!matrix) return [null];
	const { include: extras = [], exclude = [], ...axes } = matrix;
	const keys = Object.keys(axes);
	let all = keys.length ? [{}] : [];
	for (const key of keys) {
		all = all.flatMap((one) => axes[key].map((value) => ({ ...one, [key]: value })));
	}
	all = all.filter((one) => !exclude.some((gone) => covers(one, gone)));
	for (const extra of extras) include(all, extra, keys);
	return all;
}

export function jobName(id, job, matrix) {
	if (job.name && /\$\{\{/.test(job.name)) return job.name;
	const name = job.name ?? id;
	if (!matrix) return name;
	return `${name} (${Object.values(matrix).map(String).join(', ')})`;
}

export const needsOf = (job) => list(job.needs);
