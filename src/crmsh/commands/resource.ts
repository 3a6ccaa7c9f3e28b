/** The level `resource`: to run, stop, move and look at resources. */
import type { XmlElement } from '../../core/xml/element.ts';
import { attributeValue, withAttributeValue } from '../language/attributes.ts';
import { type CrmObject, isContainer, isResource, memberIds, objectsOf } from '../language/objects.ts';
import type { Command, Level } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';
import { changeConfiguration } from './change.ts';
import { runTool } from './tool.ts';
import { valueCommand } from './value-command.ts';

const resources = async (session: Session): Promise<readonly string[]> => {
  const cib = await session.cib();
  return cib === undefined
    ? []
    : objectsOf(cib)
        .filter(object => isResource(object.kind))
        .map(object => object.id);
};

const nodes = async (session: Session): Promise<readonly string[]> => {
  const cib = await session.cib();
  return cib === undefined
    ? []
    : objectsOf(cib)
        .filter(object => object.kind === 'node')
        .map(object => object.id);
};

/** Resources that are in no clone or bundle: those are located as a whole. */
async function outermost(session: Session): Promise<readonly string[]> {
  const cib = await session.cib();
  const objects = cib === undefined ? [] : objectsOf(cib).filter(object => isResource(object.kind));
  const inside = new Set<CrmObject>();
  for (const object of objects) {
    if (object.kind === 'group') continue;
    for (const member of membersBelow(object, objects)) inside.add(member);
  }
  return objects.filter(object => !inside.has(object)).map(object => object.id);
}

const completeResourceThenNode: Command['complete'] = (session, words) => {
  if (words.length === 1) return resources(session);
  return words.length === 2 ? nodes(session) : [];
};

/** Sets a meta attribute on resources, so that what their members say to the contrary holds no more. */
function metaCommand(options: {
  readonly name: string;
  readonly value: string;
  readonly summary: string;
  readonly help?: string;
  /** Only clones that can be promoted take it. */
  readonly promotable?: true;
}): Command {
  return {
    usage: options.promotable ? 'RSC' : 'RSC [RSC …]',
    summary: options.summary,
    ...(options.help === undefined ? {} : { help: options.help }),
    run: async (session, { words }) => {
      const ids = words.slice(1);
      if (ids.length === 0) return session.error(`usage: ${words[0]} RSC …`);
      return changeConfiguration(session, cib => setOnAll(cib, ids, options));
    },
    complete: resources,
  };
}

function setOnAll(
  cib: XmlElement,
  ids: readonly string[],
  { name, value, promotable }: { readonly name: string; readonly value: string; readonly promotable?: true },
): XmlElement | { readonly problem: string } {
  let changed = cib;
  for (const id of ids) {
    const objects = objectsOf(changed);
    const found = objects.find(object => object.id === id && isResource(object.kind));
    if (found === undefined) return { problem: `there is no resource ${id}` };
    const target = cloneOf(found, objects) ?? found;
    if (promotable && !isPromotable(target)) return { problem: `${id} is no promotable clone` };
    const set = 'meta_attributes';
    changed = withAttributeValue(changed, { kind: target.kind, object: target.id, set, name }, value);
    for (const member of membersBelow(target, objects)) {
      const own = attributeValue(member.element, set, name);
      if (own === undefined || own === value) continue;
      changed = withAttributeValue(changed, { kind: member.kind, object: member.id, set, name }, undefined);
    }
  }
  return changed;
}

/** What runs in a clone is started and stopped with all its instances. */
const cloneOf = (object: CrmObject, objects: readonly CrmObject[]): CrmObject | undefined =>
  objects.find(one => (one.kind === 'clone' || one.kind === 'ms') && memberIds(one).includes(object.id));

const isPromotable = (object: CrmObject): boolean =>
  object.kind === 'ms' ||
  object.kind === 'bundle' ||
  (object.kind === 'clone' &&
    /^(true|yes|on|1)$/i.test(attributeValue(object.element, 'meta_attributes', 'promotable') ?? ''));

function membersBelow(object: CrmObject, objects: readonly CrmObject[]): readonly CrmObject[] {
  if (!isContainer(object.kind)) return [];
  const members = objects.filter(one => memberIds(object).includes(one.id));
  return members.flatMap(member => [member, ...membersBelow(member, objects)]);
}

/** A command of the cluster with the resource as its argument; a `force` among the words insists. */
const toolCommand = (options: {
  readonly usage: string;
  readonly summary: string;
  readonly help?: string;
  readonly aliases?: readonly string[];
  readonly words: (rest: readonly string[]) => readonly string[] | undefined;
}): Command => ({
  usage: options.usage,
  summary: options.summary,
  ...(options.help === undefined ? {} : { help: options.help }),
  ...(options.aliases === undefined ? {} : { aliases: options.aliases }),
  run: async (session, { words }) => {
    const isForced = session.options.force || words.includes('force') || words.includes('--force');
    const rest = words.slice(1).filter(word => word !== 'force' && word !== '--force');
    const made = options.words(rest);
    if (made === undefined) return session.error(`usage: ${words[0]} ${options.usage}`);
    const ok = await runTool(session, 'crm_resource', isForced ? [...made, '--force'] : made);
    if (!ok || !session.options.wait) return ok;
    return (await import('./settle.ts')).waitUntilSettled(session);
  },
  complete: completeResourceThenNode,
});

const isLifetime = (word: string): boolean => /^PT?\d|^\d{4}-|^\d+[YMDHW]/.test(word);

/** `RSC [NODE] [LIFETIME]` as options of crm_resource. */
function placed(action: string, rest: readonly string[]): readonly string[] | undefined {
  const [resource, ...more] = rest;
  if (resource === undefined || more.length > 2) return undefined;
  const lifetime = more.find(isLifetime);
  const node = more.find(word => word !== lifetime);
  return [
    action,
    '--resource',
    resource,
    ...(node === undefined ? [] : ['--node', node]),
    ...(lifetime === undefined
      ? []
      : ['--lifetime', lifetime.startsWith('P') || lifetime.includes('-') ? lifetime : `P${lifetime}`]),
  ];
}

const about =
  (...options: readonly string[]) =>
  (rest: readonly string[]): readonly string[] | undefined => {
    const [resource, node, ...more] = rest;
    if (more.length > 0) return undefined;
    return [
      ...options,
      ...(resource === undefined ? [] : ['--resource', resource]),
      ...(node === undefined ? [] : ['--node', node]),
    ];
  };

const LIFETIME_HELP =
  'The lifetime is an ISO 8601 duration or date, such as PT5M or 2027-01-01; without one it is for ever.';

export const RESOURCE_LEVEL: Level = {
  name: 'resource',
  summary: 'the resources: start, stop, move, look at them',
  commands: {
    start: metaCommand({ name: 'target-role', value: 'Started', summary: 'start resources' }),
    stop: metaCommand({ name: 'target-role', value: 'Stopped', summary: 'stop resources' }),
    promote: metaCommand({
      name: 'target-role',
      value: 'Promoted',
      summary: 'promote a resource',
      promotable: true,
    }),
    demote: metaCommand({
      name: 'target-role',
      value: 'Unpromoted',
      summary: 'demote a resource',
      promotable: true,
    }),
    manage: metaCommand({ name: 'is-managed', value: 'true', summary: 'hand resources back to the cluster' }),
    unmanage: metaCommand({
      name: 'is-managed',
      value: 'false',
      summary: 'take resources out of the hands of the cluster',
    }),
    maintenance: {
      usage: 'RSC [on | off]',
      summary: 'switch maintenance of a resource: in it, not even monitors run',
      run: async (session, { words }) => {
        const [, id, word = 'on'] = words;
        if (id === undefined || !/^(on|off|true|false|yes|no)$/.test(word))
          return session.error('usage: maintenance RSC [on | off]');
        const value = /^(on|true|yes)$/.test(word) ? 'true' : 'false';
        return changeConfiguration(session, cib => setOnAll(cib, [id], { name: 'maintenance', value }));
      },
      complete: (session, words) => (words.length === 1 ? resources(session) : ['on', 'off']),
    },
    restart: {
      usage: 'RSC [RSC …]',
      summary: 'stop resources, wait, and start them again',
      run: async (session, { words }) => {
        if (words.length < 2) return session.error('usage: restart RSC …');
        const { restart } = await import('./settle.ts');
        for (const id of words.slice(1)) if (!(await restart(session, id))) return false;
        return true;
      },
      complete: resources,
    },
    move: toolCommand({
      usage: 'RSC [NODE] [LIFETIME] [force]',
      summary: 'move a resource, by a constraint that stays until it is cleared',
      help: LIFETIME_HELP,
      aliases: ['migrate'],
      words: rest => placed('--move', rest),
    }),
    ban: toolCommand({
      usage: 'RSC [NODE] [LIFETIME] [force]',
      summary: 'keep a resource off a node, by a constraint that stays until it is cleared',
      help: LIFETIME_HELP,
      words: rest => placed('--ban', rest),
    }),
    clear: toolCommand({
      usage: 'RSC [NODE]',
      summary: 'take away what move and ban have set',
      aliases: ['unmove', 'unmigrate', 'unban'],
      words: rest => (rest.length === 0 ? undefined : about('--clear')(rest)),
    }),
    cleanup: toolCommand({
      usage: '[RSC] [NODE] [force]',
      summary: 'forget failures, so that the cluster looks anew',
      words: about('--cleanup'),
    }),
    refresh: toolCommand({
      usage: '[RSC] [NODE] [force]',
      summary: 'forget all that is known of resources, so that the cluster probes them',
      aliases: ['reprobe'],
      words: about('--refresh'),
    }),
    status: {
      usage: '[RSC …]',
      summary: 'show the state of all or some resources',
      aliases: ['show', 'list'],
      run: (session, { words }) => status(session, words.slice(1), ['--list']),
      complete: resources,
    },
    locate: {
      usage: '[RSC …]',
      summary: 'show where resources run',
      run: async (session, { words }) =>
        status(session, words.length > 1 ? words.slice(1) : await outermost(session), []),
      complete: resources,
    },
    operations: {
      usage: '[RSC] [NODE]',
      summary: 'show what was done with resources',
      run: (session, { words }) => {
        const [, resource, node] = words;
        const limits = [
          ...(resource === undefined ? [] : ['--resource', resource]),
          ...(node === undefined ? [] : ['--node', node]),
        ];
        return runTool(session, 'crm_mon', ['-1', '--include', 'none,operations', ...limits]);
      },
      complete: completeResourceThenNode,
    },
    constraints: {
      usage: 'RSC',
      summary: 'show the constraints of a resource',
      run: async (session, { words }) => {
        const [, id] = words;
        if (id === undefined) return session.error('usage: constraints RSC');
        const { showConstraints } = await import('./configure-show.ts');
        return showConstraints(session, id);
      },
      complete: resources,
    },
    scores: {
      usage: '',
      summary: 'show the scores by which resources are placed',
      run: session => runTool(session, 'crm_simulate', ['-sUL']),
    },
    failcount: {
      usage: 'RSC {set NODE VALUE [OPERATION [INTERVAL]] | delete NODE | show NODE}',
      summary: 'show, set or forget how often a resource failed on a node',
      run: async (session, { words }) => (await import('./failures.ts')).failCount(session, words.slice(1)),
      complete: async (session, words) => {
        if (words.length === 1) return resources(session);
        return words.length === 2 ? ['show', 'set', 'delete'] : nodes(session);
      },
    },
    param: valueCommand({ set: 'instance_attributes', what: 'parameter', ids: resources }),
    meta: valueCommand({ set: 'meta_attributes', what: 'meta attribute', ids: resources }),
    utilization: valueCommand({ set: 'utilization', what: 'utilization attribute', ids: resources }),
  },
};

async function status(session: Session, ids: readonly string[], whole: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return whole.length === 0 || runTool(session, 'crm_resource', whole);
  let ok = true;
  for (const id of ids) ok = (await runTool(session, 'crm_resource', ['--locate', '--resource', id])) && ok;
  return ok;
}
