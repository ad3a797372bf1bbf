// A probe gets to a sidecar that accepts only mTLS, because it is not rewritten.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { asInteger, asList, asObject, asText } from '../../manifests/plain-json';
import { pointer, valueAt } from '../../manifests/pointer';
import { isOfProxy } from '../../mesh/listeners';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';

const REWRITE = 'sidecar.istio.io/rewriteAppHTTPProbers';
const KINDS = [Kind.DEPLOYMENT, Kind.STATEFUL_SET] as const;

/** Istio 1.30: pkg/kube/inject/app_probe.go. A TCP probe succeeds all the same: the sidecar accepts the connection. */
export const probeRefusedByMtls: Check = {
  id: 'probe-refused-by-mtls',
  severity: 'error',
  title: 'A probe gets to a sidecar that accepts only mTLS',
  why: 'The injector rewrites HTTP and gRPC probes so that the agent of the sidecar answers them. Without that, the kubelet sends the probe to the sidecar in '
    + 'plaintext, and PeerAuthentication STRICT makes the sidecar close the connection: pods are restarted or never become ready.',
  fix: `Remove the annotation ${REWRITE}, or set PERMISSIVE for the port of the probe in portLevelMtls of a PeerAuthentication.`,
  related: ['E042'],
  about: KINDS,
  reads: [Kind.NAMESPACE, Kind.PEER_AUTHENTICATION],

  *run({ models: { mesh } }) {
    for (const workload of mesh.workloads.all.filter(own => own.proxy === 'sidecar' && KINDS.some(kind => kind === own.kind))) {
      const { manifest, annotations } = workload;
      // Which ports the sidecar gets is a setting as well.
      const isEvery = ![...annotations.keys()].some(key => /^traffic\.sidecar\.istio\.io\/(in|ex)cludeInboundPorts$/.test(key));
      const isOff = /^(0|f|F|false|False|FALSE)$/.test(annotations.get(REWRITE) ?? '');
      for (const { name, kind, port } of isOff && isEvery ? probesOf(workload) : []) {
        const { mode, place } = mesh.peerAuthentications.demandOf(workload, port);
        if (mode === 'STRICT' && place !== undefined && !isOfProxy(port)) {
          const policy = qualifiedNameOf(place.manifest);
          const demand = `the sidecar accepts only mTLS there (PeerAuthentication ${policy}: STRICT)`;
          const message = `the ${name} of port ${port} (${kind}) is not rewritten, and ${demand}`;
          yield { manifest, pointer: workload.pointer + pointer('metadata', 'annotations', REWRITE), message };
        }
      }
    }
  },
};

/** The probes of the pods by HTTP or gRPC. */
function probesOf({ manifest, pointer: template, portsByName }: Workload): { readonly name: string; readonly kind: string; readonly port: number }[] {
  const containers = asList(valueAt(manifest.object, `${template}/spec/containers`)).map(asObject);
  return containers.flatMap(container => ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(name => {
    const { httpGet, grpc } = asObject(container[name]);
    const { port: written, host } = asObject(httpGet ?? grpc);
    const port = asInteger(written) ?? portsByName.get(asText(written) ?? '');
    return port === undefined || host !== undefined ? [] : [{ name, kind: httpGet === undefined ? 'grpc' : 'httpGet', port }];
  }));
}
