// Lists of namespaces in exportTo that Istio's webhook refuses (Istio 1.30, pkg/config/validation/validation.go:694-757).
import { isLabel } from './hosts';

/** What the object is: only a ServiceEntry may be exported to no one, and a DestinationRule for some workloads stays in its namespace. */
export interface ExportingObject {
  readonly isServiceEntry?: boolean;
  readonly hasSelector?: boolean;
}

/** Faults of exportTo. */
export function faultsOfExportTo(exportTo: readonly string[], namespace: string, { isServiceEntry = false, hasSelector = false }: ExportingObject): string[] {
  const faults: string[] = [];
  const known = new Set<string>();
  for (const entry of exportTo) {
    const key = entry === '.' ? namespace : entry;
    if (known.has(key)) {
      faults.push(key === entry ? `duplicate entries in exportTo for entry ${entry}` : `duplicate entries in exportTo: . and current namespace ${namespace}`);
    } else if (key === '*' || (key === '~' && isServiceEntry) || isLabel(key)) {
      known.add(key);
    } else {
      faults.push(`only ${key === '~' ? '. or *' : '., *, or a valid DNS 1123 label'} is allowed as exportTo entry`);
    }
  }
  if (hasSelector && known.size > 0) {
    if (!known.has(namespace)) {
      faults.push('destination rule with workload selector cannot have exportTo beyond current namespace');
    } else if (known.size > 1) {
      faults.push('destination rule with workload selector cannot have multiple entries in exportTo');
    }
  }
  if (known.has('*') && exportTo.length > 1) {
    faults.push('cannot have both public (*) and non-public exportTo values for a resource');
  }
  if (known.has('~') && exportTo.length > 1) {
    faults.push('cannot export service entry to no one (~) and someone');
  }
  return faults;
}
