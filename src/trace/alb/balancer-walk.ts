// The walk of a request through the listener of a load balancer: rules, login, redirects, and the target groups that it is sent to.
import type { ClaimSettings } from '../../base/alb-annotations/auth';
import { kept, once } from '../../base/once';
import { type Listener, type LoadBalancer, type RuleAction, attributeOf, targetName } from '../../plan/load-balancer';
import { type ClientRequest, authorityOf, urlOf } from '../client-request';
import { type Hop, type PassedOver, about, hop, withWarning } from '../hops/hop';
import { type Death, type DeathDetails, type TraceEnd, refusedEnd, unsupportedEnd } from '../hops/trace-end';
import { assumedCertificates, isNeverMade, refusalWarning } from './listener-notes';
import type { Entrance } from './load-balancers';
import { type Named, actionsOf, conditionsOf } from '../../plan/rule-text';
import { ASSUMED } from '../hops/policy-hops';
import { bearerOf } from '../policies/tokens';
import { locationOf, rewritten } from './rewriting';
import type { BalancedRequest, CompiledCondition, CompiledRule } from './rule-match';
import type { Place } from '../../mesh/objects/config';

/** What an Application Load Balancer sends to a target group. */
export interface Forwarding {
  readonly is: 'forward';
  readonly hops: readonly Hop[];
  readonly target: string;
  readonly authority: string;
  /** Whether the load balancer has seen that the client is logged in. */
  readonly isLoggedIn: boolean;
  readonly shares: readonly { readonly id: string; readonly probability: number }[];
}

/** The load balancer itself answers, or the request dies there. */
export interface Answered {
  readonly is: 'end';
  readonly hops: readonly Hop[];
  readonly end: TraceEnd;
}

/** Walks the request through an Application Load Balancer. @param wantsHops false to save the time that they take */
export function walkBalancer(
  { loadBalancer, listener, rules, objects }: Entrance, request: ClientRequest, seen: BalancedRequest, wantsHops: boolean,
): Forwarding | Answered {
  const place: Place = { manifest: loadBalancer.members[0], pointer: '' };
  const trail: Trail = wantsHops ? [] : undefined;
  if (isNeverMade(loadBalancer, listener)) {
    trail?.push(about(listener, hop('alb-listener', listenerText(loadBalancer, listener), place)));
    return answered(trail, refusedEnd('no-alb-listener', 1, { ...WITHOUT_CERTIFICATE, by: place }));
  }
  trail?.push(withWarning(about(listener, hop('alb-listener', listenerText(loadBalancer, listener) + assumedCertificates(listener), place)),
    refusalWarning(loadBalancer, objects)));
  const arrival = arrivalFault(listener, request);
  if (arrival !== undefined) {
    const [reason, details] = arrival;
    return answered(trail, refusedEnd(reason, 1, { by: place, ...details }));
  }
  const passedOver: PassedOver[] = [];
  for (const own of rules) {
    const answer = answerOf(own, seen);
    if (answer === true) {
      trail?.push(about(own.rule, hop('alb-rule', ruleText(own, loadBalancer), own.rule.from, passedOver)));
      return act(own.rule.actions, { loadBalancer, listener, request, own, trail, place: own.rule.from });
    }
    if (answer === undefined) {
      const undecided = firstWith(undefined, own, seen);
      const end = unsupportedEnd(`Rule ${own.rule.priority} decides by ${undecided.text}: add from=ADDRESS to the request.`, 1, [], own.rule.from);
      trail?.push(hop('alb-rule', `undecided: ${ruleText(own, loadBalancer)}`, own.rule.from, passedOver));
      return answered(trail, end);
    }
    if (wantsHops) {
      const unmet = firstWith(false, own, seen);
      passedOver.push({ place: own.rule.from, what: `rule ${own.rule.priority}`, why: `it wants ${unmet.text}` });
    }
  }
  trail?.push(about(listener, hop('alb-rule', `default action ${actionsOf(listener.defaultActions, namedIn(loadBalancer))}`, place, passedOver)));
  return act(listener.defaultActions, { loadBalancer, listener, request, trail, place });
}

const WITHOUT_CERTIFICATE = {
  words: 'no certificate at the listener',
  fix: 'Set certificate-arn, or give the rules a host for which ACM has a certificate: AWS refuses an HTTPS listener without one.',
};

/** Whether a request meets all conditions; undefined if that depends on what it does not say. */
function answerOf({ conditions }: CompiledRule, seen: BalancedRequest): boolean | undefined {
  let answer: boolean | undefined = true;
  for (const { meets } of conditions) {
    const met = meets(seen);
    if (met === false) {
      return false;
    }
    answer = met === undefined ? undefined : answer;
  }
  return answer;
}

function firstWith(answer: false | undefined, { conditions }: CompiledRule, seen: BalancedRequest): CompiledCondition {
  return conditions.find(({ meets }) => meets(seen) === answer)!;
}

/** The steps so far, if they are wanted. */
type Trail = Hop[] | undefined;

const NO_HOPS: readonly Hop[] = [];

function answered(trail: Trail, end: TraceEnd): Answered {
  return { is: 'end', hops: trail ?? NO_HOPS, end };
}

function listenerText({ group }: LoadBalancer, { protocol, port }: Listener): string {
  return `${protocol}:${port} of load balancer ${group}`;
}

/** Why the listener refuses the connection or the request before any rule (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html). */
function arrivalFault({ protocol, mutualAuthentication }: Listener, { scheme, hasCertificate, method }: ClientRequest): [Death, DeathDetails?] | undefined {
  if (scheme === 'http' && protocol === 'HTTPS') {
    return ['wrong-scheme', { status: 400, words: 'plain HTTP sent to an HTTPS listener' }];
  }
  if (scheme === 'https' && protocol === 'HTTP') {
    return ['wrong-scheme', { words: 'TLS sent to an HTTP listener' }];
  }
  if (mutualAuthentication?.mode === 'verify' && hasCertificate !== true) {
    return ['no-client-certificate'];
  }
  return method !== 'TRACE' ? undefined
    : ['codec-error', { status: 405, words: 'TRACE', fix: 'Send another method: Application Load Balancers refuse TRACE.' }];
}

function namedIn({ targetGroups, members }: LoadBalancer): Named {
  return { targetGroups: new Map(targetGroups.map(group => [group.id, group])), from: members };
}

/** A rule is part of one load balancer. */
const RULE_TEXTS = new WeakMap<CompiledRule, string>();

/** The conditions and the actions of a rule. */
function ruleText(compiled: CompiledRule, loadBalancer: LoadBalancer): string {
  const { rule: { priority, conditions, actions, transforms } } = compiled;
  return once(RULE_TEXTS, compiled, () => (
    `rule ${priority}${conditions.length === 0 ? '' : `: ${conditionsOf(conditions)}`} ${actionsOf(actions, namedIn(loadBalancer), transforms)}`));
}

interface Acting {
  readonly loadBalancer: LoadBalancer;
  readonly listener: Listener;
  readonly request: ClientRequest;
  readonly trail: Trail;
  /** Absent for default actions. */
  readonly own?: CompiledRule;
  readonly place: Place;
}

function act(actions: readonly RuleAction[], { loadBalancer, listener, request, trail, own, place }: Acting): Forwarding | Answered {
  let isLoggedIn = false;
  for (const action of actions) {
    switch (action.type) {
      case 'authenticate-cognito':
      case 'authenticate-oidc': {
        const { gate, end, isLoggedIn: isKnown = false } = login(action, request, place);
        isLoggedIn = isKnown;
        trail?.push(gate);
        if (end !== undefined) {
          return answered(trail, end);
        }
        break;
      }
      case 'jwt-validation': {
        const { fault, isAssumed } = judgedToken(action.jwtValidationConfig ?? {}, request);
        const words = fault === undefined ? `the load balancer accepts the token${isAssumed ? `, ${ASSUMED}` : ''}`
          : `the load balancer refuses the token: ${fault}`;
        trail?.push(hop('authentication', words, place));
        if (fault !== undefined) {
          return answered(trail, refusedEnd('invalid-token', 1, { by: place, fix: `Send a token that the load balancer accepts: ${fault}.` }));
        }
        break;
      }
      case 'redirect': {
        const location = locationOf(action.redirectConfig!, request);
        const status = Number(/\d+$/.exec(action.redirectConfig!.statusCode)?.[0] ?? 302);
        return answered(trail, redirectEnd(status, location, place));
      }
      case 'fixed-response':
        return answered(trail, responseOf(action, own, place));
      case 'forward': {
        const shares = SHARES.get(action) ?? kept(SHARES, action, sharesOf(action));
        if (shares.length === 0) {
          return answered(trail, unsupportedEnd('All weights of the rule are 0, and AWS does not document what follows.', 1, [], place));
        }
        const host = hostHeader(loadBalancer, listener, request);
        const { target, authority } = rewritten(own?.rule.transforms, request.target, host);
        if (target !== request.target || authority !== host) {
          trail?.push(hop('alb-rule', `transforms the request to ${authority}${target}`, place));
        }
        return { is: 'forward', hops: trail ?? NO_HOPS, target, authority, isLoggedIn, shares };
      }
    }
  }
  return answered(trail, unsupportedEnd('The rule has no action.', 1, [], place));
}

/**
 * The `Host` header that targets see: with the port of a listener on another port than 80 and 443, and without one that the protocol implies, unless the
 * load balancer preserves it (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#host-header-preservation).
 */
function hostHeader(loadBalancer: LoadBalancer, { port, protocol }: Listener, request: ClientRequest): string {
  const written = authorityOf(request);
  if (attributeOf(loadBalancer, 'routing.http.preserve_host_header.enabled') === 'true') {
    return written;
  }
  const implied = protocol === 'HTTPS' ? 443 : 80;
  return port === implied ? withoutSuffix(written, `:${implied}`) : /:\d+$/.test(written) ? written : `${written}:${port}`;
}

function withoutSuffix(text: string, suffix: string): string {
  return text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

/** An action is the same for all requests. */
const SHARES = new WeakMap<RuleAction, Forwarding['shares']>();

function sharesOf({ forwardConfig }: RuleAction): Forwarding['shares'] {
  const { targetGroups = [] } = forwardConfig ?? {};
  const total = targetGroups.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return targetGroups.filter(({ weight = 1 }) => weight > 0).map(target => ({ id: targetName(target), probability: (target.weight ?? 1) / total }));
}

/** The default of the controller, a 404 without a body, counts as having no rule. */
function responseOf({ fixedResponseConfig }: RuleAction, own: CompiledRule | undefined, place: Place | undefined): TraceEnd {
  const { statusCode, messageBody = '' } = fixedResponseConfig!;
  const status = Number(statusCode);
  if (own === undefined && status === 404 && messageBody === '') {
    return refusedEnd('no-rule', 1, place === undefined ? {} : { by: place });
  }
  return {
    probability: 1, kind: 'response', to: String(status), status, ...(messageBody === '' ? {} : { body: messageBody }), ...(place ? { by: place } : {}),
  };
}

function redirectEnd(status: number, location: string, place: Place | undefined): TraceEnd {
  return { probability: 1, kind: 'redirect', to: `${status} ${location}`, status, location, ...(place ? { by: place } : {}) };
}

/** What a load balancer makes of a request that needs a login. */
interface Login {
  readonly gate: Hop;
  readonly end?: TraceEnd;
  readonly isLoggedIn?: true;
}

/** A session is the cookie of the load balancer; without it, the client is sent to the provider, refused, or let through. */
function login(action: RuleAction, request: ClientRequest, place: Place | undefined): Login {
  const config = action.authenticateCognitoConfig ?? action.authenticateOIDCConfig ?? {};
  const name = String(config.sessionCookieName);
  const hasSession = (request.headers.cookie ?? '').split(';').some(cookie => cookie.trim().startsWith(`${name}-`) || cookie.trim().startsWith(`${name}=`));
  if (request.isLoggedIn === true) {
    return { gate: hop('authentication', 'the client is logged in', place), isLoggedIn: true };
  }
  if (hasSession) {
    return { gate: hop('authentication', `the session cookie ${name} shows a login`, place), isLoggedIn: true };
  }
  switch (config.onUnauthenticatedRequest) {
    case 'allow':
      return { gate: hop('authentication', 'without login, the request passes', place) };
    case 'deny':
      return { gate: hop('authentication', 'without login, the request is refused', place), end: refusedEnd('login', 1, place ? { by: place } : {}) };
    default: {
      const { authorizationEndpoint, userPoolDomain } = config;
      const domain = String(userPoolDomain ?? '');
      const location = authorizationEndpoint !== undefined ? String(authorizationEndpoint)
        : `https://${domain.includes('.') ? domain : `${domain}.auth.${regionOf(String(config.userPoolARN))}.amazoncognito.com`}/oauth2/authorize`;
      const words = `without the session cookie ${name}, the client is sent to log in; then it comes back to ${urlOf(request)}`;
      return { gate: hop('authentication', words, place), end: redirectEnd(302, location, place) };
    }
  }
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** Whether the token of a request is accepted. One in a header is read, and its signature and its times are assumed to be valid. */
function judgedToken(
  config: { readonly [field: string]: unknown }, { claims, headers }: ClientRequest,
): { readonly fault?: string; readonly isAssumed: boolean } {
  const read = claims === undefined ? bearerOf(headers.authorization) : { claims };
  const fault = read !== undefined && 'fault' in read ? read.fault : tokenFault(config, read?.claims);
  return { fault, isAssumed: claims === undefined };
}

const NO_TOKEN = 'the request has none';

/** What is wrong with a token; a header that is no bearer token counts as none. */
function tokenFault({ issuer, additionalClaims = [] }: { readonly [field: string]: unknown }, claims: ClientRequest['claims']): string | undefined {
  if (claims === undefined) {
    return NO_TOKEN;
  }
  if (claims.iss !== issuer) {
    return `its issuer is not ${String(issuer)}`;
  }
  const wrong = (additionalClaims as readonly ClaimSettings[]).find(({ format, name, values }) => {
    const value = claims[name];
    const own = typeof value !== 'string' || format === 'string-array' ? value : format === 'single-string' ? [value] : value.split(' ');
    return !Array.isArray(own) || !values.some(wanted => own.includes(wanted));
  });
  return wrong === undefined ? undefined : `its claim ${wrong.name} is not ${wrong.values.join(' or ')}`;
}
