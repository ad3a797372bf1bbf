// A container of the application runs with the user of the proxy.
import { Kind } from '../../manifests/kind';
import { asList, asObject } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import type { Check } from '../check';

/** https://istio.io/latest/docs/ops/deployment/application-requirements/: user 1337 is the proxy, whose traffic is not redirected. */
const PROXY = 1337;

export const applicationWithProxyUid: Check = {
  id: 'application-with-proxy-uid',
  severity: 'warning',
  title: 'A container of the application runs with the user of the proxy',
  why: 'What user 1337 sends is not redirected to the sidecar, which uses this user itself. The container goes around the mesh: no mTLS, routes, policies or '
    + 'telemetry, and 503 from pods that demand mTLS.',
  fix: 'Use another user in securityContext.runAsUser.',
  related: ['IST0144'],
  about: [Kind.DEPLOYMENT],
  reads: [],

  *run({ models: { mesh } }) {
    for (const { manifest } of mesh.workloads.all.filter(own => own.kind === Kind.DEPLOYMENT && own.proxy === 'sidecar')) {
      const pod = asObject(valueAt(manifest.object, '/spec/template/spec'));
      const ofPod = asObject(pod.securityContext).runAsUser;
      for (const [index, { name, securityContext }] of asList(pod.containers).map(asObject).entries()) {
        const user = asObject(securityContext).runAsUser ?? ofPod;
        if (name !== 'istio-proxy' && user === PROXY) {
          const place = asObject(securityContext).runAsUser === undefined ? '' : `/containers/${index}`;
          const message = `container ${String(name)} runs as user ${PROXY}, which is that of the sidecar`;
          yield { manifest, pointer: `/spec/template/spec${place}/securityContext/runAsUser`, message };
        }
      }
    }
  },
};
