/** The outermost level of the shell. */
import type { Level } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';
import { runTool } from './tool.ts';

/** Words of `crm status`, and the options of crm_mon that they mean. */
const STATUS_WORDS: Readonly<Record<string, readonly string[]>> = {
  full: [
    '--inactive',
    '--group-by-node',
    '--show-detail',
    '--show-node-attributes',
    '--failcounts',
    '--operations',
    '--timing-details',
  ],
  bynode: ['--group-by-node'],
  inactive: ['--inactive'],
  ops: ['--operations'],
  timing: ['--timing-details'],
  failcounts: ['--failcounts'],
  verbose: ['--verbose'],
  quiet: ['--quiet'],
  html: ['--output-as', 'html'],
  xml: ['--output-as', 'xml'],
  tickets: ['--tickets'],
  noheaders: ['--hide-headers'],
  detail: ['--show-detail'],
  brief: ['--brief'],
  simple: ['--simple-status'],
};

async function status(session: Session, words: readonly string[]): Promise<boolean> {
  const options: string[] = [];
  for (const word of words) {
    const meant = STATUS_WORDS[word] ?? (word.startsWith('-') ? [word] : undefined);
    if (meant === undefined) {
      return session.error(`status knows no ${word}: it may be ${Object.keys(STATUS_WORDS).join(', ')}`);
    }
    options.push(...meant);
  }
  return runTool(session, 'crm_mon', ['-1', ...options]);
}

export const ROOT_LEVEL: Level = {
  name: 'root',
  summary: 'look at the cluster and change it',
  commands: {
    status: {
      usage: `[${Object.keys(STATUS_WORDS).join(' | ')} …]`,
      summary: 'show the state of the cluster',
      help: 'The words stand for options of crm_mon; its options are taken too.',
      aliases: ['st'],
      run: (session, { words }) => status(session, words.slice(1)),
      complete: () => Object.keys(STATUS_WORDS),
    },
    verify: {
      usage: '[scores]',
      summary: 'check the configuration',
      run: async (session, { words }) => {
        const { verify } = await import('./configure-commit.ts');
        const ok = await verify(session);
        session.draft = undefined;
        if (!words.includes('scores')) return ok;
        return (await runTool(session, 'crm_simulate', ['-sL'])) && ok;
      },
      complete: () => ['scores'],
    },
  },
};
