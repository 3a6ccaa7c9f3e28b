/** Words that stand for the XPath of a permission: `meta:RSC:NAME`, `node:NAME`, `status` … and back. */
interface Shortcut {
  readonly word: string;
  readonly xpath: (first: string | undefined, second: string | undefined) => string | undefined;
}

const ofResource =
  (container: string) =>
  (resource: string | undefined, name: string | undefined): string | undefined => {
    if (resource === undefined) return undefined;
    const base = `//primitive[@id='${resource}']/${container}`;
    return name === undefined ? base : `${base}/nvpair[@name='${name}']`;
  };

const named =
  (base: string) =>
  (name: string | undefined, more: string | undefined): string | undefined => {
    if (more !== undefined) return undefined;
    return name === undefined ? base : `${base}/nvpair[@name='${name}']`;
  };

const SHORTCUTS: readonly Shortcut[] = [
  { word: 'meta', xpath: ofResource('meta_attributes') },
  { word: 'params', xpath: ofResource('instance_attributes') },
  { word: 'utilization', xpath: ofResource('utilization') },
  {
    word: 'location',
    xpath: (resource, more) =>
      resource === undefined || more !== undefined
        ? undefined
        : `//rsc_location[@id='cli-prefer-${resource}' and @rsc='${resource}']`,
  },
  { word: 'property', xpath: named('//crm_config/cluster_property_set') },
  {
    word: 'node',
    xpath: (name, more) => {
      if (more !== undefined) return undefined;
      return name === undefined ? '//nodes/node' : `//nodes/node[@uname='${name}']`;
    },
  },
  { word: 'nodeattr', xpath: named('//nodes/node/instance_attributes') },
  {
    word: 'nodeutil',
    // Elsewhere this has been written as an attribute of `utilization`, where nothing can match.
    xpath: (name, more) => {
      if (more !== undefined) return undefined;
      return name === undefined ? '//nodes/node/utilization' : `//nodes/node[@uname='${name}']/utilization`;
    },
  },
  { word: 'status', xpath: first => (first === undefined ? '/cib/status' : undefined) },
  { word: 'cib', xpath: first => (first === undefined ? '/cib' : undefined) },
];

export function permissionShortcut(text: string): string | undefined {
  const [word = '', first, second, ...more] = text.split(':');
  if (more.length > 0 || first === '' || second === '') return undefined;
  return SHORTCUTS.find(one => one.word === word.toLowerCase())?.xpath(first, second);
}

const NAMES = /\[@(?:id|uname|name)='([^']*)'/g;

/** The shortcut that would give this XPath, found by trying those that name the same things. */
export function shortcutOf(xpath: string): string | undefined {
  const names = [...xpath.matchAll(NAMES)].map(found => (found[1] as string).replace(/^cli-prefer-/, ''));
  if (names.some(name => /[\s:"]/.test(name) || name === '')) return undefined;
  for (const { word } of SHORTCUTS) {
    const text = [word, ...names].join(':');
    if (permissionShortcut(text) === xpath) return text;
  }
  return undefined;
}
