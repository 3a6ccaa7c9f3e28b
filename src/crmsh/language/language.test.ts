import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { child, element, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import { canonical } from './canonical.ts';
import { applyStatements, type LoadMethod } from './edit.ts';
import { objectsOf } from './objects.ts';
import { readConfiguration } from './read.ts';
import { contextOf, showConfiguration } from './show.ts';

const EMPTY =
  '<cib><configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>';

const parsed = (xml: string): XmlElement => {
  const result = parseXml(xml);
  assert.ok(result.ok);
  return result.root;
};

function load(cib: XmlElement, text: string, method: LoadMethod = 'update'): XmlElement {
  const { statements, problems } = readConfiguration(text, contextOf(cib));
  assert.deepEqual(problems, []);
  const edited = applyStatements(cib, statements, method);
  assert.deepEqual(edited.problems, []);
  return edited.cib;
}

const problemsOf = (text: string): readonly string[] => {
  const { statements, problems } = readConfiguration(text, { nodes: [] });
  const edited = applyStatements(parsed(EMPTY), statements, 'create');
  return [...problems, ...edited.problems].map(
    ({ line, word, message }) => `${line} ${word ?? '-'}: ${message}`,
  );
};

test('what is shown loads again and changes nothing', () => {
  const text = `node 1: n1 \\
	attributes standby=off
node 2: n2
primitive data ocf:linbit:drbd \\
	params drbd_resource=r0
# The address of the service
primitive ip IPaddr2 \\
	params ip=10.0.0.1 \\
	op monitor interval=10s
primitive web apache \\
	params configfile="/etc/apache2/apache2.conf"
group g ip web \\
	meta target-role=Started
ms m data \\
	meta notify=true
order after Mandatory: m:promote g:start
location near g \\
	rule $role=Started 50: #uname eq n1 and defined pingd
colocation together inf: g m:Master
property cib-bootstrap-options: \\
	stonith-enabled=false
rsc_defaults rsc-options: \\
	resource-stickiness=100
`;
  const cib = load(parsed(EMPTY), text);
  assert.equal(showConfiguration(cib), text);
  assert.equal(load(cib, text, 'replace'), cib);
});

test('every configuration of the scheduler corpus shows, loads and stays what it is', context => {
  const data =
    process.env.PACEMAKER_CONFORMANCE ?? new URL('../../../../shared/conformance', import.meta.url).pathname;
  const folder = `${data}/scheduler/xml`;
  if (!existsSync(folder)) return context.skip('no conformance data');
  for (const file of readdirSync(folder)) {
    const cib = parsed(readFileSync(`${folder}/${file}`, 'utf8'));
    const text = showConfiguration(cib);
    assert.equal(load(cib, text, 'replace'), cib, file);
    // Into an empty cluster: all but the ids that the text does not say.
    const nodes = child(child(cib, 'configuration') ?? cib, 'nodes');
    const elsewhere = load(parsed(EMPTY), text, 'update');
    assert.equal(showConfiguration(elsewhere).length > 0, text.length > 0, file);
    assert.equal(objectsOf(elsewhere).length, objectsOf(cib).length, `${file} ${nodes?.children.length}`);
  }
});

test('a fault names its line and its word', () => {
  assert.deepEqual(problemsOf('primitive p1 Dummy\nprimitive p2 \\\n  Dummy params a=1 op\n'), [
    '3 -: the name of the operation is missing',
  ]);
  assert.deepEqual(problemsOf('\n\nlocation l1 p1 often: n1'), ['3 often:: this is not a score']);
  assert.deepEqual(problemsOf('location l1 p1 rule x eq 1 and y eq 2 or z eq 3'), [
    '1 or: one rule joins its expressions by "and" or by "or", not by both',
  ]);
  assert.deepEqual(problemsOf('primitive p1 Dummy\nprimitive p1 Dummy'), [
    '2 p1: this object is defined twice',
  ]);
  assert.deepEqual(problemsOf('order o1 Mandatory: ( a b c'), ['1 -: the set is not closed: expected )']);
  assert.deepEqual(problemsOf('primitve p1 Dummy'), ['1 primitve: no such object']);
  assert.deepEqual(problemsOf('primitive p1 Dummy params a="b c'), ['1 "a=b c: the quote is not closed']);
});

test('an edit keeps the ids of what it keeps', () => {
  const cib = parsed(
    '<cib><configuration><resources><primitive id="p" class="ocf" provider="heartbeat" type="Dummy">' +
      '<operations><op id="other" name="monitor" interval="10s"/></operations>' +
      '<meta_attributes id="strange"><nvpair id="x" name="a" value="1"/></meta_attributes></primitive></resources></configuration></cib>',
  );
  const edited = load(cib, 'primitive p Dummy op monitor interval=10s timeout=5 meta a=2 b=3');
  assert.match(printXml(edited), /<op name="monitor" interval="10s" timeout="5" id="other"\/>/);
  assert.match(
    printXml(edited),
    /<nvpair name="a" value="2" id="x"\/><nvpair name="b" value="3" id="strange-b"\/>/,
  );
});

test('defaults and properties are merged by update and replaced by replace', () => {
  const cib = load(parsed(EMPTY), 'property a=1 b=2');
  assert.match(printXml(load(cib, 'property b=3 c=4')), /"a" value="1".*"b" value="3".*"c" value="4"/);
  assert.doesNotMatch(printXml(load(cib, 'property b=3', 'replace')), /"a"/);
});

test('under schema 4.0 ms makes a promotable clone, and roles have their present names', () => {
  const modern = parsed(EMPTY.replace('<cib>', '<cib validate-with="pacemaker-4.0">'));
  const text = `primitive d ocf:linbit:drbd op monitor interval=9 role=Master
ms m d meta master-max=1 notify=true
primitive p Dummy
colocation c inf: p m:Master`;
  assert.equal(
    showConfiguration(load(modern, text)),
    `primitive d ocf:linbit:drbd \\
	op monitor interval=9 role=Promoted
primitive p Dummy
clone m d \\
	meta promotable=true promoted-max=1 notify=true
colocation c inf: p m:Promoted
`,
  );
});

test('no text whatever ends the reader otherwise than with problems', () => {
  const words = fc.constantFrom(
    ...[
      'primitive',
      'group',
      'location',
      'order',
      'colocation',
      'rule',
      'date',
      'in',
      'and',
      'op',
      'meta',
      'params',
    ],
    ...[
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      'a',
      'b:Master',
      'x=1',
      '$id=y',
      '@z',
      'inf:',
      '10:',
      '\\\\',
      '#uname',
      'eq',
      '"q',
    ],
    ...[
      'role',
      'read',
      'xpath:/',
      'alert',
      'select',
      'to',
      'bundle',
      'docker',
      'fencing_topology',
      'tag',
      'node',
      'xml',
    ],
    ...[
      'property',
      '\n',
      '<a/>',
      'monitor',
      'rsc_ticket',
      'acl_target',
      'user',
      'start=',
      'spec',
      'hours=1',
      'not_defined',
    ],
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 14 }), list => {
      const { statements } = readConfiguration(list.join(' '), { nodes: ['n1'] });
      const edited = applyStatements(parsed(EMPTY), statements, 'update');
      // What was taken in can be shown, and reads back.
      load(edited.cib, showConfiguration(edited.cib), 'replace');
    }),
    { numRuns: 3000 },
  );
});

// Random configurations, through text and back.
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const value = fc.oneof(
  word,
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter(text => !/[\n\r\t]/.test(text)),
);
const pairs = fc.uniqueArray(fc.tuple(word, value), { maxLength: 4, selector: ([name]) => name });

const setOf = (name: string, id: string, list: readonly (readonly [string, string])[]): XmlElement[] =>
  list.length === 0
    ? []
    : [
        element(
          name,
          { id: `${id}-${name}` },
          list.map(([key, text]) =>
            element('nvpair', { name: key, value: text, id: `${id}-${name}-${key}` }),
          ),
        ),
      ];

const primitive = (id: string) =>
  fc
    .record({ params: pairs, meta: pairs, intervals: fc.uniqueArray(fc.nat(99), { maxLength: 3 }) })
    .map(({ params, meta, intervals }) =>
      element('primitive', { id, class: 'ocf', provider: 'heartbeat', type: 'Dummy' }, [
        ...setOf('instance_attributes', id, params),
        ...setOf('meta_attributes', id, meta),
        ...(intervals.length === 0
          ? []
          : [
              element(
                'operations',
                {},
                intervals.map(interval =>
                  element('op', { name: 'monitor', interval, id: `${id}-monitor-${interval}` }),
                ),
              ),
            ]),
      ]),
    );

const setMembers = fc.shuffledSubarray(['r0', 'r1', 'r2', 'r3'], { minLength: 1 });
const resourceSet = fc.record({
  members: setMembers,
  sequential: fc.boolean(),
  all: fc.boolean(),
  role: fc.option(fc.constantFrom('Promoted', 'Started'), { nil: undefined }),
});

const configuration = fc
  .record({
    resources: fc.tuple(primitive('r0'), primitive('r1'), primitive('r2'), primitive('r3')),
    grouped: fc.boolean(),
    sets: fc.array(resourceSet, { minLength: 1, maxLength: 4 }),
    score: fc.constantFrom('INFINITY', '-INFINITY', '0', '17'),
    properties: pairs,
  })
  .map(({ resources, grouped, sets, score, properties }) => {
    const [first, second, ...others] = resources;
    const wrapped = grouped
      ? [element('group', { id: 'g' }, [first, second]), ...others]
      : [element('clone', { id: 'c' }, [first]), second, ...others];
    const setElements = sets.map(({ members, sequential, all, role }, at) =>
      element(
        'resource_set',
        {
          id: `k-${at}`,
          'require-all': all ? undefined : false,
          sequential: sequential ? undefined : false,
          role,
        },
        members.map(id => element('resource_ref', { id })),
      ),
    );
    const configured = [
      element('crm_config', {}, setOf('cluster_property_set', 'x', properties)),
      element('nodes', {}, [element('node', { id: '1', uname: 'n1' })]),
      element('resources', {}, wrapped),
      element('constraints', {}, [element('rsc_colocation', { id: 'k', score }, setElements)]),
    ];
    return element('cib', {}, [element('configuration', {}, configured)]);
  });

test('a random configuration comes back from text as it was', () => {
  fc.assert(
    fc.property(configuration, cib => {
      const text = showConfiguration(cib);
      const back = load(parsed(EMPTY), text);
      const sectionOf = (of: XmlElement, name: string) => {
        const section = child(child(of, 'configuration') ?? of, name) ?? element(name);
        return section.children.map(canonical).sort();
      };
      for (const name of ['crm_config', 'nodes', 'resources', 'constraints']) {
        assert.deepEqual(sectionOf(back, name), sectionOf(cib, name), text);
      }
      assert.equal(load(cib, text, 'replace'), cib);
    }),
    { numRuns: 300 },
  );
});
