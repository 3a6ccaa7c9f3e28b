import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RelaxNGValidator, XmlDocument } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { tool } from '../../src/tools/crm-simulate.ts';
import { run } from '../../src/tools/tool.ts';
import { inputPath, readCases } from './cases.ts';

/** Pacemaker's published schema of what its commands print as XML. */
const SCHEMA = '/usr/share/pacemaker/api/api-result.rng';

/** Every part that the tool can print. */
const ALL = ['-S', '-s', '-U', '-A', '-c'];
/** Less than all, each for its share of the cases. */
const PARTS: readonly (readonly string[])[] = [['-S'], ['-R', '-s'], ['-U'], []];

const missing = existsSync(SCHEMA) ? false : `${SCHEMA} is not installed (Debian: package pacemaker-common)`;

test('what crm_simulate prints as XML for every case is valid by the published schema', {
  skip: missing,
}, async () => {
  xmlRegisterFsInputProviders();
  using schema = XmlDocument.fromBuffer(readFileSync(SCHEMA), { url: pathToFileURL(SCHEMA).href });
  using validator = RelaxNGValidator.fromDoc(schema);
  const wrong: string[] = [];
  for (const [at, { name, args }] of readCases().entries()) {
    for (const view of [ALL, PARTS[at % PARTS.length] ?? []]) {
      const words = ['-x', inputPath(name), ...view, ...args, '--output-as=xml'];
      const printed = await outputOf(words);
      using document = XmlDocument.fromString(printed);
      try {
        validator.validate(document);
      } catch (error) {
        wrong.push(`${name} ${view.join(' ')}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

async function outputOf(words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const exit = await run(tool, {
    words,
    environment: {},
    out: text => printed.push(text),
    err: text => assert.fail(text),
  });
  assert.equal(exit, 'ok');
  return printed.join('');
}
