import { COMMENT, type XmlElement } from '../../core/xml/element.ts';

/** What an element says when it does not say it. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rule: { 'boolean-op': 'and' },
  resource_set: { sequential: 'true', 'require-all': 'true' },
  expression: { 'value-source': 'literal' },
};

/** Elements that crm syntax writes in an order of its own, which changes nothing. */
const RANK: Readonly<Record<string, number>> = { [COMMENT]: -2, rule: -1, 'crmsh-ref': 1 };

/**
 * A text that is the same for two elements if they mean the same: order of attributes, defaults that are written
 * out, the mark before a comment and its line ends count for nothing.
 */
export function canonical(one: XmlElement): string {
  if (one.name === COMMENT) {
    const lines = (one.text ?? '').split('\n').map(line => line.trim().replace(/^#\s*/, ''));
    return `#${lines.join(' ').replace(/\s+/g, ' ').trim()}`;
  }
  const defaults = DEFAULTS[one.name] ?? {};
  const attributes: string[] = [];
  for (let at = 0; at < one.attributes.length; at += 2) {
    const name = one.attributes[at] as string;
    const value = one.attributes[at + 1] as string;
    if (defaults[name] !== value) attributes.push(JSON.stringify([name, value]));
  }
  const children = [...one.children]
    .sort((a, b) => (RANK[a.name] ?? 0) - (RANK[b.name] ?? 0))
    .map(canonical)
    .filter(text => text !== '#');
  const text = one.text === undefined ? '' : JSON.stringify(one.text.trim());
  return `<${one.name} ${attributes.sort().join(' ')}>${text}${children.join('')}</>`;
}
