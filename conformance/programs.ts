// Builds the load balancers of random programs with the real AWS Load Balancer Controller, and compares what it builds with what the props say.
//
//   tsx conformance/programs.ts [--count 500] [--seed N] [--show 5]
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { App, Chart, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { Alb, BackendProtocolVersion, IpAddressType } from '../src/edge/alb/alb';
import type { AlbIngressClassProps } from '../src/edge/alb/ingress-class';
import { ListenerProtocol } from '../src/edge/listener/listener';
import type { AlbOptions } from '../src/edge/alb/options';
import { AlbIngressClass, TargetType } from '../src/index';
import { backend } from '../test/edge/stubs';
import { albPlan, type AlbPlan, choicesOf, ruleOf } from '../test/laws/alb-plan';
import { host } from '../test/laws/names';
import { firstDifference } from './difference';
import { answer } from './oracle';
import { writeRun } from './results';
import { Judge } from './versions';

/** What the Alb forwards to, and what the cluster has besides: a Service, and a Secret of each login. */
const NEIGHBOURS = `
apiVersion: v1
kind: Service
metadata: { name: door, namespace: front }
spec:
  selector: { app: door }
  ports: [{ name: https, port: 8443 }, { name: health, port: 15021 }]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: CLASS }
spec: { controller: ingress.k8s.aws/alb }
`;

const DRAIN_SECONDS = 20;

/** A program: the props of a load balancer, and the hosts that it serves. */
interface Program {
  readonly plan: AlbPlan;
  readonly hosts: readonly string[];
}

/**
 * Subnets by their ids alone: the AWS of the oracle puts the first id and the first name into the same zone. One rule of each kind of path: the
 * controller leaves out rules that an earlier redirect takes all requests from.
 */
const program: fc.Arbitrary<Program> = fc.record({ plan: albPlan, hosts: fc.uniqueArray(host, { minLength: 1, maxLength: 3 }) }).map(({ plan, hosts }) => ({
  plan: {
    ...plan,
    options: { ...plan.options, ...plan.options.subnets && { subnets: plan.options.subnets.map((_, index) => `subnet-0123456${index}`) } },
    rules: plan.rules.filter((rule, index) => plan.rules.findIndex(({ path }) => isPattern(path) === isPattern(rule.path)) === index),
  },
  hosts,
}));

function isPattern(path: object): boolean {
  return JSON.stringify(path).includes('?');
}

/** A program that ran: the YAML that it wrote, and its props. */
interface Written {
  readonly yaml: string;
  readonly options: AlbOptions;
  readonly ofClass: AlbIngressClassProps;
  readonly rules: number;
  readonly hosts: readonly string[];
}

function written({ plan, hosts }: Program): Written {
  const { options, ofClass } = choicesOf(plan, TargetType.IP, DRAIN_SECONDS);
  const chart = new Chart(new App(), 'program', { disableResourceNameHashes: true });
  const { className = 'alb', named = true } = plan.ingressClass ?? {};
  const ingressClass = named ? AlbIngressClass.fromName(className) : new AlbIngressClass(chart, 'Class', { className, ...ofClass });
  const alb = new Alb(chart, 'Alb', { ...options, ingressClass, backend: backend(), hosts: [...hosts] });
  plan.rules.forEach((rule, index) => alb.addRule(`rule-${index}`, ruleOf(rule, hosts[0])));
  // In a group, a rule for any host is one for each host of its Ingress.
  const isShared = options.group !== undefined || ofClass.groupName !== undefined;
  const rules = plan.rules.map(({ ownHost }) => (isShared && !ownHost ? hosts.length : 1)).reduce((sum, own) => sum + own, 0);
  const login = secretOf(plan);
  const objects = [
    ...chart.toJson() as object[],
    ...login === undefined ? [] : [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: login, namespace: 'front' }, stringData: { clientID: 'a', clientSecret: 'b' } }],
  ];
  const neighbours = named ? NEIGHBOURS.replace('CLASS', JSON.stringify(className)) : NEIGHBOURS.slice(0, NEIGHBOURS.indexOf('---'));
  return { yaml: `${Yaml.stringify(...objects)}---\n${neighbours}`, options, ofClass, rules, hosts };
}

/** The Secret of the login, which the props name. */
function secretOf({ tls, secure, plain }: AlbPlan): string | undefined {
  const hasTls = secure !== undefined || plain === undefined;
  return hasTls ? tls.auth?._render().authIdpOidc?.secretName : undefined;
}

type Json = { readonly [key: string]: unknown };

/** The resources of one type, by id. */
type Stack = Readonly<Record<string, Readonly<Record<string, { readonly spec: Json }>>>>;

/** What the props say of the load balancer; what they do not mention is left out. */
function said({ options, ofClass, rules, hosts }: Written): Json {
  const { subnetIds, groupName, attributes: classAttributes, tags: classTags, ...rest } = ofClass;
  const all: AlbOptions = { ...options, ...rest, subnets: subnetIds ?? options.subnets };
  const listeners = all.listeners?.map(({ protocol, port, _verifies }) => ({ protocol, port, verifies: _verifies }))
    ?? [{ protocol: ListenerProtocol.HTTP, port: 80, verifies: false }, { protocol: ListenerProtocol.HTTPS, port: 443, verifies: false }];
  const https = listeners.filter(({ protocol }) => protocol === ListenerProtocol.HTTPS);
  const attributes = { dropInvalidHeaderFields: true, ...all.attributes, ...classAttributes };
  return defined({
    scheme: all.scheme ?? 'internet-facing',
    ipAddressType: all.ipAddressType ?? 'ipv4',
    name: all.loadBalancerName,
    subnets: all.subnets?.map(subnet => (subnet.startsWith('subnet-') ? subnet : `subnet-named-${subnet}`)),
    capacity: all.minimumCapacityUnits,
    ipamPool: all.ipamIpv4PoolId,
    addressPool: all.customerOwnedIpv4Pool,
    idleTimeout: attributes.idleTimeout && String(attributes.idleTimeout.toSeconds()),
    dropInvalidHeaderFields: String(attributes.dropInvalidHeaderFields),
    deletionProtection: attributes.deletionProtection === undefined ? undefined : String(attributes.deletionProtection),
    tags: { ...all.tags, ...classTags },
    // The controller writes the ARN of no web ACL where the props say none. The AWS of the oracle drops underscores of names.
    webAcl: all.wafv2AclArn?.replace('none', '') ?? (all.wafv2AclName && !all.wafv2AclName.includes('_') ? `arn:aws:wafv2:us-east-1:123456789012:regional/webacl/${all.wafv2AclName}/00000000-0000-0000-0000-000000000000` : undefined),
    shield: all.shieldAdvancedProtection,
    listeners: Object.fromEntries(listeners.map(({ protocol, port, verifies }) => [port, {
      protocol,
      ...protocol === ListenerProtocol.HTTP ? {} : {
        sslPolicy: all.sslPolicy ?? 'ELBSecurityPolicy-TLS13-1-2-2021-06', ...all.certificateArns === undefined ? {} : { certificates: all.certificateArns }, verifies,
      },
    }])),
    // Where there is HTTPS, an HTTP listener only redirects.
    ends: Object.fromEntries(listeners.map(({ protocol, port }) => [port, https.length > 0 && protocol === ListenerProtocol.HTTP
      ? ['redirect'] : [...new Array<string>(rules).fill('rule'), ...hosts.map(() => 'gateway')]])),
    login: all.auth === undefined ? undefined : true,
    target: {
      protocol: 'HTTPS', port: 8443, targetType: 'ip', protocolVersion: all.protocolVersion ?? 'HTTP1',
      deregistrationDelay: String(all.deregistrationDelay?.toSeconds() ?? DRAIN_SECONDS),
      healthCheck: {
        // The controller looks up the port by its name. A check by gRPC asks the port of the requests.
        ...all.protocolVersion === BackendProtocolVersion.GRPC ? { port: 'traffic-port', path: '/AWS.ALB/healthcheck', protocol: 'HTTPS' } : { port: 15021, path: '/ready', protocol: 'HTTP' },
        ...all.healthCheck === undefined ? {} : { interval: all.healthCheck.interval?.toSeconds(), timeout: all.healthCheck.timeout?.toSeconds() },
      },
    },
    sources: all.securityGroups !== undefined ? undefined : nonEmpty(sourcesOf(all)),
    group: groupName ?? all.group?.groupName,
  });
}

/** The addresses that may reach the load balancer: all, if neither ranges nor prefix lists are set. IPv6 needs dualstack. */
function sourcesOf({ inboundCidrs, inboundPrefixLists, ipAddressType = IpAddressType.IPV4 }: AlbOptions): string[] {
  const ranges = inboundCidrs ?? (inboundPrefixLists === undefined ? ['0.0.0.0/0', '::/0'] : []);
  return [...ranges.filter(range => ipAddressType !== IpAddressType.IPV4 || !range.includes(':')), ...inboundPrefixLists ?? []].sort();
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The same of what the controller built. @param props what the props mention */
function built(stack: Stack, group: string, props: Json): Json {
  const only = (type: string) => Object.values(stack[type] ?? {})[0]?.spec ?? {};
  const elb = (type: string) => stack[`AWS::ElasticLoadBalancingV2::${type}`] ?? {};
  const balancer = elb('LoadBalancer').LoadBalancer.spec;
  const target = Object.entries(elb('TargetGroup')).find(([id]) => id.includes('/'))?.[1].spec ?? {};
  const check = target.healthCheckConfig as Json;
  const attribute = (of: Json, list: string, key: string) => (of[list] as readonly { key: string; value: string }[] | undefined)?.find(own => own.key === key)?.value;
  const ofBalancer = (key: string) => attribute(balancer, 'loadBalancerAttributes', key);
  const listeners = Object.entries(elb('Listener')).filter(([id]) => /^\d+$/.test(id)).map(([port, { spec }]) => [port, spec] as const);
  const rulesOf = (port: string) => Object.entries(elb('ListenerRule')).filter(([id]) => id.startsWith(`${port}:`))
    .map(([, { spec }]) => spec).sort((a, b) => Number(a.priority) - Number(b.priority));
  const actionsOf = (rule: Json) => rule.actions as readonly Json[];
  const isRedirect = (actions: readonly Json[]) => actions.some(({ type, redirectConfig }) => type === 'redirect' && (redirectConfig as Json).protocol === 'HTTPS');
  const secure = listeners.filter(([, { protocol }]) => protocol === 'HTTPS');
  const managed = only('AWS::EC2::SecurityGroup').ingress as readonly Json[] | undefined;
  const all: Json = {
    scheme: balancer.scheme, ipAddressType: balancer.ipAddressType, name: balancer.name,
    subnets: (balancer.subnetMapping as readonly { subnetID: string }[]).map(({ subnetID }) => subnetID),
    capacity: (balancer.minimumLoadBalancerCapacity as Json | undefined)?.capacityUnits,
    ipamPool: balancer.ipv4IPAMPool, addressPool: balancer.customerOwnedIPv4Pool,
    idleTimeout: ofBalancer('idle_timeout.timeout_seconds'),
    dropInvalidHeaderFields: ofBalancer('routing.http.drop_invalid_header_fields.enabled'),
    deletionProtection: ofBalancer('deletion_protection.enabled'),
    tags: balancer.tags ?? {},
    webAcl: only('AWS::WAFv2::WebACLAssociation').webACLARN,
    shield: only('AWS::Shield::Protection').enabled,
    listeners: Object.fromEntries(listeners.map(([port, spec]) => [port, {
      protocol: spec.protocol,
      ...spec.protocol === 'HTTP' ? {} : {
        sslPolicy: spec.sslPolicy,
        ...mentions(props, port, 'certificates') ? { certificates: (spec.certificates as readonly Json[]).map(own => own.certificateARN) } : {},
        verifies: (spec.mutualAuthentication as Json | undefined)?.mode === 'verify',
      },
    }])),
    ends: Object.fromEntries(listeners.map(([port, spec]) => [port, endsOf(rulesOf(port).map(actionsOf), spec.defaultActions as readonly Json[], isRedirect, secure.length > 0)])),
    login: secure.length > 0 && secure.every(([port]) => rulesOf(port).filter(rule => isGateway(actionsOf(rule))).every(rule => (
      ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'].includes(String(actionsOf(rule)[0].type))))),
    target: {
      protocol: target.protocol, port: target.port, targetType: target.targetType, protocolVersion: target.protocolVersion,
      deregistrationDelay: attribute(target, 'targetGroupAttributes', 'deregistration_delay.timeout_seconds'),
      healthCheck: {
        port: check.port, path: check.path, protocol: check.protocol, interval: check.intervalSeconds, timeout: check.timeoutSeconds,
      },
    },
    sources: nonEmpty(managed === undefined ? [] : [...new Set(managed.flatMap(({ ipRanges, ipv6Ranges, prefixLists }) => [
      ...(ipRanges as readonly Json[] | undefined ?? []).map(own => own.cidrIP), ...(ipv6Ranges as readonly Json[] | undefined ?? []).map(own => own.cidrIPv6),
      ...(prefixLists as readonly Json[] | undefined ?? []).map(own => own.listID),
    ]))].sort()),
    group,
  };
  return JSON.parse(JSON.stringify(all)) as Json;
}

function mentions(props: Json, port: string, key: string): boolean {
  return (props.listeners as Readonly<Record<string, Json | undefined>>)[port]?.[key] !== undefined;
}

/** Whether the last action forwards to the gateway. */
function isGateway(actions: readonly Json[]): boolean {
  return JSON.stringify(actions.at(-1)).includes('door:8443');
}

/** What each rule of a listener does. */
function endsOf(rules: readonly (readonly Json[])[], byDefault: readonly Json[], isRedirect: (actions: readonly Json[]) => boolean, hasHttps: boolean): string[] {
  return hasHttps && rules.length === 0 && isRedirect(byDefault) ? ['redirect'] : rules.map(actions => (isGateway(actions) ? 'gateway' : 'rule'));
}

function defined(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** The part of the right side that the left side mentions. */
function mentioned(ours: unknown, theirs: unknown): unknown {
  const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap(ours) && isMap(theirs) ? Object.fromEntries(Object.keys(ours).map(key => [key, mentioned(ours[key], theirs[key])])) : theirs;
}

interface Answer {
  readonly error?: string;
  readonly result: { readonly groups?: readonly { readonly group: string; readonly error?: string; readonly stack?: { readonly resources: Stack } }[]; readonly webhooks?: readonly Json[] };
}

/** Why the controller built something else than the props say; undefined if it did not. */
function faultOf(one: Written, { error, result }: Answer): string | undefined {
  const [{ group, error: refused, stack } = { group: '' }] = result?.groups ?? [];
  const failure = error ?? refused ?? (result.webhooks?.length ? JSON.stringify(result.webhooks) : stack === undefined ? 'the controller does not manage the Ingress' : undefined);
  if (failure !== undefined) {
    return failure;
  }
  const props = said(one);
  const found = mentioned(props, built(stack!.resources, group, props));
  if (isDeepStrictEqual(props, found)) {
    return undefined;
  }
  const { place, ours, theirs } = firstDifference(props, found);
  return `${place}: the props say ${JSON.stringify(ours)}, the controller built ${JSON.stringify(theirs)}`;
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { count: text('500'), seed: text(String(Date.now() % 1_000_000)), show: text('5') } });
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const began = Date.now();
  const programs = fc.sample(program, { numRuns: count, seed }).map(written);
  const answers = answer<Answer>('lbc-plan', programs.map(({ yaml }, index) => ({ name: String(index), topic: 'program', input: yaml })));
  const faults = programs.map((one, index) => [one, faultOf(one, answers[index])] as const).filter(([, fault]) => fault !== undefined);
  faults.slice(0, show).forEach(([{ yaml }, fault]) => console.log(`--- ${fault}\n${yaml}`));
  console.log(`programs: ${count} programs (seed ${seed}), ${faults.length} disagreements`);
  writeRun('programs', { judges: [Judge.CONTROLLER], began, seed, least: 121, counts: { programs: count, disagreements: faults.length } });
  return faults.length > 0 ? 1 : 0;
}

process.exitCode = main();
