/** Forgetting what was: failures, or the whole history, so that the cluster looks anew. */
import type { ControllerRequest } from '../../core/messages/client.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { parseInterval } from '../../core/model/interval.ts';
import { nodeName, resourceId } from '../../core/model/names.ts';
import { operationError, ToolError } from '../tool.ts';
import { configuredId, nodeOf, resourceOf, topOf, type Work } from './work.ts';

export async function forget(
  work: Work,
  { failuresOnly }: { readonly failuresOnly: boolean },
): Promise<ExitCode> {
  const { session, report, values } = work;
  const named = values.resource === undefined ? undefined : resourceOf(work);
  const resource = named === undefined || values.force ? named : topOf(named);
  const node = nodeOf(work);
  const interval = values.interval === undefined ? undefined : parseInterval(values.interval);
  if (values.interval !== undefined && interval === undefined) {
    throw new ToolError('usage', `Invalid interval: ${values.interval}`);
  }
  const request: ControllerRequest = {
    kind: 'controller',
    operation: 'refresh',
    failuresOnly,
    ...(resource === undefined ? {} : { resource: resourceId(configuredId(resource)) }),
    ...(node === undefined ? {} : { node: nodeName(node.name) }),
    ...(values.operation === undefined ? {} : { failedOperation: values.operation }),
    ...(interval === undefined ? {} : { interval }),
  };
  if (session.to === 'file') {
    const what = resource === undefined ? 'all resources' : configuredId(resource);
    report.line(
      `Dry run: skipping clean-up of ${what}${node === undefined ? '' : ` on ${node.name}`} due to CIB_file`,
    );
    return 'ok';
  }
  await session.demand(request);
  const what = resource === undefined ? 'all resources' : configuredId(resource);
  const where = node === undefined ? 'all nodes' : node.name;
  if (!values.quiet) report.line(`Cleaned up ${what} on ${where}`);
  return 'ok';
}

export async function fail(work: Work): Promise<ExitCode> {
  const { session } = work;
  const resource = resourceOf(work);
  const node = nodeOf(work);
  if (node === undefined) throw new ToolError('usage', 'Must supply a node name with -N');
  if (session.to === 'file') throw operationError('disconnected');
  await session.demand({
    kind: 'controller',
    operation: 'fail',
    resource: resourceId(configuredId(resource)),
    node: nodeName(node.name),
  });
  return 'ok';
}
