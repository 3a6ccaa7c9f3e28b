import { type AttributeInit, element, type XmlElement } from '../../core/xml/element.ts';
import type { Draw } from './draw.ts';
import type { Drawn } from './resources.ts';
import { rule } from './rules.ts';

export interface Subjects {
  readonly drawn: readonly Drawn[];
  readonly nodes: readonly string[];
  /** Tags that stand for several resources. */
  readonly tags: readonly string[];
}

/** Mostly what is outermost, at times a part of it, or a tag. */
function subject(draw: Draw, { drawn, tags }: Subjects): Drawn {
  if (tags.length > 0 && draw.chance(0.1))
    return { id: draw.pick(tags), promotable: false, parts: [], primitives: [] };
  const one = draw.pick(drawn);
  if (one.parts.length === 0 || !draw.chance(0.12)) return one;
  return { ...one, id: draw.pick(one.parts) };
}

function two(draw: Draw, subjects: Subjects): readonly [Drawn, Drawn] | undefined {
  const first = subject(draw, subjects);
  const second = subject(draw, subjects);
  return first.id === second.id ? undefined : [first, second];
}

const role = (draw: Draw, { promotable }: Drawn): string | undefined =>
  promotable
    ? draw.maybe(0.5, () => draw.pick(['Promoted', 'Promoted', 'Unpromoted', 'Started']))
    : draw.maybe(0.05, () => draw.pick(['Started', 'Stopped']));

function sets(draw: Draw, { drawn }: Subjects, more: (promotable: boolean) => AttributeInit): XmlElement[] {
  const left = draw.shuffle(drawn);
  const made: XmlElement[] = [];
  for (let count = draw.within(1, 3); count > 0 && left.length > 0; count -= 1) {
    const members = left.splice(0, draw.within(1, 3));
    made.push(
      element(
        'resource_set',
        {
          id: draw.id('rset'),
          sequential: draw.maybe(0.4, () => draw.boolean()),
          ...more(members.every(one => one.promotable)),
        },
        members.map(({ id }) => element('resource_ref', { id })),
      ),
    );
  }
  return made;
}

function location(draw: Draw, subjects: Subjects): XmlElement {
  const id = draw.id('loc');
  const of = subject(draw, subjects);
  const discovery = draw.maybe(0.1, () => draw.pick(['always', 'never', 'exclusive']));
  const where = { score: draw.score(), node: draw.pick(subjects.nodes) };
  if (draw.chance(0.25)) {
    const rules = draw.several(1, 2, () =>
      rule(draw, {
        ...(draw.chance(0.15) ? { 'score-attribute': 'pingd' } : { score: draw.score() }),
        role: of.promotable ? draw.maybe(0.3, () => 'Promoted') : undefined,
      }),
    );
    return element('rsc_location', { id, rsc: of.id, 'resource-discovery': discovery }, rules);
  }
  if (draw.chance(0.05)) return element('rsc_location', { id, 'rsc-pattern': '^rsc[12]$', ...where });
  if (draw.chance(0.05))
    return element(
      'rsc_location',
      { id, ...where },
      sets(draw, subjects, () => ({})),
    );
  return element('rsc_location', {
    id,
    rsc: of.id,
    role: role(draw, of),
    ...where,
    'resource-discovery': discovery,
  });
}

function colocation(draw: Draw, subjects: Subjects): XmlElement | undefined {
  const id = draw.id('col');
  const score = draw.pick(['INFINITY', 'INFINITY', 'INFINITY', '-INFINITY', '-INFINITY', draw.score()]);
  const influence = draw.maybe(0.08, () => draw.boolean());
  if (draw.chance(0.15)) {
    const made = sets(draw, subjects, promotable => ({
      role: promotable ? draw.maybe(0.4, () => 'Promoted') : undefined,
    }));
    return element('rsc_colocation', { id, score, influence }, made);
  }
  const pair = two(draw, subjects);
  if (pair === undefined) return undefined;
  const [dependent, primary] = pair;
  return element('rsc_colocation', {
    id,
    score,
    influence,
    rsc: dependent.id,
    'with-rsc': primary.id,
    'rsc-role': role(draw, dependent),
    'with-rsc-role': role(draw, primary),
    'node-attribute': draw.maybe(0.07, () => 'site'),
  });
}

const action = (draw: Draw, { promotable }: Drawn): string | undefined =>
  promotable
    ? draw.maybe(0.5, () => draw.pick(['promote', 'promote', 'start', 'demote', 'stop']))
    : draw.maybe(0.1, () => draw.pick(['start', 'stop']));

/** As a computed name it makes no object look like a promise. */
const THEN = 'then';

function order(draw: Draw, subjects: Subjects): XmlElement | undefined {
  const id = draw.id('ord');
  const common = {
    id,
    kind: draw.maybe(0.35, () => draw.pick(['Optional', 'Mandatory', 'Serialize'])),
    symmetrical: draw.maybe(0.12, () => draw.boolean()),
  };
  if (draw.chance(0.18)) {
    const made = sets(draw, subjects, promotable => ({
      'require-all': draw.maybe(0.2, () => draw.boolean()),
      action: promotable ? draw.maybe(0.4, () => 'promote') : draw.maybe(0.06, () => 'stop'),
    }));
    return element('rsc_order', common, made);
  }
  const pair = two(draw, subjects);
  if (pair === undefined) return undefined;
  const [first, later] = pair;
  return element('rsc_order', {
    ...common,
    first: first.id,
    [THEN]: later.id,
    'first-action': action(draw, first),
    'then-action': action(draw, later),
    'require-all': draw.maybe(0.1, () => 'false'),
  });
}

function ticket(draw: Draw, subjects: Subjects): XmlElement {
  const of = subject(draw, subjects);
  const common = {
    id: draw.id('tkt'),
    ticket: draw.pick(TICKETS),
    'loss-policy': draw.maybe(0.6, () => draw.pick(['stop', 'demote', 'fence', 'freeze'])),
  };
  if (draw.chance(0.2))
    return element(
      'rsc_ticket',
      common,
      sets(draw, subjects, () => ({})),
    );
  return element('rsc_ticket', { ...common, rsc: of.id, 'rsc-role': role(draw, of) });
}

export const TICKETS = ['ticketA', 'ticketB'] as const;

export function constraints(draw: Draw, subjects: Subjects): XmlElement {
  if (subjects.drawn.length === 0) return element('constraints');
  const list = draw.several(0, 5, () => {
    const kind = draw.below(100);
    if (kind < 32) return location(draw, subjects);
    if (kind < 62) return colocation(draw, subjects);
    if (kind < 94) return order(draw, subjects);
    return ticket(draw, subjects);
  });
  return element(
    'constraints',
    {},
    list.filter(one => one !== undefined),
  );
}
