// Plans of edges with what stands beside their routes: policies, tokens, external services, sidecars, telemetry and pages about the mesh.
import { type App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { AlbAuth } from '../../src/edge/alb/auth';
import { TargetGroupBinding, TargetGroupSource } from '../../src/edge/alb/target-group-binding';
import { EgressGateway } from '../../src/edge/egress/egress-gateway';
import { type ExternalPort } from '../../src/edge/egress/external-port';
import { ExternalService } from '../../src/edge/egress/external-service';
import { MeshProtocol } from '../../src/edge/egress/mesh-protocol';
import { MeshSidecar } from '../../src/edge/egress/sidecar';
import { ObservabilityUi } from '../../src/edge/observability/ui';
import { MeshTelemetry } from '../../src/edge/telemetry/telemetry';
import {
  AlbIngressClass, type AlbIstioEdgeProps, AlbScheme, AuthorizationPolicy, GatewayWorkload, type IWorkload, MeshRoute, PathMatch,
  RequestAuthentication, RouteTarget, TargetType,
} from '../../src/index';
import { albOf, type Stand, standOf, standPlan } from './istio-plan';
import { egressOf, egressPlan, externalOf, externalPlan, sidecarOf, sidecarPlan, telemetryOf, telemetryPlan, workloadTlsPlan } from './mesh-plan';
import { maybe } from './names';
import { allowedOf, authorizationOf, clientsOf, policyPlan, SCOPES, scopeOf, tokenPlan, tokensOf, zeroTrustPlan } from './security-plan';

const LOGIN = AlbAuth.oidc({ issuer: 'https://id.test', authorizationEndpoint: 'https://id.test/1', tokenEndpoint: 'https://id.test/2', userInfoEndpoint: 'https://id.test/3', secretName: 'login' });
const WORDS = 'only the load balancer reaches these nodes';

export const neighboursPlan = fc.record({
  stand: standPlan,
  policies: fc.array(policyPlan, { maxLength: 2 }),
  tokens: maybe(tokenPlan),
  zeroTrust: maybe(zeroTrustPlan),
  nothing: maybe(fc.record({ scope: fc.constantFrom(...SCOPES), dryRun: fc.boolean() })),
  externals: fc.array(externalPlan, { maxLength: 2 }),
  egress: maybe(fc.record({ services: fc.array(egressPlan, { maxLength: 2 }), existing: fc.boolean() })),
  sidecars: fc.array(sidecarPlan, { maxLength: 1 }),
  telemetry: maybe(fc.tuple(telemetryPlan, fc.constantFrom(...SCOPES))),
  workloadTls: maybe(workloadTlsPlan),
  pages: maybe(fc.record({ login: fc.boolean(), ui: fc.constantFrom('kiali' as const, 'prometheus' as const, 'grafana' as const, 'jaeger' as const, 'zipkin' as const), own: fc.boolean() })),
  targetGroups: fc.boolean(),
});

export type NeighboursPlan = typeof neighboursPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** Builds an app with an edge and its neighbours. */
export function buildNeighbours(plan: NeighboursPlan): App {
  const stand = standOf(plan.stand, () => propsOf(plan));
  const { app, edge, workloads } = stand;
  const chart = new Chart(app, 'neighbours', { disableResourceNameHashes: true });
  const place = { workload: workloads[0], gateway: edge.workload, behindAlb: !plan.stand.layer4 };
  const externals = addExternals(plan, stand, chart);
  const known = [...workloads, ...externals];
  addPages(plan, stand);
  [...workloads, ...externals.flatMap((service, index) => atGateway(service, plan.externals[index].shape.how))].forEach((workload, index) => {
    edge.addRoute(`To${index}`, { paths: [PathMatch.exact(`/${index}`)], target: workload.versions.length > 0 ? RouteTarget.subset(workload.subset(workload.versions[0])) : RouteTarget.workload(workload) });
  });
  plan.policies.forEach((policy, index) => new AuthorizationPolicy(chart, `Policy${index}`, authorizationOf(policy, place, index)));
  if (plan.tokens) {
    new RequestAuthentication(chart, 'Tokens', tokensOf(plan.tokens, place));
  }
  if (plan.nothing) {
    AuthorizationPolicy.denyAll(chart, 'Nothing', { scope: scopeOf(plan.nothing.scope, place), dryRun: plan.nothing.dryRun });
  }
  if (plan.zeroTrust?.allow) {
    edge.zeroTrust!.allow(workloads[0], allowedOf(plan.zeroTrust.allow));
  }
  if (plan.workloadTls) {
    edge.mtls.protectWorkload(workloads[0], plan.workloadTls);
  }
  plan.sidecars.forEach(sidecar => new MeshSidecar(chart, 'Sidecar', sidecarOf(sidecar, scopeOf(sidecar.scope, place), known)));
  if (plan.telemetry) {
    const [telemetry, scope] = plan.telemetry;
    new MeshTelemetry(chart, 'Telemetry', telemetryOf(telemetry, scopeOf(scope, place)));
  }
  addTargetGroups(plan, stand, chart);
  return app;
}

function propsOf({ stand, zeroTrust, pages }: NeighboursPlan): Partial<AlbIstioEdgeProps> {
  const { pods, layer4, proxies, seesClients, hosts } = stand;
  const seeing = {
    behindAlb: !layer4, gateway: { trustedProxies: layer4 ? undefined : proxies ?? (pods === 'existing' ? undefined : 1), seesClientAddress: pods === 'existing' ? true : seesClients },
  };
  return {
    zeroTrust: zeroTrust && {
      dryRun: zeroTrust.dryRun, trustDomain: zeroTrust.trustDomain, gatewayClients: clientsOf(zeroTrust, seeing), gatewayServiceAccount: pods === 'installed' ? 'gw.sa' : undefined,
    },
    // Pages under hosts that the edge serves already have its login.
    alb: albOf(stand, { group: { groupName: 'edge' }, groupOrder: 10, auth: pages?.login && hosts.some(host => host === '*') ? LOGIN : undefined }),
  };
}

/** Whether HTTP routes may send to the port. */
function takesRequests({ protocol, tls }: ExternalPort): boolean {
  return tls !== undefined || [MeshProtocol.HTTP, MeshProtocol.HTTP2, MeshProtocol.GRPC, MeshProtocol.GRPC_WEB].includes(protocol);
}

/** The service as a target of routes at a gateway; nothing where it cannot be one. */
function atGateway(service: ExternalService, how: string): IWorkload[] {
  const port = ['none', 'dynamic'].includes(how) ? undefined : service.ports.find(takesRequests);
  return port ? [service.onPort(port.number)] : [];
}

function addExternals({ externals, egress }: NeighboursPlan, { edge }: Stand, chart: Chart): ExternalService[] {
  const services = externals.map((external, index) => new ExternalService(chart, `External${index}`, externalOf(external, index, 'team-x')));
  services.forEach((service, index) => {
    const port = service.ports.filter(takesRequests).at(-1);
    if (port) {
      new MeshRoute(chart, `ToExternal${index}`, { workload: service, target: RouteTarget.workload(service.onPort(port.number)) });
    }
  });
  if (egress) {
    const { existing, services: outside } = egress;
    const workload = existing ? GatewayWorkload.fromAttributes({ namespace: 'istio-system', service: 'istio-egressgateway', labels: { istio: 'egressgateway' } }) : undefined;
    const gateway = new EgressGateway(chart, 'Egress', { workload, gatewayName: existing ? 'out' : undefined });
    outside.forEach((own, index) => {
      const service = new ExternalService(chart, `Out${index}`, egressOf(own, index, gateway.gatewayNamespace));
      gateway.addService(service);
      if (takesRequests(service.ports[0])) {
        edge.addRoute(`Out${index}`, { paths: [PathMatch.exact(`/out${index}`)], target: RouteTarget.workload(service) });
      }
    });
  }
  return services;
}

function addPages({ pages, zeroTrust, stand }: NeighboursPlan, { edge, workloads }: Stand): void {
  if (!pages || stand.layer4) {
    return;
  }
  const elsewhere = zeroTrust ? { namespace: 'monitoring' } : {};
  const uis = [ObservabilityUi[pages.ui]('ui.pages.example', elsewhere), ...pages.own ? [ObservabilityUi.of('own.pages.example', workloads[0], '/home')] : []];
  const isServed = stand.hosts.some(host => host === '*');
  edge.addObservability('Pages', pages.login ? { uis, login: isServed ? undefined : LOGIN, nodePortsGuardedBy: WORDS } : { uis, withoutLogin: 'these pages hold nothing of value' });
}

function addTargetGroups({ targetGroups, stand: { layer4 } }: NeighboursPlan, { edge }: Stand, chart: Chart): void {
  if (!targetGroups || layer4) {
    return;
  }
  new TargetGroupBinding(chart, 'Binding', {
    targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/0123456789abcdef', backend: edge.gateway, targetType: TargetType.IP,
    allowFrom: [TargetGroupSource.cidr('10.0.0.0/8'), TargetGroupSource.securityGroup('sg-01234567')], allowedPorts: [443],
  });
  new AlbIngressClass(chart, 'Class', { className: 'front', groupName: 'common', scheme: AlbScheme.INTERNAL, subnetIds: ['subnet-01234567', 'subnet-01234568'], tags: { team: 'edge' }, namespaceLabels: { team: 'edge' } });
}
