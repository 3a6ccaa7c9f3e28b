import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../core/base/assert.ts';
import { parseDate } from '../../core/model/iso8601.ts';
import { PLAIN_VIEW, type View } from '../../core/report/view.ts';
import { unpack } from '../../core/status/unpack.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import { SECTIONS, type Section } from './sections.ts';
import { statusElements, statusText } from './status.ts';

const NOW = defined(parseDate('2026-11-24 01:00:00Z'), 'now');
const pair = (name: string, value: string) => `<nvpair id="${name}" name="${name}" value="${value}"/>`;
const entry = (key: string, call: number, rest: string) => {
  const [, resource, operation, interval] = /^(.*)_(\w+)_(\d+)$/.exec(key) ?? [];
  const id = rest.includes('op-status="2"') ? `${resource}_last_failure_0` : `${resource}_last_0`;
  return `<lrm_rsc_op id="${interval === '0' ? id : id.replace('last_0', `${operation}_${interval}`)}"
    operation_key="${key}" operation="${operation}" interval="${interval}" call-id="${call}"
    transition-key="1:1:0:a" transition-magic="0:0;1:1:0:a" last-rc-change="1795480600" ${rest}/>`;
};
const GOOD = 'rc-code="0" op-status="0" exec-time="12" queue-time="0"';

const CIB = `<cib have-quorum="1" dc-uuid="2" cib-last-written="Tue Nov 24 00:00:00 2026" update-user="root"
    update-client="crm" update-origin="n1"><configuration>
  <crm_config><cluster_property_set id="o">${pair('stonith-enabled', 'false')}${pair('dc-version', '3.0')}
    </cluster_property_set></crm_config>
  <nodes><node id="1" uname="n1"><instance_attributes id="i">${pair('standby', 'on')}${pair('place', 'Paris')}
    </instance_attributes></node><node id="2" uname="n2"/></nodes>
  <resources>
    <primitive id="web" class="ocf" provider="x" type="web" description="the site"/>
    <group id="g"><primitive id="one" class="ocf" provider="x" type="web"/>
      <primitive id="two" class="ocf" provider="x" type="web"><meta_attributes id="m">${pair('target-role', 'Stopped')}
      </meta_attributes></primitive></group>
  </resources>
  <constraints><rsc_location id="ban" rsc="web" node="n2" score="-INFINITY"/></constraints></configuration>
  <status>
    <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">
      <transient_attributes id="1"><instance_attributes id="t">${pair('fail-count-web#monitor_10000', '2')}
        ${pair('last-failure-web#monitor_10000', '1795480611')}</instance_attributes></transient_attributes>
      <lrm id="1"><lrm_resources><lrm_resource id="web" class="ocf" provider="x" type="web">
        ${entry('web_start_0', 5, GOOD)}
        ${entry('web_monitor_10000', 6, 'rc-code="1" op-status="2" exit-reason="gone" exec-time="20003" queue-time="0"')}
      </lrm_resource></lrm_resources></lrm></node_state>
    <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member">
      <lrm id="2"><lrm_resources><lrm_resource id="one" class="ocf" provider="x" type="web">
        ${entry('one_start_0', 3, GOOD)}</lrm_resource></lrm_resources></lrm></node_state>
    <tickets><ticket_state id="T" granted="true" standby="true"/></tickets>
  </status></cib>`;

function request(sections: readonly Section[], view: Partial<View> = {}) {
  const parsed = parseXml(CIB);
  assert.ok(parsed.ok);
  return {
    picture: unpack({ cib: parsed.root, now: NOW }),
    view: { ...PLAIN_VIEW, ...view },
    sections: new Set(sections),
    now: NOW,
    wholeHistory: false,
    fencing: [
      {
        target: 'n3',
        action: 'reboot',
        state: 'failed' as const,
        client: 'c',
        origin: 'n1',
        completed: NOW,
      },
    ],
  };
}

const text = (sections: readonly Section[], view?: Partial<View>) => statusText(request(sections, view));

test('the summary tells who directs the cluster, when it changed, and what is in it', () => {
  assert.equal(
    text(['stack', 'dc', 'times', 'counts']),
    `Cluster Summary:
  * Stack: unknown
  * Current DC: n2 (version 3.0) - partition with quorum
  * Last updated: Tue Nov 24 01:00:00 2026
  * Last change:  Tue Nov 24 00:00:00 2026 by root via crm on n1
  * 2 nodes configured
  * 3 resource instances configured (1 DISABLED)
`,
  );
});

test('nodes and resources are shown, those that are stopped where they are asked for', () => {
  assert.equal(
    text(['nodes', 'resources']),
    `Node List:
  * Node n1: standby (with active resources)
  * Online: [ n2 ]

Active Resources:
  * web\t(ocf:x:web):\t FAILED n1
  * Resource Group: g (1 member inactive):
    * one\t(ocf:x:web):\t Started n2
`,
  );
  assert.match(
    text(['resources'], { inactive: true }),
    /^ {4}\* two\t\(ocf:x:web\):\t Stopped \(disabled\)$/m,
  );
});

test('resources may stand with their nodes, as counts, and with their descriptions', () => {
  assert.match(
    text(['nodes', 'resources'], { byNode: true, description: true }),
    /Node n1: .*:\n {4}\* Resources:\n {6}\* web\t\(ocf:x:web\):\t FAILED \(the site\)\n/,
  );
  const brief = text(['resources'], { brief: true });
  assert.match(brief, /^ {2}\* 1\t\(ocf:x:web\):\tActive n1$/m);
  assert.match(brief, /^ {4}\* 1\/2\t\(ocf:x:web\):\tActive n2$/m, 'of a group it is said how many it has');
  const whole = text(['resources'], { brief: true, inactive: true });
  assert.match(whole, /^ {2}\* 1\/1\t\(ocf:x:web\):\tActive n1$/m);
});

test('a node, a resource or a tag limits what is shown', () => {
  assert.equal(text(['nodes'], { onlyNode: 'n2' }), 'Node List:\n  * Online: [ n2 ]\n');
  assert.doesNotMatch(text(['resources'], { onlyResource: 'g' }), /FAILED/);
  assert.match(text(['resources'], { onlyResource: 'nothing' }), /No active resources/);
});

test('failures, counts, operations, attributes, tickets, bans and fencing have their sections', () => {
  assert.equal(
    text(['attributes', 'failcounts', 'failures', 'fencing-failed', 'tickets', 'bans']),
    `Node Attributes:
  * Node: n1:
    * place                           \t: Paris     

Migration Summary:
  * Node: n1:
    * web: migration-threshold=1000000 fail-count=2 last-failure='Tue Nov 24 00:36:51 2026'

Failed Resource Actions:
  * web 10s-interval monitor on n1 could not be executed (Timed Out: gone) at Tue Nov 24 00:36:40 2026 after 20.003s

Failed Fencing Actions:
  * reboot of n3 failed: client=c, origin=n1, last-failed='2026-11-24 01:00:00Z'

Tickets:
  * T: granted [standby]

Negative Location Constraints:
  * ban\tprevents web from running on n2
`,
  );
  assert.match(
    text(['operations'], { timing: true }),
    /\* \(5\) start: last-rc-change="Tue Nov 24 00:36:40 2026"/,
  );
});

test('every section is an element of the output schema', () => {
  const names = statusElements(request(SECTIONS, { inactive: true })).map(({ name }) => name);
  assert.deepEqual(names, [
    ...['summary', 'nodes', 'resources', 'node_attributes', 'node_history'],
    ...['failures', 'fence_history', 'tickets', 'bans'],
  ]);
  const [nodes] = statusElements(request(['nodes'], { byNode: true }));
  assert.match(
    printXml(defined(nodes, 'nodes')),
    /<node name="n1" [^>]*standby="true"[^>]*><resource id="web" /,
  );
});
