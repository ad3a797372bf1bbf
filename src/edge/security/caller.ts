// Callers in authorization rules: who sends a request, by mesh identity, address or token.
// Facts: Istio 1.30, pilot/pkg/security/authz/model/generator.go and principal.go, pkg/config/validation/validation.go.
import type { AuthorizationPolicySpecRulesFromSource } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { instanceOf, requireProps } from '../../base/prop-types';
import { ADDRESSES, AttributeSource, NAMESPACES, PRINCIPALS, REQUEST_PRINCIPALS, SERVICE_ACCOUNTS, TRUST_DOMAINS } from './condition';
import { type IGatewayWorkload } from '../gateway-workload/service';
import { type ListField, negationOf, requireString, settleLists } from './match-list';
import { type IWorkload, requireWorkload } from '../workload/workload';

/**
 * Conditions on the sender of a request. A caller matches if all conditions match. A condition matches if any of its values does.
 *
 * Identities come from the mesh certificate of the peer. A plaintext connection carries no identity: conditions on identities never match
 * it, and their `not…` variants always do.
 */
export interface CallerOptions {
  /**
   * Identities: `cluster.local/ns/shop/sa/cart`, optionally with one `*` at the start or the end. `*` alone matches any peer of the mesh.
   *
   * @default - any
   */
  readonly principals?: string[];

  /**
   * Excluded identities.
   *
   * @default - none
   */
  readonly notPrincipals?: string[];

  /**
   * Service accounts: `namespace/name`, or `name` for the namespace of the policy. At most 16. Cannot be combined with principals or
   * namespaces.
   *
   * @default - any
   */
  readonly serviceAccounts?: string[];

  /**
   * Excluded service accounts.
   *
   * @default - none
   */
  readonly notServiceAccounts?: string[];

  /**
   * Namespaces of the mesh, with `*` as a wildcard.
   *
   * @default - any
   */
  readonly namespaces?: string[];

  /**
   * Excluded namespaces.
   *
   * @default - none
   */
  readonly notNamespaces?: string[];

  /**
   * Trust domains, optionally with one `*` at the start or the end.
   *
   * @default - any
   */
  readonly trustDomains?: string[];

  /**
   * Excluded trust domains.
   *
   * @default - none
   */
  readonly notTrustDomains?: string[];

  /**
   * Source addresses or CIDR blocks of the connection. Behind a load balancer, node or gateway, this is the address of that hop.
   *
   * @default - any
   */
  readonly ipBlocks?: string[];

  /**
   * Excluded source addresses or CIDR blocks.
   *
   * @default - none
   */
  readonly notIpBlocks?: string[];

  /**
   * Addresses or CIDR blocks of the client. A gateway behind an ALB derives the address from X-Forwarded-For and the number of trusted
   * proxies. The sidecar of a workload only sees the address of the load balancer, so put these rules on the gateway.
   *
   * @default - any
   */
  readonly remoteIpBlocks?: string[];

  /**
   * Excluded addresses or CIDR blocks of clients.
   *
   * @default - none
   */
  readonly notRemoteIpBlocks?: string[];

  /**
   * Validated tokens: `issuer/subject`, optionally with one `*` at the start or the end. `*` alone matches any validated token.
   *
   * @default - any
   */
  readonly requestPrincipals?: string[];

  /**
   * Excluded tokens. `*` matches requests without a validated token.
   *
   * @default - none
   */
  readonly notRequestPrincipals?: string[];
}

const FIELDS: { readonly [name: string]: ListField & { readonly source: AttributeSource } } = {
  principals: { ...PRINCIPALS, source: AttributeSource.IDENTITY },
  serviceAccounts: { ...SERVICE_ACCOUNTS, source: AttributeSource.IDENTITY },
  namespaces: { ...NAMESPACES, source: AttributeSource.IDENTITY },
  trustDomains: { ...TRUST_DOMAINS, source: AttributeSource.IDENTITY },
  ipBlocks: { ...ADDRESSES, source: AttributeSource.PEER_ADDRESS },
  remoteIpBlocks: { ...ADDRESSES, source: AttributeSource.CLIENT_ADDRESS },
  requestPrincipals: { ...REQUEST_PRINCIPALS, source: AttributeSource.TOKEN },
};

/** Istio replaces this trust domain by the mesh's own (Istio 1.30 pilot/pkg/security/trustdomain/bundle.go). */
const OWN_TRUST_DOMAIN = 'cluster.local';

type Lists = Readonly<Record<string, string[]>>;

/** A value that one of the makers of `Caller` returns. */
export const CALLER = instanceOf<Caller>('Caller');

/** The sender of a request, by what can be verified about it. A rule matches if any of its callers does. */
export class Caller {
  /** Callers that match all conditions. @throws InvalidProps for a value that Istio would reject or that can never match */
  public static of(options: CallerOptions): Caller {
    return new Caller(options);
  }

  /**
   * The pods of a service account, by the identity that mutual TLS proves.
   *
   * @param trustDomain the mesh's own by default; `*` matches any
   * @throws InvalidProps for an invalid name
   */
  public static serviceAccount(namespace: string, name: string, trustDomain: string = OWN_TRUST_DOMAIN): Caller {
    requireDnsLabel('namespace', namespace);
    requireDnsSubdomain('name', name);
    requireString('trustDomain', trustDomain, 'a trust domain, or * for any', /^([a-z0-9._-]+|\*)$/);
    return new Caller({ principals: [`${trustDomain}/ns/${namespace}/sa/${name}`] });
  }

  /** The pods of a workload. @throws InvalidProps if the workload has no `serviceAccount` */
  public static workload(workload: IWorkload, trustDomain?: string): Caller {
    const { serviceName, namespace, serviceAccount } = requireWorkload('workload', workload);
    if (serviceAccount === undefined) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must have a serviceAccount; set it on the workload, or use Caller.serviceAccount()');
    }
    return Caller.serviceAccount(namespace, serviceAccount, trustDomain);
  }

  /**
   * The pods of a gateway. To a workload behind the gateway, all of its clients look like this.
   *
   * @param serviceAccount needed if the gateway does not set its own: the name of the release for Istio's `gateway` chart, or the name of
   * the gateway with the suffix `-service-account` for istioctl
   * @throws InvalidProps if the service account is not known
   */
  public static gateway(gateway: IGatewayWorkload, serviceAccount?: string, trustDomain?: string): Caller {
    const { workloadNamespace, serviceName, serviceAccount: own } = requireProps('IGatewayWorkload', gateway, '', 'gateway');
    const name = serviceAccount === undefined ? own : serviceAccount;
    if (name === undefined) {
      throw InvalidProps.missing('serviceAccount',
        `because the gateway ${workloadNamespace}/${serviceName} does not set its own: use ${serviceName} for Istio's gateway chart, or `
        + `${serviceName}-service-account for istioctl`);
    }
    return Caller.serviceAccount(workloadNamespace, name, trustDomain);
  }

  /** All pods of these namespaces. */
  public static namespaces(namespaces: string[]): Caller {
    return new Caller({ namespaces });
  }

  /** Any peer that presents a mesh certificate. */
  public static anyInMesh(): Caller {
    return new Caller({ principals: ['*'] });
  }

  /** Connections from these addresses or CIDR blocks. Not for a gateway behind an ALB, whose peer is always the load balancer. */
  public static ipBlocks(ipBlocks: string[]): Caller {
    return new Caller({ ipBlocks });
  }

  /** The load balancer in front of a gateway, by the CIDR blocks of its subnets. Keeps out clients inside the VPC that forge X-Forwarded-For. */
  public static loadBalancer(ipBlocks: string[]): Caller {
    return new Caller({ ipBlocks }, true);
  }

  /** Clients with these addresses or CIDR blocks, at a gateway that trusts the proxies in front of it. */
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

  private readonly source: CallerOptions;

  private constructor(options: CallerOptions, private readonly peerIsLoadBalancer = false) {
    this.source = settleLists(FIELDS, options, 'the caller');
    const { principals, notPrincipals, namespaces, notNamespaces, serviceAccounts, notServiceAccounts } = this.source;
    if ((serviceAccounts ?? notServiceAccounts) && (principals ?? notPrincipals ?? namespaces ?? notNamespaces)) {
      throw InvalidProps.conflict('serviceAccounts', serviceAccounts ?? notServiceAccounts,
        'cannot be combined with principals or namespaces; Istio rejects such a rule');
    }
  }

  /**
   * This caller, with the additional conditions of the other.
   *
   * @throws InvalidProps if both have values for the same field, which Istio would treat as alternatives
   */
  public also(other: Caller): Caller {
    const added = requireProps(CALLER, other, '', 'other').source as Lists;
    const merged: Record<string, string[]> = { ...this.source as Lists };
    for (const [field, values] of Object.entries(added)) {
      if (merged[field] && !field.startsWith('not')) {
        throw InvalidProps.conflict('other', values, `sets ${field}, which this caller already sets; Istio would accept either value instead of both`);
      }
      merged[field] = [...new Set([...merged[field] ?? [], ...values])];
    }
    return new Caller(merged, this.peerIsLoadBalancer || other.peerIsLoadBalancer);
  }

  /** This caller, unless it also matches the other. @throws InvalidProps if the other has several conditions, or if nobody is left */
  public butNot(other: Caller): Caller {
    const excluded = Object.entries(requireProps(CALLER, other, '', 'other').source as Lists);
    const [[field, values]] = excluded;
    if (excluded.length > 1 || field.startsWith('not')) {
      throw InvalidProps.value('other', excluded.map(([name]) => name), 'must be a caller with exactly one condition, which is not negated');
    }
    return this.also(new Caller({ [negationOf(field)]: values }));
  }

  /** What a proxy needs to see to evaluate the caller. @internal */
  public _sources(): AttributeSource[] {
    return Object.entries(FIELDS)
      .filter(([name]) => (this.source as Lists)[name] || (this.source as Lists)[negationOf(name)])
      .map(([, { source }]) => source)
      .filter(source => source !== AttributeSource.PEER_ADDRESS || !this.peerIsLoadBalancer);
  }

  /** Whether the caller must not have a validated token. @internal */
  public get _isWithoutToken(): boolean {
    return this.source.notRequestPrincipals?.includes('*') ?? false;
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRulesFromSource {
    return this.source;
  }
}
