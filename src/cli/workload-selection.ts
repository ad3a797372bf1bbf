// One workload of a mesh, chosen by name: a gateway, or a client with or without a sidecar.
import { UsageError } from '../base/errors';
import { closest } from '../base/spelling';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/objects/workloads';

/** How many other names an error lists. */
const MAX_CANDIDATES = 10;

/**
 * The workloads with the name in each mesh; gateways come first where a workload of another kind has the same name.
 *
 * @param name `namespace/name`
 * @returns one entry for each mesh, undefined where it has no such workload
 * @throws UsageError if no mesh has it; the message lists the names that are most similar
 */
export function selectWorkload(meshes: readonly Mesh[], name: string): (Workload | undefined)[] {
  const found = meshes.map(mesh => {
    const isNamed = (workload: Workload) => nameOfWorkload(workload) === name;
    return mesh.gatewayWorkloads().find(isNamed) ?? mesh.workloads.all.find(isNamed);
  });
  if (found.every(workload => workload === undefined)) {
    throw new UsageError(notFound(name, [...new Set(meshes.flatMap(mesh => [...mesh.gatewayWorkloads(), ...mesh.workloads.all]).map(nameOfWorkload))]));
  }
  return found;
}

function nameOfWorkload({ namespace, name }: Workload): string {
  return `${namespace}/${name}`;
}

function notFound(name: string, known: readonly string[]): string {
  const first = name.includes('/') ? `the input has no workload ${name}` : `${JSON.stringify(name)} does not name a workload: expected NAMESPACE/NAME`;
  if (known.length === 0) {
    return `${first}, and no other one either`;
  }
  const shown = closest(name, known, one => (name.includes('/') ? one : one.slice(one.indexOf('/') + 1))).slice(0, MAX_CANDIDATES);
  return `${first}; it has ${shown.join(', ')}${known.length > shown.length ? ` and ${known.length - shown.length} more` : ''}`;
}
