// The plan: which load balancers the AWS Load Balancer Controller 3.5.0 would build from an input, and what it would refuse.
import { ALB_TABLE } from '../base/alb-annotations/annotations';
import { isReadByAutoMode } from '../base/nlb-annotations/auto-mode';
import { groupBy } from '../base/multimap';
import { NLB_PREFIX, NLB_TABLE } from '../base/nlb-annotations/annotations';
import { kindOf, Kind } from '../manifests/kind';
import { type Input, manifestsOf } from '../manifests/input';
import { identityOf, isDeleted, type Manifest, namespaceOf, qualifiedNameOf } from '../manifests/manifest';
import { Elsewhere } from '../unknown/elsewhere';
import { buildApplicationLoadBalancer, type Built } from './ingress/application-load-balancer';
import type { AwsAnswers } from './aws-answers';
import { References } from './references';
import { type ControllerOptions, type ControllerSettings, controllerSettings } from './controller-options';
import { Build } from './ingress/build';
import { autoModeSettings, ignoredByAutoMode, ignoredParams, ofAutoMode } from './auto-mode';
import { type Group, groupsOf } from './ingress/groups';
import { IngressClasses } from './ingress/ingress-classes';
import { ignoredTlsSecrets } from './ingress/tls-secrets';
import type { LoadBalancer } from './load-balancer';
import { orRefusal, type PlanEvent, Refusal, Refusals } from './refusal';
import { replacedBySame } from './repeated-objects';
import { servicesOf } from './service/managed-services';
import { ServiceBuild } from './service/service-build';
import { buildServiceLoadBalancer } from './service/service-load-balancer';
import type { ServiceSettings } from './service/service-settings';
import type { Unmanaged } from './unmanaged';
import { unknownAnnotationsOf } from './unknown-annotations';
import { unstoredOf } from './unstored';
import { classParamsRefusals } from './webhooks/class-params-webhook';
import { ingressRefusal } from './webhooks/ingress-webhook';
import { type PlannedTargetGroupBinding, targetGroupBindingsOf } from './webhooks/target-group-binding';

/** A load balancer that the controller would not build, and why. Nothing changes for any member of the group. */
export interface RefusedLoadBalancer {
  /** Set if EKS Auto Mode refuses it. */
  readonly autoMode?: true;
  readonly group: string;
  readonly members: readonly Manifest[];
  readonly refused: PlanEvent;
}

/** Whether the controller refuses to build a load balancer. */
export function isRefused(planned: LoadBalancer | RefusedLoadBalancer): planned is RefusedLoadBalancer {
  return 'refused' in planned;
}

/** Whether the controller builds a load balancer. */
export function isBuilt(planned: LoadBalancer | RefusedLoadBalancer): planned is LoadBalancer {
  return !isRefused(planned);
}

/** What an apply leads to. */
export interface Plan {
  /** Those of Ingresses by group, each followed by the Network Load Balancer in front of it; then those of Services. */
  readonly loadBalancers: readonly (LoadBalancer | RefusedLoadBalancer)[];
  /** TargetGroupBindings of the input, not those that the controller makes. */
  readonly targetGroupBindings: readonly PlannedTargetGroupBinding[];
  /** Ingresses and Services of type LoadBalancer that get no load balancer from this controller. */
  readonly unmanaged: readonly Unmanaged[];
  readonly events: readonly PlanEvent[];
  /** The Ingresses and Services of the input that are not being deleted, by identity. */
  readonly objects: ReadonlyMap<string, Manifest>;
}

/** What a plan takes into account besides the objects. */
export interface PlanOptions {
  /** Flags of the controller. @default - those of the release */
  readonly controller?: ControllerOptions;
  /** Answers of AWS. @default - none; what only AWS knows is unknown */
  readonly aws?: AwsAnswers;
  /** Whether the input is all there is: a Service, Secret or class that it lacks does not exist. @default false */
  readonly complete?: boolean;
  /** Whether the objects are those of a cluster, so that the API server has stored them, each name once. @default false */
  readonly admitted?: boolean;
}

/**
 * Plans the load balancers that the AWS Load Balancer Controller will build.
 *
 * @param input constructs, Kubernetes objects or manifests
 * @throws UnreadableManifest for anything else
 */
export function plan(input: Input, options: PlanOptions = {}): Plan {
  return planOf(manifestsOf(input), options);
}

/** Plans the load balancers of manifests. */
export function planOf(manifests: readonly Manifest[], { controller, aws = () => undefined, complete = false, admitted = false }: PlanOptions = {}): Plan {
  const options = controllerSettings(controller);
  const byKind = groupBy(manifests, kindOf);
  const unstored: ReadonlyMap<Manifest, readonly PlanEvent[]> = admitted ? new Map() : unstoredOf(manifests);
  const all = (kind: Kind) => byKind.get(kind) ?? [];
  // Several classes or params of one name may be those of several clusters.
  const replaced = replacedBySame(admitted ? [] : [...all(Kind.INGRESS), ...all(Kind.SERVICE), ...all(Kind.TARGET_GROUP_BINDING)]);
  const written = (kind: Kind) => (replaced.size === 0 ? all(kind) : all(kind).filter(own => !replaced.has(own)));
  const of = (kind: Kind) => (unstored.size === 0 ? written(kind) : written(kind).filter(own => !unstored.has(own)));
  const refusals = Refusals.thrown();
  const elsewhere = new Elsewhere(manifests, complete);
  const references = new References(of(Kind.SERVICE), of(Kind.SECRET), elsewhere);
  const params = [...of(Kind.INGRESS_CLASS_PARAMS), ...of(Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE)];
  const classes = new IngressClasses(of(Kind.INGRESS_CLASS), params, of(Kind.NAMESPACE), options.ingressClass, elsewhere);
  const { groups, unmanaged, events, blocked } = groupsOf(written(Kind.INGRESS), classes);
  const [autoMode, ofOpenSource] = [true, false].map(wanted => groups.filter(({ isAutoMode }) => isAutoMode === wanted));
  const autoModeReferences = autoMode.length === 0 ? references
    : new References(of(Kind.SERVICE), of(Kind.SECRET), elsewhere, undefined, isReadByAutoMode);
  const services = servicesOf(written(Kind.SERVICE), options);
  const resultOf = (id: string, members: readonly Manifest[], build: () => Result): Result => {
    const [refused] = members.flatMap(member => unstored.get(member) ?? []);
    return refused === undefined ? unlessRefused(id, members, build) : { loadBalancers: [{ group: id, members, refused }], events: [] };
  };
  const ofGroup = (group: Group, settings: ControllerSettings, own: References) => resultOf(group.id, membersOf(group), () => {
    const refusal = blocked(group);
    if (refusal) {
      throw refusal;
    }
    return ofIngresses(group, buildApplicationLoadBalancer(new Build(group, settings, own, aws, refusals)));
  });
  const ofService = (service: ServiceSettings, settings: ControllerSettings) => resultOf(qualifiedNameOf(service.manifest), [service.manifest], () => {
    const { loadBalancer, ignored } = buildServiceLoadBalancer(new ServiceBuild(service, settings, references, aws));
    return { loadBalancers: [loadBalancer], events: ignored };
  });
  const results = [
    ...ofOpenSource.map(group => ofGroup(group, options, references)),
    ...autoMode.map(group => markedAutoMode(membersOf(group), ofGroup(group, autoModeSettings(), autoModeReferences))),
    ...services.managed.map(service => ofService(service, options)),
    ...services.autoMode.map(service => markedAutoMode([service.manifest], ofService(service, autoModeSettings()))),
  ];
  const targetGroupBindings = targetGroupBindingsOf(of(Kind.TARGET_GROUP_BINDING), aws);
  return {
    loadBalancers: results.flatMap(({ loadBalancers }) => loadBalancers),
    targetGroupBindings,
    unmanaged: [...unmanaged, ...services.unmanaged],
    events: [
      ...[...unstored.values()].flat(),
      ...replaced.values(),
      ...of(Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE).flatMap(ignoredParams),
      ...of(Kind.INGRESS_CLASS_PARAMS).flatMap(classParamsRefusals),
      ...events,
      ...of(Kind.INGRESS).map(ingress => ingressRefusal(ingress, namespaceOf(ingress), classes, options)).filter(event => event !== undefined),
      ...groups.flatMap(membersOf).flatMap(ingress => unknownAnnotationsOf(ingress, ALB_TABLE)),
      ...of(Kind.SERVICE).flatMap(service => unknownAnnotationsOf(service, ALB_TABLE)),
      // Other controllers and clouds have annotations of this prefix, too.
      ...[...services.managed, ...services.autoMode].flatMap(({ manifest }) => unknownAnnotationsOf(manifest, NLB_TABLE, `${NLB_PREFIX}aws-load-balancer-`)),
      ...results.flatMap(own => own.events),
      ...targetGroupBindings.map(({ refused }) => refused).filter(event => event !== undefined),
    ],
    objects: new Map([...written(Kind.INGRESS), ...written(Kind.SERVICE)].filter(own => !isDeleted(own)).map(own => [identityOf(own), own])),
  };
}

interface Result {
  readonly loadBalancers: readonly (LoadBalancer | RefusedLoadBalancer)[];
  readonly events: readonly PlanEvent[];
}

function membersOf({ members }: Group): readonly Manifest[] {
  return members.map(({ manifest }) => manifest);
}

/** The load balancer of a group and its frontend. */
function ofIngresses({ members }: Group, { loadBalancer, frontend, dropped }: Built): Result {
  const events = dropped.map(({ from, port }): PlanEvent => ({
    severity: 'ignored', topic: 'dropped-rule', port, ...from, reach: 'rule',
    reason: `the rule is dropped on port ${port}, because a redirect makes it useless`,
  }));
  const ignored = [...members.flatMap(ignoredTlsSecrets), ...events, ...frontend?.ignored ?? []];
  return { loadBalancers: frontend ? [loadBalancer, frontend.loadBalancer] : [loadBalancer], events: ignored };
}

/** The same, marked, with the annotations that EKS Auto Mode ignores. */
function markedAutoMode(members: readonly Manifest[], { loadBalancers, events }: Result): Result {
  return {
    loadBalancers: loadBalancers.map(own => (isRefused(own) ? { ...own, autoMode: true } : ofAutoMode(own))),
    events: [...members.flatMap(ignoredByAutoMode), ...events],
  };
}

function unlessRefused(group: string, members: readonly Manifest[], build: () => Result): Result {
  const result = orRefusal(build);
  if (!(result instanceof Refusal)) {
    return result;
  }
  const { reason, manifest, pointer } = result;
  const refused: PlanEvent = { severity: 'refused', reason, manifest, pointer, reach: 'group' };
  return { loadBalancers: [{ group, members, refused }], events: [refused] };
}
