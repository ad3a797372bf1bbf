// No Gateway selects the gateway pods of the input.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import type { Labels } from '../../mesh/objects/config';
import { TLS_MODE_LABEL } from '../../mesh/objects/workloads';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/push_context.go mergeGateways. */
export const gatewaySelectsNothing: Check = {
  id: 'gateway-selects-nothing',
  severity: 'error',
  title: 'The selector of a Gateway does not fit to the gateway pods',
  why: 'The gateway gets no listener for the servers of a Gateway that does not select its pods. Load balancers see connections refused and respond with 502 '
    + 'or 503.',
  fix: 'Use labels of the pods, from spec.template.metadata.labels of their Deployment.',
  related: ['E017', 'IST0101', 'KIA0302'],
  about: [Kind.GATEWAY],
  reads: [Kind.DEPLOYMENT],

  *run({ models: { mesh }, gateways }) {
    const pods = mesh.workloads.all.filter(({ proxy }) => proxy === 'router');
    const isServed = pods.some(workload => mesh.gateway(workload).merged.ports.length > 0);
    // Of several gateways some may be for Gateways of another repository.
    for (const { config, selector } of pods.length !== 1 || isServed ? [] : gateways.unserved(pods)) {
      const [workload] = pods;
      const written = new Map([...workload.labels].filter(([key]) => key !== TLS_MODE_LABEL));
      const message = `${textOf(selector)} selects no pods here; the pods of gateway ${namespacedName(workload)} have the labels ${textOf(written)}`;
      yield { manifest: config.manifest, pointer: '/spec/selector', message };
    }
  },
};

function textOf(labels: Labels): string {
  return [...labels].map(pair => pair.join('=')).join(', ') || 'none';
}
