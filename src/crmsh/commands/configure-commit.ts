import type { SyntaxProblem } from '../language/split.ts';
import { Draft } from '../shell/draft.ts';
import type { Session } from '../shell/session.ts';

export async function openDraft(session: Session): Promise<Draft | undefined> {
  if (session.draft !== undefined) return session.draft;
  const cib = await session.cib();
  if (cib === undefined) return undefined;
  session.draft = new Draft(cib);
  return session.draft;
}

/** Whether there were none. `source` is the file that the lines are of. */
export function sayProblems(session: Session, problems: readonly SyntaxProblem[], source?: string): boolean {
  for (const { line, word, message } of problems) {
    const where = source === undefined ? '' : `${source}:${line}: `;
    session.error(`${where}${message}${word === undefined ? '' : `, at "${word}"`}`);
  }
  return problems.length === 0;
}

/** Says what is wrong with the configuration; only errors make it fail. */
export async function verify(session: Session, { isCommit = false } = {}): Promise<boolean> {
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  let ok = true;
  for (const { severity, object, message } of draft.findings({ isCommit })) {
    if (severity === 'error') ok = session.error(`${object}: ${message}`);
    else session.warn(`${object}: ${message}`);
  }
  for (const message of await session.validate(draft.cib)) ok = session.error(message);
  return ok;
}

/** Sends the changes as one patch, after a look at them. Without changes there is nothing to send. */
export async function commit(session: Session, { force }: { readonly force: boolean }): Promise<boolean> {
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const patchset = draft.patchset();
  if (patchset === undefined) return true;
  const isForced = force || session.options.force;
  if (!(await verify(session, { isCommit: true }))) {
    if (!isForced && !(await session.confirm('There are errors. Commit all the same'))) {
      return session.error('nothing was committed; "commit force" insists');
    }
    session.inform('commit forced');
  }
  const reply = await session.ask({
    kind: 'cib',
    operation: 'patch',
    input: patchset,
    ...(isForced ? { force: true } : {}),
  });
  if (!reply.ok) {
    const hint =
      reply.refusal === 'old-data' || reply.refusal === 'failed' ? ': others changed the same parts' : '';
    return session.error(`the cluster refused the changes: ${reply.message}${hint}`);
  }
  session.draft = undefined;
  if (!session.options.wait) return true;
  return (await import('./settle.ts')).waitUntilSettled(session);
}
