// Cases for istiod: a configuration, and what istiod programs into its proxies.
import { readCases, writeCases } from '../test/conformance/case-file';
import { dumped, type MeshCase, type MeshDump } from '../test/conformance/mesh-dump';
import { answer } from './oracle';
import type { Added } from './record';
import { type Recorded, updated } from './recorded';

/** Answers the inputs of a file again. */
export function recordMeshes(file: string): Recorded {
  const cases = readCases<MeshCase>(file);
  const [now, counts] = updated(cases, answered(cases), ({ result }) => result && dumped(result));
  writeCases(file, now);
  return counts;
}

/** Adds an input, or replaces the one of that name. */
export function addMesh(file: string, { name, note, yaml }: Added): void {
  const [added] = answered([{ name, note, input: yaml }]);
  writeCases(file, [...readCases<MeshCase>(file).filter(one => one.name !== name), added]);
}

function answered(cases: readonly MeshCase[]): MeshCase[] {
  const dumps = answer<MeshDump & { readonly name: string }>('sim dump', cases.map(({ name, input }) => ({ name, yaml: input })));
  return cases.map((one, index) => ({ ...one, result: { ...dumps[index], name: undefined } }));
}
