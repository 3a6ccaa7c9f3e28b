import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../../xml/parse.ts';
import { printXml } from '../../xml/print.ts';
import { operate } from '../operate.ts';
import { onlyNew } from './reduce.ts';

test('what was valid before and is the same is left out', () => {
  const parsed = parseXml(
    '<cib epoch="1"><configuration><crm_config><s id="s"/></crm_config><resources><p id="a"><x id="x"/></p><p id="b"/></resources></configuration><status><n id="1"/></status></cib>',
  );
  assert.ok(parsed.ok);
  const input = { name: 'x', attributes: ['id', 'x', 'v', '1'], children: [] };
  const outcome = operate(parsed.root, { operation: 'modify', input }, { validate: () => [] });
  assert.ok(outcome.ok);
  assert.equal(
    printXml(onlyNew(outcome.cib, parsed.root)),
    '<cib epoch="2" num_updates="0"><configuration><crm_config/><resources><p id="a"><x id="x" v="1"/></p></resources></configuration><status/></cib>',
  );
});
