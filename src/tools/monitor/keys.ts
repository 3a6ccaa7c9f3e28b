/** Keys of the display that follows the cluster. */
import type { View } from '../../core/report/view.ts';
import type { Section } from './sections.ts';
import { changed, defaultSections } from './sections.ts';
import { type Settings, SUMMARY, withFencing } from './settings.ts';

interface Key {
  readonly about: string;
  readonly press: (settings: Settings) => Settings;
  readonly isOn: (settings: Settings) => boolean;
}

const sectionKey = (section: Section, about: string): Key => ({
  about,
  press: settings => ({
    ...settings,
    sections: changed(settings.sections, [section], !settings.sections.has(section)),
  }),
  isOn: ({ sections }) => sections.has(section),
});

type Switch = { [Name in keyof View]: View[Name] extends boolean ? Name : never }[keyof View] & string;

const viewKey = (name: Switch, about: string): Key => ({
  about,
  press: settings => ({ ...settings, view: { ...settings.view, [name]: !settings.view[name] } }),
  isOn: ({ view }) => view[name] === true,
});

const timingKey: Key = {
  about: 'operations with times',
  press: settings => {
    const timing = !settings.view.timing;
    const sections = timing ? changed(settings.sections, ['operations'], true) : settings.sections;
    return { ...settings, sections, view: { ...settings.view, timing } };
  },
  isOn: ({ view }) => view.timing,
};

const headersKey: Key = {
  about: 'summary',
  press: settings => {
    const hidden = !SUMMARY.some(part => settings.sections.has(part));
    const usual = SUMMARY.filter(part => defaultSections('text').has(part));
    return { ...settings, sections: changed(settings.sections, hidden ? usual : SUMMARY, hidden) };
  },
  isOn: ({ sections }) => SUMMARY.some(part => sections.has(part)),
};

const fencingKey: Key = {
  about: 'fencing: nothing, failures, all, all of it',
  press: settings => {
    const level = (fencingLevel(settings) + 1) % 4;
    return { ...settings, sections: withFencing(settings.sections, level), wholeHistory: level === 3 };
  },
  isOn: settings => fencingLevel(settings) > 0,
};

function fencingLevel({ sections, wholeHistory }: Settings): number {
  if (sections.has('fencing-succeeded')) return wholeHistory ? 3 : 2;
  return sections.has('fencing-failed') ? 1 : 0;
}

const KEYS: Readonly<Record<string, Key>> = {
  c: sectionKey('tickets', 'tickets'),
  f: sectionKey('failcounts', 'fail counts'),
  n: viewKey('byNode', 'resources by node'),
  o: sectionKey('operations', 'operations'),
  r: viewKey('inactive', 'stopped resources'),
  R: viewKey('detail', 'details'),
  t: timingKey,
  A: sectionKey('attributes', 'node attributes'),
  L: sectionKey('bans', 'bans'),
  D: headersKey,
  b: viewKey('brief', 'counts of resources'),
  j: viewKey('pending', 'what is under way'),
  m: fencingKey,
};

/** The settings after a key; any other key leaves them as they are. */
export const press = (settings: Settings, key: string): Settings => KEYS[key]?.press(settings) ?? settings;

/** The list of keys, those that are on with a star. */
export const keysText = (settings: Settings): string =>
  [
    'Keys:\n\n',
    ...Object.entries(KEYS).map(
      ([key, { about, isOn }]) => `${isOn(settings) ? '*' : ' '} ${key}: ${about}\n`,
    ),
    '\nq: end; any other key shows the status\n',
  ].join('');
