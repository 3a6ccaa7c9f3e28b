import { hostname } from 'node:os';
import { exitOfRefusal, wordsOfRefusal } from '../client/refusal.ts';
import type { ClientReply } from '../core/messages/client.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { nodeName } from '../core/model/names.ts';
import { attribute, element, type XmlElement } from '../core/xml/element.ts';
import {
  hasPlace,
  nodeNamed,
  type Pair,
  type Place,
  pairsOf,
  type Scope,
  sectionOfPlace,
  updateOf,
  usualSet,
} from './attribute-place.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { type Session, withCib } from './session.ts';
import {
  COMMON_OPTIONS,
  main,
  OUTPUT_GROUP,
  operationError,
  type Report,
  type Surroundings,
  type Tool,
  ToolError,
} from './tool.ts';

const definition = defineCommand({
  name: 'crm_attribute',
  summary: 'crm_attribute - show and change cluster options and node attributes',
  groups: {
    ...OUTPUT_GROUP,
    selections: { title: 'Selecting attributes', about: 'selecting options' },
    command: { title: 'Commands', about: 'command options' },
    additional: { title: 'Additional options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'q', takes: 'nothing', help: 'Print the value alone', aliases: ['Q'] },
    id: {
      short: 'i',
      takes: 'value',
      valueName: 'XML_ID',
      group: 'selections',
      help: '(Advanced) The attribute whose element has this id',
      aliases: ['attr-id'],
    },
    name: {
      short: 'n',
      takes: 'value',
      valueName: 'NAME',
      group: 'selections',
      help: 'The attribute or option of this name; a query without it shows all',
      aliases: ['attr-name'],
    },
    pattern: {
      short: 'P',
      takes: 'value',
      valueName: 'PATTERN',
      group: 'selections',
      help: 'All attributes whose names match (with -G, or with -v or -D and -l reboot)',
    },
    promotion: {
      short: 'p',
      takes: 'optional-value',
      valueName: 'RESOURCE',
      group: 'selections',
      help: 'The promotion score of this resource, or of the one in the environment of an agent; until reboot unless -l says otherwise',
    },
    'set-name': {
      short: 's',
      takes: 'value',
      valueName: 'NAME',
      group: 'selections',
      help: '(Advanced) The attribute within the set that has this id',
    },
    delete: { short: 'D', takes: 'nothing', group: 'command', help: 'Remove the attribute or option' },
    query: { short: 'G', takes: 'nothing', group: 'command', help: 'Show its value', aliases: ['get-value'] },
    update: {
      short: 'v',
      takes: 'value',
      valueName: 'VALUE',
      group: 'command',
      help: 'Set its value',
      aliases: ['attr-value'],
    },
    default: {
      short: 'd',
      takes: 'value',
      valueName: 'VALUE',
      group: 'additional',
      help: '(Advanced) What to show where there is none',
    },
    lifetime: {
      short: 'l',
      takes: 'value',
      valueName: 'LIFETIME',
      group: 'additional',
      help: 'How long a node attribute holds: reboot, forever',
    },
    node: {
      short: 'N',
      takes: 'value',
      valueName: 'NODE',
      group: 'additional',
      help: 'A node attribute of this node, instead of a cluster option',
      aliases: ['U', 'uname'],
    },
    type: {
      short: 't',
      takes: 'value',
      valueName: 'SECTION',
      group: 'additional',
      help: 'The part of the CIB: crm_config, nodes, status, rsc_defaults, op_defaults, tickets',
    },
    utilization: {
      short: 'z',
      takes: 'nothing',
      group: 'additional',
      help: 'A utilization attribute of the node',
    },
    wait: {
      short: 'W',
      takes: 'value',
      valueName: 'UNTIL',
      group: 'additional',
      help: 'Accepted: an update has always reached the whole cluster',
    },
    score: { takes: 'nothing', hidden: true, help: 'Accepted: values such as name++ are always understood' },
    'inhibit-policy-engine': { short: '!', takes: 'nothing', hidden: true, help: 'Accepted, without effect' },
  },
});

type Values = OptionValues<typeof definition.options>;

const SCOPES: Readonly<Record<string, Scope>> = {
  crm_config: 'crm_config',
  nodes: 'nodes',
  forever: 'nodes',
  status: 'status',
  reboot: 'status',
  rsc_defaults: 'rsc_defaults',
  op_defaults: 'op_defaults',
  tickets: 'tickets',
};

interface Request {
  readonly name: string | undefined;
  readonly place: Place;
  readonly values: Values;
}

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: ({ values }, report, surroundings) => {
    const name = nameOf(values, surroundings);
    const scope = scopeOf(values);
    return withCib('crm_attribute', surroundings, async session => {
      const cib = await session.cib();
      const place = await placeOf(session, cib, scope, values, surroundings);
      const request = { name, place, values };
      if (values.delete) return remove(session, report, cib, request);
      if (values.update !== undefined) return update(session, report, cib, request);
      return query(report, cib, request);
    });
  },
};

function nameOf(values: Values, { environment }: Surroundings): string | undefined {
  const { promotion, pattern, name, update } = values;
  if (promotion !== undefined) {
    const resource = promotion === true || promotion === '' ? environment.OCF_RESOURCE_INSTANCE : promotion;
    if (resource === undefined || resource === '') {
      throw new ToolError(
        'usage',
        'Error: the name of a resource is needed with --promotion outside of an agent',
      );
    }
    return `master-${resource}`;
  }
  if (pattern !== undefined && name !== undefined) {
    throw new ToolError('usage', 'Error: --name and --pattern cannot be used together');
  }
  const changes = update !== undefined || values.delete;
  if (pattern !== undefined && changes && scopeOf(values) !== 'status') {
    throw new ToolError(
      'usage',
      'Error: pattern can only be used with query, or with till-reboot update or delete',
    );
  }
  const unnamed = name === undefined && pattern === undefined && values.id === undefined;
  if (values.delete && unnamed)
    throw new ToolError('usage', 'Error: must specify attribute name or pattern to delete');
  if (update !== undefined && unnamed) {
    throw new ToolError('usage', 'Error: must specify attribute name or pattern to update');
  }
  return name;
}

function scopeOf({ lifetime, type, promotion, node }: Values): Scope {
  const said = lifetime ?? type ?? (promotion === undefined ? undefined : 'status');
  if (said === undefined) return node === undefined ? 'crm_config' : 'nodes';
  const scope = SCOPES[said];
  if (scope === undefined) throw operationError('protocol', 'No message of desired type');
  return scope;
}

async function placeOf(
  session: Session,
  cib: XmlElement,
  scope: Scope,
  { node, utilization }: Values,
  surroundings: Surroundings,
): Promise<Place> {
  if (scope !== 'nodes' && scope !== 'status') return { scope };
  const name = node ?? (await nameHere(session, surroundings));
  const found = nodeNamed(cib, name);
  if (found === undefined) throw new ToolError('no-such-object', `Could not map name=${name} to a UUID`);
  return { scope, node: found, utilization };
}

/** Within an agent the node that it acts for; else the one that is asked; for a file the host's own name. */
async function nameHere(session: Session, { environment }: Surroundings): Promise<string> {
  const given = environment.OCF_RESKEY_CRM_meta_on_node;
  if (given !== undefined) return given;
  if (session.to === 'file') return hostname();
  const answer = await session.demand({ kind: 'controller', operation: 'who-am-i' });
  return (answer === undefined ? undefined : attribute(answer, 'node')) ?? hostname();
}

function matching(cib: XmlElement, { name, place, values }: Request): readonly Pair[] {
  const pattern = values.pattern === undefined ? undefined : new RegExp(values.pattern);
  const { id } = values;
  const set = values['set-name'];
  return pairsOf(cib, place).filter(
    pair =>
      (name === undefined || pair.name === name) &&
      (pattern === undefined || pattern.test(pair.name)) &&
      (id === undefined || pair.id === id) &&
      (set === undefined || pair.set === set),
  );
}

function query(report: Report, cib: XmlElement, request: Request): ExitCode {
  const { values, place, name } = request;
  const pairs: readonly Pick<Pair, 'name' | 'value'>[] = matching(cib, request);
  const shown =
    pairs.length === 0 && values.default !== undefined
      ? [{ name: name ?? '', value: values.default }]
      : pairs;
  if (shown.length === 0) throw operationError('no-such-object', 'No such device or address');
  for (const pair of shown) {
    report.line(values.quiet ? pair.value : `scope=${place.scope}  name=${pair.name} value=${pair.value}`);
    report.xml(element('attribute', { name: pair.name, value: pair.value, scope: place.scope }));
  }
  return 'ok';
}

async function update(
  session: Session,
  report: Report,
  cib: XmlElement,
  request: Request,
): Promise<ExitCode> {
  const { place, values, name } = request;
  const value = values.update ?? '';
  if (goesToManager(session, place)) {
    await session.demand({ kind: 'attribute', operation: 'update', value, ...namedAt(request) });
    return 'ok';
  }
  const pairs = matching(cib, request);
  if (values.pattern === undefined && pairs.length > 1) throw severalMatch(report, pairs, name);
  if (values.pattern === undefined) await write(session, report, cib, { ...request, pair: pairs[0] });
  else for (const pair of pairs) await write(session, report, cib, { ...request, pair });
  return 'ok';
}

async function write(
  session: Session,
  report: Report,
  cib: XmlElement,
  { place, values, name, pair }: Request & { readonly pair: Pair | undefined },
): Promise<void> {
  const value = values.update ?? '';
  const input = updateOf(place, {
    name: name ?? pair?.name ?? '',
    value,
    set: values['set-name'] ?? pair?.set,
    id: values.id ?? pair?.id,
  });
  const section = sectionOfPlace(place);
  // A node that was never seen has no state, and must not get one by way of an attribute.
  const reply: ClientReply = hasPlace(cib, place)
    ? await session.ask({ kind: 'cib', operation: 'modify', section, input, allowCreate: true })
    : { ok: false, refusal: 'no-such-object', message: '' };
  if (reply.ok) return;
  const words = wordsOfRefusal(reply.refusal);
  const set = values['set-name'] ?? pair?.set ?? usualSet(place);
  report.error(`Error setting ${name}=${value} (section=${place.scope}, set=${set}): ${words}`, {
    bare: true,
  });
  throw operationError(exitOfRefusal(reply.refusal), words);
}

async function remove(
  session: Session,
  report: Report,
  cib: XmlElement,
  request: Request,
): Promise<ExitCode> {
  const { place, values, name } = request;
  if (goesToManager(session, place)) {
    await session.demand({ kind: 'attribute', operation: 'delete', ...namedAt(request) });
    return 'ok';
  }
  const pairs = matching(cib, request);
  if (values.pattern === undefined && pairs.length > 1) throw severalMatch(report, pairs, name);
  const kind = place.scope === 'nodes' || place.scope === 'status' ? 'attribute' : 'option';
  for (const pair of pairs) {
    await session.change({ operation: 'delete', xpath: `//nvpair[@id='${pair.id}']` });
    report.line(`Deleted ${place.scope} ${kind}: id=${pair.id} name=${pair.name}`);
  }
  return 'ok';
}

/** What holds until reboot belongs to the attribute manager, wherever there is one. */
const goesToManager = (session: Session, { scope }: Place): boolean =>
  scope === 'status' && session.to === 'cluster';

function namedAt({ name, place, values }: Request) {
  const { pattern } = values;
  const set = values['set-name'];
  return {
    ...(name === undefined ? {} : { name }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(set === undefined ? {} : { set }),
    ...(place.node === undefined ? {} : { node: nodeName(place.node.name) }),
  };
}

function severalMatch(report: Report, pairs: readonly Pair[], name: string | undefined): ToolError {
  report.error("Please choose from one of the matches below and supply the 'id' with --attr-id");
  const lines = pairs.map(({ value, id }) => `  Value: ${value} \t(id=${id})`);
  return new ToolError('multiple-matches', [`Multiple attributes match name=${name}`, ...lines].join('\n'), {
    bare: true,
  });
}

if (import.meta.main) void main(tool);
