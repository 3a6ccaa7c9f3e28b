import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sum } from '../../src/core/scheduler/assign/nodes.ts';
import { addendsOf } from '../../src/core/scheduler/explain/score-reasons.ts';
import type { Schedule } from '../../src/core/scheduler/schedule.ts';
import { decide, inputOf, readCases } from './cases.ts';
import { explainedIn, undoneIn } from './why.ts';

/** Causes whose undoing changes nothing, by kind and case. The list only shrinks. */
const UNMOVED: Readonly<Record<string, Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(new URL('./unmoved.json', import.meta.url), 'utf8'),
);

/** Every so manieth case is tried; with PACEMAKER_WHY=whole all of them, which takes a minute and a half of processor time. */
const STEP = process.env.PACEMAKER_WHY === 'whole' ? 1 : 4;

type Resource = Schedule['evidence']['resources'][number];
const withParts = (one: Resource): readonly Resource[] => [one, ...one.children.flatMap(withParts)];

test('every action and every resource that will not run has a reason, and every score its parts, in every case', () => {
  const wrong: string[] = [];
  for (const one of readCases()) {
    const made = decide(one);
    for (const { what, name, reasons } of explainedIn(made)) {
      if (reasons.length === 0) wrong.push(`${one.name}: ${what} ${name} has no reason`);
    }
    for (const resource of made.evidence.resources.flatMap(withParts)) {
      resource.allowed.each(({ node, score }) => {
        const total = addendsOf(resource, node).reduce((so, { value }) => sum(so, value), 0);
        if (total !== score)
          wrong.push(`${one.name}: ${resource.id} on ${node.name} has ${score}, not ${total}`);
      });
    }
  }
  assert.deepEqual(wrong, []);
});

test('undoing a named cause changes what it explains, but where that is listed', () => {
  const unmoved = new Map<string, number>();
  let all = 0;
  for (const [at, one] of readCases().entries()) {
    if (at % STEP !== STEP - 1) continue;
    for (const { kind, fate } of undoneIn(inputOf(one))) {
      all += 1;
      if (fate !== 'unmoved') continue;
      const name = `${kind} in ${one.name}`;
      unmoved.set(name, (unmoved.get(name) ?? 0) + 1);
    }
  }
  const more = [...unmoved].filter(([name, count]) => count > listed(name));
  assert.deepEqual(more, []);
  const inVain = [...unmoved.values()].reduce((sum, one) => sum + one, 0);
  const whole = STEP === 1;
  assert.ok(!whole || inVain <= all * 0.05, `${inVain} of ${all} causes were undone in vain`);
});

function listed(name: string): number {
  const [kind = '', of = ''] = name.split(' in ');
  return UNMOVED[kind]?.[of] ?? 0;
}
