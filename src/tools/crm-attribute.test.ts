import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOnFile } from './command-on-file.ts';
import { tool } from './crm-attribute.ts';

const CIB = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="5" num_updates="3" admin_epoch="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="s"><nvpair id="s-1" name="batch-limit" value="1"/></cluster_property_set>
      <cluster_property_set id="t"><nvpair id="t-1" name="batch-limit" value="2"/></cluster_property_set>
    </crm_config>
    <nodes><node id="1" uname="n1"/></nodes>
    <resources/>
    <constraints/>
  </configuration>
  <status>
    <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">
      <transient_attributes id="1">
        <instance_attributes id="status-1">
          <nvpair id="status-1-x" name="fail-count-x" value="1"/>
          <nvpair id="status-1-y" name="fail-count-y" value="2"/>
        </instance_attributes>
      </transient_attributes>
    </node_state>
  </status>
</cib>
`;

const ask = (...words: readonly string[]) => commandOnFile(tool, CIB, ...words);
const PATTERN = ['-N', 'n1', '-P', 'fail-count-.*', '-l', 'reboot'];

test('a pattern stands for every attribute that it matches', async () => {
  assert.equal(
    (await ask(...PATTERN, '-G')).out,
    'scope=status  name=fail-count-x value=1\nscope=status  name=fail-count-y value=2\n',
  );
  const set = await ask(...PATTERN, '-v', '10');
  assert.deepEqual([set.exit, set.cib.match(/name="fail-count-.*" value="10"/g)?.length], ['ok', 2]);
  const removed = await ask(...PATTERN, '-D');
  assert.equal(
    removed.out,
    'Deleted status attribute: id=status-1-x name=fail-count-x\nDeleted status attribute: id=status-1-y name=fail-count-y\n',
  );
  assert.doesNotMatch(removed.cib, /fail-count/);
});

test('of several of one name the user has to choose', async () => {
  const { exit, err } = await ask('-n', 'batch-limit', '-v', '3');
  assert.equal(exit, 'multiple-matches');
  assert.match(err, /^crm_attribute: Please choose from one of the matches below/);
  const chosen = await ask('-n', 'batch-limit', '-v', '3', '--attr-id', 't-1');
  assert.match(chosen.cib, /<nvpair id="t-1" name="batch-limit" value="3"\/>/);
});

test('what a name has that an id cannot have is replaced as Pacemaker replaces it', async () => {
  const { cib } = await ask('-N', 'n1', '-n', '#health-disk', '-v', 'red');
  assert.match(cib, /<nvpair id="nodes-1-\.health-disk" name="#health-disk" value="red"\/>/);
});
