import type { Endpoint } from './layout.ts';

/**
 * The cluster of the demo, in crm syntax: the one that the talk's status slides show, with what needs no root in
 * the place of what does. A group of address, filesystem and service; a promotable pair that the group must be
 * with; a ping everywhere; fencing through the machines' power switches.
 */

export const clusterText = ({
  endpoint,
  nodes,
}: {
  readonly endpoint: Endpoint;
  readonly nodes: number;
}): string => `
primitive res-Web-IP ocf:demo:Address \\
  params ip=${endpoint.address} \\
  op start timeout=20s interval=0 op stop timeout=20s interval=0 op monitor interval=1s timeout=20s
primitive res-Web-Fs ocf:demo:Filesystem \\
  params device=shared/web directory=run/www \\
  op start timeout=20s interval=0 op stop timeout=20s interval=0 op monitor interval=5s timeout=20s
primitive res-Web ocf:demo:Web \\
  params root=run/www ip=${endpoint.address} port=${endpoint.port} \\
  op start timeout=20s interval=0 op stop timeout=20s interval=0 op monitor interval=1s timeout=20s
primitive res-Data-R0 ocf:pacemaker:Stateful \\
  op start timeout=20s interval=0 op stop timeout=20s interval=0 \\
  op promote timeout=20s interval=0 op demote timeout=20s interval=0 \\
  op monitor interval=5s role=Promoted timeout=20s op monitor interval=6s role=Unpromoted timeout=20s
primitive res-Ping ocf:pacemaker:ping \\
  params host_list=127.0.0.1 name=pingd dampen=1s \\
  op start timeout=60s interval=0 op stop timeout=20s interval=0 op monitor interval=10s timeout=60s
primitive fence-bus stonith:fence_bus \\
  op start timeout=20s interval=0 op monitor interval=60s timeout=20s
group grp-Ip-Fs-Web res-Web-IP res-Web-Fs res-Web
ms ms-Data-R0 res-Data-R0 \\
  meta clone-max=${Math.min(nodes, 2)} promoted-max=1 notify=true
clone clo-Ping res-Ping
colocation col-Web-with-Data inf: grp-Ip-Fs-Web ms-Data-R0:Promoted
order ord-Data-before-Web Mandatory: ms-Data-R0:promote grp-Ip-Fs-Web:start
property cib-bootstrap-options: stonith-enabled=true stonith-timeout=20s cluster-name=demo
rsc_defaults rsc-options: resource-stickiness=100 migration-threshold=5 failure-timeout=60s
`;

/** The page that the web server of the demo serves, from storage that all nodes reach. */
export const PAGE = `<!doctype html>
<title>pacemaker-ts</title>
<h1>It is up.</h1>
<p>Kill what serves this, or the node that it is on, and load it again.</p>
`;
