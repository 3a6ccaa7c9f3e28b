/**
 * A CIB that a simulation writes to. It is laid open where it is written, and put together again at the end, so
 * that the cost of a write does not grow with the document.
 */
import { sectionOf } from '../cib/document.ts';
import {
  type AttributeInit,
  attribute,
  child,
  element,
  withAttribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from '../xml/element.ts';
import { HistoryList } from './history-list.ts';

export interface HistoryAgent {
  readonly class: string;
  readonly provider?: string | undefined;
  readonly type: string;
}

interface NodeDraft {
  state: XmlElement;
  /** `lrm_resource` elements, once one of them was looked at. */
  resources: HistoryList | undefined;
}

export class StatusDraft {
  #cib: XmlElement;
  readonly #nodes = new Map<string, NodeDraft>();

  constructor(cib: XmlElement) {
    this.#cib = cib;
    for (const state of sectionOf(cib, 'status')?.children ?? []) {
      const name = attribute(state, 'uname');
      if (state.name === 'node_state' && name !== undefined && !this.#nodes.has(name)) {
        this.#nodes.set(name, { state, resources: undefined });
      }
    }
  }

  /** Makes the node's state if there is none; without an id that of the configured node of that name. */
  addNode(name: string, id?: string): void {
    if (this.#nodes.has(name)) return;
    const nodeId = id ?? this.#idOf(name);
    const nameless = this.#nameless(nodeId);
    const state = nameless ?? element('node_state', { id: nodeId });
    this.#nodes.set(name, { state: withAttribute(state, 'uname', name), resources: undefined });
  }

  /** Adds the node to the configuration, too, where that does not have it. */
  configureNode(name: string): void {
    const nodes = sectionOf(this.#cib, 'nodes');
    if (nodes?.children.some(node => attribute(node, 'uname') === name)) return;
    this.#editConfiguration('nodes', section =>
      withChildren(section, [...section.children, element('node', { id: name, uname: name })]),
    );
  }

  idOf(name: string): string {
    return attribute(this.#node(name).state, 'id') ?? name;
  }

  setState(name: string, changes: AttributeInit): void {
    const node = this.#node(name);
    node.state = withAttributes(node.state, changes);
  }

  /** Forgets what the node did and its transient attributes, as after its fencing. */
  erase(name: string): void {
    const node = this.#node(name);
    node.resources = undefined;
    node.state = withChildren(
      node.state,
      node.state.children.filter(one => one.name !== 'lrm' && one.name !== 'transient_attributes'),
    );
  }

  /**
   * The id under which the node's history has the resource: the first of the names that is there once; if none is,
   * an entry is made under the last. `undefined` where that cannot be, for want of an agent. What stands there twice
   * is left as it is, for nobody knows which of the two is meant.
   */
  historyName(
    node: string,
    names: readonly [string, ...string[]],
    agent: HistoryAgent | undefined,
  ): string | undefined {
    const known = names.find(name => this.#resources(node).isThereOnce(name));
    if (known !== undefined || agent === undefined) return known;
    const made = names.at(-1) ?? names[0];
    const { provider, type } = agent;
    this.#resources(node).add(element('lrm_resource', { id: made, class: agent.class, provider, type }));
    return made;
  }

  history(node: string, resource: string): XmlElement | undefined {
    return this.#resources(node).get(resource);
  }

  setHistory(node: string, resource: string, entry: XmlElement): void {
    this.#resources(node).replace(resource, entry);
  }

  transientAttribute(node: string, name: string): string | undefined {
    const pairs = this.#transientSet(node)?.children ?? [];
    const pair = pairs.find(one => attribute(one, 'name') === name);
    return pair === undefined ? undefined : attribute(pair, 'value');
  }

  setTransientAttribute(node: string, name: string, value: string): void {
    const draft = this.#node(node);
    const id = this.idOf(node);
    const set = this.#transientSet(node) ?? element('instance_attributes', { id: `status-${id}` });
    const at = set.children.findIndex(one => attribute(one, 'name') === name);
    const pairId = `status-${id}-${name.replace(/[^\w.-]/g, '.')}`;
    const pair = element('nvpair', { id: pairId, name, value });
    const children =
      at < 0
        ? [...set.children, pair]
        : set.children.map((one, place) => (place === at ? withAttribute(one, 'value', value) : one));
    const transient = child(draft.state, 'transient_attributes') ?? element('transient_attributes', { id });
    const others = transient.children.filter(one => one.name !== 'instance_attributes');
    const whole = withChildren(transient, [withChildren(set, children), ...others]);
    draft.state = replaceChild(draft.state, whole);
  }

  setTicket(id: string, changes: AttributeInit): void {
    this.#edit('status', status => {
      const tickets = child(status, 'tickets') ?? element('tickets');
      const known = child(tickets, 'ticket_state', id) ?? element('ticket_state', { id });
      const changed = withAttributes(known, changes);
      const children = tickets.children.includes(known)
        ? tickets.children.map(one => (one === known ? changed : one))
        : [...tickets.children, changed];
      return replaceChild(status, withChildren(tickets, children));
    });
  }

  setQuorum(quorate: boolean): void {
    this.#cib = withAttribute(this.#cib, 'have-quorum', quorate ? '1' : '0');
  }

  setClusterOption(name: string, value: string): void {
    this.#editConfiguration('crm_config', section => {
      const set =
        section.children.find(one => one.name === 'cluster_property_set') ??
        element('cluster_property_set', { id: 'cib-bootstrap-options' });
      const pair = element('nvpair', { id: `${attribute(set, 'id')}-${name}`, name, value });
      const others = set.children.filter(one => attribute(one, 'name') !== name);
      const changed = withChildren(set, [...others, pair]);
      const known = section.children.includes(set);
      return withChildren(
        section,
        known ? section.children.map(one => (one === set ? changed : one)) : [...section.children, changed],
      );
    });
  }

  /** The document with all that was written. */
  finish(): XmlElement {
    const put = new Set<string>();
    this.#edit('status', status => {
      const nameOf = new Map([...this.#nodes].map(([name, { state }]) => [attribute(state, 'id'), name]));
      const known = status.children.map(one => {
        const name = attribute(one, 'uname') ?? nameOf.get(attribute(one, 'id'));
        if (one.name !== 'node_state' || name === undefined || put.has(name)) return one;
        put.add(name);
        return this.#assemble(name);
      });
      const added = [...this.#nodes.keys()].filter(name => !put.has(name));
      return withChildren(status, [...known, ...added.map(name => this.#assemble(name))]);
    });
    return this.#cib;
  }

  #node(name: string): NodeDraft {
    this.addNode(name);
    return this.#nodes.get(name) as NodeDraft;
  }

  /** A state that the cluster began without knowing the node's name. */
  #nameless(id: string): XmlElement | undefined {
    return sectionOf(this.#cib, 'status')?.children.find(
      one => one.name === 'node_state' && !attribute(one, 'uname') && attribute(one, 'id') === id,
    );
  }

  #idOf(name: string): string {
    const nodes = sectionOf(this.#cib, 'nodes')?.children ?? [];
    const node = nodes.find(one => attribute(one, 'uname') === name);
    return (node === undefined ? undefined : attribute(node, 'id')) ?? name;
  }

  #resources(name: string): HistoryList {
    const node = this.#node(name);
    node.resources ??= new HistoryList(historyOf(node.state));
    return node.resources;
  }

  #transientSet(name: string): XmlElement | undefined {
    const transient = child(this.#node(name).state, 'transient_attributes');
    return transient === undefined ? undefined : child(transient, 'instance_attributes');
  }

  #assemble(name: string): XmlElement {
    const { state, resources } = this.#node(name);
    if (resources === undefined) return state;
    const lrm = child(state, 'lrm') ?? element('lrm', { id: attribute(state, 'id') });
    const list = child(lrm, 'lrm_resources') ?? element('lrm_resources');
    return replaceChild(state, replaceChild(lrm, withChildren(list, resources.elements)));
  }

  #editConfiguration(name: string, edit: (section: XmlElement) => XmlElement): void {
    this.#edit('configuration', configuration =>
      replaceChild(configuration, edit(child(configuration, name) ?? element(name))),
    );
  }

  #edit(name: string, edit: (section: XmlElement) => XmlElement): void {
    this.#cib = replaceChild(this.#cib, edit(child(this.#cib, name) ?? element(name)));
  }
}

function historyOf(state: XmlElement): readonly XmlElement[] {
  const lrm = child(state, 'lrm');
  const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  return list?.children.filter(one => one.name === 'lrm_resource') ?? [];
}

/** Puts the element in the place of the first of its name, or at the end. */
function replaceChild(parent: XmlElement, by: XmlElement): XmlElement {
  const at = parent.children.findIndex(one => one.name === by.name);
  if (at < 0) return withChildren(parent, [...parent.children, by]);
  return withChildren(
    parent,
    parent.children.map((one, place) => (place === at ? by : one)),
  );
}
