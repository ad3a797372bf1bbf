// Requests that reach pods without a proxy in front of the Service: from a load balancer, or from a pod that has no sidecar.
import { namespacedName } from '../base/kubernetes-name';
import type { Endpoint } from '../mesh/objects/endpoints';
import type { Mesh } from '../mesh/mesh';
import { podsOf, targetPortOf } from '../mesh/objects/service-index';
import { type Service, type ServicePort, portAt } from '../mesh/objects/services';
import { proxyAssumption, type Workload } from '../mesh/objects/workloads';
import { arrivalsOfDialed } from './arrival';
import { endsInGrpc } from './grpc';
import { type Hop, hop } from './hops/hop';
import { type Traced, podEnds, portText, whyUnmodelled } from './pod-ends';
import { absentEnd, dialedHost, isLoopback, portsText, resolved, undeclaredPort } from './pod-resolver';
import { podHops } from './proxy-hops';
import { dialedEnds } from './proxy-trace';
import type { SentRequest } from './request';
import { refusedEnd, unsupportedEnd } from './hops/trace-end';

/** The pods behind a port of a Service, gateways apart. */
export function podsBehind(mesh: Mesh, service: Service, port: ServicePort): Endpoint[] {
  return podsOf(service, mesh.workloads).filter(own => own.proxy !== 'router' && own.replicas > 0).flatMap((workload): Endpoint[] => {
    const number = targetPortOf(port, workload);
    return number === undefined ? [] : [{ workload, port: number, count: workload.replicas, labels: workload.labels, acceptsMtls: false }];
  });
}

/** The outcome at pods. A connection that fails has no status: nobody in between makes one. */
export function traceAtPods(mesh: Mesh, sent: SentRequest, service: Service, port: ServicePort, pods: readonly Endpoint[], wantsHops: boolean): Traced {
  const arrived = arrivalsOfDialed(mesh, sent, port.protocol, pods);
  const named = { host: service.hostname, port: port.port };
  const ends = endsInGrpc(sent, podEnds(mesh, arrived, 1, { named, text: portText(mesh, named), seen: sent, failure: null, sender: 'outside' }));
  return { hops: wantsHops ? arrived.flatMap(one => podHops(mesh, one, one.share)) : [], ends };
}

/** The request of a pod without sidecar, or past its sidecar: DNS and kube-proxy decide, and no object of Istio has a say before the pods that it gets to. */
export function traceFromBarePod(mesh: Mesh, sender: Workload, sent: SentRequest, wantsHops: boolean): Traced {
  const host = dialedHost(sent.dialed ?? sent.authority);
  const isItself = isLoopback(host);
  const { service, missing } = isItself ? {} : resolved(mesh, sender.namespace, host);
  const own = sender.proxy === 'none' ? `has no sidecar${proxyAssumption(sender)}` : isItself ? 'calls itself' : `sends port ${sent.port} past its sidecar`;
  const at = (detail: string): Hop[] => (wantsHops ? [hop('cluster', `${namespacedName(sender)} ${own}; ${detail}`, service)] : []);
  if (service === undefined) {
    if (missing !== undefined) {
      return { hops: at(`Service ${host} is not in the input`), ends: [absentEnd(mesh, missing, host, sent.port, 1)] };
    }
    const { port, target: path, authority } = sent;
    const where = isItself ? 'the host is the pod' : 'the host is outside of the mesh';
    return { hops: at(where), ends: [{ probability: 1, kind: 'workload', to: `${host}:${port}`, host, port, path, authority }] };
  }
  const port = portAt(service, sent.port);
  const named = { host: service.hostname, port: sent.port, by: service };
  if (port === undefined && service.resolution === 'passthrough') {
    return { hops: at(`${service.hostname} has no port ${sent.port}`), ends: [undeclaredPort(service, sent.port)] };
  }
  if (port === undefined) {
    const fix = `Use a port that the Service has: ${portsText(service)}.`;
    const words = `no port ${sent.port}`;
    return { hops: at(`${service.hostname} has ${words}`), ends: [refusedEnd('no-cluster', 1, { ...named, status: null, words, fix })] };
  }
  const hops: Hop[] = at(`${service.hostname}, without routes of VirtualServices`);
  const ends = endsInGrpc(sent, dialedEnds(mesh, { sent, service, port, sender, failure: null, passesSidecar: false }, 1, wantsHops ? hops : undefined));
  const [ambient] = mesh.unmodelled.touching(sender).filter(({ isAmbient }) => isAmbient);
  return { hops, ends: ambient === undefined ? ends : [unsupportedEnd(whyUnmodelled(ambient), 1, ends, ambient)] };
}
