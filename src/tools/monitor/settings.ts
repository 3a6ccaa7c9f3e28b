/** What of the status is shown and how: from the command line, and changed by keys. */
import { PLAIN_VIEW, type View } from '../../core/report/view.ts';
import type { CommandLine } from '../command-line.ts';
import { UsageError } from '../command-line.ts';
import type { definition } from './definition.ts';
import { type Choice, changed, choose, defaultSections, type Section } from './sections.ts';

export interface Settings {
  readonly view: View;
  readonly sections: ReadonlySet<Section>;
  /** The fencing history without several alike left out. */
  readonly wholeHistory: boolean;
}

const FENCING: readonly Section[] = ['fencing-failed', 'fencing-pending', 'fencing-succeeded'];
export const SUMMARY: readonly Section[] = ['stack', 'dc', 'times', 'counts', 'options', 'maint-mode'];

/** Sections that an option of their own adds. */
const ADDED = {
  failcounts: 'failcounts',
  operations: 'operations',
  'timing-details': 'operations',
  tickets: 'tickets',
  'show-node-attributes': 'attributes',
  'neg-locations': 'bans',
} as const;

type Line = CommandLine<typeof definition.options>;

/** Reads the options in the order in which they were given. Throws `UsageError`. */
export function settingsOf({ values, order }: Line, format: 'text' | 'xml'): Settings {
  let choice: Choice = { sections: defaultSections(format) };
  const seen = { include: 0, exclude: 0 };
  let wholeHistory = false;
  for (const option of order) {
    const before = choice.sections;
    if (option === 'include' || option === 'exclude') {
      const words = values[option][seen[option]] ?? '';
      seen[option] += 1;
      choice = choose(choice, words, { include: option === 'include', format });
    } else if (option === 'hide-headers') {
      choice = { ...choice, sections: changed(before, SUMMARY, false) };
    } else if (option === 'fence-history') {
      const level = levelOf(values['fence-history']);
      choice = { ...choice, sections: withFencing(before, level) };
      wholeHistory = level === 3;
    } else if (Object.hasOwn(ADDED, option)) {
      choice = { ...choice, sections: changed(before, [ADDED[option as keyof typeof ADDED]], true) };
    }
  }
  const prefix = values['neg-locations'];
  return {
    sections: choice.sections,
    wholeHistory,
    view: viewOf(values, format, typeof prefix === 'string' ? prefix : choice.banPrefix),
  };
}

const viewOf = (values: Line['values'], format: 'text' | 'xml', banPrefix: string | undefined): View => ({
  ...PLAIN_VIEW,
  inactive: values.inactive || format === 'xml',
  detail: values['show-detail'],
  byNode: values['group-by-node'],
  brief: values.brief,
  description: values['show-description'],
  timing: values['timing-details'] || format === 'xml',
  quiet: values.quiet,
  onlyNode: values.node,
  onlyResource: values.resource,
  banPrefix,
});

function levelOf(text: string | true | undefined): number {
  const level = text === true || text === undefined ? 2 : Number(text);
  if (![0, 1, 2, 3].includes(level)) throw new UsageError(`Fence history must be 0-3, not ${text}`);
  return level;
}

export function withFencing(sections: ReadonlySet<Section>, level: number): ReadonlySet<Section> {
  const none = changed(sections, FENCING, false);
  if (level === 0) return none;
  return changed(none, level === 1 ? ['fencing-failed', 'fencing-pending'] : FENCING, true);
}
