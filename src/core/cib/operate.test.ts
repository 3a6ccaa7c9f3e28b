import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { printXml } from '../xml/print.ts';
import type { CibCall } from './call.ts';
import { versionOf } from './document.ts';
import { operate } from './operate.ts';
import { createPatchset } from './patchset/create.ts';

const parsed = (source: string): XmlElement => {
  const result = parseXml(source);
  assert.ok(result.ok, source);
  return result.root;
};

const CIB =
  parsed(`<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="5" num_updates="3" admin_epoch="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="s"><nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set>
    </crm_config>
    <nodes><node id="1" uname="n1"/></nodes>
    <resources>
      <primitive id="a" class="ocf" type="Dummy"><!-- c1 --><meta_attributes id="a-m"><nvpair id="a1" name="target-role" value="Started"/><nvpair id="a2" name="priority" value="5"/></meta_attributes></primitive>
      <group id="g"><primitive id="b" class="ocf" type="Dummy"/></group>
    </resources>
    <constraints/>
  </configuration>
  <status/>
</cib>`);

const VALID = { validate: () => [] };

type Written = Omit<CibCall, 'input'> & { readonly input?: string };

const call = ({ input, ...rest }: Written): CibCall =>
  input === undefined ? rest : { ...rest, input: parsed(input) };

/** The version that comes out and the places that changed, as a patchset names them; or the refusal. */
function outcomeOf(written: Written): string {
  const outcome = operate(CIB, call(written), VALID);
  if (!outcome.ok) return `! ${outcome.refusal}`;
  const { adminEpoch, epoch, numUpdates } = versionOf(outcome.cib);
  const changes = (createPatchset(CIB, outcome.cib, { withoutVersions: true })?.children ?? []).map(
    change => {
      const path = attribute(change, 'path')
        ?.replace(/^.*\//, '')
        .replace(/\[@id='(.*)'\]/, ' $1');
      return `${attribute(change, 'operation')} ${path}`;
    },
  );
  return [`${adminEpoch}.${epoch}.${numUpdates}`, ...changes].join(', ');
}

const DUMMY = 'class="ocf" type="Dummy"';
const WHOLE = '<configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>';

/** Measured with cibadmin 2.1.5 under CIB_file, but where a comment says otherwise. */
const TABLE: readonly (readonly [Written, string])[] = [
  [
    { operation: 'create', section: 'resources', input: `<primitive id="c" ${DUMMY}/>` },
    '0.6.0, create resources',
  ],
  [{ operation: 'create', input: `<primitive id="c" ${DUMMY}/>` }, '! no-such-object'],
  [{ operation: 'create', section: 'resources', input: `<primitive id="a" ${DUMMY}/>` }, '! exists'],
  [
    {
      operation: 'create',
      section: 'resources',
      input: `<group id="g"><primitive id="z" ${DUMMY}/></group>`,
    },
    '! exists',
  ],
  [
    {
      operation: 'create',
      section: 'resources',
      input: `<resources><primitive id="z" ${DUMMY}/><primitive id="y" ${DUMMY}/></resources>`,
    },
    '0.6.0, create resources, create resources',
  ],
  [{ operation: 'create', section: 'status', input: '<node_state id="1"/>' }, '0.5.4, create status'],
  [{ operation: 'create' }, '! invalid'],
  // Pacemaker refuses where the section is missing, and passes over the XPath.
  [{ operation: 'create', section: 'tags', input: '<tag id="t"/>' }, '0.6.0, create configuration'],
  [
    { operation: 'create', xpath: "//group[@id='g']", input: `<primitive id="c" ${DUMMY}/>` },
    '0.6.0, create group g',
  ],
  [{ operation: 'create', xpath: '//nope', input: '<x/>' }, '! no-such-object'],

  [{ operation: 'modify', input: '<nvpair id="a1" value="Stopped"/>' }, '0.6.0, modify nvpair a1'],
  [{ operation: 'modify', input: '<nvpair id="a1" value="Started"/>' }, '0.5.3'],
  [{ operation: 'modify', input: '<primitive id="zz" type="x"/>' }, '! no-such-object'],
  [{ operation: 'modify', input: '<foo id="a"/>' }, '! no-such-object'],
  [
    { operation: 'modify', section: 'resources', input: '<nvpair id="o1" value="true"/>' },
    '! no-such-object',
  ],
  [
    { operation: 'modify', section: 'crm_config', input: '<nvpair id="o1" value="true"/>' },
    '0.6.0, modify nvpair o1',
  ],
  [
    { operation: 'modify', section: 'resources', allowCreate: true, input: `<primitive id="zz" ${DUMMY}/>` },
    '0.6.0, create resources',
  ],
  [
    {
      operation: 'modify',
      section: 'resources',
      input: '<resources><primitive id="b" type="Stateful"/></resources>',
    },
    '0.6.0, create resources',
  ],
  [
    { operation: 'modify', input: '<resources><primitive id="a" description="x"/></resources>' },
    '0.6.0, modify primitive a',
  ],
  [{ operation: 'modify', input: '<cib admin_epoch="admin_epoch++"/>' }, '1.5.4'],
  [{ operation: 'modify', input: '<cib num_updates="num_updates++"/>' }, '0.5.5'],
  [{ operation: 'modify', input: '<cib epoch="epoch++"/>' }, '0.6.4'],
  [{ operation: 'modify', input: '<cib epoch="2"/>' }, '! old-data'],
  [{ operation: 'modify', input: '<cib have-quorum="1"/>' }, '0.5.4, modify cib'],
  [{ operation: 'modify', section: 'status', input: '<node_state id="1"/>' }, '! no-such-object'],
  [
    { operation: 'modify', section: 'status', allowCreate: true, input: '<node_state id="1"/>' },
    '0.5.4, create status',
  ],
  [
    { operation: 'modify', xpath: "//primitive[@id='b']", input: '<primitive id="b" type="Stateful"/>' },
    '0.6.0, modify primitive b',
  ],
  [{ operation: 'modify', xpath: '//primitive', input: '<primitive type="Stateful"/>' }, '! no-such-object'],

  [
    { operation: 'replace', section: 'resources', input: '<resources/>' },
    '0.6.0, delete group g, delete primitive a',
  ],
  [{ operation: 'replace', input: `<primitive id="b" ${DUMMY} x="1"/>` }, '0.6.0, modify primitive b'],
  [{ operation: 'replace', input: `<primitive id="q" ${DUMMY}/>` }, '! no-such-object'],
  [{ operation: 'replace', section: 'rsc_defaults', input: '<rsc_defaults/>' }, '! no-such-object'],
  [{ operation: 'replace', section: 'resources', input: '<constraints/>' }, '! no-such-object'],
  [
    { operation: 'replace', xpath: "//primitive[@id='qq']", input: '<primitive id="b"/>' },
    '! no-such-object',
  ],
  [{ operation: 'replace', input: `<cib epoch="4" num_updates="3" admin_epoch="0">${WHOLE}` }, '! old-data'],
  [{ operation: 'replace', input: `<cib epoch="5" num_updates="2" admin_epoch="0">${WHOLE}` }, '! old-data'],
  [
    { operation: 'replace', force: true, input: `<cib epoch="4" num_updates="3" admin_epoch="0">${WHOLE}` },
    '! old-data',
  ],
  [{ operation: 'replace', input: `<cib validate-with="pacemaker-3.9">${WHOLE}` }, '! old-data'],

  [{ operation: 'delete', input: '<primitive id="a"/>' }, '0.6.0, delete primitive a'],
  [{ operation: 'delete', section: 'resources', input: '<primitive id="a" type="DummyX"/>' }, '0.5.3'],
  [{ operation: 'delete', input: '<nvpair name="priority"/>' }, '0.6.0, delete nvpair a2'],
  [{ operation: 'delete', section: 'resources', input: '<resources/>' }, '0.5.3'],
  [
    {
      operation: 'delete',
      section: 'resources',
      input: '<resources><primitive id="a"/><primitive id="b"/></resources>',
    },
    '0.6.0, delete primitive a, delete primitive b',
  ],
  [{ operation: 'delete', section: 'resources' }, '! invalid'],
  [{ operation: 'delete', xpath: '//primitive' }, '0.6.0, delete primitive a'],
  [{ operation: 'delete', xpath: '//nope' }, '0.5.3'],
  [{ operation: 'delete', xpath: '//nvpair/@value' }, '0.6.0, delete nvpair o1'],
  [
    { operation: 'delete-all', xpath: '//nvpair' },
    '0.6.0, delete nvpair o1, delete nvpair a2, delete nvpair a1',
  ],
  [
    { operation: 'delete-all', xpath: '//meta_attributes|//nvpair' },
    '0.6.0, delete nvpair o1, delete meta_attributes a-m',
  ],

  [{ operation: 'bump' }, '0.6.4'],
  [
    { operation: 'erase' },
    '1.6.0, delete cluster_property_set s, delete node 1, delete group g, delete primitive a',
  ],
  [
    {
      operation: 'patch',
      input: `<diff format="2"><change operation="delete" path="/cib/configuration/resources/primitive[@id='a']"/></diff>`,
    },
    '0.6.0, delete primitive a',
  ],
];

for (const [written, expected] of TABLE) {
  test(`${Object.values(written).join(' ')} → ${expected}`, () => {
    assert.equal(outcomeOf(written), expected);
  });
}

const outputOf = (written: Written): string => {
  const outcome = operate(CIB, call(written), VALID);
  return outcome.ok && outcome.output !== undefined ? printXml(outcome.output) : 'none';
};

test('queries answer with what was asked for', () => {
  const query = 'query';
  assert.equal(
    outputOf({ operation: query, xpath: "//nvpair[@id='o1']" }),
    '<nvpair id="o1" name="stonith-enabled" value="false"/>',
  );
  assert.equal(
    outputOf({ operation: query, xpath: '//primitive', noChildren: true }),
    `<xpath-query><primitive id="a" ${DUMMY}/><primitive id="b" ${DUMMY}/></xpath-query>`,
  );
  assert.equal(outputOf({ operation: query, section: 'resources', noChildren: true }), '<resources/>');
  assert.equal(outputOf({ operation: query, section: 'tags' }), 'none');
  assert.equal(outputOf({ operation: query }), printXml(CIB));
});

test('values count up from what stands there', () => {
  const counted = (value: string): string | undefined => {
    const outcome = operate(
      CIB,
      call({ operation: 'modify', input: `<nvpair id="a2" value="${value}"/>` }),
      VALID,
    );
    return outcome.ok ? /"a2" name="priority" value="([^"]*)"/.exec(printXml(outcome.cib))?.[1] : undefined;
  };
  assert.equal(counted('value++'), '6');
  assert.equal(counted('value+=10'), '15');
  assert.equal(counted('value+=-7'), '-2');
  assert.equal(counted('value+=2000000'), '1000000');
});

test('what is not valid is refused, and a change of status is not asked', () => {
  const problems = [{ message: 'no' }];
  const strict = { validate: () => problems };
  const refused = operate(CIB, call({ operation: 'delete', input: '<primitive id="a"/>' }), strict);
  assert.ok(!refused.ok && refused.refusal === 'schema' && refused.problems === problems);
  assert.ok(
    operate(CIB, call({ operation: 'create', section: 'status', input: '<node_state id="1"/>' }), strict).ok,
  );
});

test('a change of the configuration is stamped', () => {
  const stamp = { at: instant(1_794_000_000_000), node: 'n1', client: 'cibadmin', user: 'root' };
  const outcome = operate(CIB, call({ operation: 'delete', input: '<primitive id="a"/>' }), {
    ...VALID,
    stamp,
  });
  assert.ok(outcome.ok);
  assert.equal(attribute(outcome.cib, 'cib-last-written'), 'Fri Nov  6 21:20:00 2026');
  assert.equal(attribute(outcome.cib, 'update-client'), 'cibadmin');
});

test('an operation shares what it does not touch', () => {
  const outcome = operate(
    CIB,
    call({ operation: 'replace', input: printXml(CIB).replace('value="5"', 'value="6"') }),
    VALID,
  );
  assert.ok(outcome.ok);
  assert.equal(outcome.cib.children[1], CIB.children[1]);
  assert.equal(outcome.cib.children[0]?.children[0], CIB.children[0]?.children[0]);
});
