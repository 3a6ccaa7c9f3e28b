import { attribute, attributePairs, COMMENT, child, type XmlElement } from '../../xml/element.ts';
import type { Problem } from '../call.ts';

/** Elements whose `id` is the id of another element. */
const REFERRING_BY_ID: ReadonlySet<string> = new Set(['resource_ref', 'obj_ref', 'role', 'role_ref']);

/** Of these, one that may lead nowhere: a tag may name nodes, too, and what is not there any more. */
const MAY_DANGLE = 'obj_ref';

/** Elements whose `id` is a name from elsewhere, not one of this document. */
const NAMED_FROM_ELSEWHERE: ReadonlySet<string> = new Set(['node']);

/** Attributes that name another element, by the element that they stand on. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  primitive: ['template'],
  rsc_location: ['rsc'],
  rsc_colocation: ['rsc', 'with-rsc'],
  rsc_order: ['first', 'then'],
  rsc_ticket: ['rsc'],
  acl_permission: ['reference'],
};

/**
 * What a schema cannot say: that an id is given twice in the configuration, that something refers to an element
 * that is not there, or that `id-ref` stands on an element of another name than the one it refers to.
 */
export function checkReferences(cib: XmlElement): readonly Problem[] {
  const configuration = child(cib, 'configuration');
  if (configuration === undefined || attribute(cib, 'validate-with') === 'none') return [];
  const problems: Problem[] = [];
  const byId = new Map<string, XmlElement>();
  collectIds(configuration, byId, problems);
  collectReferences(configuration, byId, problems);
  return problems;
}

function collectIds(from: XmlElement, byId: Map<string, XmlElement>, problems: Problem[]): void {
  const id = ownId(from);
  if (id !== undefined) {
    if (byId.has(id)) problems.push(problem(from, id, `ID ${id} already defined`));
    else byId.set(id, from);
  }
  for (const one of from.children) collectIds(one, byId, problems);
}

const ownId = (one: XmlElement): string | undefined =>
  one.name === COMMENT || REFERRING_BY_ID.has(one.name) || NAMED_FROM_ELSEWHERE.has(one.name)
    ? undefined
    : attribute(one, 'id');

function collectReferences(
  from: XmlElement,
  byId: ReadonlyMap<string, XmlElement>,
  problems: Problem[],
  above?: string,
): void {
  const nearest = ownId(from) ?? above;
  for (const [name, value] of attributePairs(from)) {
    if (!isReference(from.name, name)) continue;
    const target = byId.get(value);
    if (target === undefined) {
      problems.push(problem(from, nearest, `IDREF attribute ${name} references an unknown ID "${value}"`));
    } else if (name === 'id-ref' && target.name !== from.name) {
      problems.push(problem(from, nearest, `id-ref of ${from.name} leads to a ${target.name}, "${value}"`));
    }
  }
  for (const one of from.children) collectReferences(one, byId, problems, nearest);
}

const isReference = (element: string, name: string): boolean =>
  name === 'id-ref' ||
  (name === 'id' && REFERRING_BY_ID.has(element) && element !== MAY_DANGLE) ||
  REFERENCES[element]?.includes(name) === true;

const problem = (at: XmlElement, id: string | undefined, message: string): Problem => ({
  message,
  kind: 'reference',
  tag: at.name,
  ...(id === undefined ? {} : { element: id }),
  ...(at.line === undefined ? {} : { line: at.line }),
});
