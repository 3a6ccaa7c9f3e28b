import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf } from './element.ts';
import { parseXml } from './parse.ts';
import { select } from './select.ts';

const parsed = parseXml(`<cib epoch="7">
  <configuration>
    <crm_config><cluster_property_set id="s"><nvpair id="o1" name="no-quorum-policy" value="stop"/></cluster_property_set></crm_config>
    <resources>
      <primitive id="a" type="Dummy"><!-- note -->
        <meta_attributes id="a-m"><nvpair id="a1" name="priority" value="5"/><nvpair id="a2" name="target-role" value="Started"/></meta_attributes>
      </primitive>
      <clone id="c"><group id="g"><primitive id="b" type="Stateful"/><primitive id="d" type="Dummy"/></group></clone>
      <template id="t"/>
    </resources>
  </configuration>
</cib>`);
assert.ok(parsed.ok);
const { root } = parsed;

const found = (xpath: string): string => {
  const selection = select(root, xpath);
  if (!selection.ok) return `! ${selection.message}`;
  return selection.matches
    .map(({ element, attribute }) => {
      const label = idOf(element) ?? element.name;
      return attribute === undefined ? label : `${label}@${attribute.name}=${attribute.value}`;
    })
    .join(' ');
};

const TABLE: readonly (readonly [xpath: string, expected: string])[] = [
  ['//nvpair', 'o1 a1 a2'],
  ['/cib/configuration/resources/primitive', 'a'],
  ["//nvpair[@id='a1']", 'a1'],
  ['//nvpair[@id="a1"]/..', 'a-m'],
  ["//nvpair[@name='priority']/../..", 'a'],
  ['//clone/group/primitive[@id="d"]/../..', 'c'],
  ["//nvpair[@name='priority' and @value='5']", 'a1'],
  ["//nvpair[@name='x' or @value='5']", 'a1'],
  ["//nvpair[not(@name='priority')]", 'o1 a2'],
  ["//nvpair[contains(@name, 'role')]", 'a2'],
  ["//nvpair[starts-with(@name,'no-')]", 'o1'],
  ['//primitive[1]', 'a b'],
  ['(//primitive)[1]', 'a'],
  ['//primitive[last()]', 'a d'],
  ['//group/primitive[position() > 1]', 'd'],
  ['//primitive|//clone', 'a c b d'],
  ['//clone|//primitive|//clone', 'a c b d'],
  ['//nvpair/@value', 'o1@value=stop a1@value=5 a2@value=Started'],
  ['//@epoch', 'cib@epoch=7'],
  ['/', 'cib'],
  ['/cib', 'cib'],
  ['//resources/*', 'a c t'],
  ['//resources/*[self::primitive or self::template]', 'a t'],
  ['//primitive[meta_attributes]', 'a'],
  ['//primitive[not(ancestor::group)]', 'a'],
  ["//primitive[ancestor::clone[@id='c']]", 'b d'],
  ['//primitive[count(.//nvpair) = 2]', 'a'],
  ["//primitive[@id='b']/following-sibling::*", 'd'],
  ["//primitive[@id='d']/preceding-sibling::primitive[1]", 'b'],
  ["//*[@id='g']/primitive[@type!='Dummy']", 'b'],
  ['//nvpair[@value > 4]', 'a1'],
  ['//nvpair[@value <= 4]', ''],
  ["//primitive[name()='primitive'][2]", 'd'],
  ['//comment()', '#comment'],
  ["//primitive[@id = //group/primitive[@type='Dummy']/@id]", 'd'],
  ["//nvpair[string-length(@name) = 8 and concat(@name, '!') = 'priority!']", 'a1'],
  ["//*[@id='a-m']/descendant::nvpair[@name]", 'a1 a2'],
  ["//nvpair[@name=normalize-space('  target-role ')]/parent::meta_attributes", 'a-m'],
  ['//nope', ''],
  ['//[', '! "[" at position 3 is not expected'],
  ['count(//nvpair)', '! the expression gives no nodes'],
  ['//a[nonesuch()]', ''],
  ['//primitive[nonesuch()]', '! function nonesuch() is not known'],
  ['//primitive[', '! ends too early'],
  ['', '! ends too early'],
];

for (const [xpath, expected] of TABLE) {
  test(`${xpath || 'an empty expression'} finds ${expected || 'nothing'}`, () => {
    assert.equal(found(xpath), expected);
  });
}

test('a path leads from the root to the element', () => {
  const selection = select(root, "//primitive[@id='d']");
  assert.ok(selection.ok);
  const [match] = selection.matches;
  let at = root;
  for (const index of match?.path ?? []) at = at.children[index] ?? root;
  assert.equal(at, match?.element);
});
