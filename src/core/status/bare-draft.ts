import type { Instant } from '../base/time.ts';
import { sectionOf } from '../cib/document.ts';
import { idIndex } from '../cib/id-index.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import type { DigestCache } from './digests.ts';
import { type Draft, type NodeDraft, noteRecheck, type ResourceDraft } from './draft.ts';
import type { RuleReader } from './nvpairs.ts';
import { readOptions } from './options.ts';
import type { Picture, Place } from './picture.ts';
import type { NodeHistory, RecordedHistory } from './recorded.ts';
import { isTrue } from './words.ts';

/** A picture with nothing on it yet but the cluster's options. A class, as `BareResource` is. */
export class BareDraft implements Draft {
  readonly cib: XmlElement;
  readonly now: Instant;
  readonly sanitized: boolean;
  readonly quorate: boolean;
  readonly rules: RuleReader;
  readonly options: Draft['options'];
  readonly resourceDefaults: XmlElement | undefined;
  readonly operationDefaults: XmlElement | undefined;
  resourceSection: XmlElement | undefined = undefined;
  dc: NodeDraft | undefined = undefined;
  recheckAt: Instant | undefined = undefined;
  readonly nodes: NodeDraft[] = [];
  readonly nodeByName = new Map<string, NodeDraft>();
  readonly nodeById = new Map<string, NodeDraft>();
  readonly resources: ResourceDraft[] = [];
  readonly resourceById = new Map<string, ResourceDraft>();
  readonly resourceByHistoryId = new Map<string, ResourceDraft>();
  readonly tickets: Draft['tickets'] = [];
  readonly failures: Draft['failures'] = [];
  readonly failureKeys = new Set<string>();
  readonly stopsFound = new Set<ResourceDraft>();
  everywhere: ReadonlyMap<string, Place> | undefined = undefined;
  readonly findings: Draft['findings'] = [];
  readonly problems: string[] = [];
  readonly tags = new Map<string, string[]>();
  readonly templates = new Map<string, string[]>();
  readonly nodeHistories = new Map<string, NodeHistory>();
  readonly expiredEntries = new Set<XmlElement>();
  readonly digests: DigestCache = new Map();
  readonly stopNeeded: ResourceDraft[] = [];
  #histories: Picture['histories'] | undefined;

  constructor(cib: XmlElement, now: Instant, sanitized: boolean) {
    this.cib = cib;
    this.now = now;
    this.sanitized = sanitized;
    this.quorate = isTrue(attribute(cib, 'have-quorum'));
    const noteChange = (at: Instant): void => noteRecheck(this, Math.floor(at / 1000));
    this.rules = { now, ids: idIndex(cib), noteChange };
    this.options = readOptions(this.rules, cib, sectionOf(cib, 'crm_config'), this.quorate);
    this.resourceDefaults = sectionOf(cib, 'rsc_defaults');
    this.operationDefaults = sectionOf(cib, 'op_defaults');
  }

  get histories(): Picture['histories'] {
    this.#histories ??= byId(this.nodeHistories);
    return this.#histories;
  }
}

/** Elements by node and id, the first of each id. */
const byId = (all: Picture['nodeHistories']): Picture['histories'] =>
  new Map(
    [...all].map(([node, history]) => [
      node,
      new Map([...history.positions].map(([id, at]) => [id, (history.all[at] as RecordedHistory).xml])),
    ]),
  );
