/** Why resources are not running, as far as the configuration says. */
import type { ExitCode } from '../../core/model/exit-code.ts';
import { healthOf } from '../../core/report/node-words.ts';
import { isDisabled, locationsOf } from '../../core/report/resource-words.ts';
import type { NodePicture, ResourcePicture } from '../../core/status/picture.ts';
import { element } from '../../core/xml/element.ts';
import { nodeOf, resourceOf, topOf, type Work } from './work.ts';

export function why(work: Work): ExitCode {
  const { picture, values, report } = work;
  const node = nodeOf(work);
  const subjects = values.resource === undefined ? picture.resources : [resourceOf(work)];
  const reasons = subjects.map(resource => explain(work, resource, node));
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

function explain(work: Work, resource: ResourcePicture, node: NodePicture | undefined) {
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
  const check = {
    id: top.id,
    ...(disabled ? { remain_stopped: true } : {}),
    ...(unmanaged ? { unmanaged: true } : {}),
    ...(top.lock === undefined ? {} : { 'locked-to': top.lock.node.name }),
    ...(strategy === undefined ? {} : { unhealthy: true }),
  };
  return { id: resource.id, running, check };
}
