// The public surface: which names are at the top of the package, and which submodule has each of the others.
import { importsOf, typescriptFiles } from './source-tree';

/** What README, docs and examples use every day. A name that is added here is one more that everybody sees in every completion. */
const EVERYDAY = [
  'AlbController', 'AlbIngressClass', 'AlbIstioEdge', 'AlbIstioEdgeProps', 'AlbIstioValidation', 'AlbScheme', 'AuthorizationAction', 'AuthorizationPolicy', 'AuthorizationRule',
  'BackendProtocol', 'BlueGreen', 'Bookinfo', 'Caller', 'Canary', 'CurlClient', 'Delegate', 'Echoserver', 'Ecommerce', 'EdgeGateway', 'GatewayCertificate',
  'GatewayWorkload', 'GitOpsApp', 'GitOpsAppProps', 'HeaderMatch', 'IGateway', 'IWorkload',
  'IngressGroup', 'Listener', 'MeshRoute', 'MtlsMode', 'Operation', 'PathMatch', 'PolicyScope',
  'QueryMatch', 'RequestAuthentication', 'RetryOn', 'Route', 'RouteTarget', 'ServiceExposure', 'Subset', 'Subsets', 'TargetType', 'Workload', 'WorkloadProps',
];

const SUBMODULES = ['alb', 'egress', 'gateway', 'gitops', 'routing', 'samples', 'security', 'telemetry', 'traffic'];

const FILES = typescriptFiles('src/api');

function namesIn(file: string): string[] {
  return importsOf(file).flatMap(({ names }) => names).filter(name => name !== '*');
}

test('the top of the package has the everyday names and no others', () => {
  expect(namesIn('src/index.ts').sort()).toEqual(EVERYDAY);
});

test('every submodule has a file, which the entry point exports under the same name', () => {
  expect(FILES).toEqual(SUBMODULES.map(name => `src/api/${name}.ts`));
  const exported = importsOf('src/index.ts').filter(({ to }) => to.startsWith('src/api/'));
  expect(exported.map(({ to, names }) => [to, names]).sort()).toEqual(FILES.map(file => [file, ['*']]));
});

test('a name is in one place, so that it can be moved to the top without a new name', () => {
  const all = ['src/index.ts', ...FILES].flatMap(namesIn);
  expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  expect(all.length).toBeGreaterThan(250);
});
