import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { parseXml } from '../xml/parse.ts';
import { placeDevices } from './device-placement.ts';

const cib = (resources: string, constraints = '') => {
  const parsed = parseXml(
    `<cib have-quorum="1"><configuration><crm_config/><nodes><node id="1" uname="a"/><node id="2" uname="b"/></nodes>` +
      `<resources>${resources}</resources><constraints>${constraints}</constraints></configuration><status/></cib>`,
  );
  assert.ok(parsed.ok);
  return parsed.root;
};

const DEVICE =
  '<primitive id="f" class="stonith" type="fence_x"><instance_attributes id="i"><nvpair id="n" name="ip" value="10.0.0.1"/></instance_attributes></primitive>';
const placed = (document: ReturnType<typeof cib>, node: string) =>
  placeDevices({ cib: document, now: instant(0), node }).map(({ id }) => id);

test('a device may be used from every node that nothing forbids', () => {
  assert.deepEqual(placeDevices({ cib: cib(DEVICE), now: instant(0), node: 'a' }), [
    { id: 'f', agent: 'fence_x', parameters: { ip: '10.0.0.1' } },
  ]);
});

test('a negative location score keeps a device off a node', () => {
  const document = cib(DEVICE, '<rsc_location id="l" rsc="f" node="a" score="-INFINITY"/>');
  assert.deepEqual([placed(document, 'a'), placed(document, 'b')], [[], ['f']]);
});

test('a stopped device is used nowhere; a node that is not configured has none', () => {
  const stopped = DEVICE.replace(
    '</primitive>',
    '<meta_attributes id="m"><nvpair id="t" name="target-role" value="Stopped"/></meta_attributes></primitive>',
  );
  assert.deepEqual(placed(cib(stopped), 'a'), []);
  assert.deepEqual(placed(cib(DEVICE), 'c'), []);
});

test('a cloned device counts once', () => {
  assert.deepEqual(placed(cib(`<clone id="c">${DEVICE}</clone>`), 'a'), ['f']);
});
