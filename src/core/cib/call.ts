import type { XmlElement } from '../xml/element.ts';

export type CibOperation =
  | 'query'
  | 'create'
  | 'modify'
  | 'replace'
  | 'delete'
  | 'delete-all'
  | 'erase'
  | 'bump'
  | 'upgrade'
  | 'patch';

export interface CibCall {
  readonly operation: CibOperation;
  /** A section's name (`resources`, `constraints`, `status` …) or an XPath; neither: the whole document. */
  readonly section?: string;
  readonly xpath?: string;
  readonly input?: XmlElement;
  readonly noChildren?: boolean;
  /** `modify` creates what is missing. */
  readonly allowCreate?: boolean;
  /** Accept what breaks the schema or turns a version back. */
  readonly force?: boolean;
}

/** What is wrong with a document, said for the administrator. */
export interface Problem {
  readonly message: string;
  /** Id of the element that is meant, or of its nearest ancestor that has one. */
  readonly element?: string;
  readonly line?: number;
  /** Name of the element that is meant. */
  readonly tag?: string;
  /** What found it: the grammar, or the checks of what refers to what. */
  readonly kind?: 'schema' | 'reference';
}

export type CibRefusal =
  | 'no-such-object'
  | 'exists'
  | 'invalid'
  | 'schema'
  | 'old-data'
  | 'diff-failed'
  | 'diff-resync'
  | 'unsupported';

export type CibOutcome =
  | { readonly ok: true; readonly cib: XmlElement; readonly output?: XmlElement }
  | {
      readonly ok: false;
      readonly refusal: CibRefusal;
      readonly message: string;
      readonly output?: XmlElement;
      readonly problems?: readonly Problem[];
    };

export type CibFailure = Extract<CibOutcome, { readonly ok: false }>;

const MESSAGES: Readonly<Record<CibRefusal, string>> = {
  'no-such-object': 'No such device or address',
  exists: 'File exists',
  invalid: 'Invalid argument',
  schema: 'Update does not conform to the configured schema',
  'old-data': 'Update was older than existing configuration',
  'diff-failed': 'Application of update diff failed',
  'diff-resync': 'Application of update diff failed, requesting full refresh',
  unsupported: 'Operation not supported',
};

/** A refusal in the words that Pacemaker's tools print after "Call failed: ". */
export const refuse = (
  refusal: CibRefusal,
  more: { readonly output?: XmlElement; readonly problems?: readonly Problem[] } = {},
): CibFailure => ({ ok: false, refusal, message: MESSAGES[refusal], ...more });
