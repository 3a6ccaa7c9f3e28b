import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../base/assert.ts';
import { milliseconds } from '../../base/time.ts';
import { parseDate, printDate } from '../../model/iso8601.ts';
import { parseXml } from '../../xml/parse.ts';
import type { RuleContext } from './context.ts';
import { evaluateRule } from './rule.ts';

const at = (text: string) => defined(parseDate(text), text);
const context: RuleContext = {
  now: at('2024-05-15 10:30:00Z'),
  node: new Map([
    ['#uname', 'node1'],
    ['memory', '4096'],
    ['load', '1.5'],
    ['os', '12.10'],
    ['text', 'Blue'],
    ['ram', '4.5e3'],
  ]),
  parameters: new Map([['size', '4096']]),
  meta: new Map([['colour', 'blue']]),
  agent: { standard: 'ocf', provider: 'heartbeat', type: 'Dummy' },
  operation: { name: 'monitor', interval: milliseconds(10_000) },
  submatches: ['web-3', '3', 'memory'],
};

function judge(inside: string, booleanOperator = 'and') {
  const parsed = parseXml(`<rule id="r" boolean-op="${booleanOperator}">${inside}</rule>`);
  assert.ok(parsed.ok);
  const { verdict, nextChange } = evaluateRule(parsed.root, context);
  return nextChange === undefined ? verdict : `${verdict} until ${printDate(nextChange)}`;
}

const ATTRIBUTES: readonly (readonly [string, string])[] = [
  ['attribute="memory" operation="defined"', 'satisfied'],
  ['attribute="disk" operation="defined"', 'unsatisfied'],
  ['attribute="disk" operation="not_defined"', 'satisfied'],
  ['attribute="#uname" operation="eq" value="NODE1"', 'satisfied'],
  ['attribute="text" operation="ne" value="red"', 'satisfied'],
  ['attribute="disk" operation="eq" value="x"', 'unsatisfied'],
  ['attribute="disk" operation="ne" value="x"', 'satisfied'],
  ['attribute="disk" operation="lt" value="5"', 'unsatisfied'],
  ['attribute="memory" operation="gt" value="512"', 'satisfied'],
  ['attribute="memory" operation="gt" value="512" type="string"', 'unsatisfied'],
  ['attribute="memory" operation="lte" value="4096"', 'satisfied'],
  ['attribute="memory" operation="gte" value="4096.5"', 'unsatisfied'],
  ['attribute="load" operation="gt" value="1" type="integer"', 'unsatisfied'],
  ['attribute="load" operation="gt" value="1"', 'satisfied'],
  ['attribute="ram" operation="eq" value="4500" type="number"', 'satisfied'],
  ['attribute="os" operation="gt" value="12.9" type="version"', 'satisfied'],
  ['attribute="os" operation="gt" value="12.9" type="number"', 'unsatisfied'],
  ['attribute="text" operation="lt" value="green" type="integer"', 'satisfied'],
  ['attribute="memory" operation="eq" value="size" value-source="param"', 'satisfied'],
  ['attribute="text" operation="eq" value="colour" value-source="meta"', 'satisfied'],
  ['attribute="text" operation="eq" value="colour" value-source="nowhere"', 'invalid'],
  ['attribute="%2" operation="eq" value="4096"', 'satisfied'],
  ['attribute="%0memory%9" operation="eq" value="4096"', 'satisfied'],
  ['attribute="memory" operation="like" value="4"', 'invalid'],
  ['attribute="memory" operation="eq" type="colour" value="4"', 'invalid'],
];

for (const [attributes, expected] of ATTRIBUTES) {
  test(`an expression with ${attributes} is ${expected}`, () =>
    assert.equal(judge(`<expression id="e" ${attributes}/>`), expected));
}

const DATES: readonly (readonly [string, string])[] = [
  ['<date_expression operation="gt" start="2024-05-15 10:30:00Z"/>', 'before until 2024-05-15 10:30:01Z'],
  ['<date_expression operation="gt" start="2024-05-15 10:29:59Z"/>', 'satisfied'],
  ['<date_expression operation="lt" end="2024-05-15 10:30:00Z"/>', 'after'],
  ['<date_expression operation="lt" end="2024-05-16"/>', 'satisfied until 2024-05-16 00:00:00Z'],
  ['<date_expression operation="lt" start="2024-05-16"/>', 'invalid'],
  [
    '<date_expression start="2024-05-15" end="2024-05-15 10:30:00Z"/>',
    'satisfied until 2024-05-15 10:30:01Z',
  ],
  ['<date_expression start="2024-05-15" end="2024-05-15 10:29:59Z"/>', 'after'],
  ['<date_expression start="2024-06-01"/>', 'before until 2024-06-01 00:00:00Z'],
  ['<date_expression end="2024-06-01"/>', 'satisfied until 2024-06-01 00:00:01Z'],
  ['<date_expression/>', 'invalid'],
  ['<date_expression start="someday"/>', 'invalid'],
  [
    '<date_expression start="2024-05-01"><duration id="d" weeks="3"/></date_expression>',
    'satisfied until 2024-05-22 00:00:01Z',
  ],
  ['<date_expression start="2024-05-01"><duration id="d" days="3"/></date_expression>', 'after'],
  ['<date_expression start="2024-05-01"><duration id="d" days="x"/></date_expression>', 'invalid'],
];

for (const [expression, expected] of DATES) {
  test(`${expression} is ${expected}`, () => assert.equal(judge(expression), expected));
}

const SPECS: readonly (readonly [string, string])[] = [
  ['hours="9-16" weekdays="1-5"', 'satisfied'],
  ['weekdays="6-7"', 'before'],
  ['years="2024"', 'satisfied'],
  ['years="2025-"', 'before'],
  ['years="-2023"', 'after'],
  ['months="4-" monthdays="15"', 'satisfied'],
  ['yeardays="136"', 'satisfied'],
  ['yearsdays="135"', 'after'],
  ['weeks="20" weekyears="2024"', 'satisfied'],
  ['minutes="30" seconds="0"', 'satisfied'],
  ['hours="soon"', 'invalid'],
  ['hours="-"', 'invalid'],
  ['', 'satisfied'],
];

for (const [attributes, expected] of SPECS) {
  test(`a date_spec with ${attributes || 'nothing'} is ${expected}`, () => {
    const spec = `<date_expression operation="date_spec"><date_spec id="s" ${attributes}/></date_expression>`;
    assert.equal(judge(spec), expected);
  });
}

const OTHERS: readonly (readonly [string, string])[] = [
  ['<rsc_expression class="ocf" type="Dummy"/>', 'satisfied'],
  ['<rsc_expression class="ocf" provider="pacemaker" type="Dummy"/>', 'unsatisfied'],
  ['<op_expression name="monitor"/>', 'satisfied'],
  ['<op_expression name="monitor" interval="10s"/>', 'satisfied'],
  ['<op_expression name="monitor" interval="20s"/>', 'unsatisfied'],
  ['<op_expression name="start"/>', 'unsatisfied'],
  ['<op_expression interval="10s"/>', 'invalid'],
];

for (const [expression, expected] of OTHERS) {
  test(`${expression} is ${expected}`, () => assert.equal(judge(expression), expected));
}

const TRUE = '<expression attribute="memory" operation="defined"/>';
const FALSE = '<expression attribute="memory" operation="not_defined"/>';
const COMBINATIONS: readonly (readonly [string, string, string])[] = [
  ['', 'and', 'satisfied'],
  ['', 'or', 'satisfied'],
  [TRUE + FALSE, 'and', 'unsatisfied'],
  [FALSE + TRUE, 'or', 'satisfied'],
  [FALSE + FALSE, 'or', 'unsatisfied'],
  [`${TRUE}<rule id="inner" boolean-op="or">${FALSE}${TRUE}</rule>`, 'and', 'satisfied'],
  [`${TRUE}<rule id="inner">${FALSE}${TRUE}</rule>`, 'and', 'unsatisfied'],
  [
    `<date_expression end="2024-06-01"/><date_expression end="2024-05-20"/>`,
    'and',
    'satisfied until 2024-05-20 00:00:01Z',
  ],
];

for (const [inside, operator, expected] of COMBINATIONS) {
  test(`conditions joined by ${operator} are ${expected}: ${inside}`, () =>
    assert.equal(judge(inside, operator), expected));
}
