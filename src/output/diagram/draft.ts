// A diagram while it is drawn: boxes found by the records of the models that they show, and arrows that collect labels.
import type { DiagramStation, Tone } from './diagram';

/** A label of an arrow. The picture of a request keeps only the labels of what the request meets. */
export interface Label {
  readonly text: string;
  /** The records that it is about. */
  readonly of?: readonly object[];
  /** The label that is about one of the records alone. @default - the text */
  readonly about?: (record: object) => string;
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
  readonly labels: readonly Label[];
  fault?: string;
}

/** An arrow that still gets labels, by their text. */
interface OpenEdge {
  readonly edge: DraftEdge & { readonly labels: Label[] };
  readonly byText: Map<string, object[]>;
}

/** Collects boxes and arrows. */
export class Draft {
  public readonly nodes: DraftNode[] = [];
  public readonly edges: DraftEdge[] = [];
  private readonly byKey = new Map<unknown, DraftNode>();
  private readonly byEnds = new Map<DraftNode, Map<DraftNode, OpenEdge[]>>();

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
    const ends = this.byEnds.get(from) ?? new Map<DraftNode, OpenEdge[]>();
    this.byEnds.set(from, ends);
    const all = ends.get(to) ?? [];
    ends.set(to, all);
    let open = all.find(own => own.edge.isMirror === isMirror);
    if (open === undefined) {
      open = { edge: { from, to, isMirror, labels: [] }, byText: new Map() };
      all.push(open);
      this.edges.push(open.edge);
    }
    const { edge, byText } = open;
    for (const { text, of = [], about } of labels) {
      const known = byText.get(text);
      if (known === undefined) {
        const records = [...of];
        byText.set(text, records);
        edge.labels.push({ text, of: records, ...about === undefined ? {} : { about } });
      } else {
        known.push(...of);
      }
    }
    edge.fault ??= fault;
  }
}
