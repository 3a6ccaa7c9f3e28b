/** The location and colocation constraints that apply to a resource. */
import { sectionOf } from '../../core/cib/document.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { attribute, childrenNamed, idOf, type XmlElement } from '../../core/xml/element.ts';
import { configuredId, resourceOf, topOf, type Work } from './work.ts';

interface Walk {
  readonly work: Work;
  readonly locations: readonly XmlElement[];
  readonly colocations: readonly XmlElement[];
  readonly recursive: boolean;
  readonly seen: Set<string>;
}

export function constraints(work: Work, { recursive }: { readonly recursive: boolean }): ExitCode {
  const resource = resourceOf(work);
  const id = work.values.force ? configuredId(resource) : configuredId(topOf(resource));
  const section = sectionOf(work.cib, 'constraints');
  const all = (tag: string) => (section === undefined ? [] : childrenNamed(section, tag));
  const walk = {
    work,
    locations: all('rsc_location'),
    colocations: all('rsc_colocation'),
    recursive,
    seen: new Set([id]),
  };
  locations(walk, id, 0);
  related(walk, id, { depth: 0, dependents: false });
  related(walk, id, { depth: 0, dependents: true });
  return 'ok';
}

const margin = (depth: number): string => (depth === 0 ? '' : `${'  '.repeat(depth)}* `);

function locations({ work, locations: all }: Walk, id: string, depth: number): void {
  const { report } = work;
  const own = all.filter(one => attribute(one, 'rsc') === id);
  if (own.length > 0) report.line(`${margin(depth)}Locations:`);
  for (const one of own) {
    const node = attribute(one, 'node');
    const score = attribute(one, 'score');
    const where = node === undefined ? 'Rule' : `Node ${node}`;
    report.line(`${margin(depth + 1)}${where} (score=${score ?? 'by rule'}, id=${idOf(one)}, rsc=${id})`);
    report.xml(one);
  }
}

interface Direction {
  readonly depth: number;
  /** Those that must be with it, instead of those that it must be with. */
  readonly dependents: boolean;
}

function related(walk: Walk, id: string, { depth, dependents }: Direction): void {
  const { work, colocations, recursive, seen } = walk;
  const [own, other] = dependents ? ['with-rsc', 'rsc'] : ['rsc', 'with-rsc'];
  const found = colocations.filter(one => attribute(one, own) === id);
  if (found.length === 0) return;
  const head = dependents ? `Resources colocated with ${id}:` : `Resources ${id} is colocated with:`;
  work.report.line(`${margin(depth)}${head}`);
  for (const one of found) {
    const name = attribute(one, other) ?? '';
    const role = attribute(one, 'with-rsc-role');
    const needs = role === undefined ? '' : `, ${dependents ? 'needs' : 'with'} role=${role}`;
    work.report.line(
      `${margin(depth + 1)}${name} (score=${attribute(one, 'score') ?? '0'}${needs}, id=${idOf(one)})`,
    );
    work.report.xml(one);
    if (seen.has(name)) continue;
    seen.add(name);
    if (dependents) locations(walk, name, depth + 2);
    if (recursive) related(walk, name, { depth: depth + 2, dependents });
  }
}
