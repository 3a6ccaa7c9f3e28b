/** The level `ra`: which agents there are, and what they say of themselves. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { attribute, child, childrenNamed, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import type { Level } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';

const DEFAULT_OCF_ROOT = '/usr/lib/ocf';
const FENCE_FOLDER = '/usr/sbin';

const ocfFolder = (session: Session): string =>
  join(session.environment.OCF_ROOT ?? DEFAULT_OCF_ROOT, 'resource.d');

function programsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => !name.startsWith('.') && !name.endsWith('.metadata') && isProgram(join(folder, name)))
      .sort();
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const foldersIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => !entry.isFile())
      .map(entry => entry.name)
      .sort();
  } catch {
    return [];
  }
};

const providers = (session: Session): readonly string[] => foldersIn(ocfFolder(session));

export const providersOf = (session: Session, type: string): readonly string[] =>
  providers(session).filter(provider => isProgram(join(ocfFolder(session), provider, type)));

/** The provider that a type alone means: heartbeat's agents come first, then pacemaker's. */
export function usualProvider(session: Session, type: string): string | undefined {
  const found = providersOf(session, type);
  return ['heartbeat', 'pacemaker'].find(provider => found.includes(provider)) ?? found[0];
}

function agentsOf(session: Session, agentClass: string, provider: string | undefined): readonly string[] {
  switch (agentClass) {
    case 'ocf': {
      const some = provider === undefined ? providers(session) : [provider];
      return [...new Set(some.flatMap(one => programsIn(join(ocfFolder(session), one))))].sort();
    }
    case 'stonith':
      return programsIn(FENCE_FOLDER).filter(name => name.startsWith('fence_') && name !== 'fence_legacy');
    case 'lsb':
      return programsIn('/etc/init.d').filter(name => name !== 'README' && name !== 'skeleton');
    case 'systemd':
      return ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']
        .flatMap(unitsIn)
        .filter((name, at, all) => all.indexOf(name) === at)
        .sort();
    default:
      return [];
  }
}

function unitsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith('.service') && !name.includes('@'))
      .map(name => name.slice(0, -'.service'.length));
  } catch {
    return [];
  }
}

const CLASSES = ['lsb', 'ocf', 'service', 'stonith', 'systemd'];

/** Agents as they are written in a primitive, for completion. */
export const agentWords = (session: Session): readonly string[] => [
  ...providers(session).flatMap(provider =>
    agentsOf(session, 'ocf', provider).map(type => `ocf:${provider}:${type}`),
  ),
  ...agentsOf(session, 'ocf', 'heartbeat'),
  ...agentsOf(session, 'stonith', undefined).map(type => `stonith:${type}`),
  'systemd:',
  'lsb:',
];

interface Agent {
  readonly agentClass: string;
  readonly provider?: string;
  readonly type: string;
}

function agentOf(session: Session, word: string): Agent {
  const parts = word.split(':');
  const type = parts.at(-1) as string;
  if (parts.length === 3) return { agentClass: parts[0] as string, provider: parts[1] as string, type };
  if (parts.length === 2 && parts[0] !== 'ocf') return { agentClass: parts[0] as string, type };
  const provider = usualProvider(session, type);
  if (provider !== undefined) return { agentClass: 'ocf', provider, type };
  return type.startsWith('fence_')
    ? { agentClass: 'stonith', type }
    : { agentClass: 'ocf', provider: 'heartbeat', type };
}

/** What the agent says of itself; nothing where there is no such agent or it does not say. */
async function metadataOf(session: Session, agent: Agent): Promise<XmlElement | undefined> {
  const { agentClass, provider = '', type } = agent;
  const path =
    agentClass === 'ocf'
      ? join(ocfFolder(session), provider, type)
      : agentClass === 'stonith'
        ? join(FENCE_FOLDER, type)
        : undefined;
  if (path === undefined || !isProgram(path)) return undefined;
  const root = session.environment.OCF_ROOT ?? DEFAULT_OCF_ROOT;
  const environment = {
    ...process.env,
    OCF_ROOT: root,
    OCF_RESOURCE_TYPE: type,
    OCF_RESOURCE_PROVIDER: provider,
  };
  const words = agentClass === 'ocf' ? ['meta-data'] : ['-o', 'metadata'];
  const text = await new Promise<string>(resolve => {
    execFile(path, words, { env: environment, timeout: 30_000 }, (_, out) => resolve(out));
  });
  const parsed = parseXml(text);
  return parsed.ok ? parsed.root : undefined;
}

export async function parameterNames(session: Session, word: string): Promise<readonly string[]> {
  const metadata = await metadataOf(session, agentOf(session, word));
  const parameters = metadata === undefined ? undefined : child(metadata, 'parameters');
  return parameters === undefined
    ? []
    : childrenNamed(parameters, 'parameter').map(one => attribute(one, 'name') ?? '');
}

export const AGENTS_LEVEL: Level = {
  name: 'ra',
  summary: 'resource agents: lists and descriptions',
  commands: {
    classes: {
      usage: '',
      summary: 'list classes of agents, and the providers of OCF agents',
      run: session => {
        for (const name of CLASSES) {
          session.line(name === 'ocf' ? `ocf / ${providers(session).join(' ')}` : name);
        }
        return true;
      },
    },
    list: {
      usage: 'CLASS [PROVIDER]',
      summary: 'list the agents of a class',
      run: (session, { words }) => {
        const [, agentClass, provider] = words;
        if (agentClass === undefined) return session.error('usage: list CLASS [PROVIDER]');
        if (!CLASSES.includes(agentClass)) return session.error(`there is no class ${agentClass}`);
        const wanted = agentClass === 'service' ? ['systemd', 'lsb'] : [agentClass];
        for (const type of wanted.flatMap(one => agentsOf(session, one, provider))) session.line(type);
        return true;
      },
      complete: (session, words) =>
        words.length === 1 ? CLASSES : words.length === 2 ? providers(session) : [],
    },
    providers: {
      usage: 'TYPE [CLASS]',
      summary: 'list the providers that have an agent of this type',
      run: (session, { words }) => {
        const [, type] = words;
        if (type === undefined) return session.error('usage: providers TYPE [CLASS]');
        session.line(providersOf(session, type).join(' '));
        return true;
      },
    },
    info: {
      usage: '[CLASS:[PROVIDER:]]TYPE',
      summary: 'show what an agent says of itself',
      aliases: ['meta'],
      run: (session, { words }) => info(session, words.slice(1)),
      complete: agentWords,
    },
  },
};

async function info(session: Session, words: readonly string[]): Promise<boolean> {
  const [first, agentClass, provider] = words;
  if (first === undefined) return session.error('usage: info [CLASS:[PROVIDER:]]TYPE');
  // The older order of words, TYPE CLASS [PROVIDER], is still read.
  const word = agentClass === undefined ? first : [agentClass, provider, first].filter(one => one).join(':');
  const agent = agentOf(session, word);
  const metadata = await metadataOf(session, agent);
  if (metadata === undefined)
    return session.error(`${word}: there is no such agent, or it says nothing of itself`);
  session.out(describe(agent, metadata));
  return true;
}

const wordsOf = (of: XmlElement | undefined, name: string): string =>
  (of === undefined ? undefined : child(of, name)?.text)?.replace(/\s+/g, ' ').trim() ?? '';

function describe({ agentClass, provider, type }: Agent, metadata: XmlElement): string {
  const name = [agentClass, provider, type].filter(part => part !== undefined).join(':');
  const long = child(metadata, 'longdesc')?.text?.trim() ?? '';
  const parameters = child(metadata, 'parameters');
  const actions = child(metadata, 'actions');
  const lines = [`${wordsOf(metadata, 'shortdesc')} (${name})`, '', long, ''];
  if (parameters !== undefined) {
    lines.push('Parameters (*: required, []: default):', '');
    for (const one of childrenNamed(parameters, 'parameter')) lines.push(...parameterLines(one));
  }
  if (actions !== undefined) {
    lines.push('Advisory minimums of operations:', '');
    for (const one of childrenNamed(actions, 'action')) {
      const words = ['timeout', 'interval', 'role', 'depth'].flatMap(key => {
        const value = attribute(one, key);
        return value === undefined || value === '0' ? [] : [`${key}=${value}`];
      });
      lines.push(`    ${(attribute(one, 'name') ?? '').padEnd(14)}${words.join(' ')}`.trimEnd());
    }
  }
  return `${lines.join('\n')}\n`;
}

function parameterLines(parameter: XmlElement): readonly string[] {
  const content = child(parameter, 'content');
  const required = attribute(parameter, 'required') === '1' ? '*' : '';
  const initial = content === undefined ? undefined : attribute(content, 'default');
  const type = content === undefined ? '' : attribute(content, 'type');
  const notes = [type ?? '', initial === undefined || initial === '' ? '' : `[${initial}]`].filter(
    note => note !== '',
  );
  return [
    `${attribute(parameter, 'name')}${required} (${notes.join(', ')}): ${wordsOf(parameter, 'shortdesc')}`,
    ...(wordsOf(parameter, 'longdesc') === '' ? [] : [`    ${wordsOf(parameter, 'longdesc')}`]),
    '',
  ];
}
