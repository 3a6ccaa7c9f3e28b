import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Installation } from './installation.ts';
import { RunningDemo } from './running-demo.ts';
import { Witness } from './witness.ts';

test('no service notices that pacemakerd is replaced, node by node', { timeout: 120_000 }, async context => {
  const installation = new Installation();
  const demo = await RunningDemo.start({ programs: installation.programs });
  try {
    await replaceAll({ context, demo, installation });
  } catch (error) {
    context.diagnostic(demo.logs());
    throw error;
  } finally {
    await demo.stop();
    demo.remove();
    installation.remove();
  }
});

async function replaceAll({
  context,
  demo,
  installation,
}: {
  readonly context: TestContext;
  readonly demo: RunningDemo;
  readonly installation: Installation;
}): Promise<void> {
  const witness = await Witness.of(demo);
  const replace = async (node: string, signal: NodeJS.Signals): Promise<string> => {
    const former = demo.daemon(node, 'pacemakerd');
    assert.ok(former !== undefined);
    process.kill(former, signal);
    await demo.until('another runs', () => (demo.daemon(node, 'pacemakerd') ?? former) !== former);
    await demo.until('the cluster is idle', () => demo.isSettled());
    return demo.program(demo.daemon(node, 'pacemakerd') ?? 0);
  };

  await context.test('by an upgrade, the DC last', async () => {
    const dc = await demo.dc();
    const before = demo.service();
    assert.ok(before !== undefined);
    installation.replace();
    const kept = await witness.untouchedBy(async () => {
      for (const node of [...demo.nodes.filter(name => name !== dc), dc]) {
        assert.equal(await replace(node, 'SIGHUP'), installation.programOf('pacemakerd'));
      }
    });
    assert.deepEqual(demo.service(), before);
    context.diagnostic(`${kept.monitors} monitors, ${kept.longestPause.toFixed(0)} ms between two at most`);
  });

  await context.test('and any node says how the DC is', async () => {
    const dc = await demo.dc();
    for (const node of demo.nodes) {
      assert.equal(
        await demo.tool('crmadmin', ['-S', dc], node),
        `Controller on ${dc} in state S_IDLE: ok\n`,
      );
    }
  });

  await context.test('what the DC decided on can be decided on again', async () => {
    const folder = join(demo.nodeFolder(await demo.dc()), 'pengine');
    const inputs = readdirSync(folder).filter(name => /^pe-input-\d+\./.test(name));
    assert.ok(inputs.length > 0);
    for (const name of inputs.slice(-1)) {
      const said = await demo.tool('crm_simulate', ['-x', join(folder, name), '-S']);
      assert.match(said, /Using the original execution date of: .*\n.*Executing Cluster Transition:/s);
    }
  });

  await context.test('by the death of the one that is DC', async () => {
    const before = demo.service();
    assert.ok(before !== undefined);
    await witness.untouchedBy(async () => void (await replace(await demo.dc(), 'SIGKILL')));
    assert.deepEqual(demo.service(), before);
  });
}
