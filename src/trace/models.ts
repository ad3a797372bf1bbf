// The models that a trace walks, prepared once for many requests.
import { EXTERNAL_DNS_PREFIXES } from '../base/external-dns';
import { asList, asObject, asText, asTexts } from '../manifests/plain-json';
import { type Input, manifestsOf } from '../manifests/input';
import { type Manifest, annotationsOf, specOf } from '../manifests/manifest';
import { type Mesh, meshOf } from '../mesh/mesh';
import type { MeshSettings } from '../mesh/objects/settings';
import type { LoadBalancer } from '../plan/load-balancer';
import { type Plan, type PlanOptions, planOf } from '../plan/plan';
import { LoadBalancers } from './alb/load-balancers';
import { type TargetService, type TracedGroup, boundGroup, targetServiceOf } from './alb/targets';
import { type NotApplied, notApplied } from './not-applied';

/** What a trace takes into account besides the objects. */
export interface TraceOptions extends PlanOptions {
  /** Settings of the mesh. @default - those of Istio's charts */
  readonly mesh?: Partial<MeshSettings>;
}

/** The models of one input. */
export class TraceModels {
  public readonly loadBalancers: LoadBalancers;
  private refused: readonly NotApplied[] | undefined;
  private others: readonly TraceModels[] | undefined;
  private readonly targets = new Map<TracedGroup, TargetService | undefined>();
  private bound: ReadonlyMap<string, readonly TracedGroup[]> | undefined;

  /** @param manifests what plan and mesh are built from */
  public constructor(public readonly manifests: readonly Manifest[], public readonly plan: Plan, public readonly mesh: Mesh, loadBalancers?: LoadBalancers) {
    this.loadBalancers = loadBalancers ?? new LoadBalancers(plan, hostsOf);
  }

  /** The objects of the input that the API server, a webhook or the controller refuses: traces go on without them. */
  public get notApplied(): readonly NotApplied[] {
    this.refused ??= notApplied(this.plan, this.mesh);
    return this.refused;
  }

  /** The models of the other orders in which objects may have been created; none where the order cannot matter. */
  public otherOrders(): readonly TraceModels[] {
    this.others ??= this.mesh.otherOrders().map(order => inOrder(this, this.mesh.inOrder(order)));
    return this.others;
  }

  /** The Service and the pods behind a target group; nothing if the input lacks the Service. */
  public targetsOf(group: TracedGroup): TargetService | undefined {
    if (!this.targets.has(group)) {
      this.targets.set(group, targetServiceOf(this.mesh, group));
    }
    return this.targets.get(group);
  }

  /**
   * The target group of the ARN or the name that a TargetGroupBinding of the input fills, once for each protocol that it may have; none without such a
   * binding.
   */
  public boundGroups(id: string): readonly TracedGroup[] {
    this.bound ??= boundGroupsOf(this.plan);
    return this.bound.get(id) ?? [];
  }
}

function inOrder({ manifests, plan, loadBalancers }: TraceModels, mesh: Mesh): TraceModels {
  return new TraceModels(manifests, plan, mesh, loadBalancers);
}

function boundGroupsOf({ targetGroupBindings }: Plan): Map<string, TracedGroup[]> {
  const groups = new Map<string, TracedGroup[]>();
  for (const binding of targetGroupBindings) {
    const { targetGroupARN, targetGroupName, targetGroupProtocol } = binding.spec ?? {};
    for (const id of [targetGroupARN, targetGroupName].filter(own => own !== undefined)) {
      const protocols = targetGroupProtocol === undefined ? ['HTTP', 'HTTPS'] : [targetGroupProtocol];
      groups.set(id, groups.get(id) ?? protocols.map(protocol => boundGroup(binding, id, protocol)));
    }
  }
  return groups;
}

/** Builds the models, for tracing many requests. */
export function prepareTrace(input: Input, { mesh, ...options }: TraceOptions = {}): TraceModels {
  const manifests = manifestsOf(input);
  return new TraceModels(manifests, planOf(manifests, options), meshOf(manifests, { settings: mesh, complete: options.complete, admitted: options.admitted }));
}

/** Hosts that clients find a load balancer by: those that ExternalDNS writes, those of `spec.tls`, and those of its certificates. */
function hostsOf({ members, listeners }: LoadBalancer): string[] {
  const discovered = listeners.flatMap(({ certificates }) => certificates.map(({ discoveredFor }) => discoveredFor));
  return [...members.flatMap(namedHosts), ...discovered].filter(host => host !== undefined).map(host => host.trim().toLowerCase());
}

function namedHosts(member: Manifest): (string | undefined)[] {
  const names = EXTERNAL_DNS_PREFIXES.map(prefix => `${prefix}hostname`);
  const written = annotationsOf(member).filter(([key]) => names.includes(key)).flatMap(([, value]) => (asText(value) ?? '').split(','));
  return [...written, ...asList(specOf(member).tls).flatMap(tls => asTexts(asObject(tls).hosts))];
}
