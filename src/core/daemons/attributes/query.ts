import type { AttributeRequest, ClientReply } from '../../messages/client.ts';
import type { NodeName } from '../../model/names.ts';
import { element } from '../../xml/element.ts';
import { regularExpression, type Table } from './table.ts';

/**
 * Values of one attribute, or of all that a pattern matches, on the node that is named, on all nodes (`all`), or
 * here: `<attributes><attribute name value host/>…</attributes>`, by name and node.
 */
export function query(table: Table, { name, pattern, node }: AttributeRequest, here: NodeName): ClientReply {
  const matches = name === undefined ? regularExpression(pattern ?? '') : undefined;
  const wanted = node === 'all' ? undefined : (node ?? here);
  const found = [...table]
    .filter(([one]) => (name === undefined ? matches?.test(one) === true : one === name))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([one, { values }]) =>
      [...values.keys()]
        .toSorted()
        .filter(host => wanted === undefined || host === wanted)
        .map(host => element('attribute', { name: one, value: values.get(host), host })),
    );
  if (found.length > 0) return { ok: true, output: element('attributes', {}, found) };
  const what = name ?? pattern ?? '';
  return { ok: false, refusal: 'no-such-object', message: `there is no value of '${what}'` };
}
