// A diagram of the edge: boxes and arrows in the order of traffic, as both renderers draw them.

/** The stretches of the road in the order of traffic: each is a column of the picture. */
export const STATIONS = ['client', 'frontend', 'listener', 'target-group', 'port', 'host', 'service', 'workload', 'end'] as const;

/** A stretch of the road. `frontend` is a Network Load Balancer in front of an Application Load Balancer. */
export type DiagramStation = typeof STATIONS[number];

/** How something looks in the picture of a request: on its way, or not. Absent without a request. */
export type Emphasis = 'way' | 'faded';

/** How an end looks: as designed, died, or not known. */
export type Tone = 'good' | 'bad' | 'unknown';

/** A frame around boxes. */
export interface DiagramGroup {
  readonly id: string;
  readonly title: string;
}

/** A box. */
export interface DiagramNode {
  readonly id: string;
  readonly station: DiagramStation;
  readonly title: string;
  readonly lines: readonly string[];
  /** Id of its frame. */
  readonly group?: string;
  /** Why requests die here. */
  readonly fault?: string;
  /** Which of the traced requests end here, in words. */
  readonly ending?: string;
  /** Of an end. */
  readonly tone?: Tone;
  readonly emphasis?: Emphasis;
}

/** An arrow. */
export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  /** Copies of requests, whose responses nobody gets. */
  readonly isMirror: boolean;
  readonly labels: readonly string[];
  /** Why requests die on this way. */
  readonly fault?: string;
  readonly emphasis?: Emphasis;
}

/** A whole diagram. Nodes and edges are in the order of traffic. */
export interface Diagram {
  readonly groups: readonly DiagramGroup[];
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  /** The request that is drawn over it. */
  readonly request?: DiagramRequest;
}

/** A request that is drawn over a diagram. */
export interface DiagramRequest {
  /** As its line. */
  readonly text: string;
  /** The same in narrow lines. */
  readonly lines: readonly string[];
  /** Id of the box that sends it. */
  readonly source: string;
}
