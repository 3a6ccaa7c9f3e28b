/** Runs a command on a CIB in a file, for tests: what it prints, how it ends, and what it makes of the file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../core/model/exit-code.ts';
import type { OptionDefinitions } from './command-line.ts';
import { type COMMON_OPTIONS, run, type Tool } from './tool.ts';

interface Ended {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
  readonly cib: string;
}

export async function commandOnFile<Options extends typeof COMMON_OPTIONS & OptionDefinitions>(
  tool: Tool<Options>,
  cib: string,
  ...words: readonly string[]
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  const file = join(folder, 'cib.xml');
  const said = { out: '', err: '' };
  try {
    writeFileSync(file, cib);
    const exit = await run(tool, {
      words,
      environment: { CIB_file: file },
      out: text => {
        said.out += text;
      },
      err: text => {
        said.err += text;
      },
    });
    return { exit, ...said, cib: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
