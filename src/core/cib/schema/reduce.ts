import { child, withChildren, type XmlElement } from '../../xml/element.ts';

/**
 * The document without what a valid document had too: as valid as the whole, and small after a small change. It
 * rests on the grammar: every section is a list of any number of objects in any order, each valid by itself.
 */
export function onlyNew(cib: XmlElement, valid: XmlElement): XmlElement {
  const [configuration, before] = [child(cib, 'configuration'), child(valid, 'configuration')];
  if (configuration === undefined || before === undefined) return cib;
  const sections = configuration.children.map(section => {
    const known = new Set(child(before, section.name)?.children);
    return known.size === 0
      ? section
      : withChildren(
          section,
          section.children.filter(one => !known.has(one)),
        );
  });
  const reduced = withChildren(configuration, sections);
  return withChildren(
    cib,
    cib.children.map(one =>
      one === configuration ? reduced : one.name === 'status' ? withChildren(one, []) : one,
    ),
  );
}
