/** Help and version texts of commands, in the layout that Pacemaker's have. */
import { AUTHORS, BUILD, FEATURES, RELEASE } from '../core/model/version.ts';
import { element, type XmlElement } from '../core/xml/element.ts';
import type { CommandDefinition, OptionDefinition } from './command-line.ts';

const WIDTH = 100;
const APPLICATION = 'Application Options';

/** What `--help` (`main`), `--help-all` (`all`) or `--help-GROUP` (the group's key) prints. */
export function helpText(command: CommandDefinition, asked: string): string {
  const shown = Object.entries(command.options).filter(([, { hidden }]) => hidden === undefined);
  const help = helpOptions(command);
  const column = Math.max(...[...help, ...shown].map(([name, option]) => left(name, option).length)) + 5;
  const section = (title: string, options: readonly (readonly [string, OptionDefinition])[]): string =>
    options.length === 0 ? '' : `${title}:\n${options.map(option => line(option, column)).join('')}\n`;
  const inGroup = (key: string | undefined) => shown.filter(([, { group }]) => group === key);
  const groups = Object.entries(command.groups)
    .filter(([key]) => asked === 'all' || asked === key)
    .map(([key, { title }]) => section(title, inGroup(key)));
  const usage = command.operands === undefined ? '' : ` ${command.operands}`;
  return [
    `Usage:\n  ${command.name} [OPTION…]${usage}\n\n${command.summary}\n\n`,
    asked === 'main' || asked === 'all' ? section('Help Options', help) : '',
    ...groups,
    asked === 'main' || asked === 'all' ? section(APPLICATION, inGroup(undefined)) : '',
    command.notes === undefined ? '' : `${command.notes}\n`,
  ].join('');
}

function helpOptions(command: CommandDefinition): [string, OptionDefinition][] {
  const taken = Object.values(command.options).some(({ short }) => short === 'h');
  const groups = Object.entries(command.groups).map(([key, { about }]): [string, OptionDefinition] => [
    `help-${key}`,
    { takes: 'nothing', help: `Show ${about}` },
  ]);
  return [
    ['help', { short: taken ? '?' : 'h', takes: 'nothing', help: 'Show help options' }],
    ['help-all', { takes: 'nothing', help: 'Show all help options' }],
    ...groups,
  ];
}

function left(name: string, { short, valueName, takes }: OptionDefinition): string {
  const value = takes === 'nothing' || takes === 'count' ? '' : `=${valueName ?? 'VALUE'}`;
  return `${short === undefined ? '' : `-${short}, `}--${name}${value}`;
}

function line([name, option]: readonly [string, OptionDefinition], column: number): string {
  const indent = `\n${' '.repeat(column + 2)}`;
  return `  ${left(name, option).padEnd(column)}${wrapped(option.help, WIDTH - column).join(indent)}\n`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string;
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What `--version` prints; scripts read the second word of the first line. */
export const versionText = (): string => `Pacemaker ${RELEASE}\nWritten by ${AUTHORS}\n`;

/** What `cibadmin --version` and `pacemakerd --features` print. */
export const buildText = (featureSet: string): string =>
  `Pacemaker ${RELEASE} (Build: ${BUILD}):\n Supporting v${featureSet}: ${FEATURES}\n`;

export const versionElement = (): XmlElement =>
  element('version', {
    program: 'Pacemaker',
    version: RELEASE,
    author: AUTHORS,
    build: BUILD,
    features: FEATURES,
  });
