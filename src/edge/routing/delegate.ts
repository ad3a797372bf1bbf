// A delegate: routes of another team below a part of a host, in a VirtualService without hosts that the root's routes lead to.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { VirtualService, type VirtualServiceSpec, type VirtualServiceSpecHttp } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { OBJECT, requireProps } from '../../base/prop-types';
import { whyNotBelow } from '../match/delegate-match';
import { PlainObject } from '../wire/plain-object';
import { addRoute } from './route-id';
import { annotateWeights, requireListable, requireReachable } from './route-list';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from './route-options';
import type { IDelegate } from './route-target';
import { Subsets } from '../traffic-policy/subsets';
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
   * @default - the namespace of the chart; needed where it has none
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
 * Routes of a team in a namespace of its own. The owner of the host says which requests go there:
 * `edge.addRoute('Cart', { paths: [PathMatch.pathPrefix('/cart')], target: RouteTarget.delegate(cart) })`; the team says what becomes of them.
 *
 * Conditions of both have to hold. They are compared as written: below `/cart`, a route of the delegate names paths that begin with
 * `/cart`, or none, and where both name a header or a method they name the same. Below several routes, it has to fit each of them. What no
 * route of the delegate takes goes on to the routes that follow in the root. Timeout, retries, faults, mirrors, CORS and header changes of
 * the root's route are for those routes of the delegate that have none of their own (Istio 1.30, pilot/pkg/model/virtualservice.go).
 */
export class Delegate extends Construct implements IDelegate {
  /** Refers to a delegate that another chart or repository owns. */
  public static fromAttributes(attributes: DelegateAttributes): IDelegate {
    return new ImportedDelegate(attributes);
  }

  public readonly delegateName: string;
  public readonly delegateNamespace: string;
  private readonly object: PlainObject;
  private readonly http: VirtualServiceSpecHttp[] = [];
  private readonly weightsElsewhere = new Set<VirtualServiceSpecHttp>();
  private readonly roots: VirtualServiceSpecHttp[] = [];
  private readonly reached = new Set<IWorkload>();
  private readonly listeners: ((workload: IWorkload) => void)[] = [];

  /** @throws InvalidProps for a name that Kubernetes would refuse, or where no namespace is given */
  public constructor(scope: Construct, id: string, props: DelegateProps = {}) {
    super(scope, id);
    const { delegateName = id.toLowerCase(), namespace } = requireProps(OBJECT, props, this.node.path) as DelegateProps;
    this.delegateName = requireDnsSubdomain('delegateName', delegateName, this.node.path);
    this.delegateNamespace = requireDnsLabel('namespace', (namespace === undefined ? Chart.of(this).namespace : namespace)!, this.node.path);
    const metadata = { name: this.delegateName, namespace: this.delegateNamespace, labels: recommendedLabels(this.delegateName, 'routing') };
    this.object = new PlainObject(this, 'Resource', { ...VirtualService.GVK, metadata }, (): VirtualServiceSpec => ({ http: this.http }));
    const missing = ['a delegate needs at least one route: Istio refuses a VirtualService without any'];
    this.node.addValidation({ validate: () => (this.http.length > 0 ? [] : missing) });
  }

  /** Workloads that requests or copies of them are sent to. */
  public get workloads(): IWorkload[] {
    return [...this.reached];
  }

  /**
   * Adds a route. The first route that takes a request wins, in the order in which they are added.
   *
   * @throws InvalidProps for an id that is taken, values that Istio would refuse, a route that Istio would drop below a route of a root, and
   * one behind a route that takes every request
   */
  public addRoute(id: string, options: RouteOptions): void {
    addRoute(this, id, () => {
      const http = renderRoute(id, options);
      const { target } = options;
      requireOwn(http, target._weightsElsewhere);
      requireReachable(http, [this.http.at(-1)], 'that gets to the delegate');
      this.roots.forEach(root => requireBelow(root, http, 'paths'));
      return () => {
        subsettedWorkloads(options).forEach(workload => Subsets._ensure(this, workload));
        reachedWorkloads(options).forEach(workload => this.reach(workload));
        this.http.push(http);
        if (target._weightsElsewhere) {
          annotateWeights(this.object, this.http, this.weightsElsewhere.add(http));
        }
      };
    });
  }

  /** @internal */
  public _acceptRoot(route: VirtualServiceSpecHttp): () => void {
    this.http.forEach(own => requireBelow(route, own, 'target'));
    return () => {
      this.roots.push(route);
    };
  }

  /** @internal */
  public _onWorkload(listener: (workload: IWorkload) => void): void {
    this.reached.forEach(listener);
    this.listeners.push(listener);
  }

  /** Those who mind hear of it first: where one of them refuses, nothing has changed. */
  private reach(workload: IWorkload): void {
    if (!this.reached.has(workload)) {
      this.listeners.forEach(listener => listener(workload));
      this.reached.add(workload);
    }
  }
}

class ImportedDelegate implements IDelegate {
  public readonly delegateName: string;
  public readonly delegateNamespace: string;

  public constructor(attributes: DelegateAttributes) {
    const { delegateName, delegateNamespace } = requireProps(OBJECT, attributes, '', 'attributes') as DelegateAttributes;
    this.delegateName = requireDnsSubdomain('delegateName', delegateName);
    this.delegateNamespace = requireDnsLabel('delegateNamespace', delegateNamespace);
  }
}

/** Throws for what a route of a delegate cannot say, whatever the routes of the root. */
function requireOwn(http: VirtualServiceSpecHttp, weightsElsewhere: boolean): void {
  if (http.delegate !== undefined) {
    throw InvalidProps.value('target', 'a delegate', 'must be a target of another kind: Istio does not follow a delegate of a delegate');
  }
  if (http.rewrite?.uri !== undefined && !http.match?.every(({ uri }) => uri)) {
    throw InvalidProps.value('rewrite', `a rewrite to ${http.rewrite.uri}`,
      'must be one beside paths of the same route: without any, it would replace what the route of the root has in common with the request');
  }
  if (weightsElsewhere) {
    requireListable(http);
  }
}

function requireBelow(root: VirtualServiceSpecHttp, own: VirtualServiceSpecHttp, prop: string): void {
  const why = whyNotBelow(root.match ?? [], own.match ?? []);
  if (why) {
    const roots = why.root.map(block => JSON.stringify(block)).join(' or ');
    throw InvalidProps.value(prop, JSON.stringify(why.own),
      `must be conditions of route ${own.name} of the delegate that fit ${roots} of route ${root.name}: Istio ${why.effect}`);
  }
}
