/** `npm run sim`: runs seeds, prints what they came to, and stops at the first that breaks. */
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { BUGS } from './bugs/bugs.ts';
import { runMany } from './many.ts';
import { type Outcome, run } from './run.ts';

const HELP = `Usage: npm run sim -- [OPTION]...

  --seed N        run one seed and print its settings
  --seeds A..B    run a range; stop at the first seed that breaks
  --hours H       go on with fresh seeds for H hours
  --nodes K       a cluster of K nodes, whatever the seed would draw
  --bug NAME      switch on a deliberate bug (${BUGS.map(({ name }) => name).join(', ')})
  --bugs          for each deliberate bug: how many seeds it takes until it is caught
  --jobs J        worker processes for a range (default: one for each core)
  --verbose       print every line of the history
`;

function parse(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const [name = '', inline] = (words[at] ?? '').split('=', 2);
    if (['--verbose', '--help', '--bugs'].includes(name)) options.set(name, '');
    else if (['--seed', '--seeds', '--hours', '--nodes', '--bug', '--jobs'].includes(name)) {
      const value = inline ?? words[++at];
      if (value === undefined) throw new Error(`${name} needs a value`);
      options.set(name, value);
    } else throw new Error(`unknown option ${name}`);
  }
  return options;
}

function range(text: string): { readonly first: number; readonly last: number } {
  const match = /^(\d+)\.\.(\d+)$/.exec(text);
  if (match === null) throw new Error(`${text} is not a range of seeds such as 1..1000`);
  return { first: Number(match[1]), last: Number(match[2]) };
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function report({ seed, digest, lines, lasted, broken }: Outcome): void {
  say(`seed ${seed}: ${lines} lines, ${Math.round(lasted / 1000)} s of virtual time, history ${digest}`);
  if (broken === undefined) say('nothing broke');
  else say(`BROKEN ${broken.checker}: ${broken.text}`);
}

/** For each bug the first of the seeds from 1 that notices it. */
function tryBugs(): boolean {
  let all = true;
  for (const bug of BUGS) {
    let caught: Outcome | undefined;
    let seed = 1;
    for (; caught?.broken === undefined && seed <= BUG_SEEDS; seed += 1) caught = run({ seed, bug });
    const broken = caught?.broken;
    all &&= broken !== undefined;
    say(
      broken === undefined
        ? `${bug.name}: NOT CAUGHT in ${BUG_SEEDS} seeds`
        : `${bug.name}: caught by seed ${seed - 1} (${broken.checker}: ${broken.text.split('\n')[0]?.slice(0, 110)})`,
    );
  }
  return all;
}
const BUG_SEEDS = 500;

async function main(): Promise<boolean> {
  const options = parse(process.argv.slice(2));
  if (options.has('--help')) {
    say(HELP);
    return true;
  }
  if (options.has('--bugs')) return tryBugs();
  const named = options.get('--bug');
  const bug = BUGS.find(({ name }) => name === named);
  if (named !== undefined && bug === undefined) throw new Error(`there is no bug ${named}`);
  const nodes = options.get('--nodes');
  const common = {
    ...(nodes === undefined ? {} : { nodes: Number(nodes) }),
    ...(bug === undefined ? {} : { bug }),
  };
  const one = options.get('--seed');
  if (one !== undefined) {
    const verbose = options.has('--verbose');
    const lines: string[] = [];
    const print = (line: string) => {
      if (verbose || !/^\d/.test(line)) lines.push(line);
      if (lines.length > 1000) say(lines.splice(0).join('\n'));
    };
    const outcome = run({ seed: Number(one), ...common, print });
    if (lines.length > 0) say(lines.join('\n'));
    report(outcome);
    return outcome.broken === undefined;
  }
  const hours = options.get('--hours');
  const seeds = options.get('--seeds');
  if (hours === undefined && seeds === undefined) throw new Error('which seeds? See --help');
  const fresh = (Date.now() >>> 4) & 0x3fff_ffff;
  const { first, last } =
    seeds === undefined ? { first: fresh, last: Number.MAX_SAFE_INTEGER } : range(seeds);
  const jobs = Number(options.get('--jobs') ?? availableParallelism());
  return runMany({
    first,
    last,
    jobs,
    ...(hours === undefined ? {} : { until: Date.now() + Number(hours) * 3_600_000 }),
    ...common,
    say,
  });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
