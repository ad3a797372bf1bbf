// The baseline of a safe edge, one sentence per known failure mode, checked on the committed YAML of the examples that have an ALB and render
// their gateway.
import { load } from 'js-yaml';
import { committedManifests } from './committed-manifests';
import { EXAMPLES } from './running-example';
import type { Synthesized } from './synthesized';

/** The manifests of an example, read without any code of the writing wing. */
class Edge {
  public readonly all: Synthesized[];
  public readonly ingress: Synthesized;
  public readonly gateways: Synthesized[];
  public readonly deployment: Synthesized;
  public readonly service: Synthesized;

  public constructor(public readonly example: string) {
    this.all = committedManifests(example);
    this.ingress = this.only('Ingress');
    this.gateways = this.of('Gateway');
    const { namespace } = this.ingress.metadata;
    this.service = this.only('Service', namespace);
    this.deployment = this.only('Deployment', namespace);
  }

  public of(kind: string, namespace?: string): Synthesized[] {
    return this.all.filter(object => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace));
  }

  public only(kind: string, namespace?: string): Synthesized {
    const found = this.of(kind, namespace);
    expect({ example: this.example, kind, found: found.length }).toEqual({ example: this.example, kind, found: 1 });
    return found[0];
  }

  public annotation(key: string): string | undefined {
    return this.ingress.metadata.annotations?.[`alb.ingress.kubernetes.io/${key}`];
  }

  /** Ports of the Service that the Ingress forwards to. */
  public get backends(): { readonly name: string; readonly port: { readonly number: number } }[] {
    return this.ingress.spec.rules.flatMap((rule: any) => rule.http.paths.map((path: any) => path.backend.service));
  }

  public get servers(): any[] {
    return this.gateways.flatMap(gateway => gateway.spec.servers);
  }

  /** Servers that the load balancer's connections end up at. */
  public get reached(): any[] {
    const ports = this.backends.map(({ port }) => port.number);
    return this.servers.filter(server => ports.includes(server.port.number));
  }

  public get pod(): any {
    return this.deployment.spec.template;
  }

  public get proxyConfig(): any {
    return load(this.pod.metadata.annotations['proxy.istio.io/config']);
  }

  public get destinations(): any[] {
    return this.of('VirtualService').flatMap(({ spec }) => spec.http.flatMap((http: any) => http.route ?? [])).map((route: any) => route.destination);
  }
}

const EDGES = EXAMPLES.filter(example => example === 'bookinfo' || example === 'echoserver').map(example => new Edge(example));

/** Every one of them has to keep to the sentence. */
function baseline(sentence: string, check: (edge: Edge) => void): void {
  test(sentence, () => EDGES.forEach(check));
}

function contains(whole: Record<string, string>, part: Record<string, string>): boolean {
  return Object.entries(part).every(([key, value]) => whole[key] === value);
}

baseline('a re-encrypting ALB, which sends no server name, finds a server whose host part is * (E001)', edge => {
  expect(edge.annotation('backend-protocol')).toBe('HTTPS');
  expect(edge.reached.some(server => server.hosts.every((host: string) => host.split('/').at(-1) === '*'))).toBe(true);
});

baseline('the server that the ALB reaches asks for no client certificate and terminates TLS (E002)', edge => {
  expect(edge.reached.map(server => server.tls.mode)).toEqual(['SIMPLE']);
});

baseline('the ALB speaks TLS wherever the Gateway does (E003)', edge => {
  expect(edge.reached.filter(server => server.port.protocol === 'HTTPS' && edge.annotation('backend-protocol') !== 'HTTPS')).toEqual([]);
  expect(edge.reached.length).toBeGreaterThan(0);
});

baseline('the ALB speaks plain HTTP nowhere that the Gateway speaks TLS, nor the other way round (E004)', edge => {
  expect(edge.reached.map(server => server.port.protocol)).toEqual(edge.reached.map(() => edge.annotation('backend-protocol')));
});

baseline('the health check speaks plain HTTP to the status port (E005)', edge => {
  expect({ healthcheckProtocol: edge.annotation('healthcheck-protocol'), healthcheckPath: edge.annotation('healthcheck-path'), successCodes: edge.annotation('success-codes') })
    .toEqual({ healthcheckProtocol: 'HTTP', healthcheckPath: '/healthz/ready', successCodes: '200' });
});

baseline('the health check names a port of the Service that leads to 15021 by number (E006)', edge => {
  const port = edge.service.spec.ports.find(({ name }: { name: string }) => name === edge.annotation('healthcheck-port'));
  expect(port).toMatchObject({ targetPort: 15021 });
});

baseline('only the ALB redirects to HTTPS, never the Gateway (E015)', edge => {
  expect(edge.servers.filter(server => server.tls?.httpsRedirect !== undefined)).toEqual([]);
  const ports: Record<string, number>[] = JSON.parse(edge.annotation('listen-ports')!);
  expect(ports).toContainEqual({ HTTPS: Number(edge.annotation('ssl-redirect')) });
  expect(ports).toContainEqual({ HTTP: 80 });
});

baseline('the gateway trusts exactly the one proxy in front of it (E016), and no client certificate that it is only told of (E092)', edge => {
  expect(edge.proxyConfig.gatewayTopology).toEqual({ numTrustedProxies: 1, forwardClientCertDetails: 'SANITIZE_SET' });
});

baseline('the Gateway selects the gateway\'s pods (E017)', edge => {
  expect(edge.gateways.map(({ spec }) => contains(edge.pod.metadata.labels, spec.selector) && Object.keys(spec.selector).length > 0)).toEqual([true]);
  expect(edge.gateways.map(({ metadata }) => metadata.namespace)).toEqual([edge.deployment.metadata.namespace]);
});

baseline('every port that the Ingress forwards to has a server of the Gateway (E018)', edge => {
  const served = edge.servers.map(server => server.port.number);
  expect(edge.backends.filter(({ port }) => !served.includes(port.number))).toEqual([]);
  expect(edge.backends.length).toBeGreaterThan(0);
});

baseline('Gateway and Ingress name ports of the Service (E019)', edge => {
  const ports = edge.service.spec.ports.map(({ port }: { port: number }) => port);
  expect([...edge.servers, ...edge.backends].filter(({ port }) => !ports.includes(port.number))).toEqual([]);
});

baseline('the TLS Secret is in the namespace of the pods, which may read it (E025)', edge => {
  const { namespace } = edge.deployment.metadata;
  expect(edge.reached.map(server => server.tls.credentialName).filter(name => !/^[^/]+$/.test(name))).toEqual([]);
  const role = edge.of('Role', namespace).find(({ rules }) => rules.some(
    ({ apiGroups, resources, verbs }: Record<string, string[]>) => apiGroups.includes('') && resources.includes('secrets')
      && ['get', 'watch', 'list'].every(verb => verbs.includes(verb)),
  ));
  const account = { kind: 'ServiceAccount', name: edge.pod.spec.serviceAccountName, namespace };
  expect(edge.of('RoleBinding', namespace).some(({ roleRef, subjects }) => roleRef.name === role?.metadata.name
    && subjects.some((subject: object) => JSON.stringify(subject) === JSON.stringify(account)))).toBe(true);
  expect(edge.of('ServiceAccount', namespace).map(({ metadata }) => metadata.name)).toContain(account.name);
});

baseline('a VirtualService names its Gateway with the namespace, and the Gateway admits it (E028)', edge => {
  const gateways = edge.gateways.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  for (const { metadata, spec } of edge.of('VirtualService')) {
    expect(spec.gateways.filter((name: string) => !gateways.includes(name))).toEqual([]);
    expect(edge.servers.every(server => server.hosts.includes(`${metadata.namespace}/*`))).toBe(true);
  }
});

baseline('a destination is named in full, with a port that the Service has (E034)', edge => {
  for (const { host, port } of edge.destinations) {
    const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/.exec(host)!;
    const service = edge.of('Service', namespace).find(({ metadata }) => metadata.name === name);
    expect(service?.spec.ports.map((each: { port: number }) => each.port)).toContain(port.number);
  }
  expect(edge.destinations.length).toBeGreaterThan(0);
});

baseline('every subset that a route names is declared (E035)', edge => {
  const declared = edge.of('DestinationRule').flatMap(({ spec }) => spec.subsets.map(({ name }: { name: string }) => `${spec.host} ${name}`));
  expect(edge.destinations.filter(({ subset }) => subset !== undefined).filter(({ host, subset }) => !declared.includes(`${host} ${subset}`))).toEqual([]);
});

baseline('the labels of every subset are on pods behind the Service (E036)', edge => {
  for (const { spec, metadata } of edge.of('DestinationRule')) {
    const { selector } = edge.of('Service', metadata.namespace).find(({ metadata: { name } }) => spec.host.startsWith(`${name}.`))!.spec;
    const pods = edge.of('Deployment', metadata.namespace).map(deployment => deployment.spec.template.metadata.labels);
    expect(spec.subsets.filter(({ labels }: any) => !pods.some(pod => contains(pod, { ...selector, ...labels })))).toEqual([]);
  }
});

baseline('a DestinationRule is in the namespace of its Service and seen by all (E037)', edge => {
  for (const { metadata, spec } of edge.of('DestinationRule')) {
    expect(spec.host.split('.').slice(1)).toEqual([metadata.namespace, 'svc', 'cluster', 'local']);
    expect({ exportTo: spec.exportTo, tls: spec.trafficPolicy?.tls }).toEqual({ exportTo: undefined, tls: undefined });
  }
});

baseline('the Ingress is in the namespace of the gateway\'s Service (E046)', edge => {
  expect(edge.ingress.metadata.namespace).toBe(edge.service.metadata.namespace);
  expect(new Set(edge.backends.map(({ name }) => name))).toEqual(new Set([edge.service.metadata.name]));
});

baseline('the target type is written and suits the Service (E048)', edge => {
  expect({ targetType: edge.annotation('target-type'), type: edge.service.spec.type }).toEqual({ targetType: 'ip', type: 'ClusterIP' });
});

baseline('the class of the Ingress is a field and not an annotation (E059)', edge => {
  expect(edge.ingress.spec.ingressClassName).toBe('alb');
  expect(edge.ingress.metadata.annotations).not.toHaveProperty(['kubernetes.io/ingress.class']);
});

baseline('the scheme is written (E068)', edge => {
  expect(edge.annotation('scheme')).toBe('internet-facing');
});

baseline('there is no door beside the ALB (E083)', edge => {
  expect(edge.of('Service').map(({ spec }) => spec.type).filter(type => type !== 'ClusterIP')).toEqual([]);
});

baseline('the gateway outlives its drain, and its drain the deregistration (E109)', edge => {
  const { containers, terminationGracePeriodSeconds: grace } = edge.pod.spec;
  const preStop = Number(containers[0].lifecycle.preStop.exec.command.at(-1));
  const drain = Number(/^(\d+)s$/.exec(edge.proxyConfig.terminationDrainDuration)![1]);
  const deregistration = Number(/^deregistration_delay\.timeout_seconds=(\d+)$/.exec(edge.annotation('target-group-attributes')!)![1]);
  expect(preStop).toBeGreaterThanOrEqual(10);
  expect(grace).toBeGreaterThan(preStop + drain);
  expect(preStop + drain).toBeGreaterThanOrEqual(deregistration);
});

baseline('pods wait for their target to be healthy (E110)', edge => {
  const namespace = edge.of('Namespace').find(({ metadata }) => metadata.name === edge.deployment.metadata.namespace);
  expect(namespace?.metadata.labels).toMatchObject({ 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' });
});

baseline('two pods or more, spread over zones, of which one may be away (E111)', edge => {
  const { namespace } = edge.deployment.metadata;
  const [scaler, budget] = [edge.only('HorizontalPodAutoscaler', namespace), edge.only('PodDisruptionBudget', namespace)];
  expect(scaler.spec.minReplicas).toBeGreaterThanOrEqual(2);
  expect(scaler.spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: edge.deployment.metadata.name });
  expect({ maxUnavailable: budget.spec.maxUnavailable, selectsPods: contains(edge.pod.metadata.labels, budget.spec.selector.matchLabels) })
    .toEqual({ maxUnavailable: 1, selectsPods: true });
  expect(edge.pod.spec.topologySpreadConstraints).toMatchObject([{ topologyKey: 'topology.kubernetes.io/zone' }]);
  expect(edge.deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
  expect(edge.pod.spec.containers[0].resources.requests.cpu).toBeDefined();
});
