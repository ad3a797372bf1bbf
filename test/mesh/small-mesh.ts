// Objects of a small mesh as YAML, and requests as one line, for tests of the model and of the walk.
import { readYaml } from '../../src/manifests/yaml';
import { type Mesh, meshOf } from '../../src/mesh/mesh';
import { type MeshSettings } from '../../src/mesh/objects/settings';
import { showCluster } from '../../src/mesh/cluster-names';
import { type MeshRequest } from '../../src/trace/request';
import { type Walk, walk } from '../../src/trace/walk';

/** A Service and a Deployment with pods that it selects; `sidecar` adds a proxy. */
export function app(name: string, namespace = 'shop', { sidecar = false, port = '{name: http, port: 80, targetPort: 8080}' } = {}): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [${port}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  template:
    metadata: {labels: {app: ${name}, sidecar.istio.io/inject: "${sidecar}"}}
    spec: {serviceAccountName: ${name}, containers: [{name: app}]}
---`;
}

/** The gateway workload `edge/gw` with a Service for ports 80 and 443. */
export const EDGE = `
apiVersion: v1
kind: Service
metadata: {name: gw, namespace: edge}
spec: {selector: {app: gw}, ports: [{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}, {name: tcp, port: 9000}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: edge}
spec:
  template:
    metadata: {labels: {app: gw, sidecar.istio.io/inject: "true"}, annotations: {inject.istio.io/templates: gateway}}
    spec: {serviceAccountName: gw, containers: [{name: istio-proxy, image: auto}]}
---`;

/** An object of `networking.istio.io`. */
export function istio(kind: string, name: string, spec: string, namespace = 'shop', created = ''): string {
  const age = created === '' ? '' : `, creationTimestamp: "${created}"`;
  return `
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}${age}}
spec: ${spec}
---`;
}

/** An object of `security.istio.io`. */
export function security(kind: string, name: string, spec: string, namespace = 'shop'): string {
  return istio(kind, name, spec, namespace).replace('networking.istio.io', 'security.istio.io');
}

/** A Gateway for plaintext on port 80 and any host. */
export const PLAIN_GATEWAY = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge');

export function meshFrom(...yaml: readonly string[]): Mesh {
  return meshOf(readYaml(yaml.join('\n')));
}

export function meshWith(settings: Partial<MeshSettings>, ...yaml: readonly string[]): Mesh {
  return meshOf(readYaml(yaml.join('\n')), { settings });
}

/** A request to the gateway: `GET http://host/path`. */
export function request(line: string, more: Partial<MeshRequest> = {}): MeshRequest {
  const [, method, scheme, authority, target] = /^(\S+) (https?):\/\/([^/]*)(\/.*)$/.exec(line)!;
  return {
    entry: {}, scheme: scheme as 'http', port: scheme === 'https' ? 443 : 80, serverName: scheme === 'https' ? authority : '', method, authority, target,
    headers: {}, version: 'HTTP/1.1', ...more,
  };
}

/** Where a request ends, in a few words. */
export function endsOf(mesh: Mesh, one: MeshRequest | string): string[] {
  return showEnds(walk(mesh, typeof one === 'string' ? request(one) : one));
}

export function showEnds({ ends }: Walk): string[] {
  return ends.map(end => {
    switch (end.is) {
      case 'cluster':
        return `${showCluster(end.name)}${'missing' in end.cluster ? ` no ${end.cluster.missing}` : end.cluster.endpoints.length === 0 ? ' no pods' : ''}`
          + (end.probability === 1 ? '' : ` ${end.probability * 100}%`);
      case 'redirect':
        return `${end.status} ${end.location}`;
      case 'response':
        return `${end.status} ${end.by}${end.probability === 1 ? '' : ` ${end.probability * 100}%`}`;
      case 'refused':
        return [end.status, end.reason].filter(Boolean).join(' ');
      case 'passthrough':
        return 'passthrough';
    }
  });
}
