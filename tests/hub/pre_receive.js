/*
 * The pre-receive hook of every bare repository of the hub: branch protection and the "workflows"
 * permission, in GitHub's words. Reads "old new ref" lines from standard input.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const rules = JSON.parse(process.env.HUB_RULES ?? '{"protected":{},"workflows":true}');
const ZERO = /^0+$/;

const git = (...words) => execFileSync('git', words, { encoding: 'utf8' }).trim();

function isForced(old, now) {
	try {
		execFileSync('git', ['merge-base', '--is-ancestor', old, now]);
		return false;
	} catch {
		return true;
	}
}

/* The first workflow file that one of the new commits touches. */
function touchedWorkflow(now) {
	const commits = git('rev-list', now, '--not', '--branches').split('\n').filter(Boolean);
	for (const commit of commits) {
		const files = git(
			'diff-tree',
			'-r',
			'--root',
			'--no-commit-id',
			'--name-only',
			commit,
			'--',
			'.github/workflows',
		);
		if (files) return files.split('\n')[0];
	}
	return null;
}

function refusal(old, now, ref) {
	const branch = ref.replace('refs/heads/', '');
	const protection = rules.protected[branch];
	const name = `GH006: Protected branch update failed for ${ref}.`;
	if (protection) {
		if (ZERO.test(now)) return `${name}\nCannot delete this protected branch`;
		if (!ZERO.test(old) && isForced(old, now))
			return `${name}\nCannot force-push to this branch`;
		if (protection.reviews) return `${name}\nChanges must be made through a pull request.`;
		if (protection.checks.length) {
			return `${name}\nRequired status check "${protection.checks[0]}" is expected.`;
		}
	}
	if (ZERO.test(now) || rules.workflows) return null;
	const file = touchedWorkflow(now);
	return (
		file &&
		'refusing to allow a GitHub App to create or update workflow ' +
			`\`${file}\` without \`workflows\` permission`
	);
}

let bad = 0;
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
	const why = refusal(...line.split(' '));
	if (why) {
		process.stderr.write(`error: ${why}\n`);
		bad = 1;
	}
}
process.exit(bad);
