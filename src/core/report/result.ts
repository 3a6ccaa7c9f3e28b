/** The document that every command prints under `--output-as=xml`: what was asked, what was found, how it ended. */
import { type ExitCode, exitMessage, exitNumber } from '../model/exit-code.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { printXml } from '../xml/print.ts';

/** Version of the output schema that the elements of commands follow. */
const API_VERSION = '2.25';

export interface Result {
  /** The command line, as it was typed. */
  readonly request: string;
  readonly body: readonly XmlElement[];
  readonly exit: ExitCode;
  /** What went wrong, a message each, as it stands on standard error in text output. */
  readonly errors?: readonly string[];
  /** Words beside the number, if not those of the exit code. */
  readonly message?: string;
}

function resultElement({ request, body, exit, errors = [], message }: Result): XmlElement {
  const said = errors.map(text => element('error', {}, [], text));
  const status = element(
    'status',
    { code: exitNumber(exit), message: message ?? exitMessage(exit) },
    said.length === 0 ? [] : [element('errors', {}, said)],
  );
  return element('pacemaker-result', { 'api-version': API_VERSION, request }, [...body, status]);
}

export const resultDocument = (result: Result): string => printXml(resultElement(result), { pretty: true });
