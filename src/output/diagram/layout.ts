// Places boxes, frames and arrows: a column for each stretch of the road, a column for the labels between two of them, and frames as bands of columns.
import { STATIONS, type Diagram, type DiagramEdge, type DiagramGroup, type DiagramNode, type DiagramStation } from './diagram';
import { spaced } from './spacing';

/** A rectangle with its middle line: arrows meet it at `y`. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly above: number;
  readonly below: number;
}

/** The size of what is drawn, measured by the renderer. */
export interface Sizes {
  readonly node: (node: DiagramNode) => { readonly width: number; readonly height: number };
  readonly label: (edge: DiagramEdge) => { readonly width: number; readonly height: number };
  readonly frameTitle: number;
}

/** A frame around boxes. A group that has boxes in two parts of the picture has two. */
export interface Frame {
  readonly group: DiagramGroup;
  readonly x: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow as the places that it passes from box to box. */
export interface Arrow {
  readonly edge: DiagramEdge;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Where its label ends at the bottom, and how much room it has. */
  readonly label: Placed;
}

/** A diagram with places. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<DiagramNode, Placed>;
  readonly frames: readonly Frame[];
  readonly arrows: readonly Arrow[];
}

/** Stations whose boxes share frames. */
const PARTS: Readonly<Record<DiagramStation, string>> = {
  'client': 'client', 'frontend': 'aws', 'listener': 'aws', 'target-group': 'aws', 'port': 'gateway', 'host': 'gateway', 'service': 'apps', 'workload': 'apps',
  'end': 'end',
};

const MARGIN = 12;
/** Room for the bends of arrows before the labels, and for bends and tips behind them. */
const [BEND, BEND_AND_TIP] = [13, 20];
const NODE_GAP = 8;
const FRAME_PAD = 10;
const SWEEPS = 30;
const STRAIGHTENING = 4;
/** How much higher than necessary a frame may be, so that arrows are straight. */
const SLACK = 60;

/** Which neighbors count for where an item wants to be: at last only those with which it can be on a straight line. */
type Side = 'none' | 'left' | 'right' | 'both' | 'straight';

/** Something in a column: a box, a label, or an arrow that passes. */
interface Item {
  readonly column: number;
  readonly width: number;
  readonly above: number;
  readonly below: number;
  readonly band: Band;
  readonly left: Item[];
  readonly right: Item[];
  /** Of a label, or of an arrow that passes: the boxes at the ends of the arrow, or twice the one whose frame it crosses. */
  readonly ends?: readonly [from: Item, to: Item];
  y: number;
}

/** What nothing else may be between: the content of a frame, or a single item outside of frames. */
interface Band {
  readonly group?: DiagramGroup;
  readonly items: Item[];
  y: number;
}

/** Places everything. */
export function layoutOf(diagram: Diagram, sizes: Sizes): Layout {
  return new Placing(diagram, sizes).layout();
}

class Placing {
  private readonly stations: readonly DiagramStation[];
  private readonly columnOf = new Map<DiagramNode, number>();
  private readonly items = new Map<DiagramNode, Item>();
  private readonly chains: { readonly edge: DiagramEdge; readonly items: readonly Item[] }[] = [];
  /** Bands of each part, and of each column that is in no part. */
  private readonly parts = new Map<string, Band[]>();
  private readonly framed = new Map<string, Band>();
  private readonly nodesById: ReadonlyMap<string, DiagramNode>;

  public constructor(private readonly diagram: Diagram, private readonly sizes: Sizes) {
    const { nodes, edges } = diagram;
    this.nodesById = new Map(nodes.map(node => [node.id, node]));
    const used = STATIONS.filter(station => station !== 'end' && nodes.some(node => node.station === station));
    this.stations = [...used, 'end'];
    for (const node of nodes) {
      this.columnOf.set(node, 2 * this.stations.indexOf(node.station));
    }
    // An end is right behind what it is the end of.
    for (const node of nodes.filter(({ station }) => station === 'end')) {
      const before = edges.filter(({ to }) => to === node.id).map(({ from }) => this.columnOf.get(this.nodesById.get(from)!)!);
      this.columnOf.set(node, Math.max(...before) + 2);
    }
    nodes.forEach(node => this.addNode(node));
    edges.forEach(edge => this.addEdge(edge));
  }

  private addNode(node: DiagramNode): void {
    const { width, height } = this.sizes.node(node);
    const column = this.columnOf.get(node)!;
    const group = this.diagram.groups.find(({ id }) => id === node.group);
    this.items.set(node, this.item(column, { width, above: height / 2, below: height / 2 }, group));
  }

  private addEdge(edge: DiagramEdge): void {
    const [from, to] = [this.nodesById.get(edge.from)!, this.nodesById.get(edge.to)!];
    const [start, end] = [this.items.get(from)!, this.items.get(to)!];
    const chain = [start];
    const passing = new Map<string, Band>(end.band.group === undefined ? [[this.partOf(end.column), end.band]] : []);
    const isInside = this.partOf(start.column) === this.partOf(end.column);
    for (let column = start.column + 1; column < end.column; column++) {
      const { width, height } = column === start.column + 1 ? this.sizes.label(edge) : { width: 0, height: 0 };
      const part = this.partOf(column);
      // What leaves a frame crosses it straight; what has its other end in the same part, but not in the frame, is not in the frame.
      const crossed = [start, end].find(({ column: other, band }) => band.group !== undefined && this.partOf(other) === part);
      const framed = isInside && start.band !== end.band ? undefined : crossed;
      const ends = framed === undefined || isInside ? [start, end] as const : [framed, framed] as const;
      const item = this.item(column, { width, above: Math.max(height, 4), below: 4, ends }, framed?.band.group, passing.get(part));
      passing.set(part, item.band);
      chain.push(item);
    }
    chain.push(end);
    chain.slice(1).forEach((item, index) => this.link(chain[index], item));
    this.chains.push({ edge, items: chain });
  }

  /** Makes neighbors of two items. What must stay out of a frame does not draw the content of the frame after it. */
  private link(left: Item, right: Item): void {
    const isApart = this.partOf(left.column) === this.partOf(right.column) && left.band !== right.band;
    if (!isApart || left.band.group === undefined) {
      left.right.push(right);
    }
    if (!isApart || right.band.group === undefined) {
      right.left.push(left);
    }
  }

  private item(column: number, size: Pick<Item, 'width' | 'above' | 'below' | 'ends'>, group: DiagramGroup | undefined, shared?: Band): Item {
    const part = this.partOf(column);
    const bands = this.parts.get(part) ?? [];
    this.parts.set(part, bands);
    const key = group && `${part} ${group.id}`;
    const known = key === undefined ? shared : this.framed.get(key);
    const band: Band = known ?? { ...group === undefined ? {} : { group }, items: [], y: 0 };
    if (known === undefined) {
      bands.push(band);
      if (key !== undefined) {
        this.framed.set(key, band);
      }
    }
    const item: Item = { column, ...size, band, left: [], right: [], y: 0 };
    band.items.push(item);
    return item;
  }

  /** Columns between two stations of a part belong to it; others are parts of their own. */
  private partOf(column: number): string {
    const [left, right] = [this.stations[Math.floor(column / 2)], this.stations[Math.ceil(column / 2)]].map(station => station && PARTS[station]);
    return left === right ? left : `column ${column}`;
  }

  public layout(): Layout {
    this.sweep('none', true);
    for (let count = 0; count < SWEEPS; count++) {
      this.sweep((['left', 'right', 'both'] as const)[count % 3], count < SWEEPS / 2);
    }
    for (let count = 0; count < STRAIGHTENING; count++) {
      this.sweep('straight', false);
    }
    const all = [...this.parts.values()].flat();
    const top = Math.min(...all.map(band => edgesOf(band, this.sizes).top));
    all.flatMap(({ items }) => items).forEach(item => { item.y = Math.round(item.y - top + MARGIN); });
    return this.placed(all);
  }

  /** Moves the items of all parts, from the side on which their neighbors count. */
  private sweep(side: Side, mayReorder: boolean): void {
    const parts = [...this.parts.values()].sort((a, b) => columnOf(a) - columnOf(b));
    (side === 'right' ? parts.reverse() : parts).forEach(bands => this.arrange(bands, side, mayReorder));
  }

  private arrange(bands: Band[], side: Side, mayReorder: boolean): void {
    for (const { items } of bands) {
      const near = nearby(items, side);
      const columns = [...new Set(items.map(({ column }) => column))].sort((a, b) => (side === 'right' ? b - a : a - b));
      for (const column of columns) {
        const own = items.filter(item => item.column === column);
        const wanted = new Map(own.map(item => [item, near(wantedOf(item, side))]));
        const sorted = mayReorder ? [...own].sort((a, b) => wanted.get(a)! - wanted.get(b)! || a.y - b.y) : [...own].sort((a, b) => a.y - b.y);
        spaced(sorted.map(item => ({ wanted: wanted.get(item)!, before: item.above + NODE_GAP, after: item.below + NODE_GAP })))
          .forEach((y, index) => { sorted[index].y = y; });
      }
    }
    const extents = bands.map(band => ({ band, ...edgesOf(band, this.sizes) }));
    const middle = ({ top, bottom }: { readonly top: number; readonly bottom: number }) => (top + bottom) / 2;
    const sorted = mayReorder ? extents.sort((a, b) => middle(a) - middle(b)) : extents.sort((a, b) => a.band.y - b.band.y || middle(a) - middle(b));
    const positions = spaced(sorted.map(own => {
      const half = (own.bottom - own.top) / 2 + (own.band.group === undefined ? NODE_GAP : FRAME_PAD) / 2;
      return { wanted: middle(own), before: half, after: half };
    }));
    sorted.forEach((own, index) => {
      const shift = positions[index] - middle(own);
      own.band.items.forEach(item => { item.y += shift; });
      own.band.y = positions[index];
    });
  }

  private placed(bands: readonly Band[]): Layout {
    const items = bands.flatMap(own => own.items);
    const count = Math.max(...items.map(({ column }) => column)) + 1;
    const widths = Array.from({ length: count }, (_, column) => (
      Math.max(0, ...items.filter(item => item.column === column).map(({ width }) => width)) + (column % 2 === 1 ? BEND + BEND_AND_TIP : 0)));
    const starts = widths.map((_, column) => MARGIN + FRAME_PAD + widths.slice(0, column).reduce((sum, width) => sum + width, 0));
    const ends = new Set([...this.items].filter(([{ station }]) => station === 'end').map(([, item]) => item));
    const boxes = widths.map((_, column) => Math.max(0, ...items.filter(item => item.column === column && !ends.has(item)).map(({ width }) => width)));
    const placedOf = (item: Item): Placed => {
      const { column, y, above, below } = item;
      // The boxes of a column are alike.
      const width = item.ends !== undefined || ends.has(item) ? item.width : boxes[column];
      const middle = starts[column] + (column % 2 === 1 ? widths[column] + BEND - BEND_AND_TIP : widths[column]) / 2;
      return { x: Math.round(middle - width / 2), y, width, above, below };
    };
    const frames = bands.filter(({ group }) => group !== undefined).map((band): Frame => {
      const { top, bottom } = edgesOf(band, this.sizes);
      const columns = bands.filter(own => own.group !== undefined && this.partOf(own.items[0].column) === this.partOf(band.items[0].column))
        .flatMap(own => own.items.map(({ column }) => column));
      const [first, last] = [Math.min(...columns), Math.max(...columns)];
      const [x, end] = [starts[first] - FRAME_PAD, starts[last] + widths[last] + FRAME_PAD];
      return { group: band.group!, x, top: Math.round(top), width: Math.round(end - x), height: Math.round(bottom - top) };
    });
    const bottom = Math.max(...bands.map(band => edgesOf(band, this.sizes).bottom));
    return {
      width: Math.round(starts[count - 1] + widths[count - 1] + FRAME_PAD + MARGIN), height: Math.round(bottom + MARGIN),
      nodes: new Map([...this.items].map(([node, item]) => [node, placedOf(item)])),
      frames,
      arrows: this.chains.map(({ edge, items: chain }): Arrow => ({ edge, points: pointsOf(chain, starts, widths, placedOf), label: placedOf(chain[1]) })),
    };
  }
}

/** An arrow leaves a box at its right edge, crosses the columns between straight, and enters the other box at its left edge. */
function pointsOf(chain: readonly Item[], starts: readonly number[], widths: readonly number[], placedOf: (item: Item) => Placed): [number, number][] {
  const [from, to] = [placedOf(chain[0]), placedOf(chain.at(-1)!)];
  const between = chain.slice(1, -1).flatMap(({ column, y }): [number, number][] => {
    const [before, behind] = column % 2 === 1 ? [BEND, BEND_AND_TIP] : [0, 0];
    return [[Math.round(starts[column] + before), y], [Math.round(starts[column] + widths[column] - behind), y]];
  });
  return [[from.x + from.width, from.y], ...between, [to.x, to.y]];
}

function columnOf([{ items: [{ column }] }]: readonly Band[]): number {
  return column;
}

function edgesOf({ group, items }: Band, { frameTitle }: Sizes): { readonly top: number; readonly bottom: number } {
  const [above, below] = group === undefined ? [0, 0] : [frameTitle + FRAME_PAD, FRAME_PAD];
  return { top: Math.min(...items.map(({ y, above: own }) => y - own)) - above, bottom: Math.max(...items.map(({ y, below: own }) => y + own)) + below };
}

/** Where an item wants to be: on a line with its neighbors. A label is on a line with the box that has no other arrow on that side. */
function wantedOf({ left, right, ends, y }: Item, side: Side): number {
  if (ends !== undefined && side !== 'none') {
    const [from, to] = ends;
    if (from === to) {
      return from.y;
    }
    return to.left.length === 1 ? to.y : from.right.length === 1 ? from.y : meanOf([...left, ...right], y);
  }
  switch (side) {
    case 'none': return y;
    case 'left': return meanOf(left, y);
    case 'right': return meanOf(right, y);
    case 'both': return meanOf([...left, ...right], y);
    case 'straight': {
      const [from] = left.length === 1 ? left[0].ends ?? [] : [];
      return from?.right.length === 1 ? from.y : left.length === 0 ? meanOf(right, y) : y;
    }
  }
}

/**
 * Keeps positions as near to each other as the fullest column of a frame needs: frames that share neighbors would push each other apart without end.
 *
 * @returns the position that an item may have, by the one that it wants
 */
function nearby(items: readonly Item[], side: Side): (wanted: number) => number {
  if (items.length === 1) {
    return wanted => wanted;
  }
  const columns = new Map<number, number>();
  items.forEach(({ column, above, below }) => columns.set(column, (columns.get(column) ?? 0) + above + below + 2 * NODE_GAP));
  const middle = items.reduce((sum, item) => sum + wantedOf(item, side), 0) / items.length;
  const reach = (Math.max(...columns.values()) + SLACK) / 2;
  return wanted => Math.min(Math.max(wanted, middle - reach), middle + reach);
}

function meanOf(items: readonly Item[], fallback: number): number {
  return items.length === 0 ? fallback : items.reduce((sum, { y }) => sum + y, 0) / items.length;
}
