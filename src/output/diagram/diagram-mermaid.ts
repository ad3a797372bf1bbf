// A diagram as Mermaid text, which GitHub, GitLab and most wikis draw.
import type { TraceModels } from '../../trace/models';
import type { Trace } from '../../trace/trace';
import { safe } from '../changed-value';
import type { Diagram, DiagramEdge, DiagramNode } from './diagram';
import { diagramOf } from './diagram-of';

/** What Mermaid reads as markup or as the end of a label, even between quotes. */
const SPECIAL = /["#<>&`$\\;]|%(?=[%{])|:(?=fa-)|s(?=tyle)|c(?=lassDef)/g;

/** How boxes and arrows look, by class. Fills and colors of text are the theme's, so that both light and dark are readable. */
const CLASSES: Readonly<Record<string, string>> = {
  way: 'stroke:#0969da,stroke-width:3px', faded: 'opacity:0.55', fault: 'stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 3',
  good: 'stroke:#1a7f37,stroke-width:3px', bad: 'stroke:#cf222e,stroke-width:3px', unknown: 'stroke:#9a6700,stroke-width:3px',
};

/**
 * The edge in the order of traffic as a Mermaid flowchart. Ends with a line break.
 *
 * @param models what {@link prepareTrace} made of an input
 * @param trace a request traced through the same models, which is drawn over it
 */
export function renderDiagramMermaid(models: TraceModels, trace?: Trace): string {
  return toMermaid(diagramOf(models, trace));
}

/** A diagram as Mermaid text. */
export function toMermaid({ groups, nodes: drawn, edges, request }: Diagram): string {
  const nodes = drawn.map(node => (node.id === request?.source ? { ...node, lines: [...node.lines, ...request.lines] } : node));
  const free = nodes.filter(({ group }) => group === undefined);
  return [
    'flowchart LR',
    ...free.filter(({ station }) => station === 'client').map(node => `  ${boxOf(node)}`),
    ...groups.flatMap(({ id, title }) => [
      `  subgraph ${id}["${escaped(title)}"]`, ...nodes.filter(({ group }) => group === id).map(node => `    ${boxOf(node)}`), '  end',
    ]),
    ...free.filter(({ station }) => station !== 'client').map(node => `  ${boxOf(node)}`),
    ...edges.map(edge => `  ${edge.from} ${arrowOf(edge)} ${edge.to}`),
    ...Object.entries(CLASSES).flatMap(([name, look]) => {
      const own = nodes.filter(node => classesOf(node).includes(name)).map(({ id }) => id);
      return own.length === 0 ? [] : [`  classDef ${name} ${look}`, `  class ${own.join(',')} ${name}`];
    }),
    ...linkStyle(edges, ({ emphasis, fault }) => emphasis === 'way' && fault === undefined, CLASSES.way),
    ...linkStyle(edges, ({ emphasis, fault }) => fault !== undefined && emphasis !== 'faded', 'stroke:#cf222e,stroke-width:2px'),
    ...linkStyle(edges, ({ emphasis }) => emphasis === 'faded', CLASSES.faded),
  ].join('\n') + '\n';
}

function boxOf({ id, station, title, lines, fault, ending }: DiagramNode): string {
  const text = [title, ...lines, ...fault === undefined ? [] : [`✕ ${fault}`], ...ending === undefined ? [] : [`◆ ${ending}`]].map(escaped).join('<br>');
  return station === 'client' || station === 'end' ? `${id}(["${text}"])` : `${id}["${text}"]`;
}

function arrowOf({ isMirror, labels, fault }: DiagramEdge): string {
  const text = [...labels, ...fault === undefined ? [] : [`✕ ${fault}`]].map(escaped).join('<br>');
  return `${isMirror ? '-.->' : '-->'}${text === '' ? '' : `|"${text}"|`}`;
}

/** A box may look like several things, of which the last one wins. */
function classesOf({ emphasis, fault, tone, ending }: DiagramNode): string[] {
  return emphasis === 'faded' ? ['faded'] : tone !== undefined ? [tone] : fault !== undefined ? ['fault'] : ending !== undefined ? ['good']
    : emphasis === 'way' ? ['way'] : [];
}

function linkStyle(edges: readonly DiagramEdge[], applies: (edge: DiagramEdge) => boolean, look: string): string[] {
  const indexes = edges.flatMap((edge, index) => (applies(edge) ? [index] : []));
  return indexes.length === 0 ? [] : [`  linkStyle ${indexes.join(',')} ${look}`];
}

/** A text as the content of quotes. Mermaid decodes `#name;` and `#number;` after it has read the diagram. */
export function escaped(text: string): string {
  return safe(text).replace(SPECIAL, character => `#${character.charCodeAt(0)};`);
}
