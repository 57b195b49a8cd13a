// Checks a SARIF file against a JSON schema: node sarif_valid.mjs SCHEMA FILE. Prints what is wrong;
// exit 1 when anything is.
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";

const [schemaFile, file] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const valid = ajv.compile(schema);
if (!valid(JSON.parse(readFileSync(file, "utf8")))) {
  for (const error of valid.errors.slice(0, 20))
    console.log(`${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  process.exitCode = 1;
}
