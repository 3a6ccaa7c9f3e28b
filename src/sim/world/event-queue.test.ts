import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../core/base/random.ts';
import { EventQueue } from './event-queue.ts';

test('what is due first happens first, and of one moment what was scheduled first', () => {
  const queue = new EventQueue();
  const random = new Random(7);
  const wanted: { at: number; label: number }[] = [];
  const happened: number[] = [];
  for (let label = 0; label < 1000; label += 1) {
    const at = random.below(50);
    wanted.push({ at, label });
    queue.after(at, () => happened.push(label));
  }
  while (queue.advance());
  wanted.sort((left, right) => left.at - right.at || left.label - right.label);
  assert.deepEqual(
    happened,
    wanted.map(({ label }) => label),
  );
});

test('what is called off does not happen', () => {
  const queue = new EventQueue();
  const happened: string[] = [];
  const first = queue.after(1, () => happened.push('first'));
  queue.after(2, () => happened.push('second'));
  first.run = undefined;
  while (queue.advance());
  assert.deepEqual(happened, ['second']);
});
