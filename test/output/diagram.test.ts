// Diagrams: what they show of an edge and of a request on it, and how they are written for Mermaid.
import * as fc from 'fast-check';
import { EDGE, PLAIN_GATEWAY, app, istio } from '../mesh/small-mesh';
import { appliedFolders, committedManifests } from '../committed-manifests';
import type { Diagram } from '../../src/output/diagram/diagram';
import { escaped, renderDiagramMermaid, toMermaid } from '../../src/output/diagram/diagram-mermaid';
import { diagramOf } from '../../src/output/diagram/diagram-of';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { GATEWAY, ROUTES, SMALL, STRICT, drawn, ingress, read } from './diagram-inputs';
import { GATEWAY_PODS, networkService } from '../trace/small-edge';

/** The box with the title, as its lines. */
function box({ nodes }: Diagram, title: string) {
  const found = nodes.find(node => node.title === title)!;
  return [...found.lines, ...found.fault === undefined ? [] : [`✕ ${found.fault}`], ...found.ending === undefined ? [] : [`◆ ${found.ending}`]];
}

/** Arrows as `from → to: labels`; with a request, only those on its way. */
function arrows({ nodes, edges }: Diagram): string[] {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  return edges.filter(({ emphasis }) => emphasis !== 'faded').map(({ from, to, labels, fault, isMirror }) => (
    `${titles.get(from)} ${isMirror ? '⇢' : '→'} ${titles.get(to)}${[...labels, ...fault === undefined ? [] : [`✕ ${fault}`]].map(text => `, ${text}`).join('')}`));
}

test('an edge is drawn from the client to the pods, with rules, routes and TLS on the arrows', () => {
  expect(toMermaid(drawn(SMALL))).toBe(`\
flowchart LR
  n1(["client"])
  subgraph g1["AWS"]
    n2["HTTP 80<br>ALB edge<br>internal<br>→ 301 https://…:443"]
    n3["HTTPS 443<br>ALB edge<br>internal<br>all others → 404"]
    n4["gw:443<br>target group<br>ip targets"]
  end
  subgraph g2["namespace edge"]
    n5["port 8443<br>gateway gw<br>terminates TLS"]
    n6["a.example.com<br>/old → 301 /new"]
  end
  subgraph g3["namespace shop"]
    n7["web:80<br>subset v9<br>✕ no such subset: 503"]
    n8["web:80"]
    n9["other:80"]
    n10["copy:80"]
    n11["web<br>Deployment, 1 pod<br>sidecar, mTLS STRICT"]
    n12["other<br>Deployment, 1 pod<br>no sidecar"]
    n13["copy<br>Deployment, 1 pod<br>sidecar, mTLS STRICT"]
  end
  n1 -->|"plaintext"| n2
  n1 -->|"TLS"| n3
  n3 -->|"a.example.com/*"| n4
  n4 -->|"TLS"| n5
  n5 --> n6
  n6 -->|"/dead*"| n7
  n6 -->|"80 % of /a*, /b*"| n8
  n6 -->|"20 % of /a*, /b*"| n9
  n6 -.->|"mirror 10 %"| n10
  n8 -->|"mTLS"| n11
  n9 -->|"plaintext"| n12
  n10 -->|"mTLS"| n13
  classDef fault stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 3
  class n7 fault
`);
});

test('the way of a request is drawn over the edge, and its ends are named with their shares', () => {
  const text = toMermaid(drawn(SMALL, 'GET https://a.example.com/b x=1'));
  expect(text.split('\n').filter(line => /client|◆|%|class|linkStyle/.test(line))).toEqual([
    '  n1(["client<br>GET https<br>a.example.com<br>/b<br>x=1"])',
    '    n11["web<br>Deployment, 1 pod<br>sidecar, mTLS STRICT<br>◆ 80 % end here"]',
    '    n12["other<br>Deployment, 1 pod<br>no sidecar<br>◆ 20 % end here"]',
    '  n6 -->|"80 % of /b*"| n8',
    '  n6 -->|"20 % of /b*"| n9',
    '  n6 -.->|"mirror 10 %"| n10',
    '  classDef way stroke:#0969da,stroke-width:3px',
    '  class n1,n3,n4,n5,n6,n8,n9 way',
    '  classDef faded opacity:0.55',
    '  class n2,n7,n10,n13 faded',
    '  classDef good stroke:#1a7f37,stroke-width:3px',
    '  class n11,n12 good',
    '  linkStyle 1,2,3,4,6,7,9,10 stroke:#0969da,stroke-width:3px',
    '  linkStyle 0,5,8,11 opacity:0.55',
  ]);
});

test.each<[line: string, last: string]>([
  ['GET http://a.example.com/a', 'HTTP 80 → 301 https://a.example.com/a'],
  ['GET https://b.example.com/a', 'HTTPS 443 → 404 no rule'],
  ['GET https://a.example.com/none', 'a.example.com → 404 no route'],
  ['GET https://a.example.com/old', 'a.example.com → 301 https://a.example.com/new'],
  ['GET https://a.example.com/dead', 'web:80 → 503 no cluster'],
  ['GET https://a.example.com:9/a', 'client → closed no listener on port 9'],
  ['GET http://a.example.com/a via=gateway:443', 'port 8443 → closed plaintext to TLS'],
])('%s ends with the arrow %s', (line, last) => {
  expect(arrows(drawn(SMALL, line)).at(-1)).toBe(last);
});

test('a request that enters at a gateway does not pass the load balancer', () => {
  expect(arrows(drawn(SMALL, 'GET https://a.example.com/dead via=gateway:443'))).toEqual([
    'client → port 8443, enters here', 'port 8443 → a.example.com', 'a.example.com → web:80, /dead*', 'web:80 → 503 no cluster']);
});

test('a request of a pod passes the virtual host of its sidecar, and a refusal at pods is the end of them all', () => {
  const deny = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: none, namespace: shop}\nspec: {selector: {matchLabels: {app: web}}}\n---';
  const diagram = drawn([app('web', 'shop', { sidecar: true }), app('client', 'shop', { sidecar: true }), deny], 'GET http://web/ via=pod:shop/client');
  expect(arrows(diagram)).toEqual(['client → web.shop', 'web.shop → web:80, /*', 'web:80 → web, mTLS', 'web → 403 not allowed']);
  expect(diagram.groups.map(({ title }) => title)).toEqual(['sidecar of shop/client', 'namespace shop']);
  expect(box(diagram, 'web')).toEqual(['Deployment, 1 pod', 'sidecar, mTLS PERMISSIVE', 'policies: 1 ALLOW']);
});

test('a load balancer whose name the controller makes up is called as its Ingress', () => {
  const [, ...others] = SMALL;
  expect(box(drawn([ingress().replace(/alb.ingress.kubernetes.io.load-balancer-name: edge,/, ''), ...others]), 'HTTPS 443')[0]).toBe('ALB edge');
});

test('a Gateway without pods in the input gets requests from what the input lacks', () => {
  expect(arrows(drawn([PLAIN_GATEWAY]))).toEqual(['a Service → port 80, plaintext', 'port 80 → *']);
  expect(box(drawn([PLAIN_GATEWAY]), 'port 80')).toEqual(['gateway gw', 'pods not in the input', 'plaintext']);
  expect(box(drawn([PLAIN_GATEWAY]), '*')).toEqual(['✕ no routes: 404']);
});

test('a Network Load Balancer in front of an Application Load Balancer is drawn before it, and a request enters by one of them', () => {
  const frontend = `, alb.ingress.kubernetes.io/enable-frontend-nlb: "true", alb.ingress.kubernetes.io/scheme: internet-facing,
    alb.ingress.kubernetes.io/frontend-nlb-listener-port-mapping: "8443=443"`;
  const [, ...others] = SMALL;
  const line = 'GET https://a.example.com:8443/dead';
  expect(arrows(drawn([ingress('edge', 'a.example.com', frontend), ...others], line))).toEqual(['client → TCP 8443, TCP', 'TCP 8443 → HTTPS 443, TCP',
    'HTTPS 443 → gw:443, a.example.com/*', 'gw:443 → port 8443, TLS', 'port 8443 → a.example.com', 'a.example.com → web:80, /dead*', 'web:80 → 503 no cluster']);
});

test('a copy of a request to its own destination is not its way', () => {
  const mirror = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: web}}], mirror: {host: web}}]}');
  const { edges } = drawn([ingress(), EDGE, GATEWAY, mirror, app('web')], 'GET https://a.example.com/');
  expect(edges.filter(({ isMirror }) => isMirror).map(({ labels, emphasis }) => [labels, emphasis])).toEqual([[['mirror 100 %'], 'faded']]);
});

test('a pod without a sidecar calls other pods directly', () => {
  const diagram = drawn([app('web', 'shop', { sidecar: true }), app('client'), STRICT], 'GET http://web/ via=pod:shop/client');
  expect(arrows(diagram)).toEqual(['client → web, plaintext', 'web → closed mTLS']);
});

test('pods that the mesh refuses, Services without pods and listeners that do not exist are marked', () => {
  const disable = istio('DestinationRule', 'web', '{host: web, trafficPolicy: {tls: {mode: DISABLE}}}');
  const empty = app('other').replace('kind: Deployment', 'kind: ConfigMap');
  const diagram = drawn([ingress(), EDGE, GATEWAY, ROUTES, STRICT, app('web', 'shop', { sidecar: true }), disable, empty, app('copy')]);
  expect(arrows(diagram)).toContain('web:80 → web, plaintext, ✕ refused, mTLS STRICT: 503');
  expect(box(diagram, 'other:80')).toEqual(['✕ no pods in the input: 503']);
  const port = drawn([ingress().replace('number: 443', 'number: 9000'), EDGE, GATEWAY, ROUTES]);
  expect(box(port, 'port 9000')).toEqual(['gateway gw', '✕ no listener: 502']);
});

test('behind a Network Load Balancer the status port has no fault, and a port without a listener closes the connection', () => {
  const network = networkService({ 'nlb-target-type': 'ip' }, [
    { name: 'status', port: 15021, targetPort: 15021 }, { name: 'https', port: 443, targetPort: 8443 }, { name: 'other', port: 9000, targetPort: 9000 },
  ]);
  const diagram = drawn([network, GATEWAY_PODS, GATEWAY, ROUTES]);
  expect(box(diagram, 'port 15021')).toEqual(['gateway gw', 'of the proxy itself']);
  expect(box(diagram, 'port 9000')).toEqual(['gateway gw', '✕ no listener: connection closed']);
});

test('plaintext to a TLS port of the gateway is marked', () => {
  const [, ...others] = SMALL;
  expect(arrows(drawn([ingress().replace('backend-protocol: HTTPS', 'backend-protocol: HTTP'), ...others])))
    .toContain('gw:443 → port 8443, plaintext, ✕ plaintext to TLS: 502');
});

test('a load balancer that the controller refuses is marked, and the request ends there', () => {
  const broken = ingress().replace('target-type: ip', 'target-type: pod');
  const diagram = drawn([broken, EDGE, GATEWAY], 'GET https://a.example.com/');
  expect(box(diagram, 'load balancer of edge/edge')[1]).toBe('✕ refused: must be one of instance, ip; got "pod"');
  expect(arrows(diagram)).toEqual(['client → load balancer of edge/edge, ✕ not built',
    'load balancer of edge/edge → closed the controller …ad balancer edge/edge']);
});

test('a gateway without a load balancer gets requests from the client, and ports that no load balancer serves from pods', () => {
  expect(arrows(drawn([EDGE, PLAIN_GATEWAY, ROUTES])).slice(0, 2)).toEqual(['client → port 8080, plaintext', 'port 8080 → a.example.com']);
  const [from] = arrows(drawn([ingress(), EDGE, GATEWAY, PLAIN_GATEWAY.replace('name: gw', 'name: plain'), ROUTES])).filter(line => line.includes('port 8080'));
  expect(from).toBe('pods → port 8080, plaintext');
});

test('two hundred routes are a few boxes: those that share a destination share an arrow', () => {
  const routes = Array.from({ length: 200 }, (_, index) => `{match: [{uri: {prefix: /p${index}/}}], route: [{destination: {host: ${index % 2 === 0 ? 'web' : 'other'}}}]}`);
  const many = istio('VirtualService', 'vs', `{hosts: [a.example.com], gateways: [edge/gw], http: [${routes.join(', ')}]}`);
  const diagram = drawn([ingress(), EDGE, GATEWAY, many, app('web'), app('other')]);
  expect(diagram.nodes).toHaveLength(10);
  expect(arrows(diagram)).toContain('a.example.com → web:80, /p0/*, /p2/*, /p4/*, +97 more');
});

describe('of two hundred Services', () => {
  const hosts = Array.from({ length: 200 }, (_, index) => `{match: [{uri: {prefix: /p${index}/}}], route: [{destination: {host: s${index}}}]}`);
  const objects = [ingress(), EDGE, GATEWAY, istio('VirtualService', 'vs', `{hosts: [a.example.com], gateways: [edge/gw], http: [${hosts.join(', ')}]}`),
    ...Array.from({ length: 200 }, (_, index) => app(`s${index}`))];

  test('the first are drawn, and one box counts the others', () => {
    const diagram = drawn(objects);
    expect(diagram.nodes.filter(({ station }) => station === 'service')).toHaveLength(21);
    expect(box(diagram, '+180 more')).toEqual(['s20:80', '…', 's199:80']);
    expect(diagram.nodes.length).toBeLessThan(60);
  });

  test('the one that a request gets to is always drawn', () => {
    const diagram = drawn(objects, 'GET https://a.example.com/p150/');
    expect(arrows(diagram).slice(-2)).toEqual(['a.example.com → s150:80, /p150/*', 's150:80 → s150, plaintext']);
    expect(diagram.nodes.filter(({ station }) => station === 'service')).toHaveLength(21);
  });
});

test.each<[text: string, mermaid: string]>([
  ['say "hi"', 'say #34;hi#34;'], ['a#b;c', 'a#35;b#59;c'], ['<b>&amp;', '#60;b#62;#38;amp#59;'], ['`code` $$x$$', '#96;code#96; #36;#36;x#36;#36;'],
  ['80 % of /*', '80 % of /*'], ['%%{init}%%', '#37;#37;{init}#37;%'], ['fa:fa-car', 'fa#58;fa-car'], ['/style:a', '/#115;tyle:a'], ['[a](b){c}|d|', '[a](b){c}|d|'],
  ['a\\b', 'a#92;b'], ['https://x', 'https://x'],
])('%s is written as %s between the quotes of Mermaid', (text, mermaid) => {
  expect(escaped(text)).toBe(mermaid);
});

test('whatever the objects say, a text stays in its quotes and on its line', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), text => {
    const [node] = drawn(SMALL).nodes;
    const lines = toMermaid({ groups: [{ id: 'g1', title: text }], nodes: [{ ...node, title: text, group: 'g1' }], edges: [] }).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^ {2}subgraph g1\["[^"<>`]*"\]$/);
    expect(lines[2]).toMatch(/^ {4}n1\(\["[^"<>`]*"\]\)$/);
  }));
});

describe('laws', () => {
  test('the order of objects changes nothing', () => {
    const models = (objects: readonly string[]) => prepareTrace(read(...objects));
    const balancer = (name: string) => `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: edge}, spec: {type: LoadBalancer,
      loadBalancerClass: service.k8s.aws/nlb, selector: {app: gw}, ports: [{name: https, port: 443, targetPort: 8443}]}}`;
    const objects = [...SMALL, ingress('other', 'b.example.com'), ingress('third', 'c.example.com'), balancer('one'), balancer('two')];
    const expected = [undefined, 'GET https://a.example.com/b'].map(line => renderDiagramMermaid(models(objects), line === undefined ? undefined : trace(models(objects), line)));
    expect(expected[0]).toContain('third');
    fc.assert(fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), shuffled => {
      expect(renderDiagramMermaid(models(shuffled))).toBe(expected[0]);
    }), { numRuns: 20 });
  });

  test('every box of an example can be reached from a client', () => {
    for (const name of appliedFolders()) {
      const { nodes, edges } = diagramOf(prepareTrace(committedManifests(name)));
      const reached = new Set(nodes.filter(({ station }) => station === 'client').map(({ id }) => id));
      reached.forEach(id => edges.filter(({ from }) => from === id).forEach(({ to }) => reached.add(to)));
      expect([name, nodes.filter(({ id }) => !reached.has(id)).map(({ title }) => title)]).toEqual([name, []]);
    }
  });
});
