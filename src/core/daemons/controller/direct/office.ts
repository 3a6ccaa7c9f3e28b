/** What the DC writes of itself and the cluster: who it is, whether there is a quorum, which nodes there are. */

import { sectionOf } from '../../../cib/document.ts';
import { BUILD, RELEASE } from '../../../model/version.ts';
import { attribute, child, childrenNamed, element, type XmlElement } from '../../../xml/element.ts';
import { type Turn, write } from '../turn.ts';

/** Writes what is missing or wrong; true if anything had to be written. */
export function writeOffice(turn: Turn): boolean {
  const { cib, view } = turn.state;
  if (cib === undefined) return false;
  const root = writeRoot(turn, cib, view.quorate);
  const properties = writeProperties(turn, cib);
  const nodes = writeNodes(turn, cib);
  return root || properties || nodes;
}

function writeRoot(turn: Turn, cib: XmlElement, quorate: boolean): boolean {
  const wanted = { 'have-quorum': quorate ? '1' : '0', 'dc-uuid': turn.env.node.id };
  if (Object.entries(wanted).every(([name, value]) => attribute(cib, name) === value)) return false;
  write(turn, { operation: 'modify', input: element('cib', wanted) }, { kind: 'nodes' });
  return true;
}

const SET = 'cib-bootstrap-options';

function writeProperties(turn: Turn, cib: XmlElement): boolean {
  const section = sectionOf(cib, 'crm_config');
  const known = section === undefined ? undefined : child(section, 'cluster_property_set', SET);
  const wanted = {
    'have-watchdog': 'false',
    'dc-version': `${RELEASE} (${BUILD})`,
    'cluster-infrastructure': 'local-bus',
  };
  const missing = Object.entries(wanted).filter(([name, value]) => {
    const pair = childrenNamed(known ?? element(SET), 'nvpair').find(one => attribute(one, 'name') === name);
    return pair === undefined || attribute(pair, 'value') !== value;
  });
  if (missing.length === 0) return false;
  const pairs = missing.map(([name, value]) => element('nvpair', { id: `${SET}-${name}`, name, value }));
  const input = element('crm_config', {}, [element('cluster_property_set', { id: SET }, pairs)]);
  write(turn, { operation: 'modify', section: 'crm_config', input, allowCreate: true }, { kind: 'nodes' });
  return true;
}

/** Every peer has an entry in the configuration, for what is set for it to have a place. */
function writeNodes(turn: Turn, cib: XmlElement): boolean {
  const section = sectionOf(cib, 'nodes');
  const missing = [...turn.state.view.peers].flatMap(name => {
    const id = turn.state.view.members.get(name);
    const known = section === undefined ? undefined : child(section, 'node', id);
    return id === undefined || (known !== undefined && attribute(known, 'uname') === name)
      ? []
      : [element('node', { id, uname: name })];
  });
  if (missing.length === 0) return false;
  const input = element('nodes', {}, missing);
  write(turn, { operation: 'modify', section: 'nodes', input, allowCreate: true }, { kind: 'nodes' });
  return true;
}
