// A diagram while it is drawn: boxes found by the records of the models that they show, and arrows that collect labels.
import type { DiagramStation, Tone } from './diagram';

/** A label of an arrow. The picture of a request keeps only the labels of what the request meets. */
export interface Label {
  readonly text: string;
  /** The records that it is about, each with the label that is about it alone. */
  readonly of?: ReadonlyMap<object, string>;
}

/** A box of a draft. */
export interface DraftNode {
  readonly station: DiagramStation;
  readonly title: string;
  readonly lines: string[];
  /** Title of its frame. */
  readonly group?: string;
  fault?: string;
  ending?: string;
  readonly tone?: Tone;
}

/** An arrow of a draft. */
export interface DraftEdge {
  readonly from: DraftNode;
  readonly to: DraftNode;
  readonly isMirror: boolean;
  readonly labels: Label[];
  fault?: string;
}

/** Collects boxes and arrows. */
export class Draft {
  public readonly nodes: DraftNode[] = [];
  public readonly edges: DraftEdge[] = [];
  private readonly byKey = new Map<unknown, DraftNode>();
  private readonly byEnds = new Map<DraftNode, Map<DraftNode, DraftEdge[]>>();

  /** The box of a key, which is a record of the models or a text. The key finds it from now on. */
  public node(key: unknown, make: () => DraftNode): DraftNode {
    const known = this.byKey.get(key);
    if (known !== undefined) {
      return known;
    }
    const made = make();
    this.nodes.push(made);
    this.byKey.set(key, made);
    return made;
  }

  /** The box of a key, if there is one. */
  public find(key: unknown): DraftNode | undefined {
    return this.byKey.get(key);
  }

  /** Lets another key find a box. */
  public alias(key: unknown, node: DraftNode): void {
    this.byKey.set(key, node);
  }

  /** The arrow between two boxes, with one more label. */
  public edge(from: DraftNode, to: DraftNode, labels: readonly Label[] = [], { isMirror = false, fault }: { isMirror?: boolean; fault?: string } = {}): void {
    const ends = this.byEnds.get(from) ?? new Map<DraftNode, DraftEdge[]>();
    this.byEnds.set(from, ends);
    const all = ends.get(to) ?? [];
    ends.set(to, all);
    let edge = all.find(own => own.isMirror === isMirror);
    if (edge === undefined) {
      edge = { from, to, isMirror, labels: [] };
      all.push(edge);
      this.edges.push(edge);
    }
    for (const label of labels) {
      const known = edge.labels.findIndex(({ text }) => text === label.text);
      if (known === -1) {
        edge.labels.push(label);
      } else {
        edge.labels[known] = { text: label.text, of: new Map([...edge.labels[known].of ?? [], ...label.of ?? []]) };
      }
    }
    edge.fault ??= fault;
  }
}
