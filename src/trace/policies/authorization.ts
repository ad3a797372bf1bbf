// Authorization: whether policies let a request pass. What the input does not say stays unknown.
import { coversBlock } from '../../base/ip';
import { Attribute, AuthorizationPolicy, AuthorizationStages, Condition, HTTP_ATTRIBUTES, Rule } from '../../mesh/security/authorization';
import { UNKNOWN_VALUE, isUnknownValue } from './unknown-values';
import { matchesTemplate } from './path-template';
import { Token, claimAt } from './jwt';
import { NO_HEADERS, Seen, seenHeader } from './seen-header';

/** Yes, no, or unknown. */
export type Answer = boolean | undefined;

/** The identity of a client: a certificate of the mesh. */
export interface Peer {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What a proxy knows of a request or a connection. Absent means unknown; null means that there is none. */
export interface Facts extends Seen {
  readonly isHttp: boolean;
  readonly peer?: Peer | null;
  readonly sourceIp?: string;
  readonly remoteIp?: string;
  readonly port: number;
  readonly serverName?: string;
  readonly claims: Token['claims'] | null;
  /** Whether the connection may carry any request, so that nothing of HTTP is known. */
  readonly isAnyRequest?: true;
  /** All trust domains of the mesh, which count as one. */
  readonly trustDomains: readonly string[];
}

/** The decision and what made it. */
export type Decision =
  | { readonly is: 'allowed'; readonly by?: Rule }
  | { readonly is: 'denied'; readonly by: Rule }
  /** Policies allow other requests, and so deny this one. */
  | { readonly is: 'not-allowed'; readonly policies: readonly AuthorizationPolicy[] }
  | { readonly is: 'unknown'; readonly unknown: readonly Unknown[] };

/** A policy, and what of a request it would have to know. */
export interface Unknown {
  readonly policy: AuthorizationPolicy;
  readonly attribute: Attribute;
}

/** What a proxy knows of a connection before it reads a request. */
export type ConnectionFacts = Pick<Facts, 'peer' | 'sourceIp' | 'remoteIp' | 'port' | 'serverName' | 'trustDomains'>;

/** The facts of every HTTP request that the connection may carry: a decision by them holds for all of these. */
export function factsOfAnyRequest(connection: ConnectionFacts): Facts {
  return { ...connection, isHttp: true, isAnyRequest: true, authority: '', method: '', path: '', query: '', headers: NO_HEADERS, claims: null };
}

/** What a CUSTOM policy asks its provider about; the provider's answer is not in the input. */
export function asksProvider({ custom }: AuthorizationStages, facts: Facts): AuthorizationPolicy | undefined {
  return custom.find(({ action, rules }) => rules.some(rule => holds(rule, action, facts) !== false));
}

/** DENY before ALLOW; without an ALLOW policy what is not denied passes (Istio 1.30, pilot/pkg/security/authz/builder/builder.go:112-141). */
export function decide({ deny, allow }: AuthorizationStages, facts: Facts): Decision {
  const denying = verdictOf(deny, facts);
  if (denying.is === 'yes') {
    return { is: 'denied', by: denying.by };
  }
  const allowing = verdictOf(allow, facts);
  if (allow.length > 0 && allowing.is === 'no') {
    return { is: 'not-allowed', policies: allow };
  }
  if (denying.is === 'unknown') {
    return { is: 'unknown', unknown: denying.unknown };
  }
  return allowing.is === 'no' ? { is: 'allowed' } : allowing.is === 'yes' ? { is: 'allowed', by: allowing.by }
    : { is: 'unknown', unknown: allowing.unknown };
}

type Verdict =
  | { readonly is: 'yes'; readonly by: Rule }
  | { readonly is: 'no' }
  | { readonly is: 'unknown'; readonly unknown: readonly Unknown[] };

function verdictOf(policies: readonly AuthorizationPolicy[], facts: Facts): Verdict {
  const unknown: Unknown[] = [];
  for (const policy of policies) {
    for (const rule of policy.rules) {
      const answer = holds(rule, policy.action, facts);
      if (answer === true) {
        return { is: 'yes', by: rule };
      }
      if (answer === undefined) {
        unknown.push(...unknownIn(rule, facts).map(attribute => ({ policy, attribute })));
      }
    }
  }
  return unknown.length === 0 ? { is: 'no' } : { is: 'unknown', unknown };
}

/** The conditions of a rule that no request on the connection meets. */
export function unmetConditions({ from, to, when }: Rule, facts: Facts): Condition[] {
  return [...from.flat(), ...to.flat(), ...when].filter(one => meets(one, facts) === false);
}

function unknownIn(rule: Rule, facts: Facts): Attribute[] {
  const { from, to, when } = facts.isHttp ? rule : withoutHttp(rule);
  return [...from.flat(), ...to.flat(), ...when].filter(one => valuesOf(one, facts) === undefined).map(({ attribute }) => attribute);
}

/** On TCP an ALLOW rule with a condition that only HTTP has matches nothing; any other rule loses the condition and matches more. */
function holds(rule: Rule, action: AuthorizationPolicy['action'], facts: Facts): Answer {
  const { from, to, when } = facts.isHttp ? rule : withoutHttp(rule);
  const conditions = [...rule.from.flat(), ...rule.to.flat(), ...rule.when];
  if (!facts.isHttp && action === 'ALLOW' && conditions.some(({ attribute }) => HTTP_ATTRIBUTES.has(attribute))) {
    return false;
  }
  const any = (lists: readonly (readonly Condition[])[]) => (lists.length === 0 ? true : or(lists.map(list => and(list.map(one => meets(one, facts))))));
  return and([any(from), any(to), ...when.map(one => meets(one, facts))]);
}

function withoutHttp({ from, to, when }: Rule): Pick<Rule, 'from' | 'to' | 'when'> {
  const keep = (list: readonly Condition[]) => list.filter(({ attribute }) => !HTTP_ATTRIBUTES.has(attribute));
  return { from: from.map(keep), to: to.map(keep), when: keep(when) };
}

function meets(condition: Condition, facts: Facts): Answer {
  const found = valuesOf(condition, facts);
  if (found === undefined) {
    return undefined;
  }
  const has = (value: string) => found.some(own => matches(condition, value, own, facts));
  return (condition.values.length === 0 || condition.values.some(has)) && !condition.notValues.some(has);
}

/** The values of an attribute; none if the request lacks it. */
function valuesOf({ attribute, key, values, notValues }: Condition, facts: Facts): readonly string[] | undefined {
  if (facts.isAnyRequest === true && HTTP_ATTRIBUTES.has(attribute)) {
    return undefined;
  }
  const { peer, claims } = facts;
  const ofPeer = (read: (one: Peer) => string) => (peer === undefined ? undefined : peer === null ? [] : [read(peer)]);
  const known = (value: string | undefined) => (value === undefined ? undefined : [value]);
  switch (attribute) {
    case 'source.principal':
      return ofPeer(one => `${one.trustDomain}/ns/${one.namespace}/sa/${one.serviceAccount}`);
    case 'source.namespace':
      return ofPeer(one => one.namespace);
    case 'source.serviceAccount':
      return ofPeer(one => `${one.namespace}/${one.serviceAccount}`);
    case 'source.trustDomain':
      return ofPeer(one => one.trustDomain);
    case 'source.ip':
      return known(facts.sourceIp);
    case 'remote.ip':
      return known(facts.remoteIp);
    case 'destination.ip':
      return undefined;
    case 'destination.port':
      return [String(facts.port)];
    case 'connection.sni':
      return [facts.serverName ?? ''];
    case 'request.host':
      return [facts.authority.toLowerCase()];
    case 'request.method':
      return [facts.method];
    case 'request.path':
      return [facts.path];
    case 'request.headers': {
      const value = key[0].toLowerCase() === ':scheme' ? facts.scheme ?? UNKNOWN_VALUE : seenHeader(facts, key[0]);
      return isUnknownValue(value) && [...values, ...notValues].some(one => one !== '*') ? undefined : textsOf(value);
    }
    case 'request.auth.principal':
      return typeof claims?.iss === 'string' && typeof claims.sub === 'string' ? [`${claims.iss}/${claims.sub}`] : [];
    case 'request.auth.audiences':
      return textsOf(claims?.aud);
    case 'request.auth.presenter':
      return textsOf(claims?.azp);
    case 'request.auth.claims':
      return textsOf(claimAt(claims, key));
  }
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

function matches({ attribute }: Condition, value: string, found: string, { trustDomains }: Facts): boolean {
  switch (attribute) {
    case 'source.ip':
    case 'remote.ip':
      return coversBlock(value, found);
    case 'source.namespace':
      return wildcards(value, found);
    case 'source.principal':
      return principals(value, trustDomains).some(one => matchesPattern(one, found));
    case 'source.serviceAccount':
    case 'destination.port':
      return value === found;
    case 'request.host':
      return matchesPattern(value.toLowerCase(), found);
    case 'request.path':
      return value.includes('{*}') || value.includes('{**}') ? matchesTemplate(value, found) : matchesPattern(value, found);
    default:
      return matchesPattern(value, found);
  }
}

/** A principal of one trust domain of the mesh stands for all of them (Istio 1.30, pilot/pkg/security/trustdomain/bundle.go:54). */
function principals(value: string, trustDomains: readonly string[]): string[] {
  const slash = value.indexOf('/');
  const domain = value.slice(0, Math.max(slash, 0));
  const isOwn = domain === 'cluster.local' || trustDomains.includes(domain);
  return slash === -1 || !isOwn ? [value] : [...new Set([domain, ...trustDomains])].map(one => one + value.slice(slash));
}

/** `*` is present and not empty, `*x` a suffix, `x*` a prefix (Istio 1.30, pilot/pkg/security/authz/matcher/string.go:97). */
function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === '*') {
    return text !== '';
  }
  return pattern.startsWith('*') ? text.endsWith(pattern.slice(1)) : pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}

/** `*` anywhere. */
function wildcards(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) {
    return pattern === text;
  }
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const next = text.indexOf(part, at);
    if (next === -1) {
      return false;
    }
    at = next + part.length;
  }
  return text.startsWith(first) && text.length - last.length >= at && text.endsWith(last);
}

function and(answers: readonly Answer[]): Answer {
  return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
}

function or(answers: readonly Answer[]): Answer {
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}
