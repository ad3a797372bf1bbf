// `alb-istio diagram`: draws the edge in the order of traffic, and one request on it.
import { UsageError } from '../base/errors';
import { renderDiagramMermaid } from '../output/diagram/diagram-mermaid';
import { renderDiagramSvg } from '../output/diagram/diagram-svg';
import { parseRequest } from '../trace/client-request';
import { trace } from '../trace/trace';
import type { Command } from './command';
import { requirePaths } from './paths';
import { type TracedUnit, readTracedUnits, servingUnit } from './traced-units';
import { underHeadings } from './unit-headings';

/** Always exits with 0: a picture of what does not work is a picture, too. */
export const DIAGRAM: Command = {
  formats: ['mermaid', 'svg'],
  options: ['trace', 'complete', 'ignore', 'config'],
  run(paths, { format, trace: line, ...options }, terminal) {
    requirePaths('diagram', paths);
    const request = line === undefined ? undefined : parseRequest(line);
    const units = readTracedUnits(paths, options, terminal);
    const render = format === 'svg' ? renderDiagramSvg : renderDiagramMermaid;
    if (request !== undefined) {
      const { models } = servingUnit(units, request);
      terminal.out(render(models, trace(models, request)));
      return 0;
    }
    const shown = units.filter(hasEdge);
    if (shown.length === 0) {
      throw new UsageError(`nothing to draw in ${paths.join(', ')}: no load balancer of the AWS Load Balancer Controller, and no gateway`);
    }
    if (format === 'svg' && shown.length > 1) {
      throw new UsageError(`an SVG picture shows one folder; pass one of ${shown.map(({ folder }) => folder).join(', ')}`);
    }
    const texts = shown.map(({ folder, models }) => ({ folder, text: render(models) }));
    // Under headings the diagrams are a Markdown page.
    terminal.out(underHeadings(texts.length === 1 ? texts : texts.map(({ folder, text }) => ({ folder, text: `\`\`\`mermaid\n${text}\`\`\`\n` }))));
    return 0;
  },
};

function hasEdge({ models: { plan, mesh } }: TracedUnit): boolean {
  return plan.loadBalancers.length > 0 || mesh.gatewayWorkloads().length > 0;
}
