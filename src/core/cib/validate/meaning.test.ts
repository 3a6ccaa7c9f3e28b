import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../../xml/parse.ts';
import { checkMeaning } from './meaning.ts';

const DUMMY = 'class="ocf" provider="heartbeat" type="Dummy"';

const remarks = ({ options = '', resources = '', constraints = '' }): readonly string[] => {
  const parsed = parseXml(`<cib><configuration>
    <crm_config><cluster_property_set id="s">${options}</cluster_property_set></crm_config>
    <resources>${resources}</resources><constraints>${constraints}</constraints></configuration></cib>`);
  assert.ok(parsed.ok);
  return checkMeaning(parsed.root).map(({ element, message }) => `${element ?? '-'}: ${message}`);
};

const OFF = '<nvpair id="o" name="stonith-enabled" value="false"/>';

const target = (role: string): string =>
  `<meta_attributes id="m"><nvpair id="t" name="target-role" value="${role}"/></meta_attributes>`;

test('a value that an option cannot have', () => {
  assert.deepEqual(remarks({ options: '<nvpair id="o" name="stonith-enabled" value="maybe"/>' }), [
    "o: Using default value for cluster option 'stonith-enabled' because 'maybe' is invalid",
  ]);
  assert.deepEqual(remarks({ options: '<nvpair id="o" name="my-own" value="maybe"/>' }), []);
});

test('fencing that is wanted and not there', () => {
  const resources = `<primitive id="a" ${DUMMY}/>`;
  assert.equal(remarks({ resources }).length, 3);
  assert.deepEqual(remarks({ resources, options: OFF }), []);
  assert.deepEqual(remarks({ resources: `${resources}<primitive id="f" class="stonith" type="x"/>` }), []);
  const templated = '<template id="t" class="stonith" type="x"/><primitive id="f" template="t"/>';
  assert.deepEqual(remarks({ resources: templated }), []);
  assert.deepEqual(remarks({}), []);
});

test('a role that the resource cannot have', () => {
  const resources = (role: string) => `<primitive id="a" ${DUMMY}>${target(role)}</primitive>`;
  assert.deepEqual(remarks({ options: OFF, resources: resources('Stopped') }), []);
  assert.deepEqual(remarks({ options: OFF, resources: resources('Promoted') }), [
    "t: Ignoring 'target-role' for a because 'Promoted' only makes sense for promotable clones",
  ]);
  assert.deepEqual(remarks({ options: OFF, resources: resources('Up') }), [
    "t: Ignoring 'target-role' for a because 'Up' is not valid",
  ]);
  const promotable =
    '<meta_attributes id="p"><nvpair id="q" name="promotable" value="true"/></meta_attributes>';
  assert.deepEqual(
    remarks({ options: OFF, resources: `<clone id="c">${promotable}${resources('Promoted')}</clone>` }),
    [],
  );
});

test('a constraint on what is no resource', () => {
  assert.deepEqual(remarks({ options: OFF, constraints: '<rsc_location id="l" rsc="o"/>' }), [
    "l: Ignoring constraint 'l' because 'o' is not a valid resource or tag",
  ]);
  const sets = '<rsc_order id="x"><resource_set id="y"><resource_ref id="o"/></resource_set></rsc_order>';
  assert.equal(remarks({ options: OFF, constraints: sets }).length, 1);
});
