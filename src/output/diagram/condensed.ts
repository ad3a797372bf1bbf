// Keeps a draft readable: of the boxes of a column as many as a person looks at, and one box for the others.
import type { DraftEdge, DraftNode, Label } from './draft';

/** The most boxes of a station. */
const MAX_BOXES = 20;

/** What is drawn. */
interface Drawn {
  readonly nodes: readonly DraftNode[];
  readonly edges: readonly DraftEdge[];
}

/** Of each station the first boxes and those that must be kept; a box counts the others, and has their arrows without their labels. */
export function condensed({ nodes, edges }: Drawn, mustKeep: (node: DraftNode) => boolean): Drawn {
  const replaced = new Map<DraftNode, DraftNode>();
  for (const [station, own] of stationsOf(nodes)) {
    const kept = own.filter(mustKeep).length;
    const others = own.filter(node => !mustKeep(node)).slice(Math.max(MAX_BOXES - kept, 1));
    if (others.length > 1) {
      const faults = others.filter(({ fault }) => fault !== undefined).length;
      const rest: DraftNode = {
        station, title: `+${others.length} more`, lines: [others[0].title, '…', others.at(-1)!.title],
        ...faults === 0 ? {} : { fault: `${faults} with faults` },
      };
      others.forEach(node => replaced.set(node, rest));
    }
  }
  if (replaced.size === 0) {
    return { nodes, edges };
  }
  const drawn = (node: DraftNode) => replaced.get(node) ?? node;
  const merged = new Map<string, DraftEdge>();
  const ids = new Map([...new Set(nodes.map(drawn))].map((node, index) => [node, index]));
  for (const edge of edges) {
    const [from, to] = [drawn(edge.from), drawn(edge.to)];
    const isRest = from !== edge.from || to !== edge.to;
    const key = `${ids.get(from)} ${ids.get(to)} ${edge.isMirror}`;
    const labels: readonly Label[] = isRest ? [] : edge.labels;
    merged.set(key, merged.get(key) ?? { from, to, isMirror: edge.isMirror, labels, ...isRest || edge.fault === undefined ? {} : { fault: edge.fault } });
  }
  return { nodes: [...ids.keys()], edges: [...merged.values()] };
}

function stationsOf(nodes: readonly DraftNode[]): Map<DraftNode['station'], DraftNode[]> {
  const stations = new Map<DraftNode['station'], DraftNode[]>();
  for (const node of nodes) {
    const known = stations.get(node.station);
    if (known === undefined) {
      stations.set(node.station, [node]);
    } else {
      known.push(node);
    }
  }
  return stations;
}
