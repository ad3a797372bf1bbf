// Plans of an edge: props that the package has to accept, as data, so that one plan can be built as often as a law needs.
import { App, Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { type EdgeRouteOptions } from '../../src/chart/edge-props';
import { GatewayEntry } from '../../src/edge/gateway-workload/service';
import { GatewayCertificate, IssuerKind } from '../../src/edge/gateway/certificate';
import { type EdgeGatewayOptions } from '../../src/edge/gateway/gateway';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, BackendProtocol, Echoserver, GatewayWorkload, HeaderMatch, MtlsMode, PathMatch, RetryOn,
  RouteTarget, ServiceExposure, TargetType, Workload,
} from '../../src/index';
import { albPlan, choicesOf, ruleOf } from './alb-plan';
import { dnsLabel, host, line, maybe, name, port, serviceName, text } from './names';
import { unlessHidden } from './unless-hidden';

const path = fc.stringMatching(/^\/[A-Za-z0-9._~%!$&'()+,;=:@-][A-Za-z0-9._~%!$&'()+,;=:@/-]{0,29}$/);
const headerName = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/);
const nodePorts = fc.uniqueArray(fc.integer({ min: 30000, max: 32767 }), { minLength: 3, maxLength: 3 });

/** Conditions, at least as many as said. Below the root, so that none takes every request. */
const conditions = (minPaths: number, minHeaders: number) => ({
  paths: fc.uniqueArray(fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const), path), { minLength: minPaths, maxLength: 3, selector: each => each.join(' ') }),
  headers: fc.uniqueArray(fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const, 'present' as const), headerName, line), { minLength: minHeaders, maxLength: 3, selector: ([, header]) => header }),
});
const action = {
  target: fc.oneof(
    fc.record({ to: fc.constant('workload' as const) }),
    fc.record({ to: fc.constant('subset' as const), index: fc.nat() }),
    fc.record({ to: fc.constant('split' as const), weights: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 3 }).filter(all => all.some(weight => weight > 0)) }),
    // A path that no condition has, or the redirect would lead to itself.
    fc.record({ to: fc.constant('redirect' as const), path: path.map(own => `${own}|moved`), status: fc.constantFrom(301, 302, 303, 307, 308) }),
    fc.record({ to: fc.constant('respond' as const), status: fc.integer({ min: 200, max: 599 }), body: maybe(text) }),
  ),
  workload: fc.nat(),
  ownHost: fc.boolean(),
  timeout: maybe(fc.integer({ min: 9000, max: 100_000 })),
  retries: maybe(fc.record({
    attempts: fc.integer({ min: 1, max: 100 }),
    perTryTimeout: maybe(fc.integer({ min: 1, max: 9000 })),
    retryOn: fc.uniqueArray(fc.constantFrom(...Object.values(RetryOn)), { minLength: 1 }),
  })),
};

/** Behind a route that takes every request none may stand: only the last may have no condition. */
const routes = fc.tuple(
  fc.array(fc.oneof(fc.record({ ...conditions(1, 0), ...action }), fc.record({ ...conditions(0, 1), ...action })), { maxLength: 4 }), maybe(fc.record({ ...conditions(0, 0), ...action })),
).map(([some, last]) => [...some, ...last ? [last] : []]);

const certificatePlan = fc.oneof(
  fc.record({ from: fc.constant('self' as const), days: fc.integer({ min: 1, max: 36_500 }) }),
  fc.record({ from: fc.constant('issuer' as const), days: fc.integer({ min: 1, max: 36_500 }), kind: fc.constantFrom(...Object.values(IssuerKind)), issuer: name }),
);

const exposure = fc.oneof(
  fc.record({ how: fc.constant('cluster-ip' as const) }),
  fc.record({ how: fc.constant('node-port' as const), ports: nodePorts }),
  fc.record({ how: fc.constant('nlb' as const), proxyProtocol: fc.boolean(), nodes: fc.boolean(), protection: maybe(fc.boolean()) }),
);

export const edgePlan = fc.record({
  hosts: fc.uniqueArray(host, { minLength: 1, maxLength: 4 }),
  edgeName: maybe(serviceName),
  protocol: maybe(fc.constantFrom(...Object.values(BackendProtocol))),
  credentialName: fc.array(dnsLabel, { minLength: 1, maxLength: 3 }).map(labels => labels.join('.')),
  certificate: maybe(certificatePlan),
  admitted: fc.uniqueArray(dnsLabel, { maxLength: 3 }),
  alb: maybe(albPlan),
  existing: maybe(fc.record({
    namespace: dnsLabel, service: serviceName, label: dnsLabel, httpsPort: port.filter(number => number !== 80), instances: fc.boolean(), layer4: fc.boolean(),
  })),
  deployed: fc.record({
    installed: fc.boolean(),
    namespace: maybe(dnsLabel),
    minReplicas: fc.integer({ min: 2, max: 1000 }),
    trustedProxies: maybe(fc.integer({ min: 1, max: 100 })),
    revision: maybe(dnsLabel),
    exposure,
  }),
  drainSeconds: fc.integer({ min: 1, max: 3600 }),
  mode: fc.constantFrom(MtlsMode.STRICT, MtlsMode.PERMISSIVE),
  workloads: fc.uniqueArray(
    fc.record({ serviceName, namespace: dnsLabel, port, versions: fc.uniqueArray(dnsLabel, { minLength: 1, maxLength: 4 }) }),
    { minLength: 1, maxLength: 3, selector: workload => `${workload.serviceName}.${workload.namespace}` },
  ),
  routes,
});

/** What the arbitrary makes. */
export type EdgePlan = typeof edgePlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** Builds a fresh app from a plan, through the public door only. */
export function build(plan: EdgePlan): App {
  const app = new App();
  new Echoserver(app, '10-echo', { namespace: 'a-sample' });
  const hasAlb = !isLayer4(plan);
  const targetType = targetTypeOf(plan);
  const { options, ofClass } = plan.alb && hasAlb ? choicesOf(plan.alb, targetType, plan.drainSeconds) : { options: undefined, ofClass: {} };
  const alb: AlbIstioEdgeProps['alb'] = options && { ...options, ingressClass: classOf(app, plan, ofClass), targetType: plan.existing?.instances ? targetType : undefined };
  const edge = new AlbIstioEdge(app, '20-edge', {
    hosts: plan.hosts, edgeName: plan.edgeName, gateway: gatewayOf(plan), workload: workloadOf(plan), mtls: { mode: plan.mode }, alb,
  });
  if (hasAlb) {
    plan.alb?.rules.forEach((rule, index) => edge.alb!.addRule(`rule-${index}`, ruleOf(rule, plan.hosts[0])));
  }
  const workloads = plan.workloads.map(workload => new Workload(workload));
  plan.routes.forEach((wish, index) => {
    unlessHidden(() => edge.addRoute(`Route${index}`, {
      hosts: wish.ownHost ? [plan.hosts[0]] : undefined,
      paths: wish.paths.length > 0 ? wish.paths.map(([how, value]) => PathMatch[how](value)) : undefined,
      headers: wish.headers.map(([how, header, value]) => HeaderMatch[how](header, value)),
      target: targetOf(wish, workloads[wish.workload % workloads.length]),
      ...policyOf(wish),
    }));
  });
  return app;
}

/** Whether a Network Load Balancer leads straight to the gateway. */
export function isLayer4({ existing, deployed }: EdgePlan): boolean {
  return existing ? existing.layer4 : deployed.exposure.how === 'nlb';
}

function targetTypeOf({ existing, deployed }: EdgePlan): TargetType {
  return (existing ? existing.instances : deployed.exposure.how === 'node-port') ? TargetType.INSTANCE : TargetType.IP;
}

/** The class, made in a chart of its own where it decides something. */
function classOf(app: App, { alb }: EdgePlan, props: object): AlbIngressClass | ReturnType<typeof AlbIngressClass.fromName> | undefined {
  if (!alb?.ingressClass) {
    return undefined;
  }
  const { className, named } = alb.ingressClass;
  return named ? AlbIngressClass.fromName(className) : new AlbIngressClass(new Chart(app, '05-platform', { disableResourceNameHashes: true }), 'Class', { className, ...props });
}

function gatewayOf(plan: EdgePlan): EdgeGatewayOptions {
  const { certificate, credentialName, protocol, admitted: admittedNamespaces } = plan;
  if (protocol === BackendProtocol.HTTP) {
    return { protocol, admittedNamespaces };
  }
  // Clients would not accept a certificate that signs itself.
  const made = certificate?.from === 'self' && isLayer4(plan) ? undefined : certificate;
  const duration = made && Duration.days(made.days);
  return {
    protocol,
    admittedNamespaces,
    credentialName: made && credentialName.includes('.') ? undefined : credentialName,
    certificate: made && (made.from === 'self' ? GatewayCertificate.selfSigned({ duration }) : GatewayCertificate.issuedBy({ duration, kind: made.kind, name: made.issuer })),
  };
}

function workloadOf({ existing, protocol, deployed: { installed, exposure: own, ...deployed }, drainSeconds }: EdgePlan): GatewayWorkload {
  const drainDuration = Duration.seconds(drainSeconds);
  if (existing) {
    const { namespace, service, label, httpsPort, layer4 } = existing;
    return GatewayWorkload.fromAttributes({
      namespace, service, httpsPort, entry: layer4 ? GatewayEntry.NETWORK_LOAD_BALANCER : undefined, labels: { istio: label }, drainDuration,
      trustedProxies: !layer4 && protocol === BackendProtocol.HTTP ? 1 : undefined,
    });
  }
  const options = { ...deployed, drainDuration, service: exposureOf(own) };
  return installed ? GatewayWorkload.installed(options) : GatewayWorkload.injected(options);
}

function exposureOf(own: EdgePlan['deployed']['exposure']): ServiceExposure {
  switch (own.how) {
    case 'cluster-ip': return ServiceExposure.clusterIp();
    case 'node-port': return ServiceExposure.nodePort({ status: own.ports[0], http: own.ports[1], https: own.ports[2] });
    case 'nlb': return ServiceExposure.networkLoadBalancer({
      proxyProtocol: own.proxyProtocol, deletionProtection: own.protection, targetType: own.nodes ? TargetType.INSTANCE : TargetType.IP,
    });
  }
}

/** Time and retries; none where no workload sees the request. */
function policyOf({ target, timeout, retries }: EdgePlan['routes'][number]): Pick<EdgeRouteOptions, 'timeout' | 'retries'> {
  return target.to === 'redirect' || target.to === 'respond' ? {} : {
    timeout: timeout === undefined ? undefined : Duration.millis(timeout),
    retries: retries && { ...retries, perTryTimeout: retries.perTryTimeout === undefined ? undefined : Duration.millis(retries.perTryTimeout) },
  };
}

function targetOf({ target }: EdgePlan['routes'][number], workload: Workload): RouteTarget {
  switch (target.to) {
    case 'workload': return RouteTarget.workload(workload);
    case 'subset': return RouteTarget.subset(workload.subset(workload.versions[target.index % workload.versions.length]));
    case 'split': {
      const shares = target.weights.slice(0, workload.versions.length).map((weight, index) => ({ subset: workload.subset(workload.versions[index]), weight }));
      return RouteTarget.split(shares.some(({ weight }) => weight > 0) ? shares : shares.map(share => ({ ...share, weight: 1 })));
    }
    case 'redirect': return RouteTarget.redirect({ path: target.path, status: target.status });
    case 'respond': return RouteTarget.respond(target.status, target.body);
  }
}
