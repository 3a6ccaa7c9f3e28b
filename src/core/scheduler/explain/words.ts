import type { Action } from '../model.ts';

const VERBS: Readonly<Record<string, string>> = {
  start: 'start',
  stop: 'stop',
  promote: 'promotion',
  demote: 'demotion',
  running: 'completed start',
  stopped: 'completed stop',
  promoted: 'completed promotion',
  demoted: 'completed demotion',
  migrate_to: 'migration away',
  migrate_from: 'arrival by migration',
  monitor: 'monitor',
  notify: 'notification',
  notified: 'confirmed notification',
  delete: 'deletion from the history',
  lrm_delete: 'deletion from the history',
  'reload-agent': 'reload',
  cancel: 'cancellation',
  clear_failcount: 'clearing of the fail count',
};

/** An action as a sentence names it: `start of web on n1`. */
export function nameOfAction({ task, resource, node, meta, interval, key }: Action): string {
  const on = node === undefined ? '' : ` on ${node.name}`;
  if (task === 'stonith') {
    const operation = meta.get('stonith_action');
    return operation === 'on' ? `unfencing of ${node?.name ?? ''}` : `fencing of ${node?.name ?? ''}`;
  }
  if (task === 'do_shutdown') return `shutdown of ${node?.name ?? ''}`;
  if (task.startsWith('load_stopped')) return `making room${on}`;
  if (resource === undefined)
    return key.replace(/^(?:clone-)?one-or-more:(.*)$/, 'enough of what $1 puts first');
  if (task === 'monitor' && interval === 0) return `probe of ${resource.id}${on}`;
  const every = interval === 0 ? '' : ` every ${interval / 1000}s`;
  return `${VERBS[task] ?? task} of ${resource.id}${every}${on}`;
}
