import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOnFile } from './command-on-file.ts';
import { tool } from './crm-verify.ts';

const cib = ({ schema = 'pacemaker-3.9', option = 'stonith-enabled', constraints = '' }): string =>
  `<cib validate-with="${schema}" have-quorum="1" admin_epoch="0" epoch="1" num_updates="0"><configuration>
  <crm_config><cluster_property_set id="s"><nvpair id="s-f" name="${option}" value="false"/></cluster_property_set></crm_config>
  <nodes/><resources/><constraints>${constraints}</constraints></configuration><status/></cib>`;

test('a configuration that is sound is silent, in an older schema by its older names', async () => {
  for (const document of [cib({}), cib({ schema: 'pacemaker-1.2', option: 'stonith_enabled' })]) {
    const { exit, out, err } = await commandOnFile(tool, document, '-L', '-V');
    assert.deepEqual([exit, out, err], ['ok', '', '']);
  }
});

test('what the schema refuses is named by its element', async () => {
  const { exit, err } = await commandOnFile(tool, cib({ constraints: '<foo/>' }), '-L');
  assert.equal(exit, 'config');
  assert.match(err, /^element foo: Relax-NG validity error : .*foo/);
});
