import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute, element, type XmlElement } from '../../xml/element.ts';
import type { FileStep } from './folder.ts';
import { loadFolder } from './load.ts';
import { type FolderState, planStore } from './store.ts';

/** A disk that loses what it was not told to keep. */
interface Disk {
  /** Names as they are on disk, to contents. */
  readonly names: ReadonlyMap<string, string>;
}

const EMPTY: Disk = { names: new Map() };

function perform(names: Map<string, string>, step: FileStep): void {
  switch (step.kind) {
    case 'write':
      names.set(step.file, step.text);
      break;
    case 'link':
      names.set(step.to, names.get(step.from) ?? assert.fail(`${step.from} is there`));
      break;
    case 'rename':
      names.set(step.to, names.get(step.from) ?? assert.fail(`${step.from} is there`));
      names.delete(step.from);
      break;
    case 'make-folder':
      names.set(step.folder, '');
      break;
    default:
      break;
  }
}

const performAll = ({ names }: Disk, steps: readonly FileStep[]): Disk => {
  const changed = new Map(names);
  for (const step of steps) perform(changed, step);
  return { names: changed };
};

/**
 * Every disk that a power cut may leave: before each step; within a write, with any part of its text; and of the
 * names that were changed since the folder was last synced any that did or did not reach the disk.
 */
function* cuts(
  start: Disk,
  steps: readonly FileStep[],
  bytes: (text: string) => Iterable<number>,
): Generator<Disk> {
  for (let at = 0; at <= steps.length; at += 1) {
    const lastSync = steps.slice(0, at).findLastIndex(({ kind }) => kind === 'sync-folder');
    const durable = performAll(start, steps.slice(0, lastSync + 1));
    const loose = steps.slice(lastSync + 1, at);
    for (const kept of subsets(loose)) yield performAll(durable, kept);
    const step = steps[at];
    if (step?.kind !== 'write') continue;
    for (const length of bytes(step.text)) {
      yield performAll(durable, [...loose, { ...step, text: step.text.slice(0, length) }]);
    }
  }
}

/** A rename or link whose source did not reach the disk cannot have reached it either: it is left out. */
function* subsets(steps: readonly FileStep[]): Generator<readonly FileStep[]> {
  const writes = steps.filter(({ kind }) => kind === 'write');
  const names = steps.filter(({ kind }) => kind !== 'write');
  for (let mask = 0; mask < 2 ** names.length; mask += 1) {
    yield [...writes, ...names.filter((_, at) => (mask >> at) & 1)];
  }
}

const document = (epoch: number): XmlElement =>
  element('cib', { epoch, admin_epoch: 0, num_updates: 0 }, [
    element('configuration', {}, [element('node', { id: `n${epoch}`, uname: "it's <a> & b" })]),
  ]);

const epochIn = (disk: Disk): string =>
  attribute(loadFolder(disk.names).cib ?? element('none'), 'epoch') ?? 'none';

interface Stored {
  readonly disk: Disk;
  readonly folder: FolderState;
}

const store = ({ disk, folder }: Stored, epoch: number): Stored => {
  const { steps, after } = planStore(document(epoch), { term: 1, writes: epoch }, folder);
  return { disk: performAll(disk, steps), folder: after };
};

test('what was stored is loaded, with its lineage', () => {
  const { disk } = store({ disk: EMPTY, folder: { hasLive: false, next: 0 } }, 3);
  const loaded = loadFolder(disk.names);
  assert.deepEqual(loaded.lineage, { term: 1, writes: 3 });
  assert.equal(epochIn(disk), '3');
  assert.deepEqual(loaded.problems, []);
});

test('an empty folder is no problem', () => {
  assert.deepEqual(loadFolder(EMPTY.names).problems, []);
});

test('old documents are kept, the oldest is given up for the hundred and first', () => {
  let stored: Stored = { disk: EMPTY, folder: loadFolder(EMPTY.names).folder };
  for (let epoch = 1; epoch <= 105; epoch += 1) stored = store(stored, epoch);
  const { names } = stored.disk;
  assert.equal([...names.keys()].filter(name => name.endsWith('.raw')).length, 100);
  assert.equal(names.get('cib.last'), '4');
  assert.match(names.get('cib-3.raw') ?? '', /epoch="104"/);
  assert.deepEqual(loadFolder(names).folder, { hasLive: true, next: 4 });
});

for (const [what, damage] of [
  ['altered by hand', (text: string) => text.replace('n9', 'n8')],
  ['torn', (text: string) => text.slice(0, 40)],
  ['empty', () => ''],
] as const) {
  test(`a live document that is ${what} is put aside, loudly, and the newest good backup used`, () => {
    let stored: Stored = { disk: EMPTY, folder: { hasLive: false, next: 98 } };
    for (let epoch = 5; epoch <= 9; epoch += 1) stored = store(stored, epoch);
    const names = new Map(stored.disk.names);
    names.set('cib.xml', damage(names.get('cib.xml') ?? ''));
    const loaded = loadFolder(names);
    assert.equal(epochIn({ names }), '8');
    assert.match(loaded.problems[0] ?? '', /^cib\.xml .*; using cib-1\.raw$/);
    const repaired = performAll({ names }, loaded.repairs);
    assert.ok(repaired.names.has('cib.auto.1/cib.xml') && !repaired.names.has('cib.xml'));
    assert.equal(epochIn(repaired), '8');
    assert.equal(epochIn(store({ disk: repaired, folder: loaded.folder }, 10).disk), '10');
  });
}

test('a power cut at any step, byte or name leaves the old document or the new one', () => {
  let stored: Stored = { disk: EMPTY, folder: { hasLive: false, next: 99 } };
  for (let epoch = 1; epoch <= 3; epoch += 1) stored = store(stored, epoch);
  const { steps } = planStore(document(4), { term: 1, writes: 4 }, stored.folder);
  const seen = new Set<string>();
  for (const disk of cuts(stored.disk, steps, text => Array(text.length).keys())) {
    const epoch = epochIn(disk);
    seen.add(epoch);
    assert.ok(epoch === '3' || epoch === '4', `found ${epoch}`);
    const again = loadFolder(disk.names);
    const repaired = performAll(disk, again.repairs);
    const next = store({ disk: repaired, folder: again.folder }, 5);
    assert.equal(epochIn(next.disk), '5', 'and the next store goes well');
  }
  assert.deepEqual([...seen].sort(), ['3', '4']);
  assert.equal(epochIn(performAll(stored.disk, steps)), '4');
});

test('a document that Pacemaker wrote and signed is loaded', () => {
  const text = `<cib epoch="4" num_updates="0" admin_epoch="0">
  <configuration><a x="it's"/></configuration>
</cib>
`;
  const names = new Map([
    ['cib.xml', text],
    ['cib.xml.sig', 'fc630c228b3153905347713c53e157a4'],
  ]);
  assert.equal(epochIn({ names }), '4');
  names.set('cib.xml.sig', 'fc630c228b3153905347713c53e157a5');
  assert.equal(epochIn({ names }), 'none');
});
