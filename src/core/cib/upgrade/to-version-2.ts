import { element, idOf, type XmlElement } from '../../xml/element.ts';
import { renamed, rewrite } from './rewrite.ts';

const KINDS: ReadonlySet<string> = new Set(['read', 'write', 'deny']);

/** Version 2 has other words for access control, and none for rights that a user has without a role. */
export const toVersion2 = (cib: XmlElement): XmlElement =>
  rewrite(cib, one => (one.name === 'acls' ? rewriteAcls(one) : one));

const rewriteAcls = (acls: XmlElement): XmlElement => ({
  ...acls,
  children: acls.children.flatMap(one => {
    if (one.name === 'acl_role') return [{ ...one, children: one.children.map(permission) }];
    return one.name === 'acl_user' ? rewriteUser(one) : [one];
  }),
});

/** Rights of the user's own become those of a role made for it. */
function rewriteUser(user: XmlElement): readonly XmlElement[] {
  const own = user.children.filter(({ name }) => KINDS.has(name));
  const references = user.children
    .filter(({ name }) => name === 'role_ref')
    .map(one => renamed(one, { name: 'role' }));
  const target = { ...user, name: 'acl_target', children: references };
  if (own.length === 0) return [target];
  const id = `auto-${idOf(user)}`;
  return [
    { ...target, children: [...references, element('role', { id })] },
    element('acl_role', { id }, own.map(permission)),
  ];
}

function permission(one: XmlElement): XmlElement {
  if (!KINDS.has(one.name)) return one;
  const { attributes, ...rest } = renamed(one, { attributes: { ref: 'reference', tag: 'object-type' } });
  const [id = 'id', value = '', ...others] = attributes;
  return { ...rest, name: 'acl_permission', attributes: [id, value, 'kind', one.name, ...others] };
}
