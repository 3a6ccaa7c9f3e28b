/**
 * Who may import whom, besides itself: the table of ARCHITECTURE.md as data. A room is a folder under `src`;
 * `core/*` stands for all rooms of core. The longest name that matches a path is its room.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'core/base': [],
  'core/xml': ['core/base'],
  'core/model': ['core/base'],
  'core/cib': ['core/base', 'core/xml', 'core/model'],
  'core/status': ['core/base', 'core/xml', 'core/model', 'core/cib'],
  'core/transition': ['core/base', 'core/xml', 'core/model', 'core/cib'],
  'core/scheduler': ['core/base', 'core/xml', 'core/model', 'core/cib', 'core/status', 'core/transition'],
  'core/cluster': ['core/base', 'core/model'],
  'core/simulation': ['core/base', 'core/xml', 'core/model', 'core/cib', 'core/transition'],
  'core/messages': ['core/base', 'core/xml', 'core/model', 'core/cib', 'core/transition', 'core/cluster'],
  'core/daemons': [
    'core/base',
    'core/xml',
    'core/model',
    'core/cib',
    'core/transition',
    'core/cluster',
    'core/messages',
    'core/daemons',
  ],
  'core/daemons/supervisor': [
    'core/daemons',
    'core/base',
    'core/xml',
    'core/model',
    'core/cib',
    'core/transition',
    'core/cluster',
    'core/messages',
    'core/daemons/attributes',
    'core/daemons/cib-manager',
    'core/daemons/controller',
    'core/daemons/fencer',
  ],
  'core/report': [
    'core/base',
    'core/xml',
    'core/model',
    'core/cib',
    'core/status',
    'core/transition',
    'core/scheduler',
    'core/simulation',
  ],
  client: ['core/*'],
  testing: ['core/*'],
  host: ['core/*'],
  sim: ['core/*', 'client'],
  tools: ['core/*', 'client', 'host'],
  crmsh: ['core/*', 'client', 'host', 'tools', 'crmsh/language'],
  'crmsh/language': ['core/*'],
  demo: ['core/*', 'client', 'host'],
};

/** Packages that a room may import; tests may import more. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'core/cib': ['@noble/hashes'],
};

/** Each machine is a room of its own: daemons meet only in `core/messages`. */
export const DAEMONS = 'core/daemons';
