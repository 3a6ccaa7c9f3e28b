import { attribute, element, type XmlElement } from '../xml/element.ts';

export interface Connection {
  readonly name: string;
  readonly container?: string | undefined;
  readonly migratable?: string | undefined;
  readonly managed?: string | undefined;
  readonly startTimeout?: string | undefined;
  readonly server?: string | undefined;
  readonly port?: string | undefined;
}

const pair = (set: string, name: string, value: string): XmlElement =>
  element('nvpair', { id: `${set}-${name}`, name, value });

/** The resource that stands for a connection which the cluster makes by itself. */
export function connectionResource(of: Connection): XmlElement {
  const { name } = of;
  const meta = `${name}-meta_attributes`;
  const pairs = [pair(meta, 'internal-rsc', 'true')];
  if (of.container !== undefined) pairs.push(pair(meta, 'container', of.container));
  if (of.migratable !== undefined) pairs.push(pair(meta, 'allow-migrate', of.migratable));
  if (of.managed !== undefined) pairs.push(pair(meta, 'is-managed', of.managed));
  const children = [element('meta_attributes', { id: meta }, pairs)];
  if (of.port !== undefined || of.server !== undefined) {
    const set = `${name}-instance_attributes`;
    const parameters: XmlElement[] = [];
    if (of.server !== undefined) parameters.push(pair(set, 'addr', of.server));
    if (of.port !== undefined) parameters.push(pair(set, 'port', of.port));
    children.push(element('instance_attributes', { id: set }, parameters));
  }
  const operations = [
    element('op', { id: `${name}-monitor-30s`, interval: '30s', name: 'monitor', timeout: '30s' }),
  ];
  if (of.startTimeout !== undefined) {
    operations.push(
      element('op', { id: `${name}-start-0`, interval: '0', name: 'start', timeout: of.startTimeout }),
    );
  }
  children.push(element('operations', {}, operations));
  return element('primitive', { id: name, class: 'ocf', provider: 'pacemaker', type: 'remote' }, children);
}

/** The connection of the guest that a resource carries (`remote-node`); `undefined` where it carries none. */
export function guestConnection(carrier: XmlElement): XmlElement | undefined {
  const meta = new Map<string, string>();
  for (const set of carrier.children) {
    if (set.name !== 'meta_attributes') continue;
    for (const one of set.children) {
      const name = attribute(one, 'name');
      const value = attribute(one, 'value');
      if (name !== undefined && value !== undefined) meta.set(name, value);
    }
  }
  const name = meta.get('remote-node');
  if (name === undefined) return undefined;
  return connectionResource({
    name,
    container: attribute(carrier, 'id'),
    migratable: meta.get('remote-allow-migrate'),
    managed: meta.get('is-managed'),
    startTimeout: meta.get('remote-connect-timeout') ?? '60s',
    server: meta.get('remote-addr'),
    port: meta.get('remote-port'),
  });
}
