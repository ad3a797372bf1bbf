// Who sends a request, as a rule asks: by identity in the mesh, by address, or by token.
// Facts: Istio 1.30, pilot/pkg/security/authz/model/generator.go and principal.go, pkg/config/validation/validation.go.
import type { AuthorizationPolicySpecRulesFromSource } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { marked, requireProps } from '../../base/prop-types';
import { ADDRESSES, NAMESPACES, PRINCIPALS, REQUEST_PRINCIPALS, SERVICE_ACCOUNTS, TRUST_DOMAINS } from './condition';
import { Evidence } from './evidence';
import { GATEWAY_WORKLOAD, type IGatewayWorkload } from '../gateway-workload/service';
import { type ListField, negationOf, requireText, settleLists } from './match-list';
import { type IWorkload, requireWorkload } from '../workload/workload';

/**
 * Conditions on the sender of a request. All that are given have to hold; of the values of one, any.
 *
 * Identities come from the certificate of the mesh. A plain connection has none, so that no condition on them holds, and each `not…`
 * always does.
 */
export interface CallerOptions {
  /**
   * Identities: `cluster.local/ns/shop/sa/cart`, perhaps with a `*` at an end. `*` alone is any peer of the mesh.
   *
   * @default - any
   */
  readonly principals?: string[];

  /**
   * Identities that are not meant.
   *
   * @default - none
   */
  readonly notPrincipals?: string[];

  /**
   * Service accounts: `namespace/name`, or `name` in the namespace of the policy. At most 16, and not together with principals or
   * namespaces.
   *
   * @default - any
   */
  readonly serviceAccounts?: string[];

  /**
   * Service accounts that are not meant.
   *
   * @default - none
   */
  readonly notServiceAccounts?: string[];

  /**
   * Namespaces of the mesh; a `*` stands for any letters.
   *
   * @default - any
   */
  readonly namespaces?: string[];

  /**
   * Namespaces that are not meant.
   *
   * @default - none
   */
  readonly notNamespaces?: string[];

  /**
   * Trust domains, perhaps with a `*` at an end.
   *
   * @default - any
   */
  readonly trustDomains?: string[];

  /**
   * Trust domains that are not meant.
   *
   * @default - none
   */
  readonly notTrustDomains?: string[];

  /**
   * Addresses or CIDR blocks that the connection comes from: of a load balancer, node or gateway where one stands in between.
   *
   * @default - any
   */
  readonly ipBlocks?: string[];

  /**
   * Addresses or CIDR blocks that are not meant.
   *
   * @default - none
   */
  readonly notIpBlocks?: string[];

  /**
   * Addresses or CIDR blocks of the client. At a gateway behind an ALB they follow from X-Forwarded-For and the number of trusted
   * proxies. At the sidecar of a workload this is the address that the gateway saw, the load balancer's: ask at the gateway.
   *
   * @default - any
   */
  readonly remoteIpBlocks?: string[];

  /**
   * Addresses or CIDR blocks of clients that are not meant.
   *
   * @default - none
   */
  readonly notRemoteIpBlocks?: string[];

  /**
   * Validated tokens: `issuer/subject`, perhaps with a `*` at an end. `*` alone is any validated token.
   *
   * @default - any
   */
  readonly requestPrincipals?: string[];

  /**
   * Tokens that are not meant. `*` is a request without any validated token.
   *
   * @default - none
   */
  readonly notRequestPrincipals?: string[];
}

const FIELDS: { readonly [name: string]: ListField & { readonly evidence: Evidence } } = {
  principals: { ...PRINCIPALS, evidence: Evidence.IDENTITY },
  serviceAccounts: { ...SERVICE_ACCOUNTS, evidence: Evidence.IDENTITY },
  namespaces: { ...NAMESPACES, evidence: Evidence.IDENTITY },
  trustDomains: { ...TRUST_DOMAINS, evidence: Evidence.IDENTITY },
  ipBlocks: { ...ADDRESSES, evidence: Evidence.PEER_ADDRESS },
  remoteIpBlocks: { ...ADDRESSES, evidence: Evidence.CLIENT_ADDRESS },
  requestPrincipals: { ...REQUEST_PRINCIPALS, evidence: Evidence.TOKEN },
};

/** The trust domain that Istio takes for the mesh's own, whatever that is called (Istio 1.30 pilot/pkg/security/trustdomain/bundle.go). */
const OWN_TRUST_DOMAIN = 'cluster.local';

/** Lists of values by field. */
type Lists = Readonly<Record<string, string[]>>;

/** What a gateway tells of its pods besides, where it does. */
interface WithServiceAccount {
  readonly serviceAccount?: string;
}

/** A caller, made by one of its makers. */
export const CALLER = marked<Caller>('Caller', 'workload(bookinfo.productpage)');

/** Who sends a request, by what can be proved of it. Several callers of a rule are alternatives. */
export class Caller {
  /** Callers that all of the conditions hold for. @throws InvalidProps for a value that Istio would refuse, or that could never match */
  public static of(options: CallerOptions): Caller {
    return new Caller(options);
  }

  /**
   * The pods of a service account: the identity that mutual TLS proves.
   *
   * @param trustDomain the mesh's own by default; `*` for any
   * @throws InvalidProps for a name that cannot be
   */
  public static serviceAccount(namespace: string, name: string, trustDomain: string = OWN_TRUST_DOMAIN): Caller {
    requireDnsLabel('namespace', namespace);
    requireDnsSubdomain('name', name);
    requireText('trustDomain', trustDomain, 'a trust domain, or * for any', /^([a-z0-9._-]+|\*)$/);
    return new Caller({ principals: [`${trustDomain}/ns/${namespace}/sa/${name}`] });
  }

  /** The pods of a workload. @throws InvalidProps for a workload that does not tell its service account */
  public static workload(workload: IWorkload, trustDomain?: string): Caller {
    const { serviceName, namespace, serviceAccount } = requireWorkload('workload', workload);
    if (serviceAccount === undefined) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must be a workload that tells its serviceAccount; or name it with Caller.serviceAccount()');
    }
    return Caller.serviceAccount(namespace, serviceAccount, trustDomain);
  }

  /**
   * The pods of a gateway: all that a workload behind it sees of the clients.
   *
   * @param serviceAccount where the gateway does not tell it: the name of the release with Istio's chart `gateway`, the name of the
   * gateway and `-service-account` with istioctl
   * @throws InvalidProps for a gateway whose service account is not known
   */
  public static gateway(gateway: IGatewayWorkload, serviceAccount?: string, trustDomain?: string): Caller {
    const known: IGatewayWorkload & WithServiceAccount = requireProps(GATEWAY_WORKLOAD, gateway, '', 'gateway');
    const { workloadNamespace, serviceName } = known;
    const name = serviceAccount === undefined ? known.serviceAccount : serviceAccount;
    if (name === undefined) {
      throw InvalidProps.value('serviceAccount', undefined,
        `must be the service account of the pods of ${workloadNamespace}/${serviceName}: ${serviceName} with Istio's chart gateway, `
        + `${serviceName}-service-account with istioctl`);
    }
    return Caller.serviceAccount(workloadNamespace, name, trustDomain);
  }

  /** All pods of these namespaces. */
  public static namespaces(namespaces: string[]): Caller {
    return new Caller({ namespaces });
  }

  /** Any peer that shows a certificate of the mesh. */
  public static anyInMesh(): Caller {
    return new Caller({ principals: ['*'] });
  }

  /** Connections from these addresses or CIDR blocks. Not for a gateway behind an ALB, whose peer is always the load balancer. */
  public static ipBlocks(ipBlocks: string[]): Caller {
    return new Caller({ ipBlocks });
  }

  /** The load balancer in front of a gateway, by the CIDR blocks of its subnets: keeps those out who forge X-Forwarded-For inside. */
  public static loadBalancer(ipBlocks: string[]): Caller {
    return new Caller({ ipBlocks }, true);
  }

  /** Clients with these addresses or CIDR blocks. At a gateway that trusts the proxies in front of it. */
  public static remoteIpBlocks(remoteIpBlocks: string[]): Caller {
    return new Caller({ remoteIpBlocks });
  }

  /** Clients with these validated tokens: `issuer/subject`. */
  public static requestPrincipals(requestPrincipals: string[]): Caller {
    return new Caller({ requestPrincipals });
  }

  /** Clients with any validated token. */
  public static withToken(): Caller {
    return new Caller({ requestPrincipals: ['*'] });
  }

  /** Clients without a validated token. */
  public static withoutToken(): Caller {
    return new Caller({ notRequestPrincipals: ['*'] });
  }

  /** @internal */
  public readonly _class = 'Caller';
  private readonly source: CallerOptions;

  private constructor(options: CallerOptions, private readonly peerIsLoadBalancer = false) {
    this.source = settleLists(FIELDS, options, 'the caller');
    const { principals, notPrincipals, namespaces, notNamespaces, serviceAccounts, notServiceAccounts } = this.source;
    if ((serviceAccounts ?? notServiceAccounts) && (principals ?? notPrincipals ?? namespaces ?? notNamespaces)) {
      throw InvalidProps.conflict('serviceAccounts', serviceAccounts ?? notServiceAccounts,
        'cannot be set beside principals and namespaces: Istio refuses them together');
    }
  }

  /**
   * This caller, with the conditions of the other besides.
   *
   * @throws InvalidProps where both name values of one field: of those any would do
   */
  public also(other: Caller): Caller {
    const added = requireProps(CALLER, other, '', 'other').source as Lists;
    const merged: Record<string, string[]> = { ...this.source as Lists };
    for (const [field, values] of Object.entries(added)) {
      if (merged[field] && !field.startsWith('not')) {
        throw InvalidProps.value('other', values, `must be conditions other than ${field}, which the caller has: of two values of a field any would do`);
      }
      merged[field] = [...new Set([...merged[field] ?? [], ...values])];
    }
    return new Caller(merged, this.peerIsLoadBalancer || other.peerIsLoadBalancer);
  }

  /** This caller, unless it is the other too. @throws InvalidProps where the other has several conditions, or nobody is left */
  public butNot(other: Caller): Caller {
    const excluded = Object.entries(requireProps(CALLER, other, '', 'other').source as Lists);
    const [[field, values]] = excluded;
    if (excluded.length > 1 || field.startsWith('not')) {
      throw InvalidProps.value('other', excluded.map(([name]) => name), 'must be a caller with one condition, and no negation');
    }
    return this.also(new Caller({ [negationOf(field)]: values }));
  }

  /** What the caller is judged by. @internal */
  public _evidence(): Evidence[] {
    return Object.entries(FIELDS)
      .filter(([name]) => (this.source as Lists)[name] || (this.source as Lists)[negationOf(name)])
      .map(([, { evidence }]) => evidence)
      .filter(evidence => evidence !== Evidence.PEER_ADDRESS || !this.peerIsLoadBalancer);
  }

  /** Whether it is meant to have no validated token at all. @internal */
  public get _isWithoutToken(): boolean {
    return this.source.notRequestPrincipals?.includes('*') ?? false;
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRulesFromSource {
    return this.source;
  }
}
