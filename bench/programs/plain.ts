// The same objects with cdk8s alone: plain JSON in an ApiObject, without classes, checks or defaults.
import { createHash } from 'node:crypto';
import { ApiObject, type ApiObjectProps, type App, Chart } from 'cdk8s';
import { PORT, VERSIONS, type WantedEdge, type WantedRoute, type WantedWorkload } from './demand';
import { serviceManifest } from './service';

/** The objects of an edge that do not depend on its routes: load balancer, gateway, and the gateway's pods. */
export type FixedObjects = Readonly<Record<string, readonly ApiObjectProps[]>>;

/** Kinds that depend on the routes. */
export const ROUTED_KINDS = ['DestinationRule', 'PeerAuthentication', 'VirtualService'];

export function build(app: App, edges: readonly WantedEdge[], fixed: FixedObjects): void {
  const services = new Chart(app, 'services');
  for (const wanted of edges) {
    for (const { serviceName, namespace } of wanted.workloads) {
      new ApiObject(services, `${namespace}-${serviceName}`, serviceManifest(serviceName, namespace));
    }
    const chart = new Chart(app, wanted.name);
    fixed[wanted.name].forEach((manifest, index) => new ApiObject(chart, `fixed-${index}`, manifest));
    [...new Set(wanted.workloads.map(({ namespace }) => namespace))].forEach(namespace => {
      new ApiObject(chart, `mtls-${namespace}`, peerAuthentication(namespace));
    });
    const own = wanted.routes.filter(({ host }) => host !== undefined);
    if (own.length === 0) {
      new ApiObject(chart, 'routes', virtualService(wanted, wanted.name, wanted.host, wanted.routes));
    }
    own.forEach(route => new ApiObject(chart, route.id, virtualService(wanted, serviceName(wanted, route.host!), route.host!, [route])));
    [...new Set(wanted.routes.filter(({ shares }) => shares.length > 0).map(({ workload }) => workload))].forEach(workload => {
      new ApiObject(chart, `versions-${workload.namespace}-${workload.serviceName}`, destinationRule(workload));
    });
  }
}

/** The name that the package derives from a host, with a hash of the Gateway and the host. */
function serviceName({ name }: WantedEdge, host: string): string {
  return `${host.replaceAll('.', '-')}-${createHash('sha256').update(`${name}/${name},${host}`).digest('hex').slice(0, 8)}`;
}

function peerAuthentication(namespace: string): ApiObjectProps {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace, labels: labels('default', 'security') },
    spec: { mtls: { mode: 'STRICT' } },
  };
}

function virtualService({ name: edge }: WantedEdge, name: string, host: string, routes: readonly WantedRoute[]): ApiObjectProps {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: edge, labels: labels(name, 'routing') },
    spec: { gateways: [`${edge}/${edge}`], hosts: [host], http: routes.map(httpRoute) },
  };
}

function httpRoute({ id, prefix, header, timeoutSeconds, workload, shares }: WantedRoute): object {
  const destination = { host: fqdn(workload), port: { number: PORT } };
  return {
    name: id,
    match: [{ uri: { prefix }, ...header === undefined ? {} : { headers: { [header]: {} } } }],
    ...timeoutSeconds === undefined ? {} : { timeout: `${timeoutSeconds}s` },
    route: shares.length === 0 ? [{ destination }] : shares.map(({ version, weight }) => ({
      destination: { ...destination, subset: version },
      ...weight === undefined ? {} : { weight },
    })),
  };
}

function destinationRule(workload: WantedWorkload): ApiObjectProps {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: workload.serviceName, namespace: workload.namespace, labels: labels(workload.serviceName, 'routing') },
    spec: { host: fqdn(workload), subsets: VERSIONS.map(version => ({ name: version, labels: { version } })) },
  };
}

function fqdn({ serviceName, namespace }: WantedWorkload): string {
  return `${serviceName}.${namespace}.svc.cluster.local`;
}

function labels(name: string, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'edge',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
