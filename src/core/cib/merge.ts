import { parseScore, type Score, score, ZERO } from '../model/score.ts';
import { sameTree } from '../xml/edit.ts';
import { attribute, attributePairs, COMMENT, idOf, withAttribute, type XmlElement } from '../xml/element.ts';

/**
 * The element with an update of it merged in: attributes are set; children of the same name and id (or, without
 * an id, the first of the name) are merged in turn, others are added at the end. Nothing is taken away.
 */
export function merge(target: XmlElement, update: XmlElement): XmlElement {
  const merged = mergeAttributes(target, update);
  let children = merged.children;
  for (const one of update.children) {
    const at = children.findIndex(candidate => isTarget(candidate, one));
    if (at < 0) {
      children = [...children, settled(one)];
    } else {
      const before = children[at] as XmlElement;
      const after = merge(before, one);
      if (after !== before) children = children.with(at, after);
    }
  }
  const text = update.text ?? merged.text;
  if (text !== undefined && text !== merged.text) return { ...merged, children, text };
  return children === merged.children ? merged : { ...merged, children };
}

const isTarget = (candidate: XmlElement, update: XmlElement): boolean => {
  if (update.name === COMMENT) return sameTree(candidate, update);
  const id = idOf(update);
  return candidate.name === update.name && (id === undefined || idOf(candidate) === id);
};

function mergeAttributes(target: XmlElement, update: XmlElement): XmlElement {
  let merged = target;
  for (const [name, value] of attributePairs(update)) {
    merged = withAttribute(merged, name, counted(name, value, attribute(target, name)));
  }
  return merged;
}

/** What is newly added counts up from nothing. */
function settled(fresh: XmlElement): XmlElement {
  let result = fresh;
  for (const [name, value] of attributePairs(fresh)) {
    result = withAttribute(result, name, counted(name, value, undefined));
  }
  const children = result.children.map(settled);
  return children.every((one, at) => one === result.children[at]) ? result : { ...result, children };
}

/**
 * `value++` and `value+=5`, given for the attribute `value`, count up from what stands there; sums stay within
 * the limits of a score.
 */
function counted(name: string, value: string, present: string | undefined): string {
  const step = stepOf(name, value);
  if (step === undefined) return value;
  const from = present === undefined ? ZERO : (parseScore(present) ?? ZERO);
  return String(score(from + step));
}

function stepOf(name: string, value: string): Score | undefined {
  if (!value.startsWith(name)) return undefined;
  const rest = value.slice(name.length);
  if (rest === '++') return score(1);
  return rest.startsWith('+=') ? parseScore(rest.slice(2)) : undefined;
}
