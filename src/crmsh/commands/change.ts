import type { XmlElement } from '../../core/xml/element.ts';
import { Draft } from '../shell/draft.ts';
import type { Session } from '../shell/session.ts';

/** Changes the configuration at once, outside of `configure`: read, changed, sent as a patch. */
export async function changeConfiguration(
  session: Session,
  change: (cib: XmlElement) => XmlElement | { readonly problem: string },
): Promise<boolean> {
  const cib = await session.cib();
  if (cib === undefined) return false;
  const changed = change(cib);
  if ('problem' in changed) return session.error(changed.problem);
  const draft = new Draft(cib);
  draft.cib = changed;
  const patchset = draft.patchset();
  if (patchset === undefined) return true;
  const reply = await session.ask({ kind: 'cib', operation: 'patch', input: patchset });
  if (!reply.ok) return session.error(`the cluster refused the change: ${reply.message}`);
  if (!session.options.wait) return true;
  return (await import('./settle.ts')).waitUntilSettled(session);
}
