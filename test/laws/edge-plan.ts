// Plans of an edge: props that the package has to accept, as data, so that one plan can be built as often as a law needs.
import { App, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  AlbIstioEdge, AlbScheme, Echoserver, GatewayWorkload, HeaderMatch, Listener, MtlsMode, PathMatch, RetryOn, RouteTarget, ServiceExposure, TargetType, Workload,
} from '../../src/index';

/** Texts that YAML reads as something else when they are not quoted. */
const TRAPS = ['null', '~', 'yes', 'n', 'off', '012', '0x1F', '1_000', '1e3', '.inf', '12:30:45', '2020-01-01', '=', '<<', '- a', 'a: b', '# a', ' a ', 'a\nb\n', '---\n', '\t', '\u2028'];

export const text = fc.oneof(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), fc.constantFrom(...TRAPS));

// cdk8s writes YAML 1.1, where 0o7 is a text and not quoted; readers of YAML 1.2 take it for a number.
const isOctal = (name: string) => /^0o[0-7]+$/.test(name);

export const dnsLabel = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/).filter(name => !isOctal(name)),
  fc.constantFrom('1', '0', 'null', 'y', 'true', '1e3', '0x1', '012', 'a'.repeat(63)),
);
export const serviceName = fc.stringMatching(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
export const port = fc.integer({ min: 1, max: 65535 });
export const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
export const host = fc.tuple(fc.boolean(), fc.array(name, { minLength: 1, maxLength: 4 })).map(([wild, labels]) => (wild ? '*.' : '') + labels.join('.'));
export const certificate = fc.stringMatching(/^arn:aws(-cn|-us-gov)?:acm:[a-z]{2}-[a-z]{4}-\d:\d{12}:certificate\/[a-f0-9]{8}$/);
export const subnet = fc.oneof(fc.stringMatching(/^subnet-[0-9a-f]{8}$/), fc.stringMatching(/^subnet-[0-9a-f]{17}$/), name);

const path = fc.stringMatching(/^\/[A-Za-z0-9._~%!$&'()*+,;=:@/-]{0,30}$/);
const headerName = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);
const nodePorts = fc.uniqueArray(fc.integer({ min: 30000, max: 32767 }), { minLength: 3, maxLength: 3 });

/** A wish that may stay open. */
function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

const route = fc.record({
  paths: fc.array(fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const), path), { maxLength: 3 }),
  headers: fc.uniqueArray(fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const, 'present' as const), headerName, text), { maxLength: 3, selector: ([, header]) => header }),
  target: fc.oneof(
    fc.record({ to: fc.constant('workload' as const) }),
    fc.record({ to: fc.constant('subset' as const), index: fc.nat() }),
    fc.record({ to: fc.constant('split' as const), weights: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 3 }).filter(all => all.some(weight => weight > 0)) }),
    fc.record({ to: fc.constant('redirect' as const), path, status: fc.constantFrom(301, 302, 303, 307, 308) }),
    fc.record({ to: fc.constant('respond' as const), status: fc.integer({ min: 200, max: 599 }), body: maybe(text) }),
  ),
  workload: fc.nat(),
  ownHost: fc.boolean(),
  timeout: maybe(fc.integer({ min: 1, max: 100_000 })),
  retries: maybe(fc.record({
    attempts: fc.integer({ min: 1, max: 100 }),
    perTryTimeout: maybe(fc.integer({ min: 1, max: 9000 })),
    retryOn: fc.uniqueArray(fc.constantFrom(...Object.values(RetryOn)), { minLength: 1 }),
  })),
});

export const edgePlan = fc.record({
  hosts: fc.uniqueArray(host, { minLength: 1, maxLength: 4 }),
  edgeName: maybe(serviceName),
  credentialName: fc.array(dnsLabel, { minLength: 1, maxLength: 3 }).map(labels => labels.join('.')),
  admitted: fc.uniqueArray(dnsLabel, { maxLength: 3 }),
  certificates: maybe(fc.uniqueArray(certificate, { minLength: 1, maxLength: 3 })),
  subnets: maybe(fc.uniqueArray(subnet, { minLength: 2, maxLength: 4 })),
  scheme: maybe(fc.constantFrom(...Object.values(AlbScheme))),
  listeners: maybe(fc.uniqueArray(port, { minLength: 2, maxLength: 4 })),
  loadBalancerName: maybe(name),
  existing: maybe(fc.record({ namespace: dnsLabel, service: serviceName, label: dnsLabel, httpsPort: port, instances: fc.boolean() })),
  injected: fc.record({
    namespace: maybe(dnsLabel),
    minReplicas: fc.integer({ min: 2, max: 1000 }),
    trustedProxies: fc.integer({ min: 0, max: 100 }),
    revision: maybe(dnsLabel),
    nodePorts: maybe(nodePorts),
  }),
  drainSeconds: fc.integer({ min: 1, max: 3600 }),
  mode: fc.constantFrom(...Object.values(MtlsMode)),
  workloads: fc.uniqueArray(
    fc.record({ serviceName, namespace: dnsLabel, port, versions: fc.uniqueArray(dnsLabel, { minLength: 1, maxLength: 4 }) }),
    { minLength: 1, maxLength: 3, selector: workload => `${workload.serviceName}.${workload.namespace}` },
  ),
  routes: fc.array(route, { maxLength: 5 }),
});

/** What the arbitrary makes. */
export type EdgePlan = typeof edgePlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** Builds a fresh app from a plan, through the public door only. */
export function build(plan: EdgePlan): App {
  const app = new App();
  new Echoserver(app, '10-echo', { namespace: 'a-sample' });
  const edge = new AlbIstioEdge(app, '20-edge', {
    hosts: plan.hosts,
    edgeName: plan.edgeName,
    gateway: { credentialName: plan.credentialName, admittedNamespaces: plan.admitted },
    workload: gatewayOf(plan),
    mtls: { mode: plan.mode },
    alb: {
      scheme: plan.scheme,
      certificateArns: plan.certificates,
      subnets: plan.subnets,
      loadBalancerName: plan.loadBalancerName,
      listeners: plan.listeners?.map((number, index) => (index === 0 ? Listener.https(number) : Listener.http(number))),
      targetType: plan.existing?.instances ? TargetType.INSTANCE : undefined,
    },
  });
  const workloads = plan.workloads.map(workload => new Workload(workload));
  plan.routes.forEach((wish, index) => {
    edge.addRoute(`Route${index}`, {
      hosts: wish.ownHost ? [plan.hosts[0]] : undefined,
      paths: wish.paths.map(([how, value]) => PathMatch[how](value)),
      headers: wish.headers.map(([how, header, value]) => HeaderMatch[how](header, value)),
      target: targetOf(wish, workloads[wish.workload % workloads.length]),
      timeout: wish.timeout === undefined ? undefined : Duration.millis(wish.timeout),
      retries: wish.retries && { ...wish.retries, perTryTimeout: wish.retries.perTryTimeout === undefined ? undefined : Duration.millis(wish.retries.perTryTimeout) },
    });
  });
  return app;
}

function gatewayOf({ existing, injected: { nodePorts: ports, ...injected }, drainSeconds }: EdgePlan): GatewayWorkload {
  const drainDuration = Duration.seconds(drainSeconds);
  if (existing) {
    return GatewayWorkload.existing({ ...existing, labels: { istio: existing.label }, drainDuration });
  }
  const service = ports && ServiceExposure.nodePort({ status: ports[0], http: ports[1], https: ports[2] });
  return GatewayWorkload.injected({ ...injected, drainDuration, service });
}

function targetOf({ target }: EdgePlan['routes'][number], workload: Workload): RouteTarget {
  switch (target.to) {
    case 'workload': return RouteTarget.workload(workload);
    case 'subset': return RouteTarget.subset(workload.subset(workload.versions[target.index % workload.versions.length]));
    case 'split': {
      const shares = target.weights.slice(0, workload.versions.length).map((weight, index) => ({ subset: workload.subset(workload.versions[index]), weight }));
      return RouteTarget.split(shares.some(({ weight }) => weight > 0) ? shares : shares.map(share => ({ ...share, weight: 1 })));
    }
    case 'redirect': return RouteTarget.redirect(target);
    case 'respond': return RouteTarget.respond(target.status, target.body);
  }
}
