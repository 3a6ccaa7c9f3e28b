import { type AttributeInit, element, type XmlElement } from '../../core/xml/element.ts';
import type { Draw } from './draw.ts';

/** Attributes of nodes that rules, constraints and placement speak of. */
export const SITES = ['paris', 'rome'] as const;

function attributeExpression(draw: Draw): XmlElement {
  const id = draw.id('expr');
  const [attribute, value] = draw.pick([
    ['site', draw.pick(SITES)],
    ['#uname', 'node1'],
    ['#kind', draw.pick(['cluster', 'remote', 'container'])],
    ['pingd', draw.pick(['0', '10', '100'])],
    ['absent', 'anything'],
  ] as const);
  const operation = draw.pick(['eq', 'ne', 'defined', 'not_defined', 'lt', 'lte', 'gt', 'gte']);
  const compares = operation !== 'defined' && operation !== 'not_defined';
  return element('expression', {
    id,
    attribute,
    operation,
    value: compares ? value : undefined,
    type: compares ? draw.maybe(0.2, () => draw.pick(['string', 'integer', 'number', 'version'])) : undefined,
  });
}

function dateExpression(draw: Draw): XmlElement {
  const id = draw.id('date');
  const before = draw.pick(['2026-05-01', '2026-05-31 12:00:00Z']);
  const after = draw.pick(['2026-06-01 06:00:00Z', '2026-12-24']);
  switch (draw.below(4)) {
    case 0:
      return element('date_expression', { id, operation: 'gt', start: draw.pick([before, after]) });
    case 1:
      return element('date_expression', { id, operation: 'lt', end: draw.pick([before, after]) });
    case 2:
      return element('date_expression', { id, operation: 'in_range', start: before, end: after });
    default:
      return element('date_expression', { id, operation: 'date_spec' }, [
        element('date_spec', { id: draw.id('spec'), ...dateParts(draw) }),
      ]);
  }
}

const dateParts = (draw: Draw): AttributeInit =>
  draw.pick([
    { hours: draw.pick(['0', '9-16', '22-23']) },
    { weekdays: draw.pick(['1', '1-5', '6-7']) },
    { months: draw.pick(['6', '1-5']), monthdays: draw.pick(['1', '2-31']) },
    { years: draw.pick(['2026', '2027']) },
  ]);

/** A rule; with `score` that of a location, else one that says when a set of values holds. */
export function rule(draw: Draw, more: AttributeInit = {}, depth = 0): XmlElement {
  const expressions = draw.several(1, 2, () => {
    if (depth === 0 && draw.chance(0.15)) return rule(draw, {}, 1);
    return draw.chance(0.25) ? dateExpression(draw) : attributeExpression(draw);
  });
  const together = draw.maybe(0.4, () => draw.pick(['and', 'or']));
  return element('rule', { id: draw.id('rule'), 'boolean-op': together, ...more }, expressions);
}

/** A rule of defaults may name the resources or operations that it is for. */
export function defaultsRule(draw: Draw, of: 'resource' | 'operation'): XmlElement {
  const expression =
    of === 'resource' || draw.chance(0.3)
      ? element('rsc_expression', { id: draw.id('expr'), ...agentParts(draw) })
      : element('op_expression', {
          id: draw.id('expr'),
          name: 'monitor',
          interval: draw.maybe(0.4, () => '10s'),
        });
  return element('rule', { id: draw.id('rule'), score: 'INFINITY' }, [expression]);
}

const agentParts = (draw: Draw): AttributeInit =>
  draw.pick([
    { class: 'ocf' },
    { class: 'ocf', provider: 'pacemaker' },
    { class: 'ocf', provider: 'pacemaker', type: draw.pick(['Dummy', 'Stateful']) },
    { class: 'stonith' },
  ]);
