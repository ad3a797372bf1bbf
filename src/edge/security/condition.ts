// Further conditions of an authorization rule: what Istio knows of a request, by name, and the values it may have.
// Facts: Istio 1.30, pilot/pkg/security/authz/model/model.go and pkg/config/security/security.go.
import type { AuthorizationPolicySpecRulesWhen } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { Evidence } from './evidence';
import { IP_BLOCKS } from './ip-block';
import { coversText, type ListField, requireSatisfiable, requireText, requireTexts, wildcardField } from './match-list';

/** Address blocks: every connection has an address, so one of none at all never matches. */
export const ADDRESSES: ListField = { ...IP_BLOCKS, all: ['0.0.0.0/0', '::/0'] };

const TEXT_VALUES = wildcardField('a text');
const PORTS: ListField = {
  checked: (prop, values) => requireTexts(prop, values, 'a port as a text, 1 to 65535', /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/),
  covers: coversText,
};

/** Service accounts, `namespace/name` or `name` in the namespace of the policy; at most 16 of them. */
export const SERVICE_ACCOUNTS: ListField = {
  checked: (prop, values) => {
    const accounts = requireTexts(prop, values, 'namespace/name or name, without *', /^[a-z0-9.-]+(\/[a-z0-9.-]+)?$/);
    if (accounts.length > 16) {
      throw InvalidProps.value(prop, accounts.length, 'must be at most 16 service accounts');
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
  covers: coversText,
};

/** Trust domains, perhaps with one `*` at an end. */
export const TRUST_DOMAINS = wildcardField('a trust domain, without /', /^[a-z0-9._*-]+$/);

/** Identities as Istio compares them: without `spiffe://`. */
export const PRINCIPALS = wildcardField('an identity such as cluster.local/ns/shop/sa/cart, without spiffe://', /^(?!spiffe:)[^\s]+$/);

/** Namespaces; here a `*` may stand anywhere. */
export const NAMESPACES: ListField = {
  checked: (prop, values) => requireTexts(prop, values, 'a namespace, with * for any letters', /^[a-z0-9*]([-a-z0-9*]{0,61}[a-z0-9*])?$/),
  covers: (pattern, value) => pattern === value || pattern === '*',
};

/** `issuer/subject` of tokens, split at the last slash. */
export const REQUEST_PRINCIPALS = wildcardField('issuer/subject of a token', /^([^\s*]+\/[^\s*]+|\*\S*|\S+\*)$/);

/** Values that an attribute may have, and those it may not. */
interface ConditionLists {
  readonly values?: string[];
  readonly notValues?: string[];
}

/** Something that Istio knows of a request, by its name in a rule. */
export class Attribute {
  /** A header; its name in any case, its values with theirs. */
  public static requestHeader(name: string): Attribute {
    requireText('name', name, 'the name of a header', /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/);
    return new Attribute(`request.headers[${name}]`, TEXT_VALUES);
  }

  /**
   * A claim of the validated token: a text, or a list of which one value has to match. Names go from the outside in: `['realm_access', 'roles']`.
   * `scope` and `permission` are lists, separated by blanks. Without a token no value matches, and `noneOf` always holds. A route asks
   * for claims with `ClaimMatch`.
   */
  public static claim(claim: string[]): Attribute {
    const names = requireTexts('claim', claim, 'the name of a claim, without brackets', /^[^\s[\]]+$/);
    return new Attribute(`request.auth.claims${names.map(name => `[${name}]`).join('')}`, TEXT_VALUES, Evidence.TOKEN);
  }

  /** Issuer and subject of the validated token, as `issuer/subject`. */
  public static requestPrincipal(): Attribute {
    return new Attribute('request.auth.principal', REQUEST_PRINCIPALS, Evidence.TOKEN);
  }

  /** Audiences of the validated token. */
  public static audiences(): Attribute {
    return new Attribute('request.auth.audiences', TEXT_VALUES, Evidence.TOKEN);
  }

  /** The authorized presenter (`azp`) of the validated token. */
  public static presenter(): Attribute {
    return new Attribute('request.auth.presenter', TEXT_VALUES, Evidence.TOKEN);
  }

  /** Identity of the peer: `cluster.local/ns/shop/sa/cart`. */
  public static sourcePrincipal(): Attribute {
    return new Attribute('source.principal', PRINCIPALS, Evidence.IDENTITY);
  }

  /** Service account of the peer: `namespace/name`. */
  public static sourceServiceAccount(): Attribute {
    return new Attribute('source.serviceAccount', SERVICE_ACCOUNTS, Evidence.IDENTITY);
  }

  /** Namespace of the peer. */
  public static sourceNamespace(): Attribute {
    return new Attribute('source.namespace', NAMESPACES, Evidence.IDENTITY);
  }

  /** Trust domain of the peer. */
  public static sourceTrustDomain(): Attribute {
    return new Attribute('source.trustDomain', TRUST_DOMAINS, Evidence.IDENTITY);
  }

  /** Address of the peer; behind a load balancer or gateway that is theirs. */
  public static sourceIp(): Attribute {
    return new Attribute('source.ip', ADDRESSES, Evidence.PEER_ADDRESS);
  }

  /** Address of the client, as far as the gateway trusts the proxies in front of it. */
  public static remoteIp(): Attribute {
    return new Attribute('remote.ip', ADDRESSES, Evidence.CLIENT_ADDRESS);
  }

  /** Address of the pod that takes the request. */
  public static destinationIp(): Attribute {
    return new Attribute('destination.ip', ADDRESSES);
  }

  /** Port of the pod that takes the request, not of its Service. */
  public static destinationPort(): Attribute {
    return new Attribute('destination.port', PORTS);
  }

  /** Server name that the peer asked for. Between workloads of the mesh it ends with the full name of the Service. */
  public static sni(): Attribute {
    return new Attribute('connection.sni', TEXT_VALUES);
  }

  /** Dynamic metadata of an Envoy filter. Istio calls this experimental. */
  public static envoyFilter(filter: string, key: string): Attribute {
    requireText('filter', filter, 'the name of a filter, without brackets', /^[^\s[\]]+$/);
    requireText('key', key, 'the name of a key, without brackets', /^[^\s[\]]+$/);
    return new Attribute(`experimental.envoy.filters.${filter}[${key}]`, TEXT_VALUES);
  }

  private constructor(private readonly key: string, private readonly field: ListField, private readonly evidence?: Evidence) {}

  /** The attribute has one of these values; `*` alone means that it is there. @throws InvalidProps for a value that could never match */
  public oneOf(values: string[]): Condition {
    return Condition._of(this.key, this.field, { values: this.field.checked('values', values) }, this.evidence);
  }

  /** The attribute has none of these values, or is not there. @throws InvalidProps for a value that could never match */
  public noneOf(values: string[]): Condition {
    return Condition._of(this.key, this.field, { notValues: this.field.checked('values', values) }, this.evidence);
  }
}

/** A condition on an attribute, as `Attribute.oneOf` and `noneOf` make it. */
export class Condition {
  /** @internal */
  public static _of(key: string, field: ListField, lists: ConditionLists, evidence: Evidence | undefined): Condition {
    return new Condition(key, field, lists, evidence);
  }

  /** @internal */
  public readonly _evidence: Evidence | undefined;

  private constructor(private readonly key: string, private readonly field: ListField, private readonly lists: ConditionLists, evidence: Evidence | undefined) {
    requireSatisfiable('notValues', lists.values, lists.notValues, field);
    this._evidence = evidence;
  }

  /** The same condition, and none of these values besides. @throws InvalidProps where no value is left */
  public butNot(values: string[]): Condition {
    const notValues = [...this.lists.notValues ?? [], ...this.field.checked('values', values)];
    return new Condition(this.key, this.field, { ...this.lists, notValues }, this._evidence);
  }

  /** Whether only HTTP has the attribute. @internal */
  public get _isHttp(): boolean {
    return this.key.startsWith('request.');
  }

  /** Whether it is about the port of the pod. @internal */
  public get _isPort(): boolean {
    return this.key === 'destination.port';
  }

  /** Whether it needs a validated token; `noneOf` holds without one. @internal */
  public get _needsToken(): boolean {
    return this._evidence === Evidence.TOKEN && this.lists.values !== undefined;
  }

  /** Throws where others of the same rule exclude every value. @internal */
  public _requireSatisfiable(prop: string, others: readonly Condition[]): void {
    const about = others.filter(other => other.name === this.name);
    requireSatisfiable(prop, this.lists.values, about.flatMap(other => other.lists.notValues ?? []), this.field);
  }

  /** The attribute; names of headers are the same in any case. */
  private get name(): string {
    return this.key.startsWith('request.headers') ? this.key.toLowerCase() : this.key;
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRulesWhen {
    return { key: this.key, ...this.lists };
  }
}
