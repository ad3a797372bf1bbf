// Observability UIs, published through an edge behind a login at the load balancer.
import { Construct } from 'constructs';
import { AuthType, TargetType, UnauthenticatedRequest } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { coversHost, isCovered } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import { instanceOf, OBJECT, propsOf, requireProps, typeOf } from '../../base/prop-types';
import { requireChartScope } from '../../base/scope';
import { Alb } from '../alb/alb';
import type { AlbAuth } from '../alb/auth';
import type { IAlbBackend } from '../listener/backend';
import { IngressGroup } from '../alb/ingress-group';
import type { AlbOptions } from '../alb/options';
import type { IGateway } from '../gateway/reference';
import { PathMatch } from '../match/match';
import { ObservabilityUi } from './ui';
import { Route } from '../routing/route';
import { RouteTarget } from '../routing/route-target';

/** A Gateway behind a load balancer, such as `edge.gateway`. */
export interface IObservabilityGateway extends IGateway, IAlbBackend {}

/** Options for publishing observability UIs. */
export interface ObservabilityOptions {
  /** The UIs, each with its own host. */
  readonly uis: ObservabilityUi[];

  /**
   * Login at the load balancer, with OpenID Connect or Cognito. Register `https://<host>/oauth2/idpresponse` as a callback URL of the client
   * for every host.
   *
   * @default - the login in `alb`; required if there is none and `withoutLogin` is not set
   */
  readonly login?: AlbAuth;

  /**
   * Publishes the UIs without any login. The value is the reason why they may be public.
   *
   * @default - none; a login is required
   */
  readonly withoutLogin?: string;

  /**
   * What prevents clients from bypassing the load balancer, and with it the login, through the node ports of the gateway: for example, the
   * name of the security group that blocks them.
   *
   * @default - none; required if the gateway may have node ports
   */
  readonly nodePortsGuardedBy?: string;

  /**
   * Name of the Ingress with the login.
   *
   * @default - the name of the gateway's Service with the suffix `-observability`
   */
  readonly ingressName?: string;
}

/** Props of `ObservabilityUis`. */
export interface ObservabilityUisProps extends ObservabilityOptions {
  /** The Gateway. */
  readonly gateway: IObservabilityGateway;

  /**
   * Options for the load balancer: the same as for the edge, including its IngressGroup. A login applies to one Ingress, and Ingresses only
   * share a load balancer in a group.
   *
   * @default - none; required if a host needs an Ingress
   */
  readonly alb?: AlbOptions;

  /**
   * Hosts that the load balancer already forwards to the gateway.
   *
   * @default - none
   */
  readonly servedHosts?: string[];
}

const ID = typeOf<string>('a non-empty string; the id comes before the options', value => typeof value === 'string' && value !== '');
const LOGIN = instanceOf<AlbAuth>('AlbAuth');
const PROPS = propsOf<ObservabilityUisProps>('ObservabilityUisProps', { alb: OBJECT });

/**
 * Publishes Kiali, Prometheus, Grafana and other UIs under hosts of an edge: one Ingress with a login, in the same IngressGroup as the
 * edge, and a route at the gateway for every UI. Inside the cluster the UIs use plain HTTP and get no PeerAuthentication, because Istio's
 * samples run without sidecars.
 *
 * Configurations that would allow access without a login are rejected: no login, a login that lets unauthenticated requests pass, a host
 * that another Ingress of the load balancer already serves, and a gateway that clients can reach without the load balancer. Pods in the
 * cluster can always reach the gateway and the UIs.
 */
export class ObservabilityUis extends Construct {
  /** Pages of an edge. @param edge the props that the edge sets @internal */
  public static _atEdge(scope: Construct, id: string, edge: Omit<ObservabilityUisProps, 'uis'>, options: ObservabilityOptions): ObservabilityUis {
    requireProps(ID, id, scope.node.path, 'id');
    // An IngressGroup gives the Ingress of the pages an order of its own.
    const alb = edge.alb?.group instanceof IngressGroup ? { ...edge.alb, groupOrder: undefined } : edge.alb;
    return new ObservabilityUis(scope, id, { ...edge, alb, ...requireProps('ObservabilityOptions', options, `${scope.node.path}/${id}`, 'options') });
  }

  /** The Ingress with the login; undefined if the Ingress of the edge already serves all hosts. */
  public readonly alb?: Alb;

  /** @throws InvalidProps for a missing id, for UIs without a login, and for values that AWS, the controller or Istio would reject */
  public constructor(scope: Construct, id: string, props: ObservabilityUisProps) {
    super(requireChartScope(scope), requireProps(ID, id, scope.node.path, 'id'));
    const path = this.node.path;
    const { uis, gateway, servedHosts = [] } = requireProps(PROPS, props, path);
    requireUis(uis, path);
    const login = this.requireLogin(props);
    const unserved = uis.filter(({ host }) => !isCovered(host, servedHosts));
    if (login) {
      this.requireNoBypass(props, login);
    }
    if (unserved.length > 0) {
      this.alb = this.ingress(props, unserved.map(({ host }) => host), login);
    }
    uis.forEach(ui => this.publish(ui, gateway));
  }

  /** The login in front of the UIs; undefined if the user opted out of one. */
  private requireLogin({ alb, login = alb?.auth, withoutLogin, gateway }: ObservabilityUisProps): AlbAuth | undefined {
    const path = this.node.path;
    if (withoutLogin !== undefined) {
      if (login !== undefined) {
        throw InvalidProps.conflict('withoutLogin', withoutLogin, 'cannot be set when there is a login', path);
      }
      requireReason('withoutLogin', withoutLogin, 'the reason why these UIs may be public', path);
      return undefined;
    }
    if (gateway.targetTypes.length === 0) {
      throw InvalidProps.value('gateway', gateway.backendService, 'must be a gateway behind an ALB, where clients can log in', path);
    }
    const { authType, authOnUnauthenticatedRequest } = (login && requireProps(LOGIN, login, path, 'login')._render()) ?? {};
    if (authType !== AuthType.OIDC && authType !== AuthType.COGNITO) {
      throw InvalidProps.value('login', login,
        'must be alb.AlbAuth.oidc(…) or alb.AlbAuth.cognito(…); or set withoutLogin to the reason why these UIs may be public', path);
    }
    if (authOnUnauthenticatedRequest === UnauthenticatedRequest.ALLOW) {
      throw InvalidProps.value('login.onUnauthenticatedRequest', authOnUnauthenticatedRequest,
        'must be authenticate or deny, because requests would pass without a login otherwise', path);
    }
    return login;
  }

  /** Rejects configurations in which clients can bypass the login. */
  private requireNoBypass({ alb, gateway, nodePortsGuardedBy, servedHosts = [], uis }: ObservabilityUisProps, login: AlbAuth): void {
    const path = this.node.path;
    if (nodePortsGuardedBy !== undefined) {
      requireReason('nodePortsGuardedBy', nodePortsGuardedBy, 'what prevents clients from reaching the node ports', path);
    } else if (gateway.targetTypes.includes(TargetType.INSTANCE)) {
      throw InvalidProps.value('gateway', gateway.targetTypes,
        'must be a gateway without node ports (ClusterIP, target type ip); or set nodePortsGuardedBy to what prevents clients from reaching them', path);
    }
    uis.forEach(({ host }, index) => {
      const taken = servedHosts.find(served => coversHost(served, host));
      if (taken !== undefined && alb?.auth !== login) {
        throw InvalidProps.value(`uis[${index}].host`, host,
          `must not be covered by ${taken}, which the load balancer forwards to the gateway without this login`, path);
      }
    });
  }

  private ingress(props: ObservabilityUisProps, hosts: string[], login: AlbAuth | undefined): Alb {
    const { alb, gateway, ingressName } = props;
    const path = this.node.path;
    if (gateway.targetTypes.length === 0) {
      throw InvalidProps.value('uis', hosts, `must only have hosts that the gateway serves: ${props.servedHosts?.join(', ') ?? 'none'}`, path);
    }
    if (alb?.group === undefined && !alb?.ingressClass?._decides?.includes('groupName')) {
      throw InvalidProps.missing('alb.group',
        'to share the load balancer of the edge: a login applies to one Ingress, and Ingresses only share a load balancer in a group', path);
    }
    const name = requireServiceName('ingressName', ingressName ?? `${gateway.backendService}-observability`, path);
    return new Alb(this, 'Alb', { ...alb, auth: login, backend: gateway, hosts, ingressName: name });
  }

  private publish({ host, home, workload }: ObservabilityUi, gateway: IGateway): void {
    if (home !== undefined) {
      new Route(this, `${host}-home`, { gateway, hosts: [host], paths: [PathMatch.exact('/')], target: RouteTarget.redirect({ path: home, status: 302 }) });
    }
    new Route(this, host, { gateway, hosts: [host], target: RouteTarget.workload(workload) });
  }
}

function requireUis(uis: readonly ObservabilityUi[], path: string): void {
  if (uis.length === 0) {
    throw InvalidProps.value('uis', uis, 'must contain at least one UI', path);
  }
  uis.forEach(({ host }, index) => {
    const same = uis.findIndex(other => other.host === host);
    if (same !== index) {
      throw InvalidProps.duplicate(`uis[${index}].host`, host, `the host of uis[${same}]`, path);
    }
  });
}

function requireReason(prop: string, reason: string, expected: string, path: string): void {
  if (reason.trim() === '') {
    throw InvalidProps.value(prop, reason, `must not be empty; write ${expected}`, path);
  }
}
