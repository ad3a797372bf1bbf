// Selectors of workloads and references to targets that Istio's webhook refuses, in its own words.
import { PlainObject, asList, asObject, asText, isObject } from '../../manifests/plain-json';

/** Labels have a key, and no wildcard (Istio 1.30, pkg/config/validation/validation.go:753, 1360). */
export function faultsOfSelectedLabels(labels: unknown): string[] {
  return Object.entries(asObject(labels)).flatMap(([key, value]) => {
    const shown = `"${key}=${String(value)}"`;
    return [
      ...(key === '' ? [`empty key is not supported in selector: ${shown}`] : []),
      ...(`${key}${String(value)}`.includes('*') ? [`wildcard is not supported in selector: ${shown}`] : []),
    ];
  });
}

const QUALIFIED = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const LABEL_KEY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*/)?(${QUALIFIED})$`);
const LABEL_VALUE = new RegExp(`^(?:${QUALIFIED})?$`);

/** Labels of a subset (Istio 1.30, pkg/config/labels/instance.go:93). */
export function faultsOfLabels(labels: unknown): string[] {
  return Object.entries(asObject(labels)).flatMap(([key, value]) => {
    const [, name] = LABEL_KEY.exec(key) ?? [];
    return [
      ...(name === undefined ? [`invalid tag key: "${key}"`] : name.length > 63 ? [`invalid tag key: "${key}" (name is too long)`] : []),
      ...(LABEL_VALUE.test(String(value)) ? [] : [`invalid tag value: "${String(value)}"`]),
    ];
  });
}

/** What targetRefs may refer to (Istio 1.30, pkg/config/validation/validation.go:1325). */
const TARGETS: ReadonlySet<string> = new Set([
  '/Service', 'core/Service', 'networking.istio.io/ServiceEntry', 'gateway.networking.k8s.io/Gateway', 'gateway.networking.k8s.io/GatewayClass',
]);

/** Faults of what a policy applies to: a selector or references (Istio 1.30, pkg/config/validation/validation.go:1332-1400). */
export function faultsOfPolicyTargets({ selector, targetRef, targetRefs }: PlainObject): string[] {
  const references = asList(targetRefs);
  const ways = [isObject(selector), isObject(targetRef), references.length > 0].filter(Boolean).length;
  return [
    ...(ways > 1 ? ['only one of targetRefs or workloadSelector can be set'] : []),
    ...faultsOfSelectedLabels(asObject(selector).matchLabels),
    ...[targetRef, ...references].filter(isObject).flatMap(faultsOfReference),
  ];
}

function faultsOfReference({ name, namespace, group, kind }: PlainObject): string[] {
  const target = `${asText(group) ?? ''}/${asText(kind) ?? ''}`;
  return [
    ...(asText(name) ? [] : ['targetRef name must be set']),
    ...(asText(namespace) ? ['targetRef namespace must not be set; cross namespace referencing is not supported'] : []),
    ...(TARGETS.has(target) ? [] : [`targetRef must be to one of Service, ServiceEntry, Gateway and GatewayClass but was ${target}`]),
  ];
}
