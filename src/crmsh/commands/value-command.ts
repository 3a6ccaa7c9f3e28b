import type { XmlElement } from '../../core/xml/element.ts';
import { attributeValue, withAttributeValue } from '../language/attributes.ts';
import { type CrmObject, isResource, objectsOf } from '../language/objects.ts';
import type { Command } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';
import { changeConfiguration } from './change.ts';

/** `ID {set NAME VALUE | delete NAME | show NAME}` on a list of attributes of resources or nodes. */
export function valueCommand(options: {
  readonly set: string;
  readonly what: string;
  readonly ids: (session: Session) => Promise<readonly string[]>;
  readonly nodes?: true;
}): Command {
  const usage = `${options.nodes ? 'NODE' : 'RSC'} {set NAME VALUE | delete NAME | show NAME}`;
  return {
    usage,
    summary: `show, set or delete a ${options.what}`,
    run: async (session, { words }) => {
      const [, id, verb, name, value] = words;
      if (id === undefined || name === undefined) return session.error(`usage: ${words[0]} ${usage}`);
      const find = (cib: XmlElement): CrmObject | undefined =>
        objectsOf(cib).find(
          one => one.id === id && (options.nodes ? one.kind === 'node' : isResource(one.kind)),
        );
      const missing = `there is no ${options.nodes ? 'node' : 'resource'} ${id}`;
      if (verb === 'show') {
        const cib = await session.cib();
        const object = cib === undefined ? undefined : find(cib);
        if (object === undefined) return cib === undefined ? false : session.error(missing);
        const found = attributeValue(object.element, options.set, name);
        if (found === undefined) return session.error(`${id} has no ${options.what} ${name}`);
        session.line(found);
        return true;
      }
      const isSet = verb === 'set' && value !== undefined;
      if (!isSet && verb !== 'delete' && verb !== 'unset')
        return session.error(`usage: ${words[0]} ${usage}`);
      return changeConfiguration(session, cib => {
        const object = find(cib);
        if (object === undefined) return { problem: missing };
        const place = { kind: object.kind, object: id, set: options.set, name };
        return withAttributeValue(cib, place, isSet ? value : undefined);
      });
    },
    complete: (session, words) =>
      words.length === 1 ? options.ids(session) : words.length === 2 ? ['set', 'delete', 'show'] : [],
  };
}
