import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../../base/time.ts';
import { parseXml } from '../../xml/parse.ts';
import { schedule } from '../schedule.ts';
import { applyEdit, type Edit } from './edit.ts';
import { type Explanation, explain, type Question } from './explain.ts';
import { allReasons } from './reason.ts';
import { findRemedy } from './remedy.ts';
import { changeText } from './text.ts';

interface Given {
  readonly resources?: string;
  readonly constraints?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly quorate?: boolean;
  readonly status?: string;
  /** Attributes of node a, transient ones. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const pair = (owner: string, name: string, value: string) =>
  `<nvpair id="${owner}-${name}" name="${name}" value="${value}"/>`;
const pairs = (owner: string, of: Readonly<Record<string, string>>) =>
  Object.entries(of)
    .map(([name, value]) => pair(owner, name, value))
    .join('');
const web = (meta: Readonly<Record<string, string>> = {}, id = 'web') =>
  `<primitive id="${id}" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="${id}-m">${pairs(id, meta)}</meta_attributes></primitive>`;
const UP = 'in_ccm="true" crmd="online" join="member" expected="member"';

function inputOf({
  resources = web(),
  constraints = '',
  options = {},
  quorate = true,
  status = '',
  attributes = {},
}: Given) {
  const parsed = parseXml(
    `<cib have-quorum="${Number(quorate)}"><configuration><crm_config><cluster_property_set id="o">` +
      `${pairs('o', { 'stonith-enabled': 'false', ...options })}</cluster_property_set></crm_config>` +
      `<nodes><node id="1" uname="a"/><node id="2" uname="b"/></nodes><resources>${resources}</resources>` +
      `<constraints>${constraints}</constraints></configuration><status>` +
      `<node_state id="1" uname="a" ${UP}><transient_attributes id="1"><instance_attributes id="t">${pairs('t', attributes)}</instance_attributes></transient_attributes></node_state>` +
      `<node_state id="2" uname="b" ${UP}/>${status}</status></cib>`,
  );
  assert.ok(parsed.ok);
  return { cib: parsed.root, now: instant(Date.UTC(2026, 0, 1)) };
}

function ask(
  given: Given,
  question: Question,
): { readonly explanation: Explanation; readonly remedy: string } {
  const input = inputOf(given);
  const found = explain(schedule(input), question);
  assert.ok(!('unknown' in found));
  const [explanation] = found;
  assert.ok(explanation);
  const remedy = findRemedy(input, { question, explanation });
  return { explanation, remedy: remedy?.changes.map(changeText).join(' + ') ?? 'nothing' };
}

const WEB: Question = { about: 'resource', resource: 'web' };
const ban = (node: string) => `<rsc_location id="ban-${node}" rsc="web" node="${node}" score="-INFINITY"/>`;

const STOPPED: readonly (readonly [string, Given, readonly string[], string])[] = [
  [
    'target-role',
    { resources: web({ 'target-role': 'Stopped' }) },
    ['target-role'],
    'set target-role=Started for web',
  ],
  ['no quorum', { quorate: false }, ['no-quorum'], 'regain quorum'],
  [
    'a ticket',
    { constraints: '<rsc_ticket id="needs" rsc="web" ticket="T"/>' },
    ['ticket'],
    'grant ticket T',
  ],
  ['bans everywhere', { constraints: ban('a') + ban('b') }, ['location'], 'delete constraint ban-a'],
  [
    'a ban and a standby',
    { constraints: ban('b'), attributes: { standby: 'on' } },
    ['node-standby', 'location'],
    'take a out of standby',
  ],
  [
    'failures',
    {
      resources: web({ 'migration-threshold': '1' }),
      constraints: ban('b'),
      attributes: { 'fail-count-web#start_0': 'INFINITY' },
    },
    ['failures', 'location'],
    'clear the failures of web on a',
  ],
  [
    'a cluster that stops all',
    { options: { 'stop-all-resources': 'true' } },
    ['stop-all'],
    'set cluster option stop-all-resources=false',
  ],
  [
    'maintenance',
    { options: { 'maintenance-mode': 'true' } },
    ['maintenance'],
    'set cluster option maintenance-mode=false',
  ],
  [
    'no way in',
    { options: { 'symmetric-cluster': 'false' } },
    ['not-opted-in'],
    'add a location constraint that allows web on a',
  ],
];

for (const [subject, given, kinds, remedy] of STOPPED) {
  test(`stopped by ${subject}: the reason is named, and what would end it`, () => {
    const { explanation, remedy: found } = ask(given, WEB);
    assert.equal(explanation.statement, 'web is not running, and will not be started');
    assert.deepEqual([...new Set(explanation.reasons.map(({ kind }) => kind))], kinds);
    assert.equal(found, remedy);
  });
}

test('a resource that waits for one that is stopped: its reasons are the reasons', () => {
  const { explanation } = ask(
    {
      resources: web() + web({ 'target-role': 'Stopped' }, 'db'),
      constraints: '<rsc_order id="db-first" first="db" then="web"/>',
    },
    WEB,
  );
  const said = allReasons(explanation.reasons).map(({ kind, constraint }) => [kind, constraint]);
  assert.deepEqual(said, [
    ['ordering', 'db-first'],
    ['target-role', undefined],
  ]);
});

test('why on a node, and why not on another: the scores with what they are made of', () => {
  const constraints =
    '<rsc_location id="likes-b" rsc="web" node="b" score="50"/><rsc_location id="likes-a" rsc="web" node="a" score="20"/>';
  const there = ask({ constraints }, { ...WEB, node: 'b' } as Question);
  assert.equal(there.explanation.statement, 'web is placed on b');
  assert.deepEqual(
    there.explanation.reasons.map(({ constraint }) => constraint),
    ['likes-b'],
  );
  const elsewhere = ask({ constraints }, { ...WEB, node: 'a' } as Question);
  assert.equal(elsewhere.explanation.statement, 'web is not placed on a, but on b');
  assert.equal(elsewhere.explanation.reasons[0]?.text, 'b has a score of 50 for web, a one of 20');
  assert.equal(elsewhere.remedy, 'delete constraint likes-b');
  assert.deepEqual(
    elsewhere.explanation.scores?.map(({ node, score, parts }) => [node, score, parts.length]),
    [
      ['a', '20', 1],
      ['b', '50', 1],
    ],
  );
});

test('an action: what called for it, down to the cause', () => {
  const { explanation, remedy } = ask(
    { options: { 'enable-startup-probes': 'true' } },
    { about: 'action', key: 'web_monitor_0', node: 'a' },
  );
  assert.deepEqual(
    explanation.reasons.map(({ kind }) => kind),
    ['state-unknown'],
  );
  assert.equal(remedy, 'set cluster option enable-startup-probes=false');
});

test('what is not there is said to be unknown', () => {
  const made = schedule(inputOf({}));
  assert.deepEqual(explain(made, { about: 'resource', resource: 'gone' }), {
    unknown: 'resource',
    name: 'gone',
  });
  assert.deepEqual(explain(made, { ...WEB, node: 'z' } as Question), { unknown: 'node', name: 'z' });
  assert.deepEqual(explain(made, { about: 'action', key: 'x_start_0' }), {
    unknown: 'action',
    name: 'x_start_0',
  });
});

const NOTHING_TO_CHANGE: readonly Edit[] = [
  { kind: 'delete-constraint', constraint: 'none' },
  { kind: 'set-meta', resource: 'none', name: 'target-role', value: 'Started' },
  { kind: 'disable-operation', operation: 'none' },
  { kind: 'end-standby', node: 'a' },
  { kind: 'clear-failures', resource: 'web', node: 'b' },
];

for (const edit of NOTHING_TO_CHANGE) {
  test(`a change that finds nothing to change leaves the document alone: ${edit.kind}`, () => {
    assert.equal(applyEdit(inputOf({}).cib, edit), undefined);
  });
}

test('what runs nowhere is not on a node, nor on any other', () => {
  const stopped = { resources: web({ 'target-role': 'Stopped' }) };
  const { explanation } = ask(stopped, { about: 'resource', resource: 'web', node: 'a' });
  assert.equal(explanation.statement, 'web is placed neither on a nor anywhere else');
});

test('what waits for enough of a set is explained without names that nobody gave', () => {
  const given = {
    resources: web({ 'target-role': 'Stopped' }, 'base') + web(),
    constraints:
      '<rsc_order id="o"><resource_set id="s1" require-all="false" sequential="false"><resource_ref id="base"/></resource_set><resource_set id="s2"><resource_ref id="web"/></resource_set></rsc_order>',
  };
  const { explanation } = ask(given, { about: 'resource', resource: 'web' });
  assert.match(explanation.reasons.map(({ text }) => text).join(), /enough of what s1 puts first/);
});
