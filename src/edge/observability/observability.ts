// Pages about the mesh, published through an edge behind a login at the load balancer.
import { Construct } from 'constructs';
import { AuthType, TargetType, UnauthenticatedRequest } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { coversHost, isCovered } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import { instanceOf, OBJECT, propsOf, requireProps, typeOf } from '../../base/prop-types';
import { Alb } from '../alb/alb';
import type { AlbAuth } from '../alb/auth';
import type { IAlbBackend } from '../alb/backend';
import type { AlbOptions } from '../alb/options';
import type { IGateway } from '../gateway/reference';
import { PathMatch } from '../match/match';
import { ObservabilityUi } from './ui';
import { Route } from '../routing/route';
import { RouteTarget } from '../routing/route-target';

/** A Gateway behind a load balancer, such as `edge.gateway`. */
export interface IObservabilityGateway extends IGateway, IAlbBackend {}

/** The choices about the publication of pages. */
export interface ObservabilityOptions {
  /** The pages, each under a host of its own. */
  readonly uis: ObservabilityUi[];

  /**
   * Login at the load balancer, with OpenID Connect or Cognito. For every host, `https://<host>/oauth2/idpresponse` has to be a callback of
   * the client.
   *
   * @default - that of the load balancer, where it has one; otherwise refused without `withoutLogin`
   */
  readonly login?: AlbAuth;

  /**
   * Publishes the pages without any login. Say in words, five at least, why anyone may see and use them.
   *
   * @default - refused without a login
   */
  readonly withoutLogin?: string;

  /**
   * What keeps clients from going to the gateway past the load balancer, and so past the login, where its Service has node ports. Say in
   * words, five at least, which security group or network does.
   *
   * @default - refused where the gateway may have node ports
   */
  readonly nodePortsGuardedBy?: string;

  /**
   * Name of the Ingress with the login.
   *
   * @default - the name of the gateway's Service and `-observability`
   */
  readonly ingressName?: string;
}

/** Props of `ObservabilityUis`. */
export interface ObservabilityUisProps extends ObservabilityOptions {
  /** The Gateway. */
  readonly gateway: IObservabilityGateway;

  /**
   * The choices about the load balancer, the same as those of the edge, with its IngressGroup: a login holds for one Ingress, and Ingresses
   * share a load balancer in a group only.
   *
   * @default - none, and so refused where hosts need an Ingress
   */
  readonly alb?: AlbOptions;

  /**
   * Hosts that the load balancer leads to the gateway already.
   *
   * @default - none
   */
  readonly servedHosts?: string[];
}

const ID = typeOf<string>('a text that nothing else in the scope has as its id, before the options', value => typeof value === 'string' && value !== '');
const LOGIN = instanceOf<AlbAuth>('AlbAuth');
const PROPS = propsOf<ObservabilityUisProps>('ObservabilityUisProps', { alb: OBJECT });

/**
 * Kiali, Prometheus, Grafana and the like under hosts of an edge: one Ingress with a login, in the group of the edge's own, and a route at
 * the gateway for every page. They are plain HTTP inside the cluster, and get no PeerAuthentication: the samples run without sidecars.
 *
 * It refuses to publish them where somebody could come in without logging in: without a login, with one that lets requests without a
 * session pass, under a host that another Ingress of the load balancer takes, and behind a gateway that can be reached in another way.
 * Pods of the cluster reach the gateway, and the pages themselves, in any case.
 */
export class ObservabilityUis extends Construct {
  /** The Ingress with the login; none where the edge's own leads to the pages. */
  public readonly alb?: Alb;

  /** @throws InvalidProps for no id, where a page would be published without login, and for what AWS, the controller or Istio would refuse */
  public constructor(scope: Construct, id: string, props: ObservabilityUisProps) {
    super(scope, requireProps(ID, id, scope.node.path, 'id'));
    const path = this.node.path;
    const { uis, gateway, servedHosts = [] } = requireProps(PROPS, props, path);
    requireUis(uis, path);
    const login = this.requireLogin(props);
    const fresh = uis.filter(({ host }) => !isCovered(host, servedHosts));
    if (login) {
      this.requireOneWay(props, login);
    }
    if (fresh.length > 0) {
      this.alb = this.ingress(props, fresh.map(({ host }) => host), login);
    }
    uis.forEach(ui => this.publish(ui, gateway));
  }

  /** The login that stands before the pages; none where there is none, and that is meant so. */
  private requireLogin({ alb, login = alb?.auth, withoutLogin, gateway }: ObservabilityUisProps): AlbAuth | undefined {
    const path = this.node.path;
    if (withoutLogin !== undefined) {
      if (login !== undefined) {
        throw InvalidProps.conflict('withoutLogin', withoutLogin, 'cannot be set beside a login', path);
      }
      requireWords('withoutLogin', withoutLogin, 'why anyone may see and use these pages', path);
      return undefined;
    }
    if (gateway.whyNotBehindAlb !== undefined) {
      const allowed = `a gateway behind an ALB, where clients can log in: ${gateway.whyNotBehindAlb}`;
      throw InvalidProps.value('gateway', gateway.backendService, `must be ${allowed}`, path);
    }
    const { authType, authOnUnauthenticatedRequest } = (login && requireProps(LOGIN, login, path, 'login')._render()) ?? {};
    if (authType !== AuthType.OIDC && authType !== AuthType.COGNITO) {
      throw InvalidProps.value('login', login,
        'must be AlbAuth.oidc(…) or AlbAuth.cognito(…), or in withoutLogin the words why anyone may see and use these pages', path);
    }
    if (authOnUnauthenticatedRequest === UnauthenticatedRequest.ALLOW) {
      throw InvalidProps.value('login.onUnauthenticatedRequest', authOnUnauthenticatedRequest,
        'must be authenticate or deny, or requests would pass without a login', path);
    }
    return login;
  }

  /** Refuses every way to the pages but the one with the login. */
  private requireOneWay({ alb, gateway, nodePortsGuardedBy, servedHosts = [], uis }: ObservabilityUisProps, login: AlbAuth): void {
    const path = this.node.path;
    if (nodePortsGuardedBy !== undefined) {
      requireWords('nodePortsGuardedBy', nodePortsGuardedBy, 'what keeps clients from the node ports', path);
    } else if (gateway.targetTypes.includes(TargetType.INSTANCE)) {
      throw InvalidProps.value('gateway', gateway.targetTypes,
        'must be a gateway with a ClusterIP, and target types without instance, or in nodePortsGuardedBy the words what keeps clients from the node ports',
        path);
    }
    uis.forEach(({ host }, index) => {
      const taken = servedHosts.find(served => coversHost(served, host));
      if (taken !== undefined && alb?.auth !== login) {
        throw InvalidProps.value(`uis[${index}].host`, host,
          `must be a host that the load balancer does not lead to the gateway without this login, as it does for ${taken}`, path);
      }
    });
  }

  private ingress(props: ObservabilityUisProps, hosts: string[], login: AlbAuth | undefined): Alb {
    const { alb, gateway, ingressName } = props;
    const path = this.node.path;
    if (gateway.whyNotBehindAlb !== undefined) {
      throw InvalidProps.value('uis', hosts, `must be hosts that the gateway serves: ${props.servedHosts?.join(', ') ?? 'none'}`, path);
    }
    if (alb?.group === undefined && !alb?.ingressClass?.decides.includes('groupName')) {
      throw InvalidProps.value('alb.group', undefined,
        'must be the IngressGroup of the edge: a login holds for one Ingress, and Ingresses share a load balancer in a group only', path);
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
    throw InvalidProps.value('uis', uis, 'must be at least one page', path);
  }
  uis.forEach(({ host }, index) => {
    if (uis.findIndex(other => other.host === host) !== index) {
      throw InvalidProps.value(`uis[${index}].host`, host, 'must be every host once', path);
    }
  });
}

/** A reason that the next reader can weigh. */
function requireWords(prop: string, words: string, about: string, path: string): void {
  if (words.trim().split(/\s+/).length < 5) {
    throw InvalidProps.value(prop, words, `must be five words or more, ${about}`, path);
  }
}
