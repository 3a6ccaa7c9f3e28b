import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { activeSpan, compareCalls, inCallOrder } from './call-order.ts';

const history = (...entries: readonly string[]) => {
  const parsed = parseXml(
    `<lrm_resource id="r">${entries.map(one => `<lrm_rsc_op ${one}/>`).join('')}</lrm_resource>`,
  );
  assert.ok(parsed.ok);
  return parsed.root;
};
const ids = (...entries: readonly string[]) =>
  inCallOrder(history(...entries)).map(one => attribute(one, 'id'));

const MAGIC = (transition: number, engine = 'u') => `transition-magic="0:0;1:${transition}:0:${engine}"`;

test('calls of one node are in the order of their numbers', () => {
  assert.deepEqual(ids('id="b" call-id="9"', 'id="a" call-id="3"', 'id="c" call-id="12"'), ['a', 'b', 'c']);
});

test('of the same call the later change is newer', () => {
  const late = 'id="late" call-id="3" last-rc-change="20"';
  assert.deepEqual(ids(late, 'id="early" call-id="3" last-rc-change="10"'), ['early', 'late']);
});

test('what is pending is newer than what an earlier transition finished', () => {
  const pending = `id="p" call-id="-1" ${MAGIC(8)}`;
  assert.deepEqual(ids(pending, `id="f" call-id="4" ${MAGIC(7)}`), ['f', 'p']);
});

test('calls of two nodes are compared by time, not by number', () => {
  const [left, right] = history(
    'id="x" on_node="a" call-id="50" last-rc-change="10"',
    'id="y" on_node="b" call-id="2" last-rc-change="20"',
  ).children;
  assert.ok(left !== undefined && right !== undefined);
  assert.ok(compareCalls(left, right) < 0);
});

test('the span of activity begins at a start, or at a monitor that found it running', () => {
  const start = 'operation="start" op-status="0" rc-code="0"';
  const stop = 'operation="stop" op-status="0" rc-code="0"';
  const monitor = 'operation="monitor" rc-code="0"';
  assert.deepEqual(activeSpan(history(start, monitor).children), { start: 0, stop: -1 });
  assert.deepEqual(activeSpan(history(start, stop).children), { start: 0, stop: 1 });
  assert.deepEqual(activeSpan(history(stop, monitor).children), { start: 1, stop: 0 });
});
