/** Why resources run where they do, or do not: in Pacemaker's form what it says, and below that the reasons. */
import type { ExitCode } from '../../core/model/exit-code.ts';
import { healthOf } from '../../core/report/node-words.ts';
import { isDisabled, locationsOf } from '../../core/report/resource-words.ts';
import { explain } from '../../core/scheduler/explain/explain.ts';
import { findRemedy } from '../../core/scheduler/explain/remedy.ts';
import { answerLines } from '../../core/scheduler/explain/text.ts';
import { type Schedule, type ScheduleInput, schedule } from '../../core/scheduler/schedule.ts';
import type { NodePicture, ResourcePicture } from '../../core/status/picture.ts';
import { element } from '../../core/xml/element.ts';
import { answerQuestion } from '../why/answer.ts';
import { nodeOf, resourceOf, topOf, type Work } from './work.ts';

export function why(work: Work): ExitCode {
  const { picture, values, report } = work;
  const node = nodeOf(work);
  if (report.format === 'json') {
    const { id } = resourceOf(work);
    answerQuestion(
      inputOf(work),
      { about: 'resource', resource: id, node: node?.name },
      { report, scores: false },
    );
    return 'ok';
  }
  const decided = report.format === 'text' ? schedule(inputOf(work)) : undefined;
  const subjects = values.resource === undefined ? picture.resources : [resourceOf(work)];
  const reasons = subjects.map(resource => {
    const checked = check(work, resource, node);
    if (decided !== undefined) sayReasons(work, decided, { resource: resource.id, node: node?.name });
    return checked;
  });
  const [reason] = reasons;
  if (values.resource !== undefined && reason !== undefined) {
    const { running, check } = reason;
    const where = node === undefined ? { running } : running ? { running_on: node.name } : {};
    report.xml(element('reason', where, [element('check', check)]));
    return 'ok';
  }
  const each = reasons.map(({ id, running, check }) =>
    element('resource', { id, running, host: node?.name }, [element('check', check)]),
  );
  report.xml(element('reason', {}, [element('resources', {}, each)]));
  return 'ok';
}

/** Whether a node's health keeps everything off it, and by which strategy. */
function unhealthyBy({ picture }: Work, node: NodePicture | undefined): string | undefined {
  const { strategy } = picture.options.health;
  return node !== undefined && strategy !== 'none' && healthOf(node, picture.options) === 'red'
    ? strategy
    : undefined;
}

/** Reasons for each part of a resource; what would alter them only where one resource was asked for. */
function sayReasons(
  work: Work,
  decided: Schedule,
  subject: { readonly resource: string; readonly node: string | undefined },
): void {
  const question = { about: 'resource', ...subject } as const;
  const found = explain(decided, question);
  if ('unknown' in found) return;
  const asked = work.values.resource !== undefined;
  for (const explanation of found) {
    const remedy = asked ? findRemedy(inputOf(work), { question, explanation }) : undefined;
    for (const line of answerLines({ ...explanation, remedy }, { scores: false }))
      work.report.line(`  ${line}`);
  }
}

/** Why an action of the plan that the cluster makes now is in it. */
export function whyAction(work: Work): ExitCode {
  const { values, report } = work;
  const question = { about: 'action', key: values['why-action'] ?? '', node: nodeOf(work)?.name } as const;
  answerQuestion(inputOf(work), question, { report, scores: false });
  return 'ok';
}

const inputOf = ({ cib, picture }: Work): ScheduleInput => ({ cib, now: picture.now });

function check(work: Work, resource: ResourcePicture, node: NodePicture | undefined) {
  const { report } = work;
  const places = locationsOf(resource);
  const running = node === undefined ? places.length > 0 : places.includes(node);
  const host = node === undefined ? '' : ` on host ${node.name}`;
  report.line(`Resource ${resource.id} is ${running ? '' : 'not '}running${host}`);
  const top = topOf(resource);
  const disabled = isDisabled(top) || isDisabled(resource);
  const unmanaged = !top.flags.managed;
  if (disabled) report.line(`Configuration specifies '${top.id}' should remain stopped`);
  if (unmanaged)
    report.line(`Configuration prevents cluster from stopping or starting unmanaged '${top.id}'`);
  if (top.lock !== undefined)
    report.line(`'${top.id}' is locked to node ${top.lock.node.name} because of shutdown`);
  const strategy = unhealthyBy(work, node);
  if (strategy !== undefined) {
    report.line(`'${top.id}' cannot run on unhealthy nodes due to node-health-strategy='${strategy}'`);
  }
  const checked = {
    id: top.id,
    ...(disabled ? { remain_stopped: true } : {}),
    ...(unmanaged ? { unmanaged: true } : {}),
    ...(top.lock === undefined ? {} : { 'locked-to': top.lock.node.name }),
    ...(strategy === undefined ? {} : { unhealthy: true }),
  };
  return { id: resource.id, running, check: checked };
}
