// The way of one request over a draft: the boxes and arrows that it passes, and the boxes that name its ends.
import type { ClusterName } from '../../mesh/cluster-names';
import type { Cluster, NoCluster } from '../../mesh/clusters';
import type { Endpoint } from '../../mesh/objects/endpoints';
import type { Hop } from '../../trace/hops/hop';
import type { Trace } from '../../trace/trace';
import { type TraceEnd, isByDesign } from '../../trace/hops/trace-end';
import type { Tone } from './diagram';
import { clusterKey, endpointKey } from './destinations';
import { showShare } from '../../base/share-text';
import type { Draft, DraftEdge, DraftNode, Label } from './draft';

/** What a request passes. */
export class Way {
  public readonly nodes = new Set<DraftNode>();
  public readonly edges = new Set<DraftEdge>();
  /** The records of the models that it meets. */
  private readonly models = new Set<object>();

  /** Marks the way from a source, and adds its ends to the draft. */
  public constructor(private readonly draft: Draft, private readonly source: DraftNode, { hops, ends }: Trace) {
    this.nodes.add(source);
    hops.forEach(hop => this.pass(hop));
    ends.forEach(({ by }) => this.passNode(by && draft.find(by.manifest)));
    const [, first] = this.nodes;
    if (first !== undefined && !draft.edges.some(({ from, to }) => from === source && to === first)) {
      draft.edge(source, first, [{ text: 'enters here' }]);
    }
    draft.edges.filter(edge => this.isPassed(edge, first)).forEach(edge => this.edges.add(edge));
    this.nameWorkloads(hops, ends);
    this.addEnds(ends);
  }

  /** The part of a label that says why the request passes its arrow. */
  public labelOf({ text, of = [], about }: Label): string | undefined {
    const met = of.find(record => this.models.has(record));
    return met === undefined ? undefined : about?.(met) ?? text;
  }

  private pass(hop: Hop): void {
    if (hop.model !== undefined) {
      this.models.add(hop.model);
      this.passNode(this.draft.find(keyOf(hop, hop.model)));
    }
  }

  private passNode(node: DraftNode | undefined): void {
    if (node !== undefined) {
      this.nodes.add(node);
    }
  }

  /** Only one arrow leaves the source: a request enters once. */
  private isPassed({ from, to }: DraftEdge, first: DraftNode | undefined): boolean {
    return this.nodes.has(from) && this.nodes.has(to) && (from !== this.source || to === first);
  }

  /** The pods that answer say which share of the requests they get. Where something is not known, the ends alone say it. */
  private nameWorkloads(hops: readonly Hop[], ends: readonly TraceEnd[]): void {
    if (ends.some(({ candidates }) => candidates !== undefined)) {
      return;
    }
    const shares = new Map<DraftNode, number>();
    for (const hop of hops.filter(({ at }) => at === 'workload')) {
      const node = hop.model && this.draft.find(keyOf(hop, hop.model));
      if (node !== undefined) {
        shares.set(node, (shares.get(node) ?? 0) + hop.probability);
      }
    }
    shares.forEach((share, node) => {
      const percent = percentOf(share);
      node.ending = percent === ALL ? 'ends here' : `${percent} end here`;
    });
  }

  private addEnds(ends: readonly TraceEnd[]): void {
    const leaves = this.leaves();
    for (const [index, end] of ends.entries()) {
      const places = this.placesOf(end);
      if (end.kind === 'workload' && places.some(({ ending }) => ending !== undefined)) {
        continue;
      }
      const words = end.to.replace(/^unsupported: .*/, 'unsupported');
      const percent = percentOf(end.probability);
      const node = this.draft.node(`end ${index}`, () => ({
        station: 'end', title: percent === ALL ? words : `${percent}: ${words}`, tone: toneOf(end),
        lines: end.kind === 'unsupported' && end.fix !== undefined ? [end.fix] : [],
      }));
      this.nodes.add(node);
      for (const from of places.length > 0 ? places : [leaves.shift() ?? this.deepest()]) {
        this.draft.edge(from, node);
        this.edges.add(this.draft.edges.at(-1)!);
      }
    }
  }

  /** The pods or the cluster that an end is about. */
  private placesOf({ host, port, subset, kind, reason, candidates }: TraceEnd): readonly DraftNode[] {
    if (host === undefined || port === undefined) {
      return candidates === undefined || candidates.length === 0 ? [] : this.placesOf(candidates[0]);
    }
    const missing = ['', 'service', 'port', 'subset', 'endpoints'].map(own => JSON.stringify([host, port, subset ?? '', own]));
    const cluster = missing.map(key => this.draft.find(key)).find(node => node !== undefined && this.nodes.has(node));
    if (cluster !== undefined && (reason === 'no-cluster' || reason === 'no-endpoint')) {
      return [cluster];
    }
    // Without a proxy in front there is no cluster.
    const pods = cluster === undefined ? [...this.nodes].filter(({ station }) => station === 'workload')
      : this.draft.edges.filter(({ from, to }) => from === cluster && this.nodes.has(to)).map(({ to }) => to);
    const own = kind === 'workload' ? pods : pods.filter(({ ending }) => ending === undefined);
    return own.length > 0 || cluster === undefined ? own : [cluster];
  }

  /** Boxes that the request does not leave, apart from clusters and pods, in the order in which it comes to them. */
  private leaves(): DraftNode[] {
    const left = new Set([...this.edges].map(({ from }) => from));
    return [...this.nodes].filter(node => !left.has(node) && node.station !== 'service' && node.station !== 'workload');
  }

  /** The last box before clusters and pods. */
  private deepest(): DraftNode {
    return [...this.nodes].filter(({ station }) => station !== 'service' && station !== 'workload' && station !== 'end').at(-1)!;
  }
}

function keyOf({ at }: Hop, model: object): unknown {
  switch (at) {
    case 'cluster': {
      const { name, cluster } = model as { readonly name: ClusterName; readonly cluster: Cluster | NoCluster };
      return clusterKey(name, cluster);
    }
    case 'sidecar':
    case 'workload':
      return endpointKey(model as Endpoint);
    default:
      return model;
  }
}

function toneOf(end: TraceEnd): Tone {
  return isByDesign(end) ? 'good' : end.kind === 'refused' ? 'bad' : 'unknown';
}

function percentOf(share: number): string {
  return showShare(share, [1]);
}

const ALL = percentOf(1);
