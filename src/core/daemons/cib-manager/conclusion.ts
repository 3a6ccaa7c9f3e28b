import type { Conclusion } from '../../cib/conclude.ts';
import type { CibWriteMessage } from '../../messages/cib.ts';
import type { NodeName } from '../../model/names.ts';

/** What a write is stamped with comes with it, so that every node writes the same. */
export const conclusionOf = (
  { identity, at }: CibWriteMessage,
  from: NodeName,
  validate: Conclusion['validate'],
): Conclusion => ({
  validate,
  stamp: { at, node: from, client: identity.name ?? 'unknown', user: identity.user },
});
