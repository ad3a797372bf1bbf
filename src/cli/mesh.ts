// `alb-istio mesh`: shows what istiod programs into the gateways, or into one workload.
import { UsageError } from '../base/errors';
import { appliedTogether } from '../manifests/units';
import { meshOf } from '../mesh/mesh';
import { renderMeshJson } from '../output/mesh-json';
import { renderMeshText } from '../output/mesh-text';
import type { Command } from './command';
import { settingsOf } from './config-files';
import { readManifestFiles } from './paths';
import { selectWorkload } from './workload-selection';

/** Exits with 1 when Istio's webhook would refuse an object. */
export const MESH: Command = {
  formats: ['text', 'json'],
  options: ['workload', 'ignore', 'config'],
  run(paths, { format, workload, ...options }, terminal) {
    if (paths.length === 0) {
      throw new UsageError('mesh needs a PATH: a file, a folder, a pipe, or - for standard input');
    }
    const meshes = appliedTogether(readManifestFiles(paths, options, terminal))
      .map(unit => meshOf(unit.flatMap(({ manifests }) => manifests), settingsOf(unit).mesh));
    const selected = workload === undefined ? undefined : selectWorkload(meshes, workload);
    const views = meshes.map((mesh, index) => ({ mesh, workload: selected?.[index] })).filter(view => selected === undefined || view.workload !== undefined);
    terminal.out(format === 'json' ? renderMeshJson(views) : views.map(view => renderMeshText(view.mesh, view.workload)).join('\n'));
    return meshes.some(({ refusals }) => refusals.length > 0) ? 1 : 0;
  },
};
