/** Text output is an outline: headings with items below them, each level two blanks further in. */
export type Outline = string | Section;

export interface Section {
  readonly heading: string;
  readonly items: readonly Outline[];
  readonly withoutColon?: boolean;
}

export const section = (heading: string, items: readonly Outline[]): Section => ({ heading, items });

/** One heading to a level: `Heading:` at the margin, `  * item` below it, `    * item` below that. */
export function printOutline(outline: Outline, depth = 0): string {
  const lines: string[] = [];
  collect(lines, outline, depth);
  return lines.map(line => `${line}\n`).join('');
}

/** Several sections at the same depth, an empty line between them. */
export const printSections = (sections: readonly Outline[], depth = 0): string =>
  sections.map(one => printOutline(one, depth)).join('\n');

function collect(lines: string[], outline: Outline, depth: number): void {
  const margin = depth === 0 ? '' : `${'  '.repeat(depth)}* `;
  if (typeof outline === 'string') {
    lines.push(`${margin}${outline}`);
    return;
  }
  lines.push(`${margin}${outline.heading}${outline.withoutColon ? '' : ':'}`);
  for (const item of outline.items) collect(lines, item, depth + 1);
}

/** `Online: [ a b ]`, or nothing where there is nobody. */
export const nameList = (label: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${label}: [ ${names.join(' ')} ]`];
