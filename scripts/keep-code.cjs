/**
 * `keep-code STARTER WORDS…` runs a bundled program as its starter does, and keeps the code of all that it called
 * beside the program.
 */
const { writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const [, , starter, ...words] = process.argv;
process.argv = [process.execPath, starter, ...words];
// The program's own main goes on after this file is through; what it calls until the end is what is kept.
process.once('exit', () => {
  writeFileSync(join(dirname(starter), 'program', `${basename(starter)}.code`), script.createCachedData());
});
const script = require(starter);
