// What Istio's webhook refuses in policies of security (Istio 1.30, pkg/config/validation/validation.go:1402-1590, 1707).
import { PlainObject, asList, asObject, asText, isObject } from '../../manifests/plain-json';

const NEVER = (action: string) => `${action} action without \`rules\` is meaningless as it will never be triggered, `
  + 'add an empty rule `{}` if you want it be triggered for every request';

/** Faults of an AuthorizationPolicy. */
export function faultsOfAuthorizationPolicy(spec: PlainObject): string[] {
  const action = asText(spec.action) ?? 'ALLOW';
  const faults: string[] = [];
  if ((action === 'DENY' || action === 'CUSTOM') && !Array.isArray(spec.rules)) {
    faults.push(NEVER(action));
  }
  if (action === 'CUSTOM' && Array.isArray(spec.rules) && !asText(asObject(spec.provider).name)) {
    faults.push('`provider.name` must not be empty');
  }
  asList(spec.rules).map(asObject).forEach((rule, index) => {
    faults.push(...faultsOfEntries(rule.from, 'from', 'source', index), ...faultsOfEntries(rule.to, 'to', 'operation', index));
    faults.push(...asList(rule.when).map(asObject).filter(({ values, notValues }) => asList(values).length + asList(notValues).length === 0)
      .map(({ key }) => `at least one of \`values\` or \`notValues\` must be set for key ${asText(key) ?? ''}`));
  });
  return faults;
}

function faultsOfEntries(value: unknown, list: string, field: string, index: number): string[] {
  if (!Array.isArray(value)) {
    return [];
  }
  const isEmpty = (entry: PlainObject) => Object.values(asObject(entry[field])).every(values => asList(values).length === 0);
  return value.length === 0 ? [`\`${list}\` must not be empty, found at rule ${index}`] : value.map(asObject).flatMap(entry =>
    (!isObject(entry[field]) ? [`\`${list}.${field}\` must not be nil, found at rule ${index}`]
      : isEmpty(entry) ? [`\`${list}.${field}\` must not be empty, found at rule ${index}`] : []));
}

/** Faults of a PeerAuthentication. */
export function faultsOfPeerAuthentication(spec: PlainObject): string[] {
  const labels = Object.keys(asObject(asObject(spec.selector).matchLabels));
  const ports = Object.keys(asObject(spec.portLevelMtls));
  return labels.length === 0 && ports.length > 0 ? ['mesh/namespace peer authentication cannot have port level mTLS'] : [];
}
