import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareBranches } from '../../../xml/edit.ts';
import { attribute, withChildren, type XmlElement } from '../../../xml/element.ts';
import { parseXml } from '../../../xml/parse.ts';
import { type Evidence, evidenceOf } from './evidence.ts';

const cib = (status: string, configuration = '<resources/>'): XmlElement => {
  const parsed = parseXml(
    `<cib><configuration>${configuration}</configuration><status>${status}</status></cib>`,
  );
  assert.ok(parsed.ok);
  return parsed.root;
};

const node = (resources: string, attributes = '') =>
  `<node_state id="1" uname="a"><lrm id="1"><lrm_resources>${resources}</lrm_resources></lrm>${attributes}</node_state>`;
const resource = (...entries: string[]) => `<lrm_resource id="r">${entries.join('')}</lrm_resource>`;
const entry = (id: string, magic: string, call = 1) =>
  `<lrm_rsc_op id="${id}" transition-magic="${magic}" call-id="${call}"/>`;
const attributes = (value: string) =>
  `<transient_attributes id="1"><x value="${value}"/></transient_attributes>`;

const cases: readonly { title: string; before: XmlElement; after: XmlElement; found: string[] }[] = [
  {
    title: 'nothing changed',
    before: cib(node(resource(entry('r_last_0', '0:0;k')))),
    after: cib(node(resource(entry('r_last_0', '0:0;k')))),
    found: [],
  },
  {
    title: 'a result under a known id',
    before: cib(node(resource(entry('r_last_0', '-1:193;k')))),
    after: cib(node(resource(entry('r_last_0', '0:0;k')))),
    found: ['result a r_last_0'],
  },
  {
    title: 'a failure and its twin are one result',
    before: cib(node(resource())),
    after: cib(node(resource(entry('r_last_0', '0:1;k'), entry('r_last_failure_0', '0:1;k')))),
    found: ['result a r_last_0'],
  },
  {
    title: 'history that is gone',
    before: cib(node(resource(entry('r_last_0', '0:0;k')))),
    after: cib(node('')),
    found: ['history-gone a r'],
  },
  {
    title: 'an operation that left history says nothing',
    before: cib(node(resource(entry('r_monitor_10', '0:0;k')))),
    after: cib(node(resource())),
    found: [],
  },
  {
    title: 'an attribute of a node',
    before: cib(node('', attributes('1'))),
    after: cib(node('', attributes('2'))),
    found: ['attributes a'],
  },
  {
    title: 'the configuration',
    before: cib(node('')),
    after: cib(node(''), '<resources><primitive id="r"/></resources>'),
    found: ['configuration'],
  },
];

function inWords(one: Evidence): string {
  switch (one.kind) {
    case 'configuration':
      return one.kind;
    case 'attributes':
      return `${one.kind} ${one.node}`;
    case 'result':
      return `${one.kind} ${one.node} ${attribute(one.entry, 'id')}`;
    case 'history-gone':
      return `${one.kind} ${one.node} ${one.resource}`;
  }
}

for (const { title, before, after, found } of cases) {
  test(`evidence: ${title}`, () => {
    const shared = shareBranches(before, after);
    assert.deepEqual(evidenceOf(before, shared).map(inWords), found);
  });
}

test('without anything before, all is news', () => {
  const after = cib(node(resource(entry('r_last_0', '0:0;k'))));
  assert.deepEqual(
    evidenceOf(undefined, after).map(({ kind }) => kind),
    ['configuration', 'result'],
  );
  assert.deepEqual(evidenceOf(after, withChildren(after, after.children)), []);
});
