// The pods of a gateway are killed before they have drained.
import { namespacedName } from '../../base/kubernetes-name';
import { millisecondsOf } from '../../base/go-duration';
import { Kind } from '../../manifests/kind';
import { containsPlaceholder } from '../../manifests/placeholder';
import { asInteger, asObject, asText, asTexts } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import { proxyConfigOf, proxyContainerOf, proxyVariableOf } from '../../mesh/objects/proxy-config';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';

/** Istio 1.30: pkg/envoy/agent.go terminate, pkg/config/mesh/mesh.go. Kubernetes starts to count before preStop, and the default is 30 s. */
const [DEFAULT_DRAIN, DEFAULT_GRACE] = [5, 30];

export const gatewayKilledWhileDraining: Check = {
  id: 'gateway-killed-while-draining',
  severity: 'warning',
  title: 'The pods of a gateway are killed before they have drained',
  why: 'When a pod stops, Kubernetes runs preStop, then tells the proxy to drain, and kills it at the end of terminationGracePeriodSeconds, which includes '
    + 'both. Requests and connections that are still open then are cut, and clients get 502 with each rollout.',
  fix: 'Set terminationGracePeriodSeconds of the pods above the sum of preStop and terminationDrainDuration.',
  related: ['E109'],
  about: [Kind.DEPLOYMENT],
  reads: [],

  *run({ models: { mesh } }) {
    for (const workload of mesh.workloads.all.filter(own => own.proxy === 'router')) {
      const place = `${workload.pointer}/spec/terminationGracePeriodSeconds`;
      const written = asInteger(valueAt(workload.manifest.object, place));
      const [wait, drain, grace] = [waitOf(workload), drainOf(workload), written ?? DEFAULT_GRACE];
      if (wait + drain > grace && !containsPlaceholder(proxyContainerOf(workload).container.env)) {
        const needs = `${wait === 0 ? '' : `waits ${wait} s (preStop) and `}drains for ${drain} s`;
        const message = `gateway ${namespacedName(workload)} ${needs}, but is killed after ${grace} s (terminationGracePeriodSeconds)`;
        yield { manifest: workload.manifest, pointer: written === undefined ? `${workload.pointer}/spec` : place, message };
      }
    }
  },
};

/** How long preStop of the proxy sleeps, in seconds; 0 if it does something else. */
function waitOf(workload: Workload): number {
  const preStop = asObject(asObject(proxyContainerOf(workload).container.lifecycle).preStop);
  const command = asTexts(asObject(preStop.exec).command).join(' ');
  return asInteger(asObject(preStop.sleep).seconds) ?? Number(/^(?:\S*sh -c )?(?:\S*\/)?sleep (\d+)s?$/.exec(command)?.[1] ?? 0);
}

/** How long the agent drains at least, in seconds. */
function drainOf(workload: Workload): number {
  const seconds = (text: string | undefined) => (text === undefined ? DEFAULT_DRAIN : millisecondsOf(text) / 1000);
  return proxyVariableOf(workload, 'EXIT_ON_ZERO_ACTIVE_CONNECTIONS') === 'true' ? seconds(proxyVariableOf(workload, 'MINIMUM_DRAIN_DURATION'))
    : seconds(asText(proxyConfigOf(workload).terminationDrainDuration));
}
