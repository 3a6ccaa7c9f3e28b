/** The level `options`: settings of the shell, for this session. */
import type { Level } from '../shell/command.ts';
import type { Session, ShellOptions } from '../shell/session.ts';

interface Setting {
  readonly summary: string;
  readonly values: readonly string[];
  readonly get: (options: ShellOptions) => string;
  readonly set: (options: ShellOptions, value: string) => void;
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  force: {
    summary: 'go on where a question would be asked',
    values: ['yes', 'no'],
    get: options => (options.force ? 'yes' : 'no'),
    set: (options, value) => {
      options.force = value === 'yes';
    },
  },
  output: {
    summary: 'colour of the configuration',
    values: ['plain', 'color', 'color-always', 'uppercase'],
    get: options => options.display,
    set: (options, value) => {
      options.display = value as ShellOptions['display'];
    },
  },
  'sort-elements': {
    summary: 'sort objects when the configuration is shown',
    values: ['yes', 'no'],
    get: options => (options.sortElements ? 'yes' : 'no'),
    set: (options, value) => {
      options.sortElements = value === 'yes';
    },
  },
  wait: {
    summary: 'wait after each change until the cluster has settled',
    values: ['yes', 'no'],
    get: options => (options.wait ? 'yes' : 'no'),
    set: (options, value) => {
      options.wait = value === 'yes';
    },
  },
};

const TRUTH: Readonly<Record<string, string>> = {
  true: 'yes',
  on: 'yes',
  '1': 'yes',
  false: 'no',
  off: 'no',
  '0': 'no',
};

function change(session: Session, name: string, value: string | undefined): boolean {
  const setting = SETTINGS[name.replace(/^core\./, '').replaceAll('_', '-')];
  if (setting === undefined) return session.error(`there is no option ${name}`);
  const chosen = value === undefined ? '' : setting.values.includes(value) ? value : (TRUTH[value] ?? '');
  if (!setting.values.includes(chosen))
    return session.error(`${name} is one of ${setting.values.join(', ')}`);
  setting.set(session.options, chosen);
  return true;
}

const own = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, setting]) => [
    name,
    {
      usage: `{${setting.values.join(' | ')}}`,
      aliases: name.includes('-') ? [name.replaceAll('-', '_')] : [],
      summary: setting.summary,
      run: (session: Session, { words }: { readonly words: readonly string[] }) =>
        change(session, name, words[1]),
      complete: () => setting.values,
    },
  ]),
);

export const OPTIONS_LEVEL: Level = {
  name: 'options',
  summary: 'settings of this shell, for the session',
  commands: {
    ...own,
    show: {
      usage: '[all | OPTION]',
      summary: 'show the settings',
      run: (session, { words }) => {
        const [, name] = words;
        for (const [key, setting] of Object.entries(SETTINGS)) {
          if (name === undefined || name === 'all' || name === key)
            session.line(`${key} = ${setting.get(session.options)}`);
        }
        return true;
      },
      complete: () => Object.keys(SETTINGS),
    },
    set: {
      usage: 'OPTION VALUE',
      summary: 'change a setting',
      run: (session, { words }) => change(session, words[1] ?? '', words[2]),
      complete: (_, words) =>
        words.length === 1 ? Object.keys(SETTINGS) : (SETTINGS[words[1] ?? '']?.values ?? []),
    },
  },
};
