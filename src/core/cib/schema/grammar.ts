import {
  attribute,
  attributePairs,
  COMMENT,
  childrenNamed,
  withChildren,
  type XmlElement,
} from '../../xml/element.ts';
import { versionOrder } from './versions.ts';

const SINCE = 'v:since';
const UNTIL = 'v:until';

/**
 * The grammar of one schema version, in one piece: `cib.rng` with what it includes, without the patterns that do
 * not belong to the version.
 *
 * @param files the grammars by the names of their files
 * @param version such as `3.9`
 */
export function grammarFor(files: ReadonlyMap<string, XmlElement>, version: string): XmlElement {
  const root = files.get('cib.rng');
  if (root === undefined) throw new Error('the grammar cib.rng is missing');
  const included = childrenNamed(root, 'include').flatMap(
    include => files.get(attribute(include, 'href') ?? '')?.children ?? [],
  );
  const own = root.children.filter(({ name }) => name !== 'include');
  const order = versionOrder(version);
  const bare = {
    ...root,
    attributes: [...attributePairs(root)].filter(([name]) => name !== 'xmlns:v').flat(),
  };
  return withChildren(bare, prune([...own, ...included], order));
}

const prune = (patterns: readonly XmlElement[], order: number): readonly XmlElement[] =>
  patterns
    .filter(one => one.name !== COMMENT && belongs(one, order))
    .map(one => ({
      ...one,
      attributes: [...attributePairs(one)].filter(([name]) => name !== SINCE && name !== UNTIL).flat(),
      children: prune(one.children, order),
    }));

function belongs(pattern: XmlElement, order: number): boolean {
  const [since, until] = [attribute(pattern, SINCE), attribute(pattern, UNTIL)];
  return (
    (since === undefined || versionOrder(since) <= order) &&
    (until === undefined || order <= versionOrder(until))
  );
}
