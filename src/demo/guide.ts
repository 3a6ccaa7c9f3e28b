import { relative } from 'node:path';
import { NODE_FOLDER } from '../core/model/places.ts';
import { projectFolder } from '../host/main/project.ts';
import type { Endpoint, Layout } from './layout.ts';

/** What to try on a demo that runs, as lines to paste into another terminal. */
export function guide(of: { readonly layout: Layout; readonly endpoint: Endpoint }): string {
  const { layout, endpoint } = of;
  const [first = '', second = '', third = second] = layout.nodes;
  const folder = relative(process.cwd(), layout.folder) || '.';
  const others = layout.nodes.filter(name => name !== first).join(',');
  const steps: readonly (readonly [string, string])[] = [
    ['look at it', 'crm status'],
    ['watch it', 'crm_mon'],
    ['load the page', `curl http://${endpoint.address}:${endpoint.port}/`],
    ['kill the service', `kill -9 $(cat ${folder}/*/run/Web-res-Web.pid)`],
    ['kill a node', `pacemaker-demo -d ${folder} power ${second} off`],
    ['and switch it on', `pacemaker-demo -d ${folder} power ${second} on`],
    ['empty a node', `crm node standby ${third}`],
    ['and fill it again', `crm node online ${third}`],
    ['cut the network', `pacemaker-demo -d ${folder} partition ${first} ${others}`],
    ['and mend it', `pacemaker-demo -d ${folder} heal`],
    ['move the service', `crm resource move grp-Ip-Fs-Web ${second}`],
    ['see what happened', `tail -f ${folder}/*/log/pacemakerd.log`],
  ];
  const width = Math.max(...steps.map(([what]) => what.length)) + 2;
  const bin = relative(process.cwd(), projectFolder()) || '.';
  return [
    '',
    'In another terminal, first:',
    '',
    `  export PATH="$PWD/${bin === '.' ? '' : `${bin}/`}bin:$PATH" ${NODE_FOLDER}=${layout.folder}`,
    '',
    'then try:',
    '',
    ...steps.map(([what, command]) => `  ${`${what}:`.padEnd(width)} ${command}`),
    '',
    'Ctrl-C ends it and leaves nothing running.',
    '',
  ].join('\n');
}
