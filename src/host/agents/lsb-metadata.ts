import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { element } from '../../core/xml/element.ts';
import { printXml } from '../../core/xml/print.ts';

/** An init script's own description: the comment between `BEGIN INIT INFO` and `END INIT INFO`. */
const HEADER = /^### BEGIN INIT INFO\n([\s\S]*?)^### END INIT INFO/m;

/** Agent metadata of an init script, made from its LSB header. */
export function lsbMetadata(program: string): string {
  const header = HEADER.exec(readScript(program))?.[1] ?? '';
  const field = (name: string) => new RegExp(`^# ${name}:[ \\t]*(.*)$`, 'm').exec(header)?.[1]?.trim();
  const short = field('Short-Description') ?? basename(program);
  return serviceMetadata(basename(program), short, field('Description') ?? short);
}

function readScript(program: string): string {
  try {
    return readFileSync(program, 'utf8');
  } catch {
    return '';
  }
}

/** What every service can do that has no metadata of its own. */
export function serviceMetadata(name: string, short: string, long: string): string {
  const action = (of: string, timeout: number, interval?: number) =>
    element('action', {
      name: of,
      timeout: `${timeout}s`,
      interval: interval === undefined ? undefined : `${interval}s`,
    });
  const actions = [
    action('start', 100),
    action('stop', 100),
    action('status', 100),
    action('monitor', 100, 60),
    action('meta-data', 5),
  ];
  return printXml(
    element('resource-agent', { name, version: '0.1' }, [
      element('version', {}, [], '1.1'),
      element('longdesc', { lang: 'en' }, [], long),
      element('shortdesc', { lang: 'en' }, [], short),
      element('parameters'),
      element('actions', {}, actions),
    ]),
    { pretty: true, declaration: true },
  );
}
