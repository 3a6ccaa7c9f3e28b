import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { openConnection } from '../client/open.ts';
import { emptyCib } from '../core/cib/empty.ts';
import { printXml } from '../core/xml/print.ts';
import { tool as simulate } from '../tools/crm-simulate.ts';
import { run } from '../tools/tool.ts';
import { complete } from './shell/completion.ts';
import { runLines } from './shell/interactive.ts';
import { Session } from './shell/session.ts';
import { Shell } from './shell/shell.ts';

interface World {
  readonly file: string;
  readonly out: () => string;
  readonly err: () => string;
  /** A command line of its own, as `crm WORD …`. */
  readonly crm: (...words: readonly string[]) => Promise<boolean>;
  readonly shell: (input?: string) => Shell;
}

/** A shell on a CIB in a file, from an empty configuration that needs no fencing. */
function world(context: TestContext): World {
  const folder = mkdtempSync(join(tmpdir(), 'crm-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'cib.xml');
  writeFileSync(file, printXml(emptyCib({ schema: 'pacemaker-3.9' }), { pretty: true }));
  let out = '';
  let err = '';
  const shell = (input = '') =>
    new Shell(
      new Session(
        {
          environment: { CIB_file: file, CIB_shadow_dir: folder },
          out: text => {
            out += text;
          },
          err: text => {
            err += text;
          },
          connect: async environment => {
            const opened = await openConnection({
              environment,
              name: 'crm',
              conclusion: async () => ({ validate: () => [] }),
            });
            assert.ok(opened.ok);
            return opened.connection;
          },
          readStandardInput: async () => input,
          isTerminal: false,
        },
        { force: false, wait: false, display: 'color', sortElements: true, answerNo: false },
      ),
    );
  const taken = (text: string, clear: () => void): string => {
    clear();
    return text;
  };
  return {
    file,
    shell,
    out: () =>
      taken(out, () => {
        out = '';
      }),
    err: () =>
      taken(err, () => {
        err = '';
      }),
    crm: async (...words) => {
      const one = shell();
      one.session.isSingleShot = true;
      return (await one.executeWords(words)) && one.finish();
    },
  };
}

const lines = (text: string) => {
  const stream = new PassThrough();
  stream.end(text);
  return stream;
};

const EXAMPLES = new URL('../../docs/examples/', import.meta.url).pathname;
const CRM_VERIFY = '/usr/sbin/crm_verify';

for (const name of ['apache', 'mysql-cluster']) {
  test(`the example ${name} loads, is valid, and its own text changes nothing`, async context => {
    const { crm, file, out, err, shell } = world(context);
    assert.ok(await crm('configure', 'property', 'stonith-enabled=false'), err());
    assert.ok(await crm('configure', 'load', 'update', `${EXAMPLES}${name}.crm`), err());
    const before = readFileSync(file, 'utf8');
    assert.ok(await crm('configure', 'show'));
    const shown = out();
    const again = shell(shown);
    again.session.isSingleShot = true;
    assert.ok(await again.executeWords(['configure', 'load', 'replace', '-']), err());
    assert.equal(readFileSync(file, 'utf8'), before);
    if (existsSync(CRM_VERIFY)) execFileSync(CRM_VERIFY, ['-x', file]);
    else context.diagnostic('no crm_verify of another making here');
  });
}

test('crm status shows the database cluster as the status slides do', async context => {
  const { crm, file, err, out } = world(context);
  assert.ok(await crm('configure', 'load', 'update', `${EXAMPLES}mysql-cluster.crm`), err());
  for (const [node, score] of [
    ['punnet', '1000'],
    ['pannier', '5'],
  ] as const) {
    assert.ok(await crm('node', 'attribute', node, 'set', 'pingd', '100'), err());
    assert.ok(await crm('node', 'attribute', node, 'set', 'master-res-Drbd-R0', score), err());
  }
  // The scheduler brings it up, in the simulation that ends in a CIB of its own.
  const simulated = `${file}.simulated`;
  const words = ['-Q', '-S', '-x', file, '-O', simulated, '--node-up', 'punnet', '--node-up', 'pannier'];
  assert.equal(
    await run(simulate, { words, environment: {}, out: () => undefined, err: () => undefined }),
    'ok',
  );
  renameSync(simulated, file);
  assert.ok(await crm('status', 'noheaders'), err());
  assert.equal(
    out().replace(/^.*?(?=Node List)/s, ''),
    `Node List:
  * Online: [ pannier punnet ]

Active Resources:
  * Resource Group: grp-Ip-Fs-Mysql:
    * res-Wmysql3-IP	(ocf:heartbeat:IPaddr2):	 Started punnet
    * res-Wmysql3-Fs	(ocf:heartbeat:Filesystem):	 Started punnet
    * res-Mysql	(ocf:heartbeat:mysql):	 Started punnet
  * Clone Set: ms-Drbd-R0 [res-Drbd-R0] (promotable):
    * Promoted: [ punnet ]
    * Unpromoted: [ pannier ]
  * Clone Set: clo-Ping [res-Ping]:
    * Started: [ pannier punnet ]
`,
  );
});

test('what is typed in configure waits for the commit, and others’ changes meanwhile stay', async context => {
  const { crm, file, err, shell } = world(context);
  assert.ok(await crm('configure', 'primitive', 'first', 'Dummy', 'params', 'fake=a b'));
  const one = shell();
  assert.ok(await one.execute('configure'));
  assert.ok(await one.execute('primitive second Dummy'));
  assert.ok(await one.execute('delete first'));
  assert.doesNotMatch(readFileSync(file, 'utf8'), /second/);
  // Meanwhile somebody else:
  assert.ok(await crm('configure', 'primitive', 'third', 'Dummy'));
  assert.ok(await one.execute('commit'), err());
  const cib = readFileSync(file, 'utf8');
  assert.match(cib, /id="second"/);
  assert.match(cib, /id="third"/);
  assert.doesNotMatch(cib, /id="first"/);
});

test('a reference to nothing is refused at the commit, unless it is forced', async context => {
  const { crm, file, err } = world(context);
  assert.equal(await crm('configure', 'location', 'l1', 'nobody', 'inf:', 'n1'), false);
  assert.match(err(), /ERROR: l1: there is no resource nobody/);
  assert.doesNotMatch(readFileSync(file, 'utf8'), /l1/);
  assert.ok(await crm('configure', 'primitive', 'p', 'Dummy'));
  assert.ok(await crm('configure', 'location', 'l1', 'p', 'inf:', 'n1'));
  assert.match(err(), /WARNING: l1: there is no node n1/);
});

test('deleting takes along what makes no sense without it', async context => {
  const { crm, out, err } = world(context);
  const text = `node n1
primitive a Dummy
primitive b Dummy
primitive c Dummy
group g a b
location l g inf: n1
colocation k inf: a b c
order o a c
`;
  for (const line of text.trim().split('\n')) assert.ok(await crm('configure', ...line.split(' ')), err());
  assert.ok(await crm('configure', 'delete', 'a'));
  assert.match(err(), /INFO: order o is deleted too/);
  out();
  assert.ok(await crm('configure', 'show'));
  assert.equal(
    out(),
    `node n1
primitive b Dummy
primitive c Dummy
group g b
colocation k inf: c b
location l g inf: n1
`,
  );
  assert.ok(await crm('configure', 'rename', 'g', 'h'), err());
  assert.ok(await crm('configure', 'show', 'related:h'));
  assert.equal(out(), 'group h b\nlocation l h inf: n1\n');
});

test('resources are started and stopped by their target role, members of clones by their clone', async context => {
  const { crm, out, err } = world(context);
  for (const line of ['primitive a Dummy meta target-role=Started', 'clone c a', 'primitive b Dummy']) {
    assert.ok(await crm('configure', ...line.split(' ')), err());
  }
  assert.ok(await crm('resource', 'stop', 'a', 'b'), err());
  assert.ok(await crm('configure', 'show'));
  assert.equal(
    out(),
    `primitive a Dummy
primitive b Dummy \\
	meta target-role=Stopped
clone c a \\
	meta target-role=Stopped
`,
  );
  assert.equal(await crm('resource', 'promote', 'c'), false);
  assert.match(err(), /c is no promotable clone/);
  assert.ok(await crm('resource', 'param', 'b', 'set', 'fake', 'x'));
  assert.ok(await crm('resource', 'param', 'b', 'show', 'fake'));
  assert.equal(out(), 'x\n');
});

test('lines from a file run on after a fault, and the end of the input commits', async context => {
  const { file, err, shell } = world(context);
  const text = `# a comment
configure
  primitive a Dummy \\
    params fake=1
  nonsense
  primitive b Dummy
`;
  assert.equal(await runLines(shell(), lines(text), { isInteractive: false }), false);
  assert.equal(err(), 'ERROR: configure has no command nonsense; try "help"\n');
  assert.match(readFileSync(file, 'utf8'), /id="a".*id="b"/s);
});

test('commands are found by their beginning or their letters, and completed with what is there', async context => {
  const { crm, out, shell } = world(context);
  assert.ok(await crm('cfg', 'prim', 'address', 'IPaddr2'));
  assert.ok(await crm('conf', 'show', 'address'));
  assert.equal(out(), 'primitive address IPaddr2\n');
  const one = shell();
  assert.deepEqual(await complete(one, 'reso'), [['resource '], 'reso']);
  assert.deepEqual(await complete(one, 'resource st'), [['start ', 'status ', 'stop '], 'st']);
  assert.deepEqual(await complete(one, 'resource stop '), [['address '], '']);
  assert.deepEqual(await complete(one, 'configure property no-quorum-p'), [
    ['no-quorum-policy='],
    'no-quorum-p',
  ]);
});

test('XML is taken as one word or as several, and checked by the schema', async context => {
  const { crm, err, out } = world(context);
  assert.ok(await crm('configure', 'xml <primitive id="a" class="lsb" type="x"/>'), err());
  assert.ok(await crm('configure', 'xml', '<primitive id="b" class="lsb" type="x y"/>'), err());
  assert.ok(await crm('configure', 'show'));
  assert.equal(out(), 'primitive a lsb:x\nxml <primitive id="b" class="lsb" type="x y"/>\n');
  assert.equal(await crm('configure', 'xml <primitive id="c" class="ocf" nonsense="1"/>'), false);
  assert.match(err(), /ERROR: c: /);
});

test('passwords are hidden when shown, stay when the text is loaded, and are saved whole', async context => {
  const { crm, file, err, out, shell } = world(context);
  assert.ok(
    await crm('configure', 'primitive', 'f', 'stonith:fence_x', 'params', 'passwd=secret', 'ip=a'),
    err(),
  );
  assert.ok(await crm('configure', 'show'));
  const shown = out();
  assert.match(shown, /passwd="\*{6}" ip=a/);
  const again = shell(shown.replace('ip=a', 'ip=b'));
  assert.ok(await again.executeWords(['configure', 'load', 'replace', '-']), err());
  assert.match(readFileSync(file, 'utf8'), /"passwd" value="secret".*"ip" value="b"/s);
  const elsewhere = shell(shown.replace('primitive f', 'primitive g'));
  assert.equal(await elsewhere.executeWords(['configure', 'load', 'update', '-']), false);
  assert.match(err(), /the value is hidden, and g has none to keep/);
  assert.ok(await crm('configure', 'save', `${file}.crm`));
  assert.match(readFileSync(`${file}.crm`, 'utf8'), /passwd=secret/);
});
