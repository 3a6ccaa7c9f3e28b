import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCHEMAS } from '../../core/cib/schema/versions.ts';
import { changeAt } from '../../core/xml/edit.ts';
import { withAttribute, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { projectFolder } from '../main/project.ts';
import { loadSchemaValidator } from './schema-validator.ts';

const validator = await loadSchemaValidator();

const parsed = (source: string): XmlElement => {
  const result = parseXml(source);
  assert.ok(result.ok, source);
  return result.root;
};

const cib = ({ schema = 'pacemaker-3.9', nodes = '', resources = '', constraints = '', more = '' }): string =>
  `<cib validate-with="${schema}" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/>
<nodes>${nodes}</nodes>
<resources>${resources}</resources>
<constraints>${constraints}</constraints>
${more}</configuration><status/></cib>`;

const check = (source: string): string =>
  validator
    .validate(parsed(source), source)
    .map(({ line, element, message }) => `${line} ${element ?? '-'}: ${message}`)
    .join('; ');

test('an empty configuration is valid by every schema', () => {
  for (const schema of SCHEMAS) assert.equal(check(cib({ schema })), '', schema);
});

test('without validation everything is valid, and a name that is not known is not', () => {
  assert.equal(check('<cib validate-with="none"><what/></cib>'), '');
  assert.match(check(cib({ schema: 'pacemaker-9.9' })), /pacemaker-9\.9/);
});

const DUMMY = 'class="ocf" provider="heartbeat" type="Dummy"';

const BROKEN: readonly (readonly [what: string, parts: Parameters<typeof cib>[0], where: RegExp])[] = [
  ['an attribute that is not known', { resources: `<primitive id="a" ${DUMMY} foo="1"/>` }, /^3 a: .*foo/],
  ['an element that is not known', { resources: `<primitive id="a" ${DUMMY}><foo/></primitive>` }, /^3 a: /],
  ['an id that is none', { resources: `<primitive id="1a" ${DUMMY}/>` }, /^3 1a: /],
  ['ocf without provider', { resources: '<primitive id="a" class="ocf" type="Dummy"/>' }, /^3 a: /],
  ['an empty group', { resources: '<group id="g"/>' }, /^3 g: /],
  ['a score that is none', { constraints: '<rsc_location id="l" rsc="a" node="n" score="high"/>' }, /^4 l: /],
  ['a location without a place', { constraints: '<rsc_location id="l" rsc="a"/>' }, /^4 l: /],
  [
    'an operation without interval',
    {
      resources: `<primitive id="a" ${DUMMY}><operations><op id="o" name="monitor"/></operations></primitive>`,
    },
    /^3 o: /,
  ],
  [
    'a role of another age',
    {
      schema: 'pacemaker-4.0',
      constraints: '<rsc_location id="l" rsc="a" node="n" score="1" role="Master"/>',
    },
    /^4 l: /,
  ],
  [
    'master in 4.0',
    { schema: 'pacemaker-4.0', resources: `<master id="m"><primitive id="a" ${DUMMY}/></master>` },
    /^3 m: /,
  ],
  [
    'a nvpair without value in 4.0',
    {
      schema: 'pacemaker-4.0',
      nodes:
        '<node id="1" uname="n"><instance_attributes id="i"><nvpair id="x" name="y"/></instance_attributes></node>',
    },
    /^2 x: /,
  ],
  ['alerts before they were', { schema: 'pacemaker-2.4', more: '<alerts/>' }, /alerts/],
];

for (const [what, parts, where] of BROKEN) {
  test(`refused with its place: ${what}`, () => assert.match(check(cib(parts)), where));
}

const CASES = process.env.PACEMAKER_CONFORMANCE ?? join(projectFolder(), '..', 'shared', 'conformance');

test('the configurations of all conformance cases are valid', { skip: !existsSync(CASES) }, () => {
  const folder = join(CASES, 'scheduler', 'xml');
  const names = readdirSync(folder).filter(name => name.endsWith('.xml'));
  assert.ok(names.length > 700);
  for (const name of names) assert.equal(check(readFileSync(join(folder, name), 'utf8')), '', name);
});

test('a tag may name a node by its number, and what is not there any more', () => {
  const tags = '<tags><tag id="t"><obj_ref id="1"/><obj_ref id="gone"/></tag></tags>';
  const nodes = '<node id="1" uname="n"/>';
  const document = cib({ nodes, resources: `<primitive id="a" ${DUMMY}/>`, more: tags });
  assert.equal(check(document), '');
});

test('without its text a document has problems without lines', () => {
  const broken = withAttribute(parsed(cib({})), 'foo', '1');
  const [problem] = validator.validate(broken);
  assert.ok(problem !== undefined && problem.line === undefined);
});

test('after a valid document a fault in the next one is found, where it is new and where it came back', () => {
  const before = parsed(cib({ resources: `<primitive id="a" ${DUMMY}/>` }));
  assert.deepEqual(validator.validate(before), []);
  const broken = changeAt(before, [0, 2, 0], one => withAttribute(one, 'foo', '1'));
  for (let times = 0; times < 2; times += 1) {
    assert.ok(validator.validate(broken).some(({ element }) => element === 'a'));
  }
  assert.deepEqual(validator.validate(before), []);
});
