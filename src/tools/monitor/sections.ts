/** Which parts of the status are shown: the words of `--include` and `--exclude`, and the options for some of them. */
import { UsageError } from '../command-line.ts';

export const SECTIONS = [
  'attributes',
  'bans',
  'counts',
  'dc',
  'failcounts',
  'failures',
  'fencing-failed',
  'fencing-pending',
  'fencing-succeeded',
  'maint-mode',
  'nodes',
  'operations',
  'options',
  'resources',
  'stack',
  'tickets',
  'times',
] as const;

export type Section = (typeof SECTIONS)[number];

const SUMMARY: readonly Section[] = ['stack', 'dc', 'times', 'counts', 'maint-mode'];
const FENCING: readonly Section[] = ['fencing-failed', 'fencing-pending', 'fencing-succeeded'];
const DEFAULT: readonly Section[] = [
  ...SUMMARY,
  'nodes',
  'resources',
  'failures',
  'fencing-failed',
  'fencing-pending',
];

/** What a format shows unless told otherwise: XML everything. */
export const defaultSections = (format: 'text' | 'xml'): ReadonlySet<Section> =>
  new Set(format === 'xml' ? SECTIONS : DEFAULT);

const GROUPS: Readonly<Record<string, readonly Section[]>> = {
  all: SECTIONS,
  summary: SUMMARY,
  fencing: FENCING,
};

export interface Choice {
  readonly sections: ReadonlySet<Section>;
  readonly banPrefix?: string;
}

/** Applies one `--include` or `--exclude`, a list of words. Throws `UsageError` at a word that is none. */
export function choose(
  before: Choice,
  words: string,
  { include, format }: { readonly include: boolean; readonly format: 'text' | 'xml' },
): Choice {
  let { sections, banPrefix } = before;
  for (const word of words.split(',')) {
    const [name = '', prefix] = word.split(':');
    // The options of the cluster are for readers of XML; as text they are shown only where they are named.
    if (name === 'all' && include && format === 'text')
      sections = changed(new Set(SECTIONS), ['options'], false);
    else if (name === 'none') sections = include ? new Set() : new Set(SECTIONS);
    else if (name === 'default' && include) sections = defaultSections(format);
    else if (name === 'bans') {
      if (include && prefix !== undefined) banPrefix = prefix;
      sections = changed(sections, ['bans'], include);
    } else sections = changed(sections, sectionsNamed(name, include), include);
  }
  return { sections, ...(banPrefix === undefined ? {} : { banPrefix }) };
}

function sectionsNamed(name: string, include: boolean): readonly Section[] {
  const group = GROUPS[name];
  if (group !== undefined) return group;
  const section = SECTIONS.find(one => one === name);
  if (section !== undefined) return [section];
  const option = include ? '--include' : '--exclude';
  const names = ['all', 'default', 'fencing', 'none', 'summary', ...SECTIONS]
    .map(one => (one === 'bans' && include ? 'bans[:PREFIX]' : one))
    .filter(one => include || one !== 'default')
    .sort();
  throw new UsageError(`${option} options: ${names.join(', ')}`);
}

export function changed(
  sections: ReadonlySet<Section>,
  words: readonly Section[],
  include: boolean,
): ReadonlySet<Section> {
  return include
    ? new Set([...sections, ...words])
    : new Set([...sections].filter(one => !words.includes(one)));
}
