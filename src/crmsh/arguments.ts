import type { ShellOptions } from './shell/session.ts';

export interface CommandWords {
  readonly options: ShellOptions;
  readonly file?: string;
  readonly shadow?: string;
  /** Folder of a node of the demo, or of all its nodes. */
  readonly folder?: string;
  readonly show?: 'help' | 'version';
  readonly command: readonly string[];
}

export const USAGE = `Usage: crm [OPTIONS] [COMMAND [WORD …]]

Without a command it begins a session; "crm help" lists the commands.

  -f, --file FILE      run the lines of FILE ("-": of standard input)
  -c, --cib NAME       work on the shadow configuration NAME
  -H, --host FOLDER    speak to the node whose folder this is, or to one of the nodes in it
  -D, --display TYPE   plain, color, color-always or uppercase
  -F, --force          go on where a question would be asked
  -n, --no             answer every question with no
  -w, --wait           wait after each change until the cluster has settled
  -o, --opt NAME=VALUE set an option of the shell
  -R, --regression-tests, -d, --debug   accepted
      --version        show the version
  -h, --help           show this
`;

const FLAGS: Readonly<Record<string, string>> = {
  '-F': '--force',
  '-n': '--no',
  '-w': '--wait',
  '-R': '--regression-tests',
  '-d': '--debug',
  '-h': '--help',
};
const WITH_VALUE: Readonly<Record<string, string>> = {
  '-f': '--file',
  '-c': '--cib',
  '-H': '--host',
  '-D': '--display',
  '-o': '--opt',
  '-X': '--profile',
};
const DISPLAYS = ['plain', 'color', 'color-always', 'uppercase'] as const;

interface Reading {
  readonly options: ShellOptions;
  readonly values: Record<string, string>;
  show?: 'help' | 'version';
}

/** Options end at the first word that is none: what follows belongs to the command. */
export function parseWords(words: readonly string[]): CommandWords | { readonly problem: string } {
  const reading: Reading = {
    options: { force: false, wait: false, display: 'color', sortElements: true, answerNo: false },
    values: {},
  };
  let at = 0;
  while (at < words.length) {
    const word = words[at] as string;
    if (!/^-./.test(word)) break;
    at++;
    if (word === '--') break;
    const [, long = word, glued] = /^(--[\w-]+)(?:=(.*))?$/s.exec(word) ?? splitShort(word);
    if (Object.values(WITH_VALUE).includes(long) || long === '--history' || long === '--scriptdir') {
      const value = glued ?? words[at++];
      if (value === undefined) return { problem: `${word} needs a value` };
      const problem = takeValue(reading, long, value);
      if (problem !== undefined) return { problem };
    } else if (!takeFlag(reading, long)) return { problem: `there is no option ${word}` };
  }
  const { values, options, show } = reading;
  return {
    options,
    command: words.slice(at),
    ...(values['--file'] === undefined ? {} : { file: values['--file'] }),
    ...(values['--cib'] === undefined ? {} : { shadow: values['--cib'] }),
    ...(values['--host'] === undefined ? {} : { folder: values['--host'] }),
    ...(show === undefined ? {} : { show }),
  };
}

function splitShort(word: string): readonly [string, string, string | undefined] {
  const letter = word.slice(0, 2);
  const rest = word.length > 2 ? word.slice(2) : undefined;
  return [word, WITH_VALUE[letter] ?? FLAGS[word] ?? word, rest];
}

function takeFlag(reading: Reading, long: string): boolean {
  const { options } = reading;
  switch (long) {
    case '--force':
      options.force = true;
      return true;
    case '--no':
      options.answerNo = true;
      return true;
    case '--wait':
      options.wait = true;
      return true;
    case '--help':
      reading.show = 'help';
      return true;
    case '--version':
      reading.show = 'version';
      return true;
    case '--regression-tests':
    case '--debug':
      return true;
    default:
      return false;
  }
}

function takeValue(reading: Reading, long: string, value: string): string | undefined {
  const { options, values } = reading;
  if (long === '--display') {
    const display = DISPLAYS.find(one => one === value);
    if (display === undefined) return `--display is one of ${DISPLAYS.join(', ')}`;
    options.display = display;
  } else if (long === '--opt') {
    const [, name, setting] = /^(?:core\.)?([\w-]+)=(.*)$/.exec(value) ?? [];
    if (name === 'force') options.force = isYes(setting);
    if (name === 'wait') options.wait = isYes(setting);
    if (name === 'sort_elements' || name === 'sort-elements') options.sortElements = isYes(setting);
  } else values[long === '--history' ? '--host' : long] = value;
  return undefined;
}

const isYes = (word: string | undefined): boolean => /^(yes|true|on|1)$/i.test(word ?? '');
