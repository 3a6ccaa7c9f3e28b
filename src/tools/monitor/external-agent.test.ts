import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../../core/xml/parse.ts';
import { ExternalAgent } from './external-agent.ts';

const entry = (id: string, task: string, call: number, [expected, got]: readonly [number, number]): string =>
  `<lrm_rsc_op id="${id}" operation="${task}" operation_key="r_${task}_0" call-id="${call}" rc-code="${got}"
    op-status="0" interval="0" transition-key="1:2:${expected}:x" transition-magic="0:${got};1:2:${expected}:x"/>`;

function cib(...entries: readonly string[]) {
  const parsed = parseXml(`<cib><status><node_state id="1" uname="a"><lrm id="1"><lrm_resources>
    <lrm_resource id="r">${entries.join('')}</lrm_resource></lrm_resources></lrm></node_state></status></cib>`);
  assert.ok(parsed.ok);
  return parsed.root;
}

test('each result that comes in is told, with what was expected of it', () => {
  const told: Readonly<Record<string, string>>[] = [];
  const agent = new ExternalAgent({ recipient: 'me', start: environment => void told.push(environment) });
  const started = entry('r_last_0', 'start', 2, [0, 0]);
  agent.note(cib(entry('r_last_0', 'monitor', 1, [7, 7])));
  agent.note(cib(started));
  agent.note(cib(started));
  agent.note(cib(started, entry('r_last_failure_0', 'monitor', 3, [0, 7])));
  agent.note(cib(entry('r_last_0', 'monitor', 4, [7, 7])));
  assert.deepEqual(
    told.map(one => [one.CRM_notify_task, one.CRM_notify_rc, one.CRM_notify_target_rc, one.CRM_notify_desc]),
    [
      ['start', '0', '0', 'ok'],
      ['monitor', '7', '0', 'not running'],
    ],
  );
  assert.deepEqual(
    [told[0]?.CRM_notify_recipient, told[0]?.CRM_notify_node, told[0]?.CRM_notify_rsc],
    ['me', 'a', 'r'],
  );
});
