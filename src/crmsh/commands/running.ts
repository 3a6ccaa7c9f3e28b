import { objectsOf } from '../language/objects.ts';
import type { Session } from '../shell/session.ts';

/** Those of the objects that are resources and active now, with their nodes. */
export async function runningOn(
  session: Session,
  ids: readonly string[],
): Promise<readonly { readonly resource: string; readonly node: string }[]> {
  const cib = await session.cib();
  if (cib === undefined || !objectsOf(cib).some(object => ids.includes(object.id))) return [];
  const [{ unpack }, { now }] = await Promise.all([
    import('../../core/status/unpack.ts'),
    import('../../host/clock.ts'),
  ]);
  const picture = unpack({ cib, now: now() });
  return ids.flatMap(resource => {
    const node = picture.resourceById.get(resource)?.activeOn[0];
    return node === undefined ? [] : [{ resource, node: node.name }];
  });
}
