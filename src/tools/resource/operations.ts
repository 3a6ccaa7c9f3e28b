/** Operations on record. */
import type { ExitCode } from '../../core/model/exit-code.ts';
import { EXECUTION } from '../../core/model/exit-status.ts';
import { resourceLine } from '../../core/report/resource-line.ts';
import { activeSpan, inCallOrder } from '../../core/status/call-order.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { attribute, element, type XmlElement } from '../../core/xml/element.ts';
import { configuredId, primitivesOf, resourceOf, type Work } from './work.ts';

const STATUS_WORDS: ReadonlyMap<number, string> = new Map([
  [EXECUTION.pending, 'pending'],
  [EXECUTION.done, 'complete'],
  [EXECUTION.cancelled, 'Cancelled'],
  [EXECUTION.timeout, 'Timed Out'],
  [EXECUTION.notSupported, 'NOT SUPPORTED'],
  [EXECUTION.error, 'Error'],
  [EXECUTION.errorHard, 'Hard error'],
  [EXECUTION.errorFatal, 'Fatal error'],
  [EXECUTION.notInstalled, 'Not installed'],
  [EXECUTION.notConnected, 'Internal communication failure'],
  [EXECUTION.invalid, 'Cannot execute now'],
  [EXECUTION.noFenceDevice, 'No fence device'],
  [EXECUTION.noSecrets, 'CIB secrets unavailable'],
]);

export function operations(work: Work, { all }: { readonly all: boolean }): ExitCode {
  const { picture, values, report } = work;
  const only =
    values.resource === undefined ? undefined : new Set(primitivesOf(resourceOf(work)).map(configuredId));
  const shown: XmlElement[] = [];
  for (const [node, histories] of picture.histories) {
    if (values.node !== undefined && values.node !== node) continue;
    for (const [id, history] of histories) {
      if (only !== undefined && !only.has(id)) continue;
      const resource = picture.resourceById.get(id) ?? picture.resourceById.get(`${id}:0`);
      for (const entry of all ? inCallOrder(history) : active(inCallOrder(history))) {
        if (resource !== undefined)
          report.line(
            `${resourceLine(picture, resource, { withoutNode: true, pending: true })}: ${described(entry, node)}`,
          );
        shown.push(entryElement(entry, node, id, resource));
      }
    }
  }
  if (shown.length > 0) report.xml(element('operations', {}, shown));
  return 'ok';
}

/** Those of a resource that is active: from the last start on. */
function active(entries: readonly XmlElement[]): readonly XmlElement[] {
  const { start, stop } = activeSpan(entries);
  return start < stop ? [] : entries.filter((_, at) => at >= start);
}

function described(entry: XmlElement, node: string): string {
  const of = (name: string) => attribute(entry, name);
  const key = of('operation_key') ?? of('id');
  const changed = of('last-rc-change');
  const times = [
    changed === undefined ? [] : [`last-rc-change='${ctime(changed)}'`],
    of('exec-time') === undefined ? [] : [`exec=${of('exec-time')}ms`],
  ].flat();
  const facts = [`node=${node}`, `call=${of('call-id')}`, `rc=${of('rc-code')}`, ...times].join(', ');
  return `${key} (${facts}): ${statusWords(entry)}`;
}

const statusWords = (entry: XmlElement): string =>
  STATUS_WORDS.get(Number(attribute(entry, 'op-status'))) ?? 'UNKNOWN!';

function entryElement(
  entry: XmlElement,
  node: string,
  id: string,
  resource: ResourcePicture | undefined,
): XmlElement {
  const agent = resource?.agent;
  const name =
    agent === undefined ? undefined : [agent.standard, agent.provider, agent.type].filter(Boolean).join(':');
  const changed = attribute(entry, 'last-rc-change');
  return element('operation', {
    op: attribute(entry, 'operation_key'),
    node,
    call: attribute(entry, 'call-id'),
    rc: attribute(entry, 'rc-code'),
    status: statusWords(entry),
    rsc: id,
    agent: name,
    'last-rc-change': changed === undefined ? undefined : ctime(changed),
    'exec-time': attribute(entry, 'exec-time'),
  });
}

/** As C's ctime() has it: `Tue Nov 14 22:13:20 2023`, in UTC. */
function ctime(seconds: string): string {
  const [weekday, day, month, year, time] = new Date(Number(seconds) * 1000)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}
