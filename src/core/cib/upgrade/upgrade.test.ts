import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute, type XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { printXml } from '../../xml/print.ts';
import { select } from '../../xml/select.ts';
import { versionOf } from '../document.ts';
import { upgrade } from './upgrade.ts';

const parsed = (source: string): XmlElement => {
  const result = parseXml(source);
  assert.ok(result.ok, source);
  return result.root;
};

const cib = (schema: string, inside: string): XmlElement =>
  parsed(
    `<cib validate-with="${schema}" epoch="5" num_updates="3" admin_epoch="0"><configuration>${inside}</configuration></cib>`,
  );

/** What the upgraded document has at the path, in one line. */
function upgraded(from: XmlElement, xpath: string): string {
  const found = select(upgrade(from), xpath);
  assert.ok(found.ok);
  return found.matches.map(({ element }) => printXml(element)).join('');
}

test('a newer document comes back as it was, an older one under a higher admin_epoch', () => {
  const newest = cib('pacemaker-3.9', '');
  assert.equal(upgrade(newest), newest);
  const none = cib('none', '');
  assert.equal(upgrade(none), none);
  const older = upgrade(cib('pacemaker-3.0', ''));
  assert.equal(attribute(older, 'validate-with'), 'pacemaker-3.9');
  assert.deepEqual(versionOf(older), { adminEpoch: 1, epoch: 1, numUpdates: 0 });
});

/** As cibadmin 2.1.5 --upgrade has it. */
const TABLE: readonly (readonly [
  what: string,
  schema: string,
  inside: string,
  xpath: string,
  after: string,
])[] = [
  [
    'options are written with dashes, but for those that are not ours',
    'pacemaker-2.10',
    '<crm_config><cluster_property_set id="s"><nvpair id="1" name="stonith_enabled" value="false"/><nvpair id="2" name="foo_bar" value="x"/></cluster_property_set></crm_config>',
    '//nvpair',
    '<nvpair id="1" name="stonith-enabled" value="false"/><nvpair id="2" name="foo_bar" value="x"/>',
  ],
  [
    'defaults move to sections of their own',
    'pacemaker-2.10',
    '<crm_config><cluster_property_set id="s"><nvpair id="1" name="default-resource-stickiness" value="100"/><nvpair id="2" name="default-action-timeout" value="20s"/></cluster_property_set></crm_config>',
    '//rsc_defaults|//op_defaults',
    '<rsc_defaults><meta_attributes id="_2TO3_-rsc-defaults"><nvpair id="1" name="resource-stickiness" value="100"/></meta_attributes></rsc_defaults><op_defaults><meta_attributes id="_2TO3_-op-defaults"><nvpair id="2" name="timeout" value="20s"/></meta_attributes></op_defaults>',
  ],
  [
    'failure stickiness becomes a threshold',
    'pacemaker-2.10',
    '<crm_config><cluster_property_set id="s"><nvpair id="1" name="default-resource-failure-stickiness" value="-INFINITY"/></cluster_property_set></crm_config>',
    '//nvpair',
    '<nvpair id="1" name="migration-threshold" value="1"/>',
  ],
  [
    'what nothing reads is dropped',
    'pacemaker-2.10',
    '<crm_config><cluster_property_set id="s"><nvpair id="1" name="expected-quorum-votes" value="3"/><nvpair id="2" name="cluster-infrastructure" value="openais"/></cluster_property_set></crm_config>',
    '//cluster_property_set',
    '<cluster_property_set id="s"/>',
  ],
  [
    'a normal node is a member',
    'pacemaker-2.10',
    '<nodes><node id="1" uname="n" type="normal"/></nodes>',
    '//node',
    '<node id="1" uname="n" type="member"/>',
  ],
  [
    'parameters of fence devices',
    'pacemaker-2.10',
    '<primitive id="f" class="stonith" type="x"><instance_attributes id="i"><nvpair id="1" name="pcmk_off_cmd" value="off"/><nvpair id="2" name="pcmk_arg_map" value="port:domain"/></instance_attributes></primitive>',
    '//nvpair',
    '<nvpair id="1" name="pcmk_off_action" value="off"/><nvpair id="2" name="pcmk_host_argument" value="domain"/>',
  ],
  [
    'what a start required is required by the resource',
    'pacemaker-2.10',
    '<primitive id="a"><operations><op id="s" name="start" requires="nothing"/><op id="m" name="monitor" requires="quorum"/></operations></primitive>',
    '//primitive',
    '<primitive id="a"><operations><op id="s" name="start"/><op id="m" name="monitor"/></operations><meta_attributes id="_2TO3_a-meta"><nvpair id="_2TO3_s-meta-requires" name="requires" value="nothing"/></meta_attributes></primitive>',
  ],
  [
    'what a promotion required is, too, where the start required nothing; options of the resource stand before it',
    'pacemaker-2.10',
    '<primitive id="a"><operations><op id="p" name="promote"><meta_attributes id="pm"><nvpair id="pr" name="requires" value="quorum"/></meta_attributes></op></operations></primitive>',
    '//primitive',
    '<primitive id="a"><operations><op id="p" name="promote"/></operations><meta_attributes id="_2TO3_pm"><nvpair id="pr" name="requires" value="quorum"/></meta_attributes></primitive>',
  ],
  [
    'what others refer to keeps what it says',
    'pacemaker-2.10',
    '<primitive id="a"><operations><op id="m" name="monitor"><instance_attributes id="i"><nvpair id="r" name="requires" value="x"/></instance_attributes></op></operations></primitive><primitive id="b"><instance_attributes id-ref="i"/></primitive>',
    '//primitive[@id="a"]//nvpair',
    '<nvpair id="r" name="requires" value="x"/>',
  ],
  [
    'attributes of an instance that were the operation’s own; the last one of a name held',
    'pacemaker-2.10',
    '<primitive id="a"><operations><op id="m" name="monitor"><instance_attributes id="i"><nvpair id="1" name="timeout" value="20"/><nvpair id="2" name="url" value="x"/></instance_attributes><instance_attributes id="j"><nvpair id="3" name="timeout" value="30"/></instance_attributes></op></operations></primitive>',
    '//op',
    '<op id="m" name="monitor"><instance_attributes id="i"><nvpair id="2" name="url" value="x"/></instance_attributes><meta_attributes id="_2TO3_m-meta"><nvpair id="3" name="timeout" value="30"/></meta_attributes></op>',
  ],
  [
    'what ran in isolation stays stopped',
    'pacemaker-2.10',
    '<primitive id="a"><meta_attributes id="s"><nvpair id="1" name="isolation-wrapper" value="w"/><nvpair id="2" name="isolation-host" value="h"/></meta_attributes></primitive>',
    '//nvpair',
    '<nvpair id="1" name="target-role" value="Stopped"/>',
  ],
  [
    'failure stickiness of a resource becomes a threshold, or nothing',
    'pacemaker-2.10',
    '<primitive id="a"><meta_attributes id="s"><nvpair id="1" name="resource-failure-stickiness" value="-INFINITY"/></meta_attributes></primitive><primitive id="b"><meta_attributes id="t"><nvpair id="2" name="resource_failure_stickiness" value="0"/></meta_attributes></primitive>',
    '//primitive',
    '<primitive id="a"><meta_attributes id="s"><nvpair id="1" name="migration-threshold" value="1"/></meta_attributes></primitive><primitive id="b"/>',
  ],
  [
    'a map of several parameters has no place any more',
    'pacemaker-2.10',
    '<primitive id="f" class="stonith" type="x"><instance_attributes id="i"><nvpair id="1" name="pcmk_arg_map" value="port:a,user:b"/></instance_attributes></primitive>',
    '//primitive',
    '<primitive id="f" class="stonith" type="x"><instance_attributes id="i"/></primitive>',
  ],
  [
    'an option that has another name, and a score that never was one',
    'pacemaker-2.10',
    '<crm_config><cluster_property_set id="s"><nvpair id="1" name="transition_idle_timeout" value="50s"/></cluster_property_set></crm_config><constraints><rsc_colocation id="c" rsc="a" with-rsc="b" score-attribute="x"/></constraints>',
    '//nvpair|//rsc_colocation',
    '<nvpair id="1" name="cluster-delay" value="50s"/><rsc_colocation id="c" rsc="a" with-rsc="b"/>',
  ],
  [
    'access control of version 1',
    'pacemaker-1.3',
    '<acls><acl_role id="r"><write id="p1" ref="a"/></acl_role><acl_user id="joe"><role_ref id="r"/></acl_user><acl_user id="ann"><deny id="p4" tag="primitive"/></acl_user></acls>',
    '//acls',
    '<acls><acl_role id="r"><acl_permission id="p1" kind="write" reference="a"/></acl_role><acl_target id="joe"><role id="r"/></acl_target><acl_target id="ann"><role id="auto-ann"/></acl_target><acl_role id="auto-ann"><acl_permission id="p4" kind="deny" object-type="primitive"/></acl_role></acls>',
  ],
];

for (const [what, schema, inside, xpath, after] of TABLE) {
  test(what, () => assert.equal(upgraded(cib(schema, inside), xpath), after));
}
