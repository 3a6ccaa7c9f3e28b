import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../base/random.ts';
import { instant } from '../../../base/time.ts';
import { nodeId, nodeName } from '../../../model/names.ts';
import { element, type XmlElement } from '../../../xml/element.ts';
import { NOTHING_KNOWN } from '../state.ts';
import type { Turn } from '../turn.ts';
import { toldAt } from './told-at.ts';

const entry = (at: number, more: Readonly<Record<string, string>> = {}) =>
  element('lrm_rsc_op', { id: `r_${at}`, 'last-rc-change': at, ...more });

/** What the node `1` knows when each node has told these entries of the resource `r`. */
function turn(told: Readonly<Record<string, readonly XmlElement[]>>): Turn {
  const states = Object.entries(told).map(([id, entries]) =>
    element('node_state', { id }, [
      element('lrm', {}, [element('lrm_resources', {}, [element('lrm_resource', { id: 'r' }, entries)])]),
    ]),
  );
  const cib = element('cib', {}, [element('status', {}, states)]);
  const env = {
    now: instant(0),
    node: { id: nodeId('1'), name: nodeName('a') },
    random: new Random(1),
  };
  return { state: { ...NOTHING_KNOWN, cib }, effects: [], env, inbox: [] };
}

test('what is told of a resource on its way is later than what other nodes told of it', () => {
  const moved = { migrate_source: 'b', migrate_target: 'a' };
  const table: readonly [string, string, Parameters<typeof turn>[0], number, number][] = [
    ['a clock that is behind', 'migrate_to', { 2: [entry(120)] }, 100_500, 121_000],
    ['a clock that is ahead', 'migrate_to', { 2: [entry(90)] }, 100_500, 100_500],
    ['the same second', 'migrate_to', { 2: [entry(100)] }, 100_500, 100_500],
    ['its own entries', 'migrate_to', { 1: [entry(120)] }, 100_500, 100_500],
    [
      'the latest of several',
      'migrate_from',
      { 2: [entry(130), entry(110)], 3: [entry(120)] },
      100_500,
      131_000,
    ],
    ['a stop after a migration', 'stop', { 2: [entry(120, moved)] }, 100_500, 121_000],
    ['a stop where nothing ever moved', 'stop', { 2: [entry(120)] }, 100_500, 100_500],
    ['nobody else', 'migrate_to', {}, 100_500, 100_500],
  ];
  for (const [what, operation, told, at, expected] of table) {
    assert.equal(toldAt(turn(told), { resource: 'r', operation }, instant(at)), expected, what);
  }
});
