/**
 * Draws a configuration, and how things came to be, from a seed: all that the schema can say and a history can show,
 * in proportions that keep most documents small enough to be understood.
 */
import { instant } from '../../core/base/time.ts';
import { sectionOf } from '../../core/cib/document.ts';
import { namesOf } from '../../core/report/resource-words.ts';
import { schedule } from '../../core/scheduler/schedule.ts';
import { execute } from '../../core/simulation/execute.ts';
import { element, withAttribute, withChildren, type XmlElement } from '../../core/xml/element.ts';
import { constraints } from './constraints.ts';
import { Draw } from './draw.ts';
import { LAST_CHANGE, PRESENT } from './history.ts';
import { clusterOptions, defaults } from './options.ts';
import { type Configured, resources } from './resources.ts';
import { revise } from './revise.ts';
import { SITES } from './rules.ts';
import { disturb, freshState, type NodeIdentity, tickets } from './status.ts';

export function randomCib(seed: number): XmlElement {
  const draw = new Draw(seed);
  const fencing = draw.chance(0.75);
  const configured = resources(draw, { fencing });
  const nodes = Array.from({ length: draw.pick([1, 2, 2, 3, 3, 3, 4, 5]) }, (_, at) => ({
    id: String(at + 1),
    name: `node${at + 1}`,
  }));
  let cib = document(draw, { configured, fencing, nodes });
  for (let left = draw.pick([0, 0, 1, 2, 3]); left > 0; left -= 1) {
    cib = withStatus(draw, carriedOut(cib), configured);
    if (draw.chance(0.2)) cib = revise(draw, cib);
  }
  return cib;
}

interface Parts {
  readonly configured: Configured;
  readonly fencing: boolean;
  readonly nodes: readonly NodeIdentity[];
}

function document(draw: Draw, { configured, fencing, nodes }: Parts): XmlElement {
  const { drawn, elements, remotes } = configured;
  const tags = drawn.length > 1 ? draw.several(0, draw.below(10) === 0 ? 1 : 0, () => draw.id('tag')) : [];
  const tagged = tags.map(id =>
    element(
      'tag',
      { id },
      draw.some(drawn).map(one => element('obj_ref', { id: one.id })),
    ),
  );
  const names = [...nodes.map(({ name }) => name), ...remotes];
  const configuration = element('configuration', {}, [
    clusterOptions(draw, { fencing }),
    element(
      'nodes',
      {},
      nodes.map(node => nodeElement(draw, node)),
    ),
    element('resources', {}, elements),
    constraints(draw, { drawn, nodes: names, tags }),
    ...(draw.chance(0.08) && fencing ? [topology(draw, names)] : []),
    ...defaults(draw),
    ...(tagged.length > 0 ? [element('tags', {}, tagged)] : []),
  ]);
  const states = nodes.map(node => disturb(draw, freshState(draw, node), configured));
  return element(
    'cib',
    {
      'validate-with': 'pacemaker-3.9',
      crm_feature_set: '3.16.1',
      admin_epoch: 0,
      epoch: 1,
      num_updates: 0,
      'have-quorum': draw.chance(0.9) ? 1 : 0,
      'dc-uuid': '1',
      'execution-date': PRESENT,
    },
    [configuration, element('status', {}, [...states, ...tickets(draw)])],
  );
}

const nodeElement = (draw: Draw, { id, name }: NodeIdentity): XmlElement =>
  element('node', { id, uname: name }, [
    ...draw.set('instance_attributes', {
      site: draw.maybe(0.5, () => draw.pick(SITES)),
      standby: draw.maybe(0.04, () => 'on'),
      maintenance: draw.maybe(0.03, () => 'true'),
    }),
    ...draw.set('utilization', { cpu: draw.maybe(0.4, () => draw.pick(['1', '2', '4'])) }),
  ]);

function topology(draw: Draw, nodes: readonly string[]): XmlElement {
  const levels = draw.several(1, 2, () =>
    element('fencing-level', {
      id: draw.id('level'),
      target: draw.pick(nodes),
      index: draw.pick([1, 2]),
      devices: 'fence1',
    }),
  );
  return element('fencing-topology', {}, levels);
}

/** What comes of it where everything goes as it is planned. */
function carriedOut(cib: XmlElement): XmlElement {
  const { graph, picture } = schedule({ cib, now: instant(PRESENT * 1000) });
  const names = namesOf(picture.resources);
  const now = instant(LAST_CHANGE * 1000);
  return execute({ graph, cib, now, failures: [], isResource: id => names.has(id) }).cib;
}

function withStatus(draw: Draw, cib: XmlElement, configured: Configured): XmlElement {
  const status = sectionOf(cib, 'status');
  if (status === undefined) return cib;
  const changed = status.children.map(one =>
    one.name === 'node_state' ? disturb(draw, one, configured) : one,
  );
  const children = cib.children.map(one => (one === status ? withChildren(status, changed) : one));
  const quorate = withAttribute(cib, 'have-quorum', draw.chance(0.92) ? '1' : '0');
  return withChildren(quorate, children);
}
