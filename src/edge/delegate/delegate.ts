// A delegate: a team's routes for a part of a host, in a VirtualService without hosts that routes of the host's owner delegate to.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  VirtualService, type VirtualServiceSpec, type VirtualServiceSpecHttp, type VirtualServiceSpecHttpMatch as Match,
} from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requireNamespace } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { type PropType, requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { mismatchOf } from '../match/delegate-match';
import { isPreflight } from '../match/match';
import { PlainObject } from '../wire/plain-object';
import { EarlierRoutes, requireReached } from '../routing/earlier-routes';
import { addNamedRoute } from '../routing/route-id';
import { isCatchAll, requireReachable, WEIGHTS_ELSEWHERE } from '../routing/route-list';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from '../routing/route-options';
import type { IDelegate } from '../routing/route-target';
import { BLUE_GREEN_OPTIONS, type BlueGreenOptions, blueGreenRoutes } from '../release/blue-green';
import { CANARY_OPTIONS, type CanaryOptions, canaryRoutes } from '../release/canary';
import { asOnlyRelease, type ReleaseOptions, type ReleaseRoute } from '../release/release';
import { Subsets } from '../traffic-policy/subsets';
import { ReachedWorkloads, type WorkloadListener } from '../workload/reached-workloads';
import type { IWorkload } from '../workload/workload';

/** Props of a `Delegate`. */
export interface DelegateProps {
  /**
   * Name of the VirtualService: a DNS subdomain.
   *
   * @default - the id of the construct, in lower case
   */
  readonly delegateName?: string;

  /**
   * Namespace of the VirtualService.
   *
   * @default - the namespace of the chart; required if the chart has none
   */
  readonly namespace?: string;
}

/** A delegate that another chart or repository owns. */
export interface DelegateAttributes {
  /** Name of the VirtualService. */
  readonly delegateName: string;
  /** Namespace of the VirtualService. */
  readonly delegateNamespace: string;
}

/**
 * Routes that a team keeps in its own namespace. The owner of the host decides which requests are delegated:
 * `edge.addRoute('Cart', { paths: [PathMatch.pathPrefix('/cart')], target: RouteTarget.delegate(cart) })`; the team decides how they are routed.
 *
 * A request must match both the owner's route and a route of the delegate. Istio compares the conditions as written: below `/cart`, a route
 * of the delegate must have paths that start with `/cart`, or none, and if both routes name a header or a method, it must be the same one.
 * If several routes delegate here, each route of the delegate must fit all of them. Requests that match no route of the delegate continue
 * with the next route of the owner. The owner's timeout, retries, faults, mirrors, CORS policy and header changes apply to those routes of
 * the delegate that do not set their own (Istio 1.30, pilot/pkg/model/virtualservice.go).
 */
export class Delegate extends Construct implements IDelegate {
  /** Refers to a delegate that another chart or repository owns. */
  public static fromAttributes(attributes: DelegateAttributes): IDelegate {
    return new ImportedDelegate(attributes);
  }

  public readonly delegateName: string;
  public readonly delegateNamespace: string;
  private readonly object: PlainObject;
  private readonly entries: { readonly http: VirtualServiceSpecHttp }[] = [];
  private readonly earlier = new EarlierRoutes(this.entries);
  private readonly weightsElsewhere: string[] = [];
  private readonly roots: { readonly http: VirtualServiceSpecHttp; readonly expectPreflights: () => void }[] = [];
  private readonly reached = new ReachedWorkloads();
  private catchAll?: VirtualServiceSpecHttp;

  /** @throws InvalidProps for a name that Kubernetes would reject, and for a missing namespace */
  public constructor(scope: Construct, id: string, props: DelegateProps = {}) {
    super(requireChartScopeAndId(scope, id), id);
    const { delegateName = id.toLowerCase(), namespace } = requireProps('DelegateProps', props, this.node.path);
    this.delegateName = requireDnsSubdomain('delegateName', delegateName, this.node.path);
    this.delegateNamespace = requireNamespace(namespace, Chart.of(this).namespace, this.node.path);
    const metadata = { name: this.delegateName, namespace: this.delegateNamespace, labels: recommendedLabels(this.delegateName, 'routing') };
    const spec = (): VirtualServiceSpec => ({ http: this.entries.map(({ http }) => http) });
    this.object = new PlainObject(this, 'Resource', { ...VirtualService.GVK, metadata }, spec);
    const missing = ['a delegate needs at least one route: Istio rejects a VirtualService without any'];
    this.node.addValidation({ validate: () => (this.entries.length > 0 ? this.lostPreflights() : missing) });
  }

  /** Workloads that receive requests or copies of them. */
  public get workloads(): IWorkload[] {
    return this.reached.list();
  }

  /**
   * Adds a route. Routes are evaluated in declaration order, and the first match wins.
   *
   * @throws InvalidProps for an id that is taken, values that Istio would reject, a route that Istio would drop because it does not fit a
   * route that delegates here, and a route after a catch-all
   */
  public addRoute(id: string, options: RouteOptions): void {
    addNamedRoute(this, id, () => this.prepare(id, requireProps('RouteOptions', options))());
  }

  /**
   * Adds a canary release: a new version of a workload receives a share of the requests. The routes are named as those of a `Canary`.
   *
   * @throws InvalidProps for everything that a `Canary` rejects, for hosts, and for what `addRoute` rejects
   */
  public addCanary(id: string, options: CanaryOptions): void {
    this.addRelease(id, CANARY_OPTIONS, options, canaryRoutes);
  }

  /**
   * Adds a blue-green release: one of two versions of a workload receives the requests. The routes are named as those of a `BlueGreen`.
   *
   * @throws InvalidProps for everything that a `BlueGreen` rejects, for hosts, and for what `addRoute` rejects
   */
  public addBlueGreen(id: string, options: BlueGreenOptions): void {
    this.addRelease(id, BLUE_GREEN_OPTIONS, options, blueGreenRoutes);
  }

  /** @internal */
  public _requireFitting(root: VirtualServiceSpecHttp): void {
    this.entries.forEach(({ http }) => requireBelow(root, http, 'target'));
  }

  /** @internal */
  public _attachTo(http: VirtualServiceSpecHttp, expectPreflights: () => void): void {
    this.roots.push({ http, expectPreflights });
    if (this.entries.some(({ http: { corsPolicy } }) => corsPolicy !== undefined)) {
      expectPreflights();
    }
  }

  /** @internal */
  public _reached(): readonly IWorkload[] {
    return this.reached.list();
  }

  /** @internal */
  public _onWorkload(listener: WorkloadListener): void {
    this.reached.listen(listener);
  }

  /** What a route with methods delegates for its CORS policy, and no route here matches. */
  private lostPreflights(): string[] {
    const isMatched = (preflight: Match) => (
      this.entries.some(({ http: { match = [{}] } }) => match.some(own => mismatchOf([preflight], [own]) === undefined)));
    const lost = this.roots.filter(({ http: { match = [] } }) => match.some(isPreflight) && !match.filter(isPreflight).some(isMatched));
    return lost.map(({ http }) => (
      `route "${http.name}" has methods and cors and delegates its preflight requests (OPTIONS) here, where no route matches them; `
      + 'add a route without methods'));
  }

  private addRelease<T extends ReleaseOptions>(id: string, type: PropType<T>, given: T, routesOf: (id: string, options: T) => ReleaseRoute[]): void {
    const path = `${this.node.path}/${id}`;
    addNamedRoute(this, id, () => {
      const options = requireProps(type, given);
      if (options.hosts !== undefined) {
        throw InvalidProps.conflict('hosts', options.hosts, 'cannot be set: the routes that delegate here decide for which hosts');
      }
      asOnlyRelease(this, path, options.workload, [`delegate ${this.delegateNamespace}/${this.delegateName} ${options.workload.host}`], () => {
        // All are checked before the first is added.
        const routes = routesOf(id, options).map(route => ({ own: route.id, add: this.prepare(route.id, route.options) }));
        routes.forEach(({ own, add }) => (own === id ? add() : addNamedRoute(this, own, () => void refusedAt(path, add))));
      });
    });
  }

  /** Checks a route. @param options options of the right types @returns a function that adds it */
  private prepare(id: string, options: RouteOptions): () => void {
    const http = renderRoute(id, options);
    const { _weightsElsewhere: weightsElsewhere } = options.target;
    requireOwn(http);
    requireReachable(http, this.catchAll, 'that is delegated');
    requireReached(http, [[this.earlier]], 'that is delegated');
    this.roots.forEach(root => requireBelow(root.http, http, 'paths'));
    const subsetted = subsettedWorkloads(options);
    subsetted.forEach(workload => Subsets._find(this, workload));
    const workloads = reachedWorkloads(options);
    this.reached.accept(workloads);
    // Nothing rejects the route from here on.
    return () => {
      workloads.forEach(workload => this.reached.add(workload));
      subsetted.forEach(workload => Subsets._ensure(this, workload));
      this.entries.push({ http });
      if (options.cors) {
        this.roots.forEach(({ expectPreflights }) => expectPreflights());
      }
      if (isCatchAll(http)) {
        this.catchAll = http;
      }
      if (weightsElsewhere) {
        this.weightsElsewhere.push(id);
        this.object.metadata.addAnnotation(WEIGHTS_ELSEWHERE, this.weightsElsewhere.join());
      }
    };
  }
}

class ImportedDelegate implements IDelegate {
  public readonly delegateName: string;
  public readonly delegateNamespace: string;

  public constructor(attributes: DelegateAttributes) {
    const { delegateName, delegateNamespace } = requireProps('DelegateAttributes', attributes, '', 'attributes');
    this.delegateName = requireDnsSubdomain('delegateName', delegateName);
    this.delegateNamespace = requireDnsLabel('delegateNamespace', delegateNamespace);
  }
}

/** Throws for what a route of a delegate can never have, whichever routes delegate to it. */
function requireOwn(http: VirtualServiceSpecHttp): void {
  if (http.delegate !== undefined) {
    throw InvalidProps.conflict('target', 'a delegate', 'cannot be another delegate: Istio does not follow a delegate of a delegate');
  }
  if (http.rewrite?.uri !== undefined && !http.match?.every(({ uri }) => uri)) {
    throw InvalidProps.conflict('rewrite', `a rewrite to ${http.rewrite.uri}`,
      'needs `paths` on the same route of the delegate; without them Istio would replace the prefix that the delegating route matched');
  }
}

function requireBelow(root: VirtualServiceSpecHttp, own: VirtualServiceSpecHttp, prop: string): void {
  const why = mismatchOf(root.match ?? [], own.match ?? []);
  if (why) {
    const roots = why.root.map(block => JSON.stringify(block)).join(' or ');
    const block = JSON.stringify(why.own);
    throw InvalidProps.conflict(prop, block,
      `cannot be combined with the delegating route: ${block} of route "${own.name}" does not fit ${roots} of route "${root.name}", so Istio ${why.effect}`);
  }
}
