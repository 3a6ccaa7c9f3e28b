/** The location and colocation constraints that apply to a resource. */
import { sectionOf } from '../../core/cib/document.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { attribute, childrenNamed, element, idOf, type XmlElement } from '../../core/xml/element.ts';
import { configuredId, resourceOf, topOf, type Work } from './work.ts';

interface Walk {
  readonly work: Work;
  readonly locations: readonly XmlElement[];
  readonly colocations: readonly XmlElement[];
  readonly recursive: boolean;
  readonly found: XmlElement[];
}

export function constraints(work: Work, { recursive }: { readonly recursive: boolean }): ExitCode {
  const resource = resourceOf(work);
  const id = work.values.force ? configuredId(resource) : configuredId(topOf(resource));
  const section = sectionOf(work.cib, 'constraints');
  const all = (tag: string) => (section === undefined ? [] : childrenNamed(section, tag));
  const found: XmlElement[] = [];
  const walk = { work, locations: all('rsc_location'), colocations: all('rsc_colocation'), recursive, found };
  locations(walk, id, 0);
  for (const dependents of [true, false]) related(walk, id, { depth: 0, dependents, seen: new Set([id]) });
  work.report.xml(element('constraints', {}, found));
  return 'ok';
}

const margin = (depth: number): string => (depth === 0 ? '' : `${'  '.repeat(depth)}* `);

function locations({ work, locations: all, found }: Walk, id: string, depth: number): void {
  const { report } = work;
  const own = all.filter(one => attribute(one, 'rsc') === id);
  if (own.length > 0) report.line(`${margin(depth)}Locations:`);
  for (const one of own) {
    const node = attribute(one, 'node');
    const score = attribute(one, 'score');
    const where = node === undefined ? 'Rule' : `Node ${node}`;
    report.line(`${margin(depth + 1)}${where} (score=${score ?? 'by rule'}, id=${idOf(one)}, rsc=${id})`);
    found.push(element('rsc_location', { node, rsc: id, id: idOf(one), score }));
  }
}

interface Direction {
  readonly depth: number;
  /** Those that must be with it, instead of those that it must be with. */
  readonly dependents: boolean;
  readonly seen: Set<string>;
}

function related(walk: Walk, id: string, { depth, dependents, seen }: Direction): void {
  const { work, recursive } = walk;
  const [own, other] = dependents ? ['with-rsc', 'rsc'] : ['rsc', 'with-rsc'];
  const nameOf = (one: XmlElement): string => attribute(one, other) ?? '';
  const colocations = walk.colocations
    .filter(one => attribute(one, own) === id)
    .toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  if (colocations.length === 0) return;
  const head = dependents ? `Resources colocated with ${id}:` : `Resources ${id} is colocated with:`;
  work.report.line(`${margin(depth)}${head}`);
  for (const one of colocations) {
    const name = nameOf(one);
    const isLoop = seen.has(name);
    work.report.line(
      `${margin(depth + 1)}${name} (${isLoop ? `id=${idOf(one)} - loop` : words(one, dependents)})`,
    );
    walk.found.push(colocationElement(one));
    if (isLoop) continue;
    seen.add(name);
    locations(walk, name, depth + 2);
    if (recursive) related(walk, name, { depth: depth + 2, dependents, seen });
  }
}

function words(one: XmlElement, dependents: boolean): string {
  const role = attribute(one, 'with-rsc-role');
  const needs = role === undefined ? '' : `, ${dependents ? 'needs' : 'with'} role=${role}`;
  return `score=${attribute(one, 'score') ?? '0'}${needs}, id=${idOf(one)}`;
}

const NAMES = ['id', 'rsc', 'with-rsc', 'score', 'node-attribute', 'rsc-role', 'with-rsc-role'] as const;

const colocationElement = (one: XmlElement): XmlElement =>
  element('rsc_colocation', Object.fromEntries(NAMES.map(name => [name, attribute(one, name)])));
