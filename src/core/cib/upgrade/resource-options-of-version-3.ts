import { attribute, withAttribute, withAttributes, type XmlElement } from '../../xml/element.ts';
import { rewriteChildren } from './rewrite.ts';

/** A primitive or template whose own options and parameters go by the names of version 3. */
export const withCurrentOptions = (resource: XmlElement): XmlElement =>
  rewriteChildren(resource, one => {
    if (one.name === 'instance_attributes') return rewriteChildren(one, currentParameter);
    if (one.name !== 'meta_attributes') return one;
    const isolation = one.children.find(isIsolation);
    const changed = rewriteChildren(one, pair => currentMeta(pair, isolation));
    return changed !== one && changed.children.length === 0 ? [] : changed;
  });

const COMMAND = /^pcmk_(list|monitor|off|on|reboot|status)_cmd$/;

/** Of the map of a fence device's parameters only what stands for its target has a place today. */
function currentParameter(pair: XmlElement): XmlElement | readonly XmlElement[] {
  const name = attribute(pair, 'name') ?? '';
  const command = COMMAND.exec(name)?.[1];
  if (command !== undefined) return withAttribute(pair, 'name', `pcmk_${command}_action`);
  if (name !== 'pcmk_arg_map') return pair;
  const value = /^port:([^,]+)$/.exec(attribute(pair, 'value') ?? '')?.[1];
  return value === undefined ? [] : withAttributes(pair, { name: 'pcmk_host_argument', value });
}

const isIsolation = (pair: XmlElement): boolean =>
  /^isolation(-host|-instance|-wrapper)?$/.test(attribute(pair, 'name') ?? '');

/** What ran in isolation stays stopped: without it, it would run where it never did. */
function currentMeta(
  pair: XmlElement,
  isolation: XmlElement | undefined,
): XmlElement | readonly XmlElement[] {
  if (isIsolation(pair)) {
    return pair === isolation ? withAttributes(pair, { name: 'target-role', value: 'Stopped' }) : [];
  }
  if (attribute(pair, 'name')?.replaceAll('_', '-') !== 'resource-failure-stickiness') return pair;
  return attribute(pair, 'value') === '-INFINITY'
    ? withAttributes(pair, { name: 'migration-threshold', value: '1' })
    : [];
}
