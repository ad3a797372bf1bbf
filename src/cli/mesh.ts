// `alb-istio mesh`: shows what istiod programs into the gateways, or into one workload.
import { meshOf } from '../mesh/mesh';
import { type MeshView, renderMeshJson } from '../output/mesh-json';
import { renderMeshText } from '../output/mesh-text';
import type { Command } from './command';
import { requirePaths } from './paths';
import { underHeadings } from './unit-headings';
import { readFilledUnits } from './units';
import { selectWorkload } from './workload-selection';

/** Exits with 1 when the API server or Istio's webhook would refuse an object. */
export const MESH: Command = {
  formats: ['text', 'json'],
  options: ['workload', 'complete', 'ignore', 'config'],
  run(paths, { format, workload, ...options }, terminal) {
    requirePaths('mesh', paths);
    const units = readFilledUnits(paths, options, terminal).map(({ folder, manifests, settings }): Unit => (
      { mesh: meshOf(manifests, { settings: settings.mesh, complete: settings.complete }), folder }));
    const selected = workload === undefined ? undefined : selectWorkload(units.map(({ mesh }) => mesh), workload);
    const views = units.map((unit, index) => ({ ...unit, workload: selected?.[index] })).filter(view => selected === undefined || view.workload !== undefined);
    terminal.out(format === 'json' ? renderMeshJson(views) : toText(views));
    return units.some(({ mesh }) => mesh.refusals.length > 0) ? 1 : 0;
  },
};

/** What is applied together, and its folder. */
interface Unit extends MeshView {
  readonly folder: string;
}

/** Several units have a heading each; those about which there is nothing to say are left out. */
function toText(views: readonly Unit[]): string {
  const nothing = renderMeshText(meshOf([]));
  const shown = views.map(({ mesh, workload, folder }) => ({ folder, text: renderMeshText(mesh, workload) }))
    .filter(({ text }) => text !== nothing);
  return shown.length === 0 ? nothing : underHeadings(shown);
}
