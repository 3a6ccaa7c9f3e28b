import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../base/random.ts';
import { instant } from '../../base/time.ts';
import { parseXml } from '../../xml/parse.ts';
import { addendsOf } from '../explain/score-reasons.ts';
import type { Resource } from '../model.ts';
import { schedule } from '../schedule.ts';

const NODES = ['a', 'b', 'c'];
const SCORES = ['0', '1', '-1', '7', '-7', '400000', '-400000', '999999', '-999999', 'INFINITY', '-INFINITY'];

/** Resources, groups and clones that must be with one another in chains and trees, and like nodes more or less. */
function drawn(seed: number, strangers: readonly string[]): string {
  const random = new Random(seed);
  const pick = <T>(of: readonly T[]): T => of[random.below(of.length)] as T;
  const count = random.within(3, 9);
  const resources: string[] = [];
  const constraints: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const primitive = (id: string): string => `<primitive id="${id}" class="ocf" provider="x" type="Dummy"/>`;
    const kind = pick(['primitive', 'primitive', 'primitive', 'group', 'clone']);
    if (kind === 'primitive') resources.push(primitive(`r${at}`));
    if (kind === 'group')
      resources.push(`<group id="r${at}">${primitive(`r${at}-1`)}${primitive(`r${at}-2`)}</group>`);
    if (kind === 'clone') resources.push(`<clone id="r${at}">${primitive(`r${at}-1`)}</clone>`);
    const other = random.chance(0.7) ? at - 1 : random.below(Math.max(at, 1));
    const score = random.chance(0.9) ? 'INFINITY' : pick(SCORES);
    if (at > 0)
      constraints.push(`<rsc_colocation id="c${at}" rsc="r${at}" with-rsc="r${other}" score="${score}"/>`);
    for (const node of NODES) {
      if (random.chance(0.5)) continue;
      constraints.push(
        `<rsc_location id="l${at}-${node}" rsc="r${at}" node="${node}" score="${pick(SCORES)}"/>`,
      );
    }
  }
  const away = random.chance(0.3) ? pick(NODES) : undefined;
  const states = NODES.map(node => {
    const how = node === away ? 'in_ccm="false" crmd="offline"' : 'in_ccm="true" crmd="online"';
    return `<node_state id="${node}" uname="${node}" ${how} join="member" expected="member"/>`;
  });
  return `<cib have-quorum="1"><configuration>
    <crm_config><cluster_property_set id="o"><nvpair id="f" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
    <nodes>${[...NODES, ...strangers].map((name, at) => `<node id="${at}" uname="${name}"/>`).join('')}</nodes>
    <resources>${random.shuffle(resources).join('')}</resources><constraints>${constraints.join('')}</constraints>
  </configuration><status>${states.join('').replaceAll(/id="([abc])"/g, (_, name) => `id="${NODES.indexOf(name)}"`)}</status></cib>`;
}

function decided(text: string): unknown {
  const parsed = parseXml(text);
  assert.ok(parsed.ok);
  const { scores, evidence } = schedule({ cib: parsed.root, now: instant(Date.UTC(2026, 0, 1)) });
  const nodes = evidence.nodes.filter(({ name }) => NODES.includes(name));
  const partsOf = (resource: Resource): unknown => [
    nodes.map(node =>
      addendsOf(resource, node).map(({ origin, value }) => [
        typeof origin === 'string' ? origin : origin.id,
        value,
      ]),
    ),
    resource.children.map(partsOf),
  ];
  return {
    scores: scores.filter(({ node }) => node !== undefined && NODES.includes(node)),
    parts: evidence.resources.map(partsOf),
  };
}

test('what is summed up along a chain comes to the same as step by step, in score and parts', () => {
  for (let seed = 0; seed < 600; seed += 1) {
    // Two nodes of nearly one name, though they be strangers to all, forbid sums.
    assert.deepEqual(decided(drawn(seed, ['x', 'y'])), decided(drawn(seed, ['x', 'X'])), `seed ${seed}`);
  }
});
