/** The level `cluster`: the cluster as a whole. */
import { attribute } from '../../core/xml/element.ts';
import type { Level } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';
import { verify } from './configure-commit.ts';
import { exitOfTool, runTool } from './tool.ts';

export const CLUSTER_LEVEL: Level = {
  name: 'cluster',
  summary: 'the cluster as a whole',
  commands: {
    status: {
      usage: '',
      summary: 'show which nodes take part, and whether they have quorum',
      run: async session => {
        const members = await runTool(session, 'crm_node', ['--list']);
        session.out('quorum: ');
        return (await runTool(session, 'crm_node', ['--quorum'])) && members;
      },
    },
    health: {
      usage: '',
      summary: 'say whether anything is wrong: quorum, nodes, failures, configuration',
      run: health,
    },
    wait_for_startup: {
      usage: '[SECONDS]',
      summary: 'wait until this node answers',
      run: async (session, { words }) => {
        const seconds = Number(words[1] ?? 10);
        if (!(seconds > 0)) return session.error('usage: wait_for_startup [SECONDS]');
        return waitForStartup(session, seconds);
      },
    },
  },
};

async function health(session: Session): Promise<boolean> {
  const cib = await session.cib();
  if (cib === undefined) return false;
  const isQuorate = attribute(cib, 'have-quorum') !== '0';
  if (!isQuorate) session.error('the cluster has no quorum');
  const [{ unpack }, { now }] = await Promise.all([
    import('../../core/status/unpack.ts'),
    import('../../host/clock.ts'),
  ]);
  const picture = unpack({ cib, now: now() });
  let ok = isQuorate;
  for (const node of picture.nodes) {
    if (node.unclean) ok = session.error(`node ${node.name} is unclean`);
    else if (!node.online) session.warn(`node ${node.name} is offline`);
    else if (node.standby) session.warn(`node ${node.name} is on standby`);
  }
  for (const failure of picture.failures) {
    session.warn(
      `${attribute(failure.entry, 'operation_key') ?? 'an operation'} failed on ${failure.node.name}`,
    );
  }
  ok = (await verify(session)) && ok;
  session.draft = undefined;
  if (ok) session.line('nothing is wrong');
  return ok;
}

async function waitForStartup(session: Session, seconds: number): Promise<boolean> {
  const { setTimeout: sleep } = await import('node:timers/promises');
  const end = performance.now() + seconds * 1000;
  const silent = { ...session.surroundings, out: () => undefined, err: () => undefined };
  while (performance.now() < end) {
    const quiet = Object.assign(Object.create(Object.getPrototypeOf(session)), session, {
      surroundings: silent,
    });
    if ((await exitOfTool(quiet as Session, 'crm_node', ['--name'])) === 0) return true;
    await sleep(500);
  }
  return session.error(`no answer within ${seconds} s`);
}
