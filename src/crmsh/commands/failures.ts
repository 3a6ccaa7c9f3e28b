/** How often resources failed on nodes, and what was done with them: `failcount` and `operations`. */
import { nodeName } from '../../core/model/names.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';
import { objectsOf } from '../language/objects.ts';
import type { Session } from '../shell/session.ts';
import { runTool } from './tool.ts';

const USAGE = 'usage: failcount RSC {set NODE VALUE [OPERATION [INTERVAL]] | delete NODE | show NODE}';

export async function failCount(session: Session, words: readonly string[]): Promise<boolean> {
  const [resource, verb, node, value, operation, interval] = words;
  if (resource === undefined || node === undefined) return session.error(USAGE);
  if (verb === 'show') return show(session, { resource, node });
  if (verb === 'delete' || (verb === 'set' && value === '0')) {
    return forget(session, { resource, node });
  }
  if (verb !== 'set' || value === undefined) return session.error(USAGE);
  const cib = await session.cib();
  if (cib === undefined) return false;
  const name = await counterName(cib, { resource, operation: operation ?? 'monitor', interval });
  return runTool(session, 'attrd_updater', ['--name', name, '--update', value, '--node', node]);
}

/** The counters of all operations of the resource on the node, and when they last failed. */
async function forget(
  session: Session,
  { resource, node }: { readonly resource: string; readonly node: string },
): Promise<boolean> {
  const escaped = resource.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
  const pattern = `^(fail-count|last-failure)-${escaped}(:\\d+)?(#.+)?$`;
  const reply = await session.ask({
    kind: 'attribute',
    operation: 'delete',
    pattern,
    node: nodeName(node),
  });
  return reply.ok || session.error(`the fail count stays: ${reply.message}`);
}

interface Counter {
  readonly resource: string;
  readonly operation: string;
  readonly interval: string | undefined;
}

/** The attribute that counts the failures of an operation; without an interval, of the first that is configured. */
async function counterName(cib: XmlElement, { resource, operation, interval }: Counter): Promise<string> {
  const { parseInterval } = await import('../../core/model/interval.ts');
  const object = objectsOf(cib).find(one => one.id === resource);
  const operations = object?.element.children.find(one => one.name === 'operations')?.children ?? [];
  const configured = operations.find(one => attribute(one, 'name') === operation);
  const given = interval ?? (configured === undefined ? undefined : attribute(configured, 'interval'));
  return `fail-count-${resource}#${operation}_${parseInterval(given ?? '0') ?? 0}`;
}

async function show(
  session: Session,
  { resource, node }: { readonly resource: string; readonly node: string },
): Promise<boolean> {
  const cib = await session.cib();
  if (cib === undefined) return false;
  const [{ unpack }, { failCount: countOf }, { now }] = await Promise.all([
    import('../../core/status/unpack.ts'),
    import('../../core/status/fail-counts.ts'),
    import('../../host/clock.ts'),
  ]);
  const at = now();
  const picture = unpack({ cib, now: at });
  const found = picture.resourceById.get(resource) ?? picture.resourceById.get(`${resource}:0`);
  const where = picture.nodeByName.get(node);
  if (found === undefined) return session.error(`there is no resource ${resource}`);
  if (where === undefined) return session.error(`there is no node ${node}`);
  const query = { now: Math.floor(at / 1000), effective: false };
  const total = primitivesOf(found).reduce((sum, one) => sum + countOf(one, where, query).count, 0);
  const value = total >= 1_000_000 ? 'INFINITY' : String(total);
  session.line(`scope=status  name=fail-count-${resource} value=${value}`);
  return true;
}

const primitivesOf = (resource: ResourcePicture): readonly ResourcePicture[] =>
  resource.children.length === 0 ? [resource] : resource.children.flatMap(primitivesOf);
