import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../xml/parse.ts';
import { printXml } from '../xml/print.ts';
import { graphElement, readGraph } from './graph-xml.ts';

const TEXT = `<transition_graph cluster-delay="60s" fencing-timeout="60s" failed-stop-offset="INFINITY" failed-start-offset="INFINITY" transition_id="7" recheck-by="12">
  <synapse id="0">
    <action_set>
      <rsc_op id="4" operation="start" operation_key="web:1_start_0" internal_operation_key="web_start_0" on_node="a" on_node_uuid="1" router_node="b">
        <primitive id="web" long-id="web:1" class="ocf" provider="heartbeat" type="apache"/>
        <attributes CRM_meta_timeout="20000" port="80">
          <param name="1" value="odd"/>
        </attributes>
      </rsc_op>
    </action_set>
    <inputs>
      <trigger>
        <crm_event id="3" operation="stonith" operation_key="stonith-c-reboot" on_node="c" on_node_uuid="3"/>
      </trigger>
    </inputs>
  </synapse>
  <synapse id="1" priority="1000000">
    <action_set>
      <crm_event id="3" operation="stonith" operation_key="stonith-c-reboot" on_node="c" on_node_uuid="3">
        <attributes CRM_meta_stonith_action="reboot"/>
        <downed>
          <node id="3"/>
        </downed>
      </crm_event>
    </action_set>
    <inputs/>
  </synapse>
</transition_graph>
`;

test('a graph is read from XML and printed as it was', () => {
  const parsed = parseXml(TEXT);
  assert.ok(parsed.ok);
  const graph = readGraph(parsed.root);
  assert.equal(graph.id, 7);
  assert.deepEqual(graph.synapses[0]?.inputs[0]?.id, 3);
  assert.deepEqual(graph.synapses[1]?.actions[0]?.downed, ['3']);
  assert.equal(printXml(graphElement(graph), { pretty: true }), TEXT);
});
