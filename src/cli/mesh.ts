// `alb-istio mesh`: shows what istiod programs into the gateways.
import { UsageError } from '../base/errors';
import { appliedTogether } from '../manifests/units';
import { meshOf } from '../mesh/mesh';
import { renderMeshText } from '../output/mesh-text';
import type { Command } from './command';
import { readManifestFiles } from './paths';

/** Exits with 1 when Istio's webhook would refuse an object. */
export const MESH: Command = {
  formats: ['text'],
  run(paths, _format, terminal) {
    if (paths.length === 0) {
      throw new UsageError('mesh needs a PATH: a file, a folder, a pipe, or - for standard input');
    }
    const meshes = appliedTogether(readManifestFiles(paths, terminal)).map(unit => meshOf(unit.flatMap(({ manifests }) => manifests)));
    terminal.out(meshes.map(renderMeshText).join('\n'));
    return meshes.some(({ refusals }) => refusals.length > 0) ? 1 : 0;
  },
};
