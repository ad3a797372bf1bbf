// What the controller refuses, and how far the damage reaches.
import type { MalformedAnnotation } from '../base/alb-annotations/annotation-table';
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

/** What an event is about, where checks have more to say of it. */
export type EventTopic = 'dropped-rule' | 'repeated-object' | 'tls-secret' | 'unknown-annotation';

/** Something that the controller or AWS refuses, or silently ignores. */
export interface PlanEvent {
  /** `refused`: nothing of the reach is built, and AWS keeps what it has. `ignored`: the setting has no effect. */
  readonly severity: 'refused' | 'ignored';
  readonly topic?: EventTopic;
  /** The listener whose rule is dropped. */
  readonly port?: number;
  readonly reason: string;
  readonly manifest: Manifest;
  /** JSON pointer into the object. */
  readonly pointer: string;
  readonly reach: Reach;
  /** The admission webhook that refuses the object at apply; absent if the API server itself does. */
  readonly webhook?: Webhook;
}

/** Who refuses what the event is about. */
export function refuserOf({ reach, webhook }: PlanEvent): string {
  return webhook ?? (reach === 'object' ? 'the API server' : 'the controller');
}

/** An annotation that cannot be read. */
export interface MalformedCause {
  readonly is: 'malformed';
  readonly annotation: MalformedAnnotation;
}

/** Two Ingresses with different values for one setting of the load balancer that they share. */
export interface ConflictCause {
  readonly is: 'conflict';
  /** The setting, by its key without the prefix: `scheme`, `tags, key team`, `the protocol`. */
  readonly about: string;
  readonly port?: number;
  readonly first: ConflictSide;
  readonly other: ConflictSide;
}

/** The value of one of the two. */
export interface ConflictSide {
  /** `namespace/name` of the Ingress. */
  readonly member: string;
  /** Absent if the Ingress does not set it, where that makes a difference. */
  readonly value?: string;
}

/** A Service that has no such port. */
export interface MissingPortCause {
  readonly is: 'missing-port';
  readonly service: Manifest;
  readonly port: number | string;
}

/** A Service that the input lacks, which may exist in the cluster. */
export interface MissingServiceCause {
  readonly is: 'missing-service';
  readonly namespace: string;
  readonly name: string;
}

/** A Service without node ports, for instance targets. */
export interface NoNodePortCause {
  readonly is: 'no-node-port';
  readonly service: Manifest;
  /** Where the target type is set, or could be. */
  readonly place: { readonly manifest: Manifest; readonly pointer: string };
}

/** An action that no annotation of the Ingress declares. The controller does not refuse it unless a flag says so. */
export interface MissingActionCause {
  readonly is: 'missing-action';
  readonly name: string;
}

/** Anything else that the controller refuses. */
export interface RefusedCause {
  readonly is: 'refused';
}

/** A refusal that something outside the input may prevent: another member of the group, a class, or what fills a Secret. */
export interface PreventableCause {
  readonly is: 'preventable';
}

/** What exactly is at fault, for the checks. */
export type Cause =
  | MalformedCause | ConflictCause | MissingPortCause | MissingServiceCause | NoNodePortCause | MissingActionCause | RefusedCause | PreventableCause;

/** The cause of a refusal that something outside the input may prevent. */
export const PREVENTABLE: PreventableCause = { is: 'preventable' };

/** Thrown while a load balancer is built, and caught by the plan: nothing is built for any member of the group. */
export class Refusal extends Error {
  public constructor(
    public readonly manifest: Manifest, public readonly pointer: string, public readonly reason: string, public override readonly cause?: Cause,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // Nobody reads the stack of a refusal, and a survey makes many.
    super(reason);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** What a builder returns, or the refusal that it throws. */
export function orRefusal<T>(build: () => T): T | Refusal {
  try {
    return build();
  } catch (error) {
    if (error instanceof Refusal) {
      return error;
    }
    throw error;
  }
}

/** What becomes of refusals: the first one ends the build, or all are collected, and the build goes on without what they refuse. */
export class Refusals {
  private readonly collected: Refusal[] = [];

  private constructor(public readonly areCollected: boolean) {}

  /** For a plan: the first refusal ends the build. */
  public static thrown(): Refusals {
    return new Refusals(false);
  }

  /** For a survey, which is about everything that the controller would refuse. */
  public static collected(): Refusals {
    return new Refusals(true);
  }

  /** @throws Refusal unless refusals are collected */
  public report(refusal: Refusal): void {
    if (!this.areCollected) {
      throw refusal;
    }
    this.collected.push(refusal);
  }

  /** The result, or a substitute for what is refused. @throws Refusal unless refusals are collected */
  public attempt<T>(build: () => T, otherwise: T): T {
    const result = orRefusal(build);
    if (!(result instanceof Refusal)) {
      return result;
    }
    this.report(result);
    return otherwise;
  }

  /** What was collected since the last call. */
  public take(): Refusal[] {
    return this.collected.splice(0);
  }
}
