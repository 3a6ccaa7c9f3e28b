import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { RunningDemo } from './running-demo.ts';
import { Witness } from './witness.ts';

async function withDemo(
  context: TestContext,
  nodes: number,
  body: (demo: RunningDemo) => Promise<void>,
): Promise<void> {
  const demo = await RunningDemo.start({ nodes });
  try {
    assert.equal(demo.nodes.length, nodes);
    await body(demo);
  } catch (error) {
    context.diagnostic(demo.logs());
    throw error;
  } finally {
    const left = await demo.stop();
    demo.remove();
    assert.deepEqual(left, [], 'nothing is left when it is taken down');
  }
}

/** How often the `pacemakerd` of a node joined a bus. */
const arrivals = (demo: RunningDemo, node: string): number =>
  readFileSync(join(demo.folder, 'pacemaker-bus.log'), 'utf8').split(`${node}: peer came`).length - 1;

test(
  'five nodes stay together over a restart of the bus, and no service notices',
  { timeout: 120_000 },
  context =>
    withDemo(context, 5, async demo => {
      const witness = await Witness.of(demo);
      const before = demo.service();
      assert.ok(before !== undefined && (await demo.serves()));
      await witness.untouchedBy(async () => {
        const hub = demo.hub();
        assert.ok(hub !== undefined);
        process.kill(hub, 'SIGKILL');
        await demo.until('the bus is back', () => (demo.hub() ?? hub) !== hub);
        await demo.until('all have joined it', () => demo.nodes.every(node => arrivals(demo, node) === 2));
        await demo.until('the cluster is idle', () => demo.isSettled());
      });
      assert.deepEqual(demo.service(), before);
    }),
);

test('of two nodes the one that is left fences the other and goes on', { timeout: 120_000 }, context =>
  withDemo(context, 2, async demo => {
    const before = demo.service();
    assert.ok(before !== undefined);
    const survivor = demo.nodes.find(node => node !== before.node);
    assert.ok(survivor !== undefined);
    await demo.control('power', before.node, 'off');
    await demo.until('the service is with the survivor', () => demo.service()?.node === survivor);
    await demo.until('the page is served', () => demo.serves());
    await demo.until('the node is back', () => demo.isSettled());
    const history = await demo.tool('crm_mon', ['-1', '--fence-history=2', '--inactive'], survivor);
    assert.match(history, new RegExp(`reboot of ${before.node} successful`));
  }),
);
