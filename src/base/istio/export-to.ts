// Which namespaces can see an Istio object: `exportTo` of VirtualService, DestinationRule and ServiceEntry.
import { InvalidProps } from '../errors';
import { isDnsLabel } from '../kubernetes-name';

/**
 * Returns the list, or throws for what Istio's webhook refuses (Istio 1.30, pkg/config/validation): an entry other than a namespace, `.`
 * or `*`, a duplicate, and `*` together with others.
 *
 * @param namespace the namespace of the object, which `.` means
 */
export function requireExportTo(prop: string, exportTo: readonly string[], namespace: string, path = ''): string[] {
  if (!Array.isArray(exportTo) || exportTo.length === 0) {
    throw InvalidProps.value(prop, exportTo, 'must have at least one entry: a namespace, . for the namespace of the object, or * for all', path);
  }
  const spelled = exportTo.map(entry => (entry === '.' ? namespace : entry));
  spelled.forEach((entry, index) => {
    if (entry !== '*' && (typeof entry !== 'string' || !isDnsLabel(entry))) {
      throw InvalidProps.value(`${prop}[${index}]`, exportTo[index], 'must be a namespace, . for the namespace of the object, or * for all', path);
    }
    if (spelled.indexOf(entry) !== index || (entry === '*' && spelled.length > 1)) {
      throw entry === '*' ? InvalidProps.value(`${prop}[${index}]`, '*', 'must be the only entry', path)
        : InvalidProps.duplicate(`${prop}[${index}]`, exportTo[index], `in ${prop}`, path);
    }
  });
  return [...exportTo];
}

/**
 * Whether clients in a namespace can see an object.
 *
 * @param exportTo the object's `exportTo`; empty means every namespace
 * @param own the namespace of the object, which `.` means
 */
export function isExportedTo(client: string, exportTo: readonly string[], own: string): boolean {
  return exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(client) || (client === own && exportTo.includes('.'));
}
