import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../core/base/random.ts';
import { element } from '../../core/xml/element.ts';
import { Disk } from './disk.ts';

const kept = (epoch: number) => ({
  cib: element('cib', { epoch }),
  lineage: { term: epoch, writes: 0 },
});

test('what was acknowledged survives, and of what was not a loss of power keeps a first part', () => {
  const found = new Set<number>();
  for (let seed = 0; seed < 100; seed += 1) {
    const disk = new Disk(kept(0).cib);
    disk.begin(1, kept(1));
    assert.equal(disk.finish(1), true);
    disk.begin(2, kept(2));
    disk.begin(3, kept(3));
    disk.interrupt(new Random(seed));
    assert.equal(disk.finish(2), false);
    const { cib: read } = disk.read();
    found.add(Number(read?.attributes[1]));
  }
  assert.deepEqual([...found].sort(), [1, 2, 3]);
});

test('a torn file is told of once, and what was durable before is there', () => {
  let torn = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const disk = new Disk(kept(1).cib);
    disk.begin(2, kept(2));
    disk.interrupt(new Random(seed));
    if (disk.read().problems.length > 0) {
      torn += 1;
      assert.deepEqual(disk.read(), { cib: kept(1).cib, problems: [] });
    }
  }
  assert.ok(torn > 10);
});

test('a new disk holds nothing', () => {
  const disk = new Disk(kept(1).cib);
  disk.replace();
  assert.equal(disk.read().cib, undefined);
});
