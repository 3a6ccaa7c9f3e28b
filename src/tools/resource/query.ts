import type { ExitCode } from '../../core/model/exit-code.ts';
import { printSections, section } from '../../core/report/outline.ts';
import { resourceLine } from '../../core/report/resource-line.ts';
import { resourceOutline } from '../../core/report/resource-tree.ts';
import { locationsOf } from '../../core/report/resource-words.ts';
import { resourceElement } from '../../core/report/resource-xml.ts';
import { PLAIN_VIEW } from '../../core/report/view.ts';
import { parametersOn } from '../../core/status/parameters.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { element, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
import { printXml } from '../../core/xml/print.ts';
import { operationError } from '../tool.ts';
import { configuredId, primitivesOf, resourceOf, type Work } from './work.ts';

/** A list of names as the output schema has it. */
const listElement = (name: string, items: readonly string[], item?: string): XmlElement =>
  element(
    'list',
    { name, count: items.length },
    items.map(text => element('item', { name: item }, [], text)),
  );

export function list({ report, picture }: Work): ExitCode {
  const outlines = picture.resources.flatMap(one =>
    resourceOutline(picture, one, { ...PLAIN_VIEW, inactive: true }),
  );
  report.text(
    printSections([section('Full List of Resources', outlines.length === 0 ? ['No resources'] : outlines)]),
  );
  report.xml(
    element(
      'resources',
      {},
      picture.resources.map(one => resourceElement(one)),
    ),
  );
  if (outlines.length === 0) throw operationError('no-such-object');
  return 'ok';
}

export function listRaw({ report, picture }: Work): ExitCode {
  const ids = picture.resources.flatMap(primitivesOf).map(({ id }) => id);
  if (ids.length === 0) {
    report.error('NO resources configured\n', { bare: true });
    throw operationError('no-such-object');
  }
  for (const id of ids) report.line(id);
  report.xml(listElement('resource names', ids, 'resource'));
  return 'ok';
}

export function locate(work: Work): ExitCode {
  const { report, values } = work;
  const resource = resourceOf(work);
  const name = values.resource ?? '';
  const instances = resourcesNamed(work, resource);
  const promotedOn = new Set(
    instances
      .flatMap(primitivesOf)
      .filter(({ role }) => role === 'Promoted')
      .flatMap(({ activeOn }) => activeOn),
  );
  const nodes = new Set(instances.flatMap(locationsOf));
  const places = [...nodes].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const node of places) {
    const role = promotedOn.has(node) ? ' Promoted' : '';
    report.line(values.quiet ? node.name : `resource ${name} is running on: ${node.name}${role}`);
  }
  if (places.length === 0 && !values.quiet) report.line(`resource ${name} is NOT running`);
  report.xml(
    element(
      'nodes',
      { resource: name },
      places.map(node => element('node', promotedOn.has(node) ? { state: 'promoted' } : {}, [], node.name)),
    ),
  );
  return 'ok';
}

/** All instances of an anonymous clone where the name of its primitive or group is given. */
function resourcesNamed({ values, picture }: Work, found: ResourcePicture): readonly ResourcePicture[] {
  const { parent } = found;
  if (parent?.kind !== 'clone' || picture.resourceById.has(values.resource ?? '')) return [found];
  return parent.children;
}

export function queryXml(work: Work, { raw }: { readonly raw: boolean }): ExitCode {
  const { report, picture, cib } = work;
  const resource = resourceOf(work);
  const id = configuredId(resource);
  const stored = [...walk(cib)].find(one => idOf(one) === id);
  const xml = raw ? (stored ?? resource.xml) : resource.xml;
  const text = printXml(xml, { pretty: true });
  if (resource.kind === 'primitive') report.line(resourceLine(picture, resource, { pending: true }));
  report.text(`Resource XML:\n${text}`);
  report.xml(element('resource_config', {}, [resourceElement(resource), element('xml', {}, [], text)]));
  return 'ok';
}

export function getParameter(work: Work): ExitCode {
  const { report, values } = work;
  const resource = resourceOf(work);
  const name = values['get-parameter'] ?? '';
  const value = parameterOf(resource, name, work);
  if (value === undefined) {
    report.error(`Attribute '${name}' not found for '${resource.id}'`, { bare: true });
    return 'ok';
  }
  report.line(value);
  report.xml(element('list', { name: 'attributes', count: 1 }, [element('item', { name }, [], value)]));
  return 'ok';
}

function parameterOf(resource: ResourcePicture, name: string, { values, picture }: Work): string | undefined {
  if (values.meta) return resource.meta.get(name);
  if (values.utilization) return resource.utilization.get(name);
  return parametersOn(picture, resource, resource.activeOn[0]).get(name);
}
