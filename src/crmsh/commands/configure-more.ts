/** Commands of `configure` that ask or preview: `get-property`, `ptest`, `upgrade`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printXml } from '../../core/xml/print.ts';
import { attributeValue } from '../language/attributes.ts';
import { objectsOf } from '../language/objects.ts';
import type { Command } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';
import { openDraft } from './configure-commit.ts';
import { runTool } from './tool.ts';

export const MORE: Readonly<Record<string, Command>> = {
  'get-property': {
    usage: '[-t | --true] [NAME]',
    summary: 'print the value of a property, its default where it is not set',
    help: 'With -t it prints true or false. Without a name it lists the properties that there are.',
    aliases: ['get_property', 'show-property', 'show_property'],
    run: (session, { words }) => getProperty(session, words.slice(1)),
    complete: async () =>
      (await import('../../core/model/options/registry.ts')).OPTIONS.cluster.map(one => one.name),
  },
  ptest: {
    usage: '[nograph] [scores] [actions] [utilization] [v…]',
    summary: 'show what the cluster would do if the changes were committed',
    aliases: ['simulate'],
    run: (session, { words }) => preview(session, words.slice(1)),
    complete: () => ['scores', 'actions', 'utilization', 'nograph'],
  },
  upgrade: {
    usage: '[force]',
    summary: 'bring the configuration to the newest schema',
    run: async (session, { words }) => {
      const isForced = session.options.force || words.includes('force') || words.includes('--force');
      if (!isForced) return session.error('an upgrade cannot be undone: "upgrade force" does it');
      if (session.draft?.isChanged) return session.error('commit or refresh first');
      const reply = await session.ask({ kind: 'cib', operation: 'upgrade', force: true });
      session.draft = undefined;
      return reply.ok || session.error(`the cluster refused it: ${reply.message}`);
    },
  },
};

async function getProperty(session: Session, words: readonly string[]): Promise<boolean> {
  const { OPTIONS, optionNamed } = await import('../../core/model/options/registry.ts');
  const isTruth = words.includes('-t') || words.includes('--true');
  const name = words.find(word => !word.startsWith('-'));
  if (name === undefined) {
    for (const option of OPTIONS.cluster) session.line(option.name);
    return true;
  }
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const option = optionNamed('cluster', name);
  const names = option === undefined ? [name] : [name, option.name, ...(option.aliases ?? [])];
  const sets = objectsOf(draft.cib).filter(object => object.kind === 'property');
  const holder = { name: 'sets', attributes: [], children: sets.map(set => set.element) };
  const found = names
    .map(one => attributeValue(holder, 'cluster_property_set', one))
    .find(one => one !== undefined);
  const value = found ?? option?.default;
  if (value === undefined) return session.error(`${name} is not set and has no default`);
  session.line(isTruth ? String(/^(true|yes|on|y|1)$/i.test(value)) : value);
  return true;
}

async function preview(session: Session, words: readonly string[]): Promise<boolean> {
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const unknown = words.find(word => !/^(nograph|scores|actions|utilization|v+)$/.test(word));
  if (unknown !== undefined) return session.error(`ptest knows no ${unknown}`);
  const folder = mkdtempSync(join(tmpdir(), 'crm-'));
  try {
    const file = join(folder, 'cib.xml');
    writeFileSync(file, printXml(draft.cib, { pretty: true }));
    const options = [
      ...(words.includes('scores') ? ['--show-scores'] : []),
      ...(words.includes('utilization') ? ['--show-utilization'] : []),
    ];
    return await runTool(session, 'crm_simulate', ['--xml-file', file, '--simulate', ...options]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
