/** What older crm syntax says, in the words of schema 4.0, which knows no `master` element and no role of that name. */
import {
  attribute,
  attributePairs,
  element,
  withAttribute,
  type XmlElement,
} from '../../core/xml/element.ts';

const ROLES: Readonly<Record<string, string>> = { Master: 'Promoted', Slave: 'Unpromoted' };
const ROLE_ATTRIBUTES = ['role', 'rsc-role', 'with-rsc-role'];
const META: Readonly<Record<string, string>> = {
  'master-max': 'promoted-max',
  'master-node-max': 'promoted-node-max',
};

export function isModern(cib: XmlElement): boolean {
  const major = /^pacemaker-(\d+)/.exec(attribute(cib, 'validate-with') ?? '')?.[1];
  return major !== undefined && Number(major) >= 4;
}

/** Only what a person writes in crm syntax; elements that say the same already stay as they are. */
export function modernized(one: XmlElement): XmlElement {
  const children = one.children.map(modernized);
  const isSame = children.every((part, at) => part === one.children[at]);
  const renamed = withRoles(isSame ? one : { ...one, children });
  if (one.name === 'nvpair') return modernPair(renamed);
  return one.name === 'master' ? promotable(renamed) : renamed;
}

function withRoles(one: XmlElement): XmlElement {
  let changed = one;
  for (const [name, value] of attributePairs(one)) {
    const role = ROLE_ATTRIBUTES.includes(name) ? ROLES[value] : undefined;
    if (role !== undefined) changed = withAttribute(changed, name, role);
  }
  return changed;
}

function modernPair(pair: XmlElement): XmlElement {
  const name = attribute(pair, 'name') ?? '';
  const role = name === 'target-role' ? ROLES[attribute(pair, 'value') ?? ''] : undefined;
  if (role !== undefined) return withAttribute(pair, 'value', role);
  return META[name] === undefined ? pair : withAttribute(pair, 'name', META[name]);
}

function promotable(master: XmlElement): XmlElement {
  const pair = element('nvpair', { name: 'promotable', value: true });
  const at = master.children.findIndex(part => part.name === 'meta_attributes' && isPlain(part));
  const meta = master.children[at];
  if (meta === undefined) {
    return {
      ...master,
      name: 'clone',
      children: [element('meta_attributes', {}, [pair]), ...master.children],
    };
  }
  const says = meta.children.some(one => attribute(one, 'name') === 'promotable');
  const more = says ? meta : { ...meta, children: [pair, ...meta.children] };
  return { ...master, name: 'clone', children: master.children.with(at, more) };
}

const isPlain = (set: XmlElement): boolean =>
  attribute(set, 'id-ref') === undefined && !set.children.some(one => one.name === 'rule');
