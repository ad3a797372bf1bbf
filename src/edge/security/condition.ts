// Conditions of an authorization rule: request attributes that Istio knows by name, and the values they may have.
// Facts: Istio 1.30, pilot/pkg/security/authz/model/model.go and pkg/config/security/security.go.
import type { AuthorizationPolicySpecRulesWhen } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { PORT_NUMBER } from '../../base/number';
import { IP_BLOCKS } from './ip-block';
import { coversString, type ListField, requireSatisfiable, requireString, requireStrings, wildcardField } from './match-list';

/** Where a proxy learns an attribute from, for attributes that some proxies or some actions cannot see. Request fields are always visible. */
export enum AttributeSource {
  /** The peer's mesh certificate. */
  IDENTITY = 'the identity of the peer',
  /** A validated JWT. */
  TOKEN = 'a token',
  /** The source address of the connection. */
  PEER_ADDRESS = 'the address of the peer',
  /** The address of the client behind all proxies. */
  CLIENT_ADDRESS = 'the address of the client',
}

/** Address blocks. Every connection has an address, so excluding all of them never matches. */
export const ADDRESSES: ListField = { ...IP_BLOCKS, all: ['0.0.0.0/0', '::/0'] };

const STRINGS = wildcardField('a string');
const PORTS: ListField = {
  checked: (prop, values) => requireStrings(prop, values, 'a port number as a string, "1" to "65535"',
    new RegExp(`^(${PORT_NUMBER})$`)),
  covers: coversString,
};

/** Service accounts: `namespace/name`, or `name` for the namespace of the policy. At most 16. */
export const SERVICE_ACCOUNTS: ListField = {
  checked: (prop, values) => {
    const accounts = requireStrings(prop, values, 'namespace/name or name, without *', /^[a-z0-9.-]+(\/[a-z0-9.-]+)?$/);
    if (accounts.length > 16) {
      throw InvalidProps.value(prop, accounts.length, 'must contain at most 16 service accounts');
    }
    accounts.forEach((account, index) => {
      const [namespace, name] = account.includes('/') ? account.split('/') : [undefined, account];
      requireDnsSubdomain(`${prop}[${index}]`, name);
      if (namespace !== undefined) {
        requireDnsLabel(`${prop}[${index}]`, namespace);
      }
    });
    return accounts;
  },
  covers: coversString,
};

/** Trust domains, optionally with one `*` at the start or the end. */
export const TRUST_DOMAINS = wildcardField('a trust domain, without /', /^[a-z0-9._*-]+$/);

/** Peer identities as Istio compares them: without `spiffe://`. */
export const PRINCIPALS = wildcardField('an identity such as cluster.local/ns/shop/sa/cart, without spiffe://', /^(?!spiffe:)[^\s]+$/);

/** Namespaces. Here Istio accepts `*` anywhere in the name. */
export const NAMESPACES: ListField = {
  checked: (prop, values) => requireStrings(prop, values, 'a namespace, with * as a wildcard', /^[a-z0-9*]([-a-z0-9*]{0,61}[a-z0-9*])?$/),
  covers: (pattern, value) => pattern === value || pattern === '*',
};

/** Token subjects as `issuer/subject`, split at the last slash. */
export const REQUEST_PRINCIPALS = wildcardField('the issuer/subject of a token', /^([^\s*]+\/[^\s*]+|\*\S*|\S+\*)$/);

/** Values that an attribute may have, and values that it may not have. */
interface ConditionLists {
  readonly values?: string[];
  readonly notValues?: string[];
}

/** A request attribute that authorization rules can match on. */
export class Attribute {
  /** A request header. The name is case-insensitive, the values are case-sensitive. */
  public static requestHeader(name: string): Attribute {
    requireString('name', name, 'a header name', /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/);
    return new Attribute(`request.headers[${name}]`, STRINGS);
  }

  /**
   * A claim of the validated token: a string, or a list of which one entry has to match. List the names of nested claims from the outside
   * in: `['realm_access', 'roles']`. `scope` and `permission` are space-delimited lists. Without a token `oneOf` never matches and `noneOf`
   * always does. Routes match on claims with `ClaimMatch`.
   */
  public static claim(claim: string[]): Attribute {
    const names = requireStrings('claim', claim, 'a claim name, without brackets', /^[^\s[\]]+$/);
    return new Attribute(`request.auth.claims${names.map(name => `[${name}]`).join('')}`, STRINGS, AttributeSource.TOKEN);
  }

  /** Issuer and subject of the validated token, as `issuer/subject`. */
  public static requestPrincipal(): Attribute {
    return new Attribute('request.auth.principal', REQUEST_PRINCIPALS, AttributeSource.TOKEN);
  }

  /** Audiences of the validated token. */
  public static audiences(): Attribute {
    return new Attribute('request.auth.audiences', STRINGS, AttributeSource.TOKEN);
  }

  /** The authorized presenter (`azp`) of the validated token. */
  public static presenter(): Attribute {
    return new Attribute('request.auth.presenter', STRINGS, AttributeSource.TOKEN);
  }

  /** Identity of the peer: `cluster.local/ns/shop/sa/cart`. */
  public static sourcePrincipal(): Attribute {
    return new Attribute('source.principal', PRINCIPALS, AttributeSource.IDENTITY);
  }

  /** Service account of the peer: `namespace/name`. */
  public static sourceServiceAccount(): Attribute {
    return new Attribute('source.serviceAccount', SERVICE_ACCOUNTS, AttributeSource.IDENTITY);
  }

  /** Namespace of the peer. */
  public static sourceNamespace(): Attribute {
    return new Attribute('source.namespace', NAMESPACES, AttributeSource.IDENTITY);
  }

  /** Trust domain of the peer. */
  public static sourceTrustDomain(): Attribute {
    return new Attribute('source.trustDomain', TRUST_DOMAINS, AttributeSource.IDENTITY);
  }

  /** Source address of the connection. Behind a load balancer or gateway, this is the address of that proxy. */
  public static sourceIp(): Attribute {
    return new Attribute('source.ip', ADDRESSES, AttributeSource.PEER_ADDRESS);
  }

  /** Address of the client, as far as the gateway trusts the proxies in front of it. */
  public static remoteIp(): Attribute {
    return new Attribute('remote.ip', ADDRESSES, AttributeSource.CLIENT_ADDRESS);
  }

  /** Address of the pod that receives the request. */
  public static destinationIp(): Attribute {
    return new Attribute('destination.ip', ADDRESSES);
  }

  /** Port of the pod that receives the request, not the port of its Service. */
  public static destinationPort(): Attribute {
    return new Attribute('destination.port', PORTS);
  }

  /** Server name (SNI) that the peer requested. Between workloads of the mesh it ends with the full name of the Service. */
  public static sni(): Attribute {
    return new Attribute('connection.sni', STRINGS);
  }

  /** Dynamic metadata of an Envoy filter. Experimental in Istio. */
  public static envoyFilter(filter: string, key: string): Attribute {
    requireString('filter', filter, 'a filter name, without brackets', /^[^\s[\]]+$/);
    requireString('key', key, 'a metadata key, without brackets', /^[^\s[\]]+$/);
    return new Attribute(`experimental.envoy.filters.${filter}[${key}]`, STRINGS);
  }

  private constructor(private readonly key: string, private readonly field: ListField, private readonly source?: AttributeSource) {}

  /** The attribute has one of these values. `*` alone matches any value. @throws InvalidProps for a value that can never match */
  public oneOf(values: string[]): Condition {
    return Condition._of(this.key, this.field, { values: this.field.checked('values', values) }, this.source);
  }

  /** The attribute has none of these values, or is absent. @throws InvalidProps for a value that can never match */
  public noneOf(values: string[]): Condition {
    return Condition._of(this.key, this.field, { notValues: this.field.checked('values', values) }, this.source);
  }
}

/** A condition on an attribute, made by `Attribute.oneOf` or `Attribute.noneOf`. */
export class Condition {
  /** @internal */
  public static _of(key: string, field: ListField, lists: ConditionLists, source: AttributeSource | undefined): Condition {
    return new Condition(key, field, lists, source);
  }

  /** @internal */
  public readonly _source: AttributeSource | undefined;

  private constructor(
    private readonly key: string, private readonly field: ListField, private readonly lists: ConditionLists, source: AttributeSource | undefined,
  ) {
    requireSatisfiable('notValues', lists.values, lists.notValues, field);
    this._source = source;
  }

  /** This condition, with further excluded values. @throws InvalidProps if the exclusions leave no value */
  public butNot(values: string[]): Condition {
    const notValues = [...this.lists.notValues ?? [], ...this.field.checked('values', values)];
    return new Condition(this.key, this.field, { ...this.lists, notValues }, this._source);
  }

  /** Whether only HTTP requests have the attribute. @internal */
  public get _isHttp(): boolean {
    return this.key.startsWith('request.');
  }

  /** Whether the condition is on the port of the pod. @internal */
  public get _isPort(): boolean {
    return this.key === 'destination.port';
  }

  /** Whether the condition needs a validated token to match. `noneOf` matches without one. @internal */
  public get _needsToken(): boolean {
    return this._source === AttributeSource.TOKEN && this.lists.values !== undefined;
  }

  /** Throws if the conditions of the same rule together exclude every value. @internal */
  public _requireSatisfiable(prop: string, conditions: readonly Condition[]): void {
    const same = conditions.filter(other => other.name === this.name);
    requireSatisfiable(prop, this.lists.values, same.flatMap(other => other.lists.notValues ?? []), this.field);
  }

  /** The attribute. Header names are case-insensitive. */
  private get name(): string {
    return this.key.startsWith('request.headers') ? this.key.toLowerCase() : this.key;
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRulesWhen {
    return { key: this.key, ...this.lists };
  }
}
