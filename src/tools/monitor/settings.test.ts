import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../command-line.ts';
import { definition } from './definition.ts';
import { keysText, press } from './keys.ts';
import { settingsOf } from './settings.ts';

const settings = (...words: string[]) => settingsOf(parseCommandLine(definition, words), 'text');
const sections = (...words: string[]) => [...settings(...words).sections].sort().join(' ');

const USUAL = 'counts dc failures fencing-failed fencing-pending maint-mode nodes resources stack times';

test('without options the usual sections are shown, in XML all', () => {
  assert.equal(sections(), USUAL);
  const all = settingsOf(parseCommandLine(definition, []), 'xml');
  assert.ok(all.sections.has('bans') && all.sections.has('operations') && all.view.inactive);
});

test('include and exclude are applied in their order', () => {
  assert.equal(sections('--exclude=all', '--include=nodes,tickets'), 'nodes tickets');
  assert.equal(sections('--include=nodes', '--exclude=all'), '');
  assert.equal(sections('-U', 'all', '-I', 'default'), USUAL);
  assert.equal(sections('--exclude=none', '--exclude=summary,fencing').includes('stack'), false);
});

test('a word that names no section is refused with the list of those that do', () => {
  assert.throws(
    () => sections('--include=foo'),
    /--include options: all, attributes, bans\[:PREFIX\], counts/,
  );
  assert.throws(() => sections('--exclude=default'), /--exclude options: all, attributes, bans, counts/);
});

test('options of their own add sections', () => {
  const before = new Set(USUAL.split(' '));
  const added = (word: string) => [...settings(word).sections].filter(one => !before.has(one)).sort();
  assert.deepEqual(added('-f'), ['failcounts']);
  assert.deepEqual(added('-t'), ['operations']);
  assert.deepEqual(added('-m'), ['fencing-succeeded']);
  assert.deepEqual(added('-cAoL').sort(), ['attributes', 'bans', 'operations', 'tickets']);
  assert.equal(settings('-Lcli-').view.banPrefix, 'cli-');
  assert.equal(settings('--include=bans:cli-').view.banPrefix, 'cli-');
  assert.equal(settings('-m3').wholeHistory, true);
  assert.equal(sections('-m0').includes('fencing'), false);
  assert.throws(() => settings('-m4'), /0-3/);
});

test('a key turns its part on and off again', () => {
  const first = settings();
  for (const key of 'cfnorRtALDbj') {
    const once = press(first, key);
    assert.notDeepEqual(once, first, key);
    const twice = press(once, key);
    assert.deepEqual(twice.view, first.view, key);
  }
  assert.deepEqual(press(first, 'x'), first);
});

test('m goes through what is shown of fencing', () => {
  let now = settings('-m0');
  const levels: string[] = [];
  for (let time = 0; time < 4; time += 1) {
    now = press(now, 'm');
    levels.push(
      [...now.sections].filter(one => one.startsWith('fencing')).length + (now.wholeHistory ? '+' : ''),
    );
  }
  assert.deepEqual(levels, ['2', '3', '3+', '0']);
});

test('help stars what is on', () => {
  assert.match(keysText(settings('-r')), /^\* r: stopped resources$/m);
  assert.match(keysText(settings()), /^ {2}r: stopped resources$/m);
});
