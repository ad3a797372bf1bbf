// Makes the diagram of prepared models: the road from the client to the pods, and a request on it.
import { UsageError } from '../../base/errors';
import type { Endpoint } from '../../mesh/objects/endpoints';
import type { Mesh } from '../../mesh/mesh';
import { RouteConfig } from '../../mesh/route/virtual-hosts';
import { type ClientRequest, type ViaPod, formatRequest, parseRequest, urlOf } from '../../trace/client-request';
import type { TraceModels } from '../../trace/models';
import type { Trace } from '../../trace/trace';
import { safe } from '../changed-value';
import { condensed } from './condensed';
import { STATIONS, type Diagram, type DiagramEdge, type DiagramGroup, type DiagramNode } from './diagram';
import { addPod, clusterNode } from './destinations';
import { Draft, type DraftEdge, type DraftNode } from './draft';
import { addGateways } from './gateways';
import { addLoadBalancers } from './load-balancers';
import { capped, shortened } from './short-text';
import { addVirtualHost } from './virtual-hosts';
import { Way } from './way';

/** The longest end, which nothing is behind, and the longest title of a frame. */
const [MAX_END, MAX_TITLE] = [44, 44];
const MAX_FAULT = 60;

/** The diagram, in the order of traffic. @param traced a request that is drawn over it, traced through the same models */
export function diagramOf(models: TraceModels, traced?: Trace): Diagram {
  const draft = new Draft();
  const client = () => draft.node('client', () => ({ station: 'client', title: 'client', lines: [] }));
  addLoadBalancers(draft, models, client);
  addGateways(draft, models.mesh, client);
  if (traced === undefined) {
    return finished(draft);
  }
  const request = readRequest(traced);
  const source = request?.via?.is === 'pod' ? addSender(draft, models.mesh, request, request.via, traced) : client();
  const lines = request === undefined ? traced.request.split(' ') : requestLines(request);
  return finished(draft, { way: new Way(draft, source, traced), source, text: traced.request, lines });
}

/** The request of a trace; nothing if it was made by a program and has no line that can be read. */
function readRequest({ request }: Trace): ClientRequest | undefined {
  try {
    return parseRequest(request);
  } catch (error) {
    if (error instanceof UsageError) {
      return undefined;
    }
    throw error;
  }
}

/** The request in narrow lines. */
function requestLines(request: ClientRequest): string[] {
  const { method, scheme, host, port, target } = request;
  const [, url] = urlOf(request).split('://');
  const [, , ...words] = formatRequest({ ...request, via: undefined }).split(' ');
  return [`${method} ${scheme}`, url.startsWith(`${host}:${port}`) ? `${host}:${port}` : host, target, ...words];
}

/** A pod of the mesh that sends the request: its sidecar's virtual hosts with the port, and what they lead to. */
function addSender(draft: Draft, mesh: Mesh, request: ClientRequest, via: ViaPod, { hops }: Trace): DraftNode {
  const workload = mesh.workloads.find(via.namespace, via.workload);
  const source = draft.node('sender', () => ({ station: 'client', title: via.workload, lines: [`pod of ${via.namespace}`] }));
  if (workload === undefined || workload.proxy === 'none') {
    // Without a sidecar nothing is between the pods.
    hops.filter(({ at }) => at === 'sidecar' || at === 'workload').forEach(({ model }) => (
      draft.edge(source, addPod(draft, mesh, model as Endpoint), [{ text: request.scheme === 'https' ? 'TLS' : 'plaintext' }])));
    return source;
  }
  const proxy = mesh.sidecar(workload);
  const dialed = proxy.dialed(request.host, request.port);
  const { scheme, serverName = scheme === 'https' ? request.host : '' } = request;
  const chosen = proxy.listenerFor(request.port, dialed.address)?.select(dialed, { scheme, serverName });
  const host = chosen instanceof RouteConfig ? chosen.find(request.headers.host ?? request.host) : undefined;
  if (host !== undefined) {
    draft.edge(source, addVirtualHost(draft, mesh, proxy, host, `sidecar of ${via.namespace}/${via.workload}`));
  } else if (chosen !== undefined && !(chosen instanceof RouteConfig)) {
    chosen.clusters.forEach(({ cluster }) => draft.edge(source, clusterNode(draft, mesh, proxy, cluster), [{ text: 'TCP' }]));
  }
  return source;
}

/** A request with its way. */
interface Drawn {
  readonly way: Way;
  readonly source: DraftNode;
  readonly text: string;
  readonly lines: readonly string[];
}

function finished(draft: Draft, request?: Drawn): Diagram {
  const way = request?.way;
  const { nodes, edges } = condensed(draft, node => way !== undefined && way.nodes.has(node));
  const sorted = STATIONS.flatMap(station => nodes.filter(node => node.station === station));
  const ids = new Map(sorted.map((node, index) => [node, `n${index + 1}`]));
  const titles = [...new Set(sorted.map(({ group }) => group))].filter(title => title !== undefined);
  const groups = titles.map((title, index): DiagramGroup => ({ id: `g${index + 1}`, title: shortened(title, MAX_TITLE) }));
  const passedEnds = new Set([...way?.edges ?? []].map(({ from, to }) => `${ids.get(from)} ${ids.get(to)}`));
  return {
    groups,
    ...request === undefined ? {} : {
      request: { text: safe(request.text), lines: capped(request.lines).map(line => shortened(line)), source: ids.get(request.source)! },
    },
    nodes: sorted.map((node): DiagramNode => {
      const { station, title, lines, group, fault, ending, tone } = node;
      return {
        id: ids.get(node)!, station, title: shortened(title, station === 'end' ? MAX_END : undefined), lines: capped(lines).map(line => shortened(line)),
        ...group === undefined ? {} : { group: groups[titles.indexOf(group)].id },
        ...fault === undefined ? {} : { fault: shortened(fault, MAX_FAULT) }, ...ending === undefined ? {} : { ending }, ...tone === undefined ? {} : { tone },
        ...way === undefined ? {} : { emphasis: way.nodes.has(node) ? 'way' : 'faded' },
      };
    }),
    edges: sortedBy(sorted, edges).map((edge): DiagramEdge => {
      const [from, to] = [ids.get(edge.from)!, ids.get(edge.to)!];
      const isPassed = !edge.isMirror && passedEnds.has(`${from} ${to}`);
      return {
        from, to, isMirror: edge.isMirror, labels: labelsOf(edge, isPassed ? way : undefined),
        ...edge.fault === undefined ? {} : { fault: shortened(edge.fault, MAX_FAULT) }, ...way === undefined ? {} : { emphasis: isPassed ? 'way' : 'faded' },
      };
    }),
  };
}

function sortedBy(nodes: readonly DraftNode[], edges: readonly DraftEdge[]): DraftEdge[] {
  const ranks = new Map(nodes.map((node, index) => [node, index]));
  return [...edges].sort((a, b) => ranks.get(a.from)! - ranks.get(b.from)! || ranks.get(a.to)! - ranks.get(b.to)!);
}

/** Of an arrow that a request passes, the labels of what it meets, if the labels name that. */
function labelsOf({ labels }: DraftEdge, way: Way | undefined): string[] {
  const met = way === undefined ? [] : labels.map(label => way.labelOf(label)).filter(text => text !== undefined);
  const texts = met.length === 0 ? labels.map(({ text }) => text) : met;
  return capped(texts.flatMap(text => text.split('\n'))).map(line => shortened(line));
}
