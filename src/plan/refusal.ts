// What the controller refuses, and how far the damage reaches.
import type { Manifest } from '../manifests/manifest';

/** What a refusal takes down: one rule, one Ingress, or all Ingresses of the load balancer. */
export type Reach = 'rule' | 'ingress' | 'group';

/** Something that the controller or AWS refuses, or silently ignores. */
export interface PlanEvent {
  /** `refused`: nothing of the reach is built, and AWS keeps what it has. `ignored`: the setting has no effect. */
  readonly severity: 'refused' | 'ignored';
  readonly reason: string;
  readonly manifest: Manifest;
  /** JSON pointer into the object. */
  readonly pointer: string;
  readonly reach: Reach;
}

/** Thrown while a load balancer is built, and caught by the plan: nothing is built for any member of the group. */
export class Refusal extends Error {
  public constructor(public readonly manifest: Manifest, public readonly pointer: string, public readonly reason: string) {
    super(reason);
  }
}
