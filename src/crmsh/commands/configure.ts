import { type CrmObject, isContainer, memberIds, objectsOf } from '../language/objects.ts';
import { STATEMENT_KEYWORDS } from '../language/read.ts';
import { redirectConstraints } from '../language/remove.ts';
import type { Command, Level, Line } from '../shell/command.ts';
import type { Draft } from '../shell/draft.ts';
import type { Session } from '../shell/session.ts';
import { usualProvider } from './agents.ts';
import { commit, openDraft, sayProblems, verify } from './configure-commit.ts';
import { EDITING } from './configure-edit.ts';
import { MORE } from './configure-more.ts';
import { SHOWING } from './configure-show.ts';
import { TEXT } from './configure-text.ts';
import { STATEMENT_HELP } from './statement-help.ts';

/** A statement of crm syntax, typed as a command: `primitive web apache …`. */
const statement = (keyword: string): Command => ({
  ...(STATEMENT_HELP[keyword] ?? { usage: '…', summary: `define a ${keyword}` }),
  run: (session, line) => define(session, line),
  complete: async (session, words) =>
    (await import('../shell/complete-statement.ts')).completeStatement(session, words),
});

async function define(session: Session, { text }: Line): Promise<boolean> {
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const before = new Set(objectsOf(draft.cib).map(object => object.id));
  const problems = draft.load(text, 'create', type => usualProvider(session, type));
  if (problems.length > 0) return sayProblems(session, problems);
  for (const object of objectsOf(draft.cib)) {
    if (isContainer(object.kind) && !before.has(object.id)) moveConstraints(session, draft, object);
  }
  return true;
}

/** What constrained a resource before it came into a container constrains the container from now on. */
function moveConstraints(session: Session, draft: Draft, container: CrmObject): void {
  for (const member of memberIds(container)) {
    const changed = redirectConstraints(draft.cib, { from: member, to: container.id });
    if (changed === draft.cib) continue;
    draft.cib = changed;
    session.inform(`constraints of ${member} are about ${container.id} now`);
  }
}

const statements = Object.fromEntries(
  STATEMENT_KEYWORDS.filter(keyword => keyword !== 'master' && keyword !== 'collocation').map(keyword => [
    keyword,
    statement(keyword),
  ]),
);

export const CONFIGURE_LEVEL: Level = {
  name: 'configure',
  summary: 'the configuration: changes wait until they are committed',
  commands: {
    ...statements,
    ms: { ...(statements.ms as Command), aliases: ['master'] },
    colocation: { ...(statements.colocation as Command), aliases: ['collocation'] },
    ...SHOWING,
    ...EDITING,
    ...TEXT,
    ...MORE,
    commit: {
      usage: '[force]',
      summary: 'verify the changes and apply them',
      help: 'Only the difference is sent, without a version: what others changed meanwhile stays as they left it.',
      run: (session, { words }) => commit(session, { force: words.includes('force') }),
    },
    verify: {
      usage: '',
      summary: 'check references and schema of the configuration as it stands here',
      run: session => verify(session),
    },
  },
  leave: async session => {
    const draft = session.draft;
    if (draft === undefined || !draft.isChanged) {
      session.draft = undefined;
      return true;
    }
    const isAsked = session.question !== undefined && !session.isSingleShot && !session.options.force;
    if (isAsked && !(await session.confirm('There are changes that are not committed. Commit them'))) {
      session.draft = undefined;
      return true;
    }
    const ok = await commit(session, { force: session.options.force });
    session.draft = undefined;
    return ok;
  },
};
