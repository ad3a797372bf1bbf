// JSON of several folders: each entry says which folder it belongs to.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { main } from '../../src/cli/main';

const NAMES = ['production', 'staging'];

let root: string;
let folders: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folders-'));
  folders = NAMES.map(name => relative('', join(root, name)));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Writes the same manifests to each folder, and returns what a command prints about all. */
function jsonOf(command: string, yaml: string, ...options: readonly string[]): Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> {
  NAMES.forEach(name => {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'a.yaml'), yaml.replaceAll('FOLDER', name));
  });
  let out = '';
  main([command, '--format', 'json', ...options, root], { out: text => { out += text; }, err: () => undefined, input: () => '', color: false });
  return JSON.parse(out);
}

test('a plan names the folder of load balancers, events, quotas, and what is not managed', () => {
  const { loadBalancers, events, quotas, unmanaged, targetGroupBindings } = jsonOf('plan', `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { alb.ingress.kubernetes.io/load-balancer-name: FOLDER, alb.ingress.kubernetes.io/schema: internal } }
spec: { ingressClassName: alb, rules: [] }
---
apiVersion: v1
kind: Service
metadata: { name: other, namespace: shop }
spec: { type: LoadBalancer, loadBalancerClass: example.com/lb, ports: [{ port: 80 }] }
---
apiVersion: elbv2.k8s.aws/v1beta1
kind: TargetGroupBinding
metadata: { name: web, namespace: shop }
spec: { targetGroupARN: 'arn:a', serviceRef: { name: web, port: 80 } }
`);
  expect(loadBalancers.map(({ folder, name }) => [folder, name])).toEqual(folders.map((folder, index) => [folder, NAMES[index]]));
  [events, unmanaged, targetGroupBindings].forEach(list => expect(list.map(({ folder }) => folder)).toEqual(folders));
  expect(quotas.filter(({ id }) => id === 'application-load-balancers').map(({ folder, used }) => [folder, used])).toEqual(folders.map(folder => [folder, 1]));
});

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g, namespace: edge }
spec: { selector: { istio: g }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
`;

test('a mesh names the folder of gateways, unused VirtualServices and refusals', () => {
  const { gateways, refusals, unusedVirtualServices } = jsonOf('mesh', `${GATEWAY}---${GATEWAY.replace('name: g,', 'name: h,').replace('["*"]', '[]')}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec: { hosts: [a], gateways: [lost], http: [{ route: [{ destination: { host: a } }] }] }
`);
  [gateways, refusals, unusedVirtualServices].forEach(list => expect(list.map(({ folder }) => folder)).toEqual(folders));
});

test('a mesh names the folder of a workload', () => {
  const { workloads } = jsonOf('mesh', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec: {}\n', '--workload', 'shop/web');
  expect(workloads.map(({ folder }) => folder)).toEqual(folders);
});
