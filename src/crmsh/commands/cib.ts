/** The level `cib`: shadow configurations, to try changes on. */
import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyCib } from '../../core/cib/empty.ts';
import { createPatchset } from '../../core/cib/patchset/create.ts';
import { child, element, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import type { Level } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';

const DEFAULT_FOLDER = '/var/lib/pacemaker/cib';

const folderOf = (session: Session): string => session.environment.CIB_shadow_dir ?? DEFAULT_FOLDER;
const fileOf = (session: Session, name: string): string => join(folderOf(session), `shadow.${name}`);
const isName = (name: string | undefined): name is string => name !== undefined && /^[\w.-]+$/.test(name);

const shadows = (session: Session): readonly string[] => {
  try {
    return readdirSync(folderOf(session))
      .filter(name => name.startsWith('shadow.'))
      .map(name => name.slice(7))
      .sort();
  } catch {
    return [];
  }
};

/** Uses a shadow from now on, or without a name the live cluster again. */
export async function useShadow(session: Session, name: string | undefined): Promise<boolean> {
  if (name !== undefined && !existsSync(fileOf(session, name)))
    return session.error(`there is no shadow ${name}`);
  await session.reset();
  session.shadow = name;
  if (name === undefined) delete session.environment.CIB_shadow;
  else session.environment.CIB_shadow = name;
  return true;
}

/** Asks the live cluster, whatever shadow is in use. */
async function live<T>(session: Session, action: () => Promise<T>): Promise<T> {
  const { shadow } = session;
  await useShadow(session, undefined);
  try {
    return await action();
  } finally {
    if (shadow !== undefined) await useShadow(session, shadow);
  }
}

function readShadow(session: Session, name: string): XmlElement | undefined {
  if (!existsSync(fileOf(session, name))) return undefined;
  const parsed = parseXml(readFileSync(fileOf(session, name), 'utf8'));
  return parsed.ok ? parsed.root : undefined;
}

async function create(session: Session, words: readonly string[]): Promise<boolean> {
  const options = ['withstatus', 'force', '--force', 'empty'];
  const name = words.find(word => !options.includes(word)) ?? session.shadow;
  if (!isName(name)) return session.error('usage: new NAME [withstatus] [force] [empty]');
  const isForced = session.options.force || words.includes('force') || words.includes('--force');
  if (existsSync(fileOf(session, name)) && !isForced)
    return session.error(`there is a shadow ${name} already`);
  const source = words.includes('empty') ? emptyCib() : await live(session, () => session.cib());
  if (source === undefined) return false;
  const cib = words.includes('withstatus')
    ? source
    : {
        ...source,
        children: [child(source, 'configuration') ?? element('configuration'), element('status')],
      };
  mkdirSync(folderOf(session), { recursive: true });
  writeFileSync(fileOf(session, name), printXml(cib, { pretty: true }), { mode: 0o600 });
  session.inform(`shadow ${name} is made and in use`);
  return useShadow(session, name);
}

async function commit(session: Session, given: string | undefined): Promise<boolean> {
  const name = given ?? session.shadow;
  const shadow = name === undefined ? undefined : readShadow(session, name);
  if (shadow === undefined)
    return session.error(name === undefined ? 'no shadow is in use' : `there is no shadow ${name}`);
  const input = child(shadow, 'configuration');
  if (input === undefined) return session.error(`${name} has no configuration`);
  return live(session, async () => {
    const reply = await session.ask({
      kind: 'cib',
      operation: 'replace',
      section: 'configuration',
      input,
    });
    return reply.ok || session.error(`the cluster refused it: ${reply.message}`);
  });
}

async function difference(session: Session): Promise<boolean> {
  const name = session.shadow;
  const shadow = name === undefined ? undefined : readShadow(session, name);
  if (shadow === undefined) return session.error('no shadow is in use');
  const now = await live(session, () => session.cib());
  if (now === undefined) return false;
  const alone = (cib: XmlElement): XmlElement => ({
    ...now,
    children: [child(cib, 'configuration') ?? element('configuration')],
  });
  const patchset = createPatchset(alone(now), alone(shadow), { withoutVersions: true });
  if (patchset !== undefined) session.out(printXml(patchset, { pretty: true }));
  return true;
}

export const CIB_LEVEL: Level = {
  name: 'cib',
  summary: 'shadow configurations: copies to try changes on',
  commands: {
    new: {
      usage: '[NAME] [withstatus] [force] [empty]',
      summary: 'make a shadow of the live configuration and use it',
      run: (session, { words }) => create(session, words.slice(1)),
    },
    use: {
      usage: '[NAME]',
      summary: 'use a shadow, or without a name the live cluster',
      run: (session, { words }) => useShadow(session, words[1] === 'live' ? undefined : words[1]),
      complete: shadows,
    },
    reset: {
      usage: '[NAME]',
      summary: 'make a shadow like the live configuration again',
      run: (session, { words }) => {
        const name = words[1] ?? session.shadow;
        return isName(name) ? create(session, [name, 'force']) : session.error('usage: reset NAME');
      },
      complete: shadows,
    },
    delete: {
      usage: '[NAME]',
      summary: 'delete a shadow',
      run: async (session, { words }) => {
        const name = words[1] ?? session.shadow;
        if (!isName(name) || !existsSync(fileOf(session, name)))
          return session.error(`there is no shadow ${name ?? ''}`);
        unlinkSync(fileOf(session, name));
        return session.shadow === name ? useShadow(session, undefined) : true;
      },
      complete: shadows,
    },
    commit: {
      usage: '[NAME]',
      summary: 'put the configuration of a shadow in the place of the live one',
      run: (session, { words }) => commit(session, words[1]),
      complete: shadows,
    },
    diff: {
      usage: '',
      summary: 'show what a commit of the shadow in use would change',
      run: difference,
    },
    list: {
      usage: '',
      summary: 'list the shadows',
      run: session => {
        for (const name of shadows(session)) session.line(name);
        return true;
      },
    },
    import: {
      usage: 'FILE [NAME]',
      summary: 'make a shadow of a CIB in a file',
      run: async (session, { words }) => {
        const [, file, given] = words;
        const name =
          given ??
          file
            ?.split('/')
            .at(-1)
            ?.replace(/\.xml$/, '');
        if (file === undefined || !isName(name)) return session.error('usage: import FILE [NAME]');
        let text: string;
        try {
          text = readFileSync(file, 'utf8');
        } catch (fault) {
          return session.error(`${file}: ${(fault as Error).message}`);
        }
        const parsed = parseXml(text);
        if (!parsed.ok || parsed.root.name !== 'cib') return session.error(`${file} is no CIB`);
        mkdirSync(folderOf(session), { recursive: true });
        writeFileSync(fileOf(session, name), printXml(parsed.root, { pretty: true }), { mode: 0o600 });
        return useShadow(session, name);
      },
    },
  },
};
