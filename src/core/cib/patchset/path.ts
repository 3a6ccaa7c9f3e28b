import { COMMENT, idOf, type XmlElement } from '../../xml/element.ts';

/**
 * How patchsets address an element: a step for each level, by name and, where it has one, id, so that an address
 * outlives the reordering of siblings. Comments have neither: `comment`, and their position beside.
 */
export function stepOf(one: XmlElement): string {
  if (one.name === COMMENT) return '/comment';
  const id = idOf(one);
  return id === undefined ? `/${one.name}` : `/${one.name}[@id='${id}']`;
}

interface PathStep {
  readonly name: string;
  readonly id?: string;
}

const STEP = /\/([^/[\]]+)(?:\[@id=(?:'([^']*)'|"([^"]*)")\])?/y;

/** `undefined`: not of this form. */
export function parsePatchPath(path: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  const pattern = new RegExp(STEP);
  while (pattern.lastIndex < path.length) {
    const found = pattern.exec(path);
    if (found === null) return undefined;
    const [, name = '', singly, doubly] = found;
    const id = singly ?? doubly;
    steps.push(id === undefined ? { name } : { name, id });
  }
  return steps.length === 0 ? undefined : steps;
}

/** Where the step leads among the children; `position` decides between comments. -1: nowhere. */
export function childAtStep(
  parent: XmlElement,
  { name, id }: PathStep,
  position: number | undefined,
): number {
  if (name !== 'comment') {
    return parent.children.findIndex(one => one.name === name && (id === undefined || idOf(one) === id));
  }
  if (position !== undefined) return parent.children[position]?.name === COMMENT ? position : -1;
  return parent.children.findIndex(one => one.name === COMMENT);
}

export const isRootStep = (root: XmlElement, { name, id }: PathStep): boolean =>
  root.name === name && (id === undefined || idOf(root) === id);
