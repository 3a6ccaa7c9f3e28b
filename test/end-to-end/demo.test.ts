import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { RunningDemo } from './running-demo.ts';

/** Steps on one cluster, each from where the one before left it. Real processes take real time. */
test('a cluster of three nodes survives what it is made for', { timeout: 170_000 }, async context => {
  const demo = await RunningDemo.start();
  try {
    await survive(context, demo);
  } catch (error) {
    context.diagnostic(demo.logs());
    throw error;
  } finally {
    const left = await demo.stop();
    demo.remove();
    assert.deepEqual(left, [], 'nothing is left when it is taken down');
  }
});

async function survive(context: TestContext, demo: RunningDemo): Promise<void> {
  await context.test('the page is served', async () => assert.ok(await demo.serves()));

  await context.test('a service that is killed is started again', async () => {
    const before = demo.service();
    assert.ok(before !== undefined);
    process.kill(before.pid, 'SIGKILL');
    await demo.until(
      'another server runs',
      () => demo.service()?.pid !== before.pid && demo.service() !== undefined,
    );
    await demo.until('the page is served', () => demo.serves());
  });

  await context.test('pacemakerd that is killed comes back, and no service is touched', async () => {
    await demo.until('the cluster is idle', () => demo.isSettled());
    const before = demo.service();
    assert.ok(before !== undefined);
    const daemon = demo.daemon(before.node, 'pacemakerd');
    assert.ok(daemon !== undefined);
    process.kill(daemon, 'SIGKILL');
    await demo.until(
      'it is started again',
      () => (demo.daemon(before.node, 'pacemakerd') ?? daemon) !== daemon,
    );
    await demo.until('the cluster is idle', () => demo.isSettled());
    assert.deepEqual(demo.service(), before);
  });

  await context.test('a node that dies is fenced, and its services run elsewhere', async () => {
    const before = demo.service();
    assert.ok(before !== undefined);
    await demo.control('power', before.node, 'off');
    await demo.until('the page is served', () => demo.serves());
    assert.notEqual(demo.service()?.node, before.node);
    await demo.until('the node is back', () => demo.isSettled());
    const survivor = demo.nodes.find(node => node !== before.node);
    const history = await demo.tool('crm_mon', ['-1', '--fence-history=2', '--inactive'], survivor);
    assert.match(history, new RegExp(`reboot of ${before.node} successful`));
  });
}
