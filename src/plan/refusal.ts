// What the controller refuses, and how far the damage reaches.
import type { Manifest } from '../manifests/manifest';

/** What a refusal takes down: one rule, one Ingress, all objects of the load balancer, or the object itself, which is then not stored at all. */
export type Reach = 'rule' | 'ingress' | 'group' | 'object';

/** The admission webhooks of the controller, by the name that an error of `kubectl apply` shows. */
export enum Webhook {
  INGRESS = 'vingress.elbv2.k8s.aws',
  INGRESS_CLASS_PARAMS = 'vingressclassparams.elbv2.k8s.aws',
  TARGET_GROUP_BINDING_MUTATION = 'mtargetgroupbinding.elbv2.k8s.aws',
  TARGET_GROUP_BINDING = 'vtargetgroupbinding.elbv2.k8s.aws',
}

/** Something that the controller or AWS refuses, or silently ignores. */
export interface PlanEvent {
  /** `refused`: nothing of the reach is built, and AWS keeps what it has. `ignored`: the setting has no effect. */
  readonly severity: 'refused' | 'ignored';
  readonly reason: string;
  readonly manifest: Manifest;
  /** JSON pointer into the object. */
  readonly pointer: string;
  readonly reach: Reach;
  /** The admission webhook that refuses the object at apply. */
  readonly webhook?: Webhook;
}

/** Thrown while a load balancer is built, and caught by the plan: nothing is built for any member of the group. */
export class Refusal extends Error {
  public constructor(public readonly manifest: Manifest, public readonly pointer: string, public readonly reason: string) {
    super(reason);
  }
}
