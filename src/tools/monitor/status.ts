/** The status as a whole, from a picture to text or elements: what `crm_mon` prints once. */
import type { Instant } from '../../core/base/time.ts';
import { banOutline, bansElement } from '../../core/report/bans.ts';
import { failureOutline, failuresElement } from '../../core/report/failures.ts';
import {
  type FencingEvent,
  type FencingState,
  fencingElement,
  fencingOutline,
} from '../../core/report/fencing-history.ts';
import { attributeOutline, attributesElement } from '../../core/report/node-attributes.ts';
import { nodeSection } from '../../core/report/node-list.ts';
import { nodeElement } from '../../core/report/node-xml.ts';
import { failCountOutline, historyElement, operationOutline } from '../../core/report/operations.ts';
import { type Outline, printOutline, section } from '../../core/report/outline.ts';
import { htmlPage, type PageOptions } from '../../core/report/outline-html.ts';
import { shownResources } from '../../core/report/resource-tree.ts';
import { resourceElement } from '../../core/report/resource-xml.ts';
import { resourceSection } from '../../core/report/status-text.ts';
import {
  maintenanceText,
  type SummaryOptions,
  type SummaryPart,
  summaryElement,
  summaryLines,
} from '../../core/report/summary.ts';
import { ticketOutline, ticketsElement } from '../../core/report/tickets.ts';
import { isPartShown, isShown, shownNodes, type View } from '../../core/report/view.ts';
import type { Picture } from '../../core/status/picture.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Section } from './sections.ts';

export interface StatusRequest {
  readonly picture: Picture;
  readonly view: View;
  readonly sections: ReadonlySet<Section>;
  readonly now: Instant;
  readonly fencing: readonly FencingEvent[];
  /** Nothing was left out of `fencing`. */
  readonly wholeHistory: boolean;
  readonly daemonState?: string | undefined;
}

const SUMMARY_PARTS: readonly SummaryPart[] = ['stack', 'dc', 'times', 'counts', 'options'];

function summaryOptions({ view, sections, now, daemonState }: StatusRequest): SummaryOptions {
  const parts = new Set(SUMMARY_PARTS.filter(part => sections.has(part)));
  return { parts, now, detail: view.detail, quiet: view.quiet, daemonState };
}

/** Text of the status: sections with an empty line between each two. */
export function statusText(request: StatusRequest): string {
  const { picture, sections } = request;
  const summary = summaryLines(picture, summaryOptions(request));
  const maintenance = sections.has('maint-mode') ? maintenanceText(picture) : undefined;
  const blocks = [
    ...(summary.length === 0 ? [] : [printOutline(section('Cluster Summary', summary))]),
    ...(maintenance === undefined ? [] : [maintenance]),
    ...outlinesOf(request).map(outline => printOutline(outline)),
  ];
  return blocks.join('\n');
}

/** The status as a page. */
export function statusPage(request: StatusRequest, options: PageOptions): string {
  const { picture, sections } = request;
  const summary = summaryLines(picture, summaryOptions(request));
  const maintenance = sections.has('maint-mode') ? maintenanceText(picture) : undefined;
  return htmlPage(
    [
      ...(summary.length === 0 ? [] : [section('Cluster Summary', summary)]),
      ...(maintenance === undefined ? [] : [maintenance]),
      ...outlinesOf(request),
    ],
    options,
  );
}

function outlinesOf(request: StatusRequest): readonly Outline[] {
  const { picture, view, sections, fencing } = request;
  const when = (name: Section, outline: () => readonly Outline[]) => (sections.has(name) ? outline() : []);
  const states = fencingStates(sections);
  return [
    ...when('nodes', () => nodeSection(picture, view)),
    ...when('resources', () => resourceSection(picture, view)),
    ...when('attributes', () => attributeOutline(picture, view)),
    ...(sections.has('operations')
      ? operationOutline(picture, view)
      : when('failcounts', () => failCountOutline(picture, view))),
    ...when('failures', () => failureOutline(picture, view)),
    ...fencingOutline(fencing, states, { whole: request.wholeHistory }),
    ...when('tickets', () => ticketOutline(picture)),
    ...when('bans', () => banOutline(picture, view)),
  ];
}

/** Which fencing is shown: what failed, what is under way, what went well. */
function fencingStates(sections: ReadonlySet<Section>): ReadonlySet<FencingState> {
  const states = new Set<FencingState>();
  if (sections.has('fencing-failed')) states.add('failed');
  if (sections.has('fencing-pending')) states.add('pending');
  if (sections.has('fencing-succeeded')) states.add('success');
  return states;
}

/** The elements of the status, to stand in a result. */
export function statusElements(request: StatusRequest): readonly XmlElement[] {
  const { picture, view, sections, fencing } = request;
  const when = (name: Section, elements: () => readonly XmlElement[]) =>
    sections.has(name) ? elements() : [];
  const summary = summaryOptions(request);
  const states = fencingStates(sections);
  const operations = sections.has('operations');
  return [
    ...(summary.parts.size === 0 ? [] : [summaryElement(picture, summary)]),
    ...when('nodes', () => [element('nodes', {}, nodeElements(picture, view))]),
    ...when('resources', () => resourcesElements(picture, view)),
    ...when('attributes', () => attributesElement(picture, view)),
    ...((operations || sections.has('failcounts')) && shownNodes(picture, view).length > 0
      ? [historyElement(picture, view, { operations })]
      : []),
    ...when('failures', () => failuresElement(picture, view)),
    ...(fencing.length === 0 ? [] : [fencingElement(fencing.filter(({ state }) => states.has(state)))]),
    ...when('tickets', () => ticketsElement(picture)),
    ...when('bans', () => bansElement(picture, view)),
  ];
}

const nodeElements = (picture: Picture, view: View): readonly XmlElement[] =>
  shownNodes(picture, view).map(node =>
    nodeElement(
      picture,
      node,
      view.byNode
        ? node.running.filter(one => isShown(picture, one, view)).map(one => resourceElement(one))
        : [],
    ),
  );

/** Where resources are listed by node, only what is not active is listed here. */
function resourcesElements(picture: Picture, view: View): readonly XmlElement[] {
  if (view.byNode && !view.inactive) return [];
  const shown = shownResources(picture, view);
  return shown.length === 0 && view.onlyResource === undefined
    ? []
    : [
        element(
          'resources',
          {},
          shown.map(one =>
            resourceElement(one, { pending: true, isShown: part => isPartShown(picture, part, view) }),
          ),
        ),
      ];
}
