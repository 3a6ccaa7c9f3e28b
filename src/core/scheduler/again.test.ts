import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { graphElement } from '../transition/graph-xml.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { printXml } from '../xml/print.ts';
import { schedule } from './schedule.ts';

const read = (text: string): XmlElement => {
  const parsed = parseXml(text);
  assert.ok(parsed.ok);
  return parsed.root;
};

const primitive = (id: string, timeout: string): string =>
  `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">
    <instance_attributes id="${id}-p"><nvpair id="${id}-p-a" name="a" value="1"/></instance_attributes>
    <operations><op id="${id}-m" name="monitor" interval="10s" timeout="${timeout}"/></operations>
  </primitive>`;

const entry = (id: string, task: string, interval: number, digest: string): string =>
  `<lrm_rsc_op id="${id}_${task}_${interval}" operation_key="${id}_${task}_${interval}" operation="${task}"
    call-id="${interval === 0 ? 1 : 2}" rc-code="0" op-status="0" interval="${interval}" on_node="n1"
    transition-key="1:1:0:f3a1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d" op-digest="${digest}"/>`;

const document = (resources: string, history: string, now: string): XmlElement =>
  read(`<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" have-quorum="1" epoch="${now}">
    <configuration>
      <crm_config><cluster_property_set id="c">
        <nvpair id="c-s" name="stonith-enabled" value="false"/>
      </cluster_property_set></crm_config>
      <nodes><node id="1" uname="n1"/></nodes>
      <resources>${resources}</resources>
      <constraints/>
    </configuration>
    <status>
      <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">
        <lrm id="1"><lrm_resources>
          <lrm_resource id="r" class="ocf" provider="pacemaker" type="Dummy">${history}</lrm_resource>
        </lrm_resources></lrm>
      </node_state>
    </status>
  </cib>`);

const planOf = (cib: XmlElement, now = 1_700_000_000_000): string =>
  printXml(graphElement(schedule({ cib, now: instant(now) }).graph));

/** The document with its branch of that name taken from another, so that all else is the same by reference. */
function withBranch(root: XmlElement, name: string, from: XmlElement): XmlElement {
  if (root.name === name) return from;
  const children = root.children.map(one => withBranch(one, name, from));
  return children.every((one, at) => one === root.children[at]) ? root : { ...root, children };
}

const branch = (root: XmlElement, name: string): XmlElement | undefined =>
  root.name === name ? root : root.children.map(one => branch(one, name)).find(found => found !== undefined);

const RUNNING = entry('r', 'start', 0, '-') + entry('r', 'monitor', 10_000, '-');

test('a document that shares branches with one planned before is planned as if it were new', () => {
  const variants = ['20s', '30s'].flatMap(timeout => [
    document(primitive('r', timeout), RUNNING, '1'),
    document(primitive('r', timeout), '', '1'),
    document(`<clone id="c">${primitive('r', timeout)}</clone>`, RUNNING, '1'),
    document(`<group id="g">${primitive('r', timeout)}</group>`, RUNNING, '1'),
    document(
      primitive('r', timeout).replace(
        '<nvpair id="r-p-a"',
        '<rule id="x" score="0"><date_expression id="d" operation="gt" start="2023-11-15"/></rule><nvpair id="r-p-a"',
      ),
      RUNNING,
      '1',
    ),
  ]);
  for (const first of variants) {
    planOf(first);
    for (const second of variants) {
      for (const name of ['resources', 'status']) {
        const mixed = withBranch(first, name, branch(second, name) as XmlElement);
        const alone = read(printXml(mixed));
        assert.equal(planOf(mixed), planOf(alone));
        assert.equal(planOf(mixed, 1_800_000_000_000), planOf(alone, 1_800_000_000_000));
      }
    }
  }
});
