import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineCommand, parseCommandLine } from './command-line.ts';
import { helpText } from './help.ts';

const command = defineCommand({
  name: 'probe',
  summary: 'probe - a command for this test',
  groups: { extra: { title: 'Extra Options', about: 'extra help' } },
  options: {
    once: { short: '1', takes: 'nothing', help: 'Once' },
    inactive: { short: 'r', takes: 'nothing', help: 'All' },
    interval: { short: 'i', takes: 'value', valueName: 'TIME', help: 'How often', group: 'extra' },
    verbose: { short: 'V', takes: 'count', help: 'More' },
    watch: { short: 'w', takes: 'optional-value', help: 'Watch', group: 'extra' },
    option: { short: 'o', takes: 'values', help: 'Several', group: 'extra' },
    wait: { short: 'W', takes: 'integer', help: 'Seconds', group: 'extra' },
    node: { short: 'N', takes: 'value', help: 'Node', aliases: ['U', 'uname'], group: 'extra' },
  },
});

const read = (line: string) => parseCommandLine(command, line.split(' '));

test('a cluster ends at the option that takes a value', () => {
  const { values, operands } = read('-1ri5 operand');
  assert.deepEqual([values.once, values.inactive, values.interval], [true, true, '5']);
  assert.deepEqual(operands, ['operand']);
});

const VALUES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['--interval=5', { interval: '5' }],
  ['--interval 5', { interval: '5' }],
  ['-i -5', { interval: '-5' }],
  ['--interval=', { interval: '' }],
  ['--once=no', { once: true }],
  ['-VVV', { verbose: 3 }],
  ['-w', { watch: true }],
  ['-w now', { watch: 'now' }],
  ['-wnow', { watch: 'now' }],
  ['--watch -1', { watch: true, once: true }],
  ['-o a=1 --option b=2', { option: ['a=1', 'b=2'] }],
  ['-W 12', { wait: 12 }],
  ['-U left --uname right', { node: 'right' }],
];

for (const [line, expected] of VALUES) {
  test(`values of: ${line}`, () => {
    const { values } = read(line);
    assert.deepEqual({ ...values, ...expected }, values);
  });
}

const WRONG: readonly (readonly [string, string])[] = [
  ['--nope', 'Unknown option --nope'],
  ['--inter=5', 'Unknown option --inter=5'],
  ['-1x', 'Unknown option -x'],
  ['-i', 'Missing argument for -i'],
  ['--interval', 'Missing argument for --interval'],
  ['-W soon', 'Cannot parse integer value “soon” for -W'],
  ['--help-nothing', 'Unknown option --help-nothing'],
];

for (const [line, message] of WRONG) {
  test(`refused: ${line}`, () => assert.throws(() => read(line), { name: 'UsageError', message }));
}

test('options are known in the order in which they were given, and `--` ends them', () => {
  const { order, operands } = read('-r -1 -- -i');
  assert.deepEqual(order, ['inactive', 'once']);
  assert.deepEqual(operands, ['-i']);
});

test('help lists the groups, and the options of a group when asked for it', () => {
  assert.equal(read('--help-extra').help, 'extra');
  assert.match(helpText(command, 'main'), /^ {2}--help-extra {12}Show extra help$/m);
  assert.doesNotMatch(helpText(command, 'main'), /--interval/);
  assert.match(helpText(command, 'all'), /^ {2}-i, --interval=TIME {5}How often$/m);
  assert.doesNotMatch(helpText(command, 'extra'), /--once/);
});
