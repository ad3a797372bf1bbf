// The plan: which load balancers the AWS Load Balancer Controller 3.5.0 would build from an input, and what it would refuse.
import { groupBy } from '../base/multimap';
import { kindOf, Kind } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import { buildApplicationLoadBalancer, type Built } from './ingress/application-load-balancer';
import type { AwsAnswers } from './aws-answers';
import { References } from './references';
import { type ControllerOptions, controllerSettings } from './controller-options';
import { type Group, groupsOf } from './ingress/groups';
import { IngressClasses } from './ingress/ingress-classes';
import type { LoadBalancer } from './load-balancer';
import { type PlanEvent, Refusal } from './refusal';

/** A load balancer that the controller would not build, and why. Nothing changes for any member of the group. */
export interface RefusedLoadBalancer {
  readonly group: string;
  readonly members: readonly Manifest[];
  readonly refused: PlanEvent;
}

/** What an apply leads to. */
export interface Plan {
  /** By group; the Network Load Balancer in front of an Application Load Balancer follows it. */
  readonly loadBalancers: readonly (LoadBalancer | RefusedLoadBalancer)[];
  readonly events: readonly PlanEvent[];
}

/** What a plan takes into account besides the objects. */
export interface PlanOptions {
  /** Flags of the controller. @default - those of the release */
  readonly controller?: ControllerOptions;
  /** Answers of AWS. @default - none; what only AWS knows is unknown */
  readonly aws?: AwsAnswers;
  /** Whether the input is all that the cluster has: then a Service, Secret or class that it lacks does not exist. @default false */
  readonly complete?: boolean;
}

/** Plans the load balancers of an input. */
export function planOf(manifests: readonly Manifest[], { controller, aws = () => undefined, complete = false }: PlanOptions = {}): Plan {
  const options = controllerSettings(controller);
  const byKind = groupBy(manifests, kindOf);
  const of = (kind: Kind) => byKind.get(kind) ?? [];
  const references = new References(of(Kind.SERVICE), of(Kind.SECRET), complete);
  const classes = new IngressClasses(of(Kind.INGRESS_CLASS), of(Kind.INGRESS_CLASS_PARAMS), of(Kind.NAMESPACE), options.ingressClass, complete);
  const { groups, events } = groupsOf(of(Kind.INGRESS), classes);
  const results = groups.map(group => built(group, () => buildApplicationLoadBalancer(group, options, references, aws)));
  return { loadBalancers: results.flatMap(({ loadBalancers }) => loadBalancers), events: [...events, ...results.flatMap(own => own.events)] };
}

interface Result {
  readonly loadBalancers: readonly (LoadBalancer | RefusedLoadBalancer)[];
  readonly events: readonly PlanEvent[];
}

/** The load balancer of a group and its frontend, or the refusal of all of it. */
function built(group: Group, build: () => Built): Result {
  try {
    const { loadBalancer, frontend, dropped } = build();
    const events = dropped.map(({ from, port }): PlanEvent => ({
      severity: 'ignored', reason: `the rule is dropped on port ${port}, because a redirect makes it useless`, ...from, reach: 'rule',
    }));
    return { loadBalancers: frontend ? [loadBalancer, frontend.loadBalancer] : [loadBalancer], events: [...events, ...frontend?.ignored ?? []] };
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const refused: PlanEvent = { severity: 'refused', reason: error.reason, manifest: error.manifest, pointer: error.pointer, reach: 'group' };
    return { loadBalancers: [{ group: group.id, members: group.members.map(({ manifest }) => manifest), refused }], events: [refused] };
  }
}
