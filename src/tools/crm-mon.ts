import { readFileSync } from 'node:fs';
import { openConnection } from '../client/open.ts';
import { type Duration, seconds } from '../core/base/time.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseInterval } from '../core/model/interval.ts';
import { RELEASE } from '../core/model/version.ts';
import { type FencingEvent, newestOfEach, readFencingHistory } from '../core/report/fencing-history.ts';
import type { PageOptions } from '../core/report/outline-html.ts';
import { simpleStatus } from '../core/report/simple-status.ts';
import { unpack } from '../core/status/unpack.ts';
import { element, type XmlElement } from '../core/xml/element.ts';
import { parseXml } from '../core/xml/parse.ts';
import { printXml } from '../core/xml/print.ts';
import type { CommandLine } from './command-line.ts';
import { fileScreen, goToBackground, isInBackground } from './monitor/background.ts';
import { definition } from './monitor/definition.ts';
import { ExternalAgent } from './monitor/external-agent.ts';
import { follow, type Screen, type Source } from './monitor/follow.ts';
import { keysText, press } from './monitor/keys.ts';
import { plainScreen, terminalScreen } from './monitor/screen.ts';
import { type Settings, settingsOf } from './monitor/settings.ts';
import { type StatusRequest, statusElements, statusPage, statusText } from './monitor/status.ts';
import { timeOfCommand } from './session.ts';
import { main, type Report, type Surroundings, type Tool, ToolError } from './tool.ts';

type Line = CommandLine<typeof definition.options>;

/** What is read of a cluster each time. */
interface Facts {
  readonly cib: XmlElement;
  readonly fencing: readonly FencingEvent[];
  readonly live: boolean;
}

export const tool: Tool<typeof definition.options> = {
  definition,
  formats: ['console', 'text', 'xml', 'html', 'none'],
  perform: async (line, report, surroundings) => {
    const { values } = line;
    const asXml = report.format === 'xml' || values['as-xml'];
    const settings = settingsOf(line, asXml ? 'xml' : 'text');
    const interval = intervalOf(values.interval);
    const page = pageOf(values, report, interval);
    const agent = externalAgent(values, surroundings);
    if (values.daemonize) {
      const file = values['as-html'] ?? values['output-to'];
      if (file === undefined && agent === undefined) {
        throw new ToolError('usage', '--daemonize requires at least one of --output-to and --external-agent');
      }
      if (isInBackground(surroundings.environment)) {
        const screen = file === undefined ? plainScreen(() => undefined) : fileScreen(file);
        return watch({ settings, interval, page, screen, agent }, surroundings);
      }
      goToBackground(surroundings.words, values['pid-file']);
      return 'ok';
    }
    if (values['simple-status']) {
      const facts = await readOnce(values['xml-file'], surroundings);
      const { isFine, line: said } = simpleStatus(unpack({ cib: facts.cib, now: timeOfCommand() }));
      report.line(said);
      return isFine ? 'ok' : 'error';
    }
    if (asXml || page !== undefined || values['one-shot'] || values['xml-file'] !== undefined) {
      return once({ line, settings, page }, report, surroundings);
    }
    const console = report.format === 'console' && process.stdout.isTTY;
    const screen = console ? terminalScreen() : plainScreen(text => report.raw(text));
    return watch({ settings, interval, screen, agent }, surroundings);
  },
};

/** What is told of each result, where that was asked for. */
function externalAgent(values: Line['values'], { environment }: Surroundings): ExternalAgent | undefined {
  const program = values['external-agent'];
  if (program === undefined) return undefined;
  return new ExternalAgent({
    recipient: values['external-recipient'],
    start: more => {
      const { spawn } = process.getBuiltinModule('node:child_process');
      const child = spawn(program, [], { env: { ...environment, ...more }, stdio: 'ignore' });
      child.on('error', error => process.stderr.write(`crm_mon: ${program}: ${error.message}\n`));
    },
  });
}

/** How a page is to look, where one was asked for. */
function pageOf(values: Line['values'], report: Report, interval: Duration): PageOptions | undefined {
  if (report.format !== 'html' && values['as-html'] === undefined) return undefined;
  return {
    title: values['html-title'] ?? 'Cluster Status',
    stylesheet: values['html-stylesheet'],
    refresh: Math.ceil(interval / 1000),
  };
}

function intervalOf(text: string | undefined): Duration {
  if (text === undefined) return seconds(5);
  const interval = parseInterval(text);
  if (interval === undefined || interval === 0) throw new ToolError('usage', `Invalid value for -i: ${text}`);
  return interval;
}

interface Once {
  readonly line: Line;
  readonly settings: Settings;
  readonly page: PageOptions | undefined;
}

async function once(
  { line: { values }, settings, page }: Once,
  report: Report,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const facts = await readOnce(values['xml-file'], surroundings);
  const request = requestOf(facts, settings);
  if (values['as-xml']) {
    const document = element('crm_mon', { version: RELEASE }, statusElements(request));
    report.raw(printXml(document, { pretty: true }));
  } else if (page !== undefined) {
    const text = statusPage(request, page);
    if (values['as-html'] !== undefined) fileScreen(values['as-html']).draw(text);
    else report.raw(`${values['html-cgi'] ? 'Content-Type: text/html\n\n' : ''}${text}`);
  } else {
    report.text(statusText(request));
    report.xml(...statusElements(request));
  }
  return 'ok';
}

async function readOnce(file: string | undefined, surroundings: Surroundings): Promise<Facts> {
  if (file !== undefined) return readFile(file);
  const opened = await connect(surroundings);
  if (typeof opened === 'string') {
    throw new ToolError('disconnected', `Connection to cluster failed: ${opened}`);
  }
  try {
    const facts = await opened.read();
    if (facts === undefined) throw new ToolError('disconnected', 'Could not connect to the CIB');
    return facts;
  } finally {
    opened.close();
  }
}

function readFile(path: string): Facts {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ToolError('no-input', `Could not read ${path}`);
  }
  const parsed = parseXml(text);
  if (!parsed.ok) throw new ToolError('bad-data', `${path}:${parsed.line}: ${parsed.message}`);
  return { cib: parsed.root, fencing: [], live: false };
}

const WORDS: Readonly<Record<string, string>> = { ECONNREFUSED: 'Connection refused' };

/** The way to the cluster, or in a word why there is none. */
async function connect({ environment }: Surroundings): Promise<Source<Facts> | string> {
  const opened = await openConnection({
    environment,
    name: 'crm_mon',
    conclusion: async () => ({ validate: () => [] }),
  });
  if (!opened.ok) return WORDS[opened.error] ?? 'Transport endpoint is not connected';
  const { connection, to } = opened;
  const live = to === 'cluster';
  const output = async (request: Parameters<typeof connection.ask>[0]) => {
    const reply = await connection.ask(request);
    return reply.ok ? reply.output : undefined;
  };
  return {
    read: async () => {
      const [cib, history] = await Promise.all([
        output({ kind: 'cib', operation: 'query', local: true }),
        live ? output({ kind: 'fencer', operation: 'history' }) : undefined,
      ]);
      return cib === undefined ? undefined : { cib, fencing: readFencingHistory(history), live };
    },
    onChange: listener => {
      connection.onNotification(listener);
      void connection.ask({ kind: 'subscribe', topics: ['cib', 'fencing', 'membership'] });
    },
    onClose: connection.onClose,
    close: connection.close,
  };
}

function requestOf({ cib, fencing, live }: Facts, settings: Settings): StatusRequest {
  const now = timeOfCommand();
  return {
    picture: unpack({ cib, now }),
    view: settings.view,
    sections: settings.sections,
    now,
    wholeHistory: settings.wholeHistory,
    fencing: settings.wholeHistory ? fencing : newestOfEach(fencing),
    ...(live ? { daemonState: 'Pacemaker is running' } : {}),
  };
}

const CONTROL_C = '\u0003';

interface Watch {
  readonly settings: Settings;
  readonly interval: Duration;
  readonly screen: Screen;
  readonly page?: PageOptions | undefined;
  readonly agent?: ExternalAgent | undefined;
}

function watch(
  { settings: first, interval, screen, page, agent }: Watch,
  surroundings: Surroundings,
): Promise<ExitCode> {
  let settings = first;
  let help = false;
  return follow<Facts>({
    interval,
    screen,
    connect: async () => {
      const source = await connect(surroundings);
      return typeof source === 'string' ? undefined : source;
    },
    show: facts => {
      if (facts !== undefined) agent?.note(facts.cib);
      if (help) return keysText(settings);
      if (facts === undefined) return 'Waiting for the cluster …\n';
      const request = requestOf(facts, settings);
      return page === undefined ? statusText(request) : statusPage(request, page);
    },
    onKey: key => {
      help = key === '?';
      settings = press(settings, key);
      return key === 'q' || key === CONTROL_C;
    },
  });
}

if (import.meta.main) void main(tool);
