import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tool as cibadmin } from './cibadmin.ts';
import { tool as crmVerify } from './crm-verify.ts';
import { run } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'cibadmin-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'cib.xml');

const DUMMY = 'class="ocf" provider="heartbeat" type="Dummy"';
const CIB = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="5" num_updates="3" admin_epoch="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="s">
        <nvpair id="o1" name="stonith-enabled" value="false"/>
      </cluster_property_set>
    </crm_config>
    <nodes/>
    <resources>
      <primitive id="a" ${DUMMY}/>
      <primitive id="b" ${DUMMY}/>
    </resources>
    <constraints/>
  </configuration>
  <status/>
</cib>
`;

async function command(which: typeof cibadmin | typeof crmVerify, words: readonly string[]) {
  const said = { out: '', err: '' };
  const surroundings = {
    words,
    environment: { CIB_file: file },
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  const exit = which === cibadmin ? await run(cibadmin, surroundings) : await run(crmVerify, surroundings);
  return { exit, ...said };
}

const ask = async (...words: readonly string[]) => {
  writeFileSync(file, CIB);
  return command(cibadmin, words);
};

test('a query prints what was asked for', async () => {
  assert.equal((await ask('-Ql')).out, CIB);
  assert.equal(
    (await ask('-Q', '-A', "//nvpair[@id='o1']")).out,
    '<nvpair id="o1" name="stonith-enabled" value="false"/>\n',
  );
  assert.equal((await ask('--query', '--scope', 'resources', '-n')).out, '<resources/>\n');
  assert.equal(
    (await ask('-Q', '-e', '--xpath=//primitive')).out,
    "/cib/configuration/resources/primitive[@id='a']\n/cib/configuration/resources/primitive[@id='b']\n",
  );
});

test('what is not there has the exit code and the words that scripts look for', async () => {
  assert.deepEqual(await ask('-Q', '-o', 'tags'), {
    exit: 'no-such-object',
    out: '',
    err: 'Call failed: No such device or address\n',
  });
});

test('a change is written to the file with its version', async () => {
  assert.equal((await ask('-C', '-o', 'resources', '-X', `<primitive id="c" ${DUMMY}/>`)).exit, 'ok');
  const written = readFileSync(file, 'utf8');
  assert.match(written, /epoch="6" num_updates="0"/);
  assert.match(written, /<primitive id="c"/);
});

test('what the schema or the references refuse is not written', async () => {
  const { exit, err } = await ask(
    '-C',
    '-o',
    'constraints',
    '-X',
    '<rsc_location id="l" rsc="zz" node="n" score="1"/>',
  );
  assert.equal(exit, 'config');
  assert.match(err, /^Call failed: Update does not conform to the configured schema\n/);
  assert.match(err, /rsc_location l: IDREF attribute rsc references an unknown ID "zz"/);
  assert.equal(readFileSync(file, 'utf8'), CIB);
});

test('what is dangerous wants --force', async () => {
  for (const words of [['-E'], ['--upgrade'], ['-d', '--xpath', '//nvpair']]) {
    assert.equal((await ask(...words)).exit, 'unsafe');
  }
  assert.equal((await ask('-E', '--force')).exit, 'ok');
});

test('an element that exists is printed with the failure', async () => {
  const { exit, out } = await ask('-C', '-o', 'resources', '-X', '<primitive id="a"/>');
  assert.equal(exit, 'exists');
  assert.match(
    out,
    /<failed_update id="a" object_type="primitive" operation="cib_create" reason="File exists">/,
  );
});

test('an empty CIB and digests need no cluster', async () => {
  assert.match(
    (await ask('--empty')).out,
    /^<cib crm_feature_set="3\.16\.1" validate-with="pacemaker-3\.9" epoch="1"/,
  );
  assert.equal((await ask('-5', '-X', '<parameters/>')).out, 'f2317cad3d54cec5d7d7aa7d0bf35cf8\n');
  assert.equal((await ask('-5')).exit, 'usage');
});

test('words that no option takes are refused', async () => {
  assert.equal((await ask('-Q', 'foo')).exit, 'usage');
  assert.equal((await ask('-Q', '-o', 'foo')).exit, 'usage');
});

const verify = (...words: readonly string[]) => command(crmVerify, words);

test('crm_verify is silent about what is well', async () => {
  assert.deepEqual(await verify('-X', CIB), { exit: 'ok', out: '', err: '' });
});

test('crm_verify says where the schema is broken, as libxml2 does', async () => {
  const { exit, err } = await verify('-VV', '-X', CIB.replace('id="b"', 'id="b" foo="1"'));
  assert.equal(exit, 'config');
  assert.match(err, /^Entity: line 11: element primitive: Relax-NG validity error : Invalid attribute foo/);
  assert.match(err, /crm_verify: Errors found during check: config not valid\n$/);
});

test('crm_verify says what is wrong only when asked to', async () => {
  const broken = CIB.replace('value="false"', 'value="maybe"');
  assert.equal(
    (await verify('-X', broken)).err,
    'crm_verify: Errors found during check: config not valid\n-V may provide more details\n',
  );
  assert.match(
    (await verify('-V', '-X', broken)).err,
    /^error: Using default value for cluster option 'stonith-enabled'/,
  );
});

test('crm_verify wants a whole configuration from somewhere', async () => {
  assert.equal((await verify()).exit, 'error');
  assert.equal((await verify('-X', '<a/>')).exit, 'protocol');
  assert.equal((await verify('-x', join(folder, 'none'))).exit, 'error');
  writeFileSync(file, CIB);
  assert.equal((await verify('-L')).exit, 'ok');
});
