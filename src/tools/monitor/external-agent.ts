/**
 * A program of the user's that is run for each result of an operation that comes in while the monitor follows the
 * cluster, as Pacemaker's is: what happened is in its environment (`CRM_notify_…`). Results that were there already
 * when the monitor began are none of its business, nor are those that say that nothing runs where nothing should.
 */

import { sectionOf } from '../../core/cib/document.ts';
import { OCF } from '../../core/model/exit-status.ts';
import { executionWords, exitWords, readEntry } from '../../core/report/history-words.ts';
import { attribute, childrenNamed, idOf, walk, type XmlElement } from '../../core/xml/element.ts';

export interface ExternalAgentOptions {
  readonly recipient: string | undefined;
  /** Starts the program with this added to its environment. */
  readonly start: (environment: Readonly<Record<string, string>>) => void;
}

export class ExternalAgent {
  readonly #options: ExternalAgentOptions;
  #known: ReadonlyMap<string, string> | undefined;

  constructor(options: ExternalAgentOptions) {
    this.#options = options;
  }

  note(cib: XmlElement): void {
    const known = new Map<string, string>();
    for (const { node, resource, entry } of entriesOf(cib)) {
      const place = `${node} ${resource} ${idOf(entry)}`;
      const result = `${attribute(entry, 'transition-magic')} ${attribute(entry, 'call-id')}`;
      known.set(place, result);
      if (this.#known !== undefined && this.#known.get(place) !== result) this.#tell(node, resource, entry);
    }
    this.#known = known;
  }

  #tell(node: string, resource: string, entry: XmlElement): void {
    const { task, exitStatus, execution } = readEntry(entry);
    const expected = expectedStatus(entry);
    if (execution < 0 || (execution === 0 && exitStatus === expected && exitStatus === OCF.notRunning))
      return;
    const { recipient, start } = this.#options;
    start({
      ...(recipient === undefined ? {} : { CRM_notify_recipient: recipient }),
      CRM_notify_node: node,
      CRM_notify_rsc: resource,
      CRM_notify_task: task,
      CRM_notify_desc: execution === 0 ? exitWords(exitStatus) : executionWords(execution),
      CRM_notify_rc: String(exitStatus),
      CRM_notify_target_rc: String(expected),
      CRM_notify_status: String(execution),
    });
  }
}

interface PlacedEntry {
  readonly node: string;
  readonly resource: string;
  readonly entry: XmlElement;
}

function entriesOf(cib: XmlElement): readonly PlacedEntry[] {
  const status = sectionOf(cib, 'status');
  const states = status === undefined ? [] : childrenNamed(status, 'node_state');
  return states.flatMap(state =>
    [...walk(state)]
      .filter(({ name }) => name === 'lrm_resource')
      .flatMap(resource =>
        childrenNamed(resource, 'lrm_rsc_op').map(entry => ({
          node: attribute(state, 'uname') ?? '',
          resource: idOf(resource) ?? '',
          entry,
        })),
      ),
  );
}

/** The third field of a transition key: `ACTION:TRANSITION:EXPECTED-STATUS:DC-RUN`. */
const expectedStatus = (entry: XmlElement): number =>
  Number((attribute(entry, 'transition-key') ?? '').split(':')[2] ?? 0) || 0;
