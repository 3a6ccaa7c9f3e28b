import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { parseXml } from '../xml/parse.ts';
import { schedule } from './schedule.ts';

/** So many members a chain has: more than calls can be deep. */
const LENGTH = 5000;
/** Processor seconds: some times what a plan takes that grows with the length, and less than one that grows with n². */
const LIMIT = 8;

const all = (make: (at: number) => string): string =>
  Array.from({ length: LENGTH }, (_, at) => make(at)).join('');
const links = (make: (at: number) => string): string => all(at => (at === 0 ? '' : make(at)));
const primitive = (at: number): string =>
  `<primitive id="r${at}" class="ocf" provider="pacemaker" type="Dummy"/>`;
const reversed = (make: (at: number) => string): string => all(at => make(LENGTH - 1 - at));
const groupOf = (at: number): string => `<group id="g${at}">${primitive(at)}</group>`;
const cloneOf = (at: number): string => `<clone id="g${at}"><meta_attributes id="g${at}-m">
  <nvpair id="g${at}-i" name="interleave" value="true"/></meta_attributes>${primitive(at)}</clone>`;
const together = (first: string, later: string): string =>
  `<rsc_colocation id="c-${later}" rsc="${later}" with-rsc="${first}" score="INFINITY"/>`;
const inTurn = (first: string, later: string): string =>
  `<rsc_order id="o-${later}" first="${first}" then="${later}"/>`;
const nowhere = (id: string): string =>
  [1, 2].map(at => `<rsc_location id="l${at}" rsc="${id}" node="n${at}" score="-INFINITY"/>`).join('');

/** Digest of no parameters at all. */
const DIGEST = 'f2317cad3d54cec5d7d7aa7d0bf35cf8';
const ran = (
  at: number,
  digest: string,
): string => `<lrm_resource id="r${at}" class="ocf" provider="pacemaker" type="Dummy"><lrm_rsc_op
  id="r${at}_last_0" operation_key="r${at}_start_0" operation="start" call-id="${at + 1}" rc-code="0" op-status="0"
  interval="0" op-digest="${digest}" transition-key="1:1:0:u" transition-magic="0:0;1:1:0:u"/></lrm_resource>`;

interface Chain {
  readonly resources: string;
  readonly constraints?: string;
  /** All run on the first node; else nothing is known of them anywhere. */
  readonly running?: boolean;
  /** The first was started with other parameters. */
  readonly changed?: boolean;
  /** How many lines of the summary say that something is done. */
  readonly changes: number;
}

function cibOf({ resources, constraints = '', running = false, changed = false }: Chain): string {
  const history = all(at => ran(at, changed && at === 0 ? 'another' : DIGEST));
  const state = (
    id: number,
  ): string => `<node_state id="${id}" uname="n${id}" in_ccm="true" crmd="online" join="member"
    expected="member"><lrm id="${id}"><lrm_resources>${running && id === 1 ? history : ''}</lrm_resources></lrm></node_state>`;
  return `<cib have-quorum="1"><configuration>
    <crm_config><cluster_property_set id="c"><nvpair id="c-f" name="stonith-enabled" value="false"/>
      <nvpair id="c-p" name="enable-startup-probes" value="${!running}"/></cluster_property_set></crm_config>
    <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
    <resources>${resources}</resources><constraints>${constraints}</constraints>
    <rsc_defaults><meta_attributes id="d"><nvpair id="d-s" name="resource-stickiness" value="1"/></meta_attributes></rsc_defaults>
  </configuration><status>${state(1)}${state(2)}</status></cib>`;
}

const colocated = links(at => together(`r${at - 1}`, `r${at}`));
const ordered = links(at => inTurn(`r${at - 1}`, `r${at}`));
const group = `<group id="g">${all(primitive)}</group>`;

const CHAINS: Readonly<Record<string, Chain>> = {
  'a group': { resources: group, changes: LENGTH },
  'a group that runs': { resources: group, running: true, changes: 0 },
  'a group that may run nowhere': { resources: group, constraints: nowhere('g'), changes: 0 },
  'resources together': { resources: all(primitive), constraints: colocated, changes: LENGTH },
  'resources together that run': {
    resources: all(primitive),
    constraints: colocated,
    running: true,
    changes: 0,
  },
  'resources together, the last first': {
    resources: reversed(primitive),
    constraints: colocated,
    changes: LENGTH,
  },
  'resources together with one': {
    resources: all(primitive),
    constraints: links(at => together('r0', `r${at}`)),
    changes: LENGTH,
  },
  'resources together with one that cannot start': {
    resources: `<primitive id="x" class="ocf" provider="pacemaker" type="Dummy"/>${all(primitive)}`,
    constraints: nowhere('x') + inTurn('x', 'r0') + colocated,
    changes: LENGTH,
  },
  'resources in turn': { resources: all(primitive), constraints: ordered, changes: LENGTH },
  'resources in turn that run': {
    resources: all(primitive),
    constraints: ordered,
    running: true,
    changes: 0,
  },
  'resources in turn that must restart': {
    resources: all(primitive),
    constraints: ordered,
    running: true,
    changed: true,
    changes: LENGTH,
  },
  'clones in turn that must restart': {
    resources: all(cloneOf),
    constraints: links(at => inTurn(`g${at - 1}`, `g${at}`)),
    running: true,
    changed: true,
    changes: 2 * LENGTH,
  },
  'groups together and in turn, the last first': {
    resources: reversed(groupOf),
    constraints: links(at => together(`g${at - 1}`, `g${at}`) + inTurn(`g${at - 1}`, `g${at}`)),
    changes: LENGTH,
  },
  'clones together': {
    resources: all(cloneOf),
    constraints: links(at => together(`g${at - 1}`, `g${at}`)),
    changes: 2 * LENGTH,
  },
};

for (const [name, chain] of Object.entries(CHAINS)) {
  test(`${name}, ${LENGTH} in a chain: the plan takes time in proportion`, () => {
    const parsed = parseXml(cibOf(chain));
    assert.ok(parsed.ok);
    const before = process.cpuUsage();
    const { changes } = schedule({ cib: parsed.root, now: instant(Date.UTC(2026, 0, 1)) });
    const { user, system } = process.cpuUsage(before);
    assert.equal(changes.filter(({ word }) => word !== 'Leave').length, chain.changes);
    assert.ok((user + system) / 1e6 < LIMIT, `${(user + system) / 1e6} s`);
  });
}
