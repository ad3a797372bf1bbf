// NetworkPolicies: which pods they isolate, and whether they let addresses outside of the cluster connect.
import { type Manifest, namespaceOf, specOf } from '../../manifests/manifest';
import { type PlainObject, asList, asObject, asText } from '../../manifests/plain-json';
import { readLabels, selects } from '../../mesh/objects/config';
import type { Workload } from '../../mesh/objects/workloads';

/** Whether only what policies allow gets to the pods, once there is this one. */
export function isolates(policy: Manifest, { namespace, labels }: Workload): boolean {
  const { podSelector, policyTypes } = specOf(policy);
  const types = asList(policyTypes);
  // With expressions, it may select the pods, and let the load balancer in.
  return namespaceOf(policy) === namespace && selects(readLabels(asObject(podSelector).matchLabels), labels)
    && (types.length === 0 || types.includes('Ingress'));
}

/** The rules for connections to the pods. */
export function rulesOf(policy: Manifest): PlainObject[] {
  return asList(specOf(policy).ingress).map(asObject);
}

/** Whether a rule lets some address outside of the cluster connect to the port. */
export function lets({ from, ports }: PlainObject, port: number, { portsByName }: Workload): boolean {
  const sources = asList(from).map(asObject);
  const isPort = (entry: PlainObject) => {
    const first = typeof entry.port === 'number' ? entry.port : portsByName.get(asText(entry.port) ?? '');
    // A name that the input does not know may be that of the port.
    return entry.port === undefined || first === undefined || first === port || (typeof entry.endPort === 'number' && first <= port && port <= entry.endPort);
  };
  const entries = asList(ports).map(asObject);
  return (sources.length === 0 || sources.some(({ ipBlock }) => ipBlock !== undefined)) && (entries.length === 0 || entries.some(isPort));
}

/** Whether nobody can say here which pods it selects. */
export function hasExpressions(policy: Manifest): boolean {
  return asList(asObject(specOf(policy).podSelector).matchExpressions).length > 0;
}
