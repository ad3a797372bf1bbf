// The matchers for Jest and Vitest, with the messages of their failures.
import { App } from 'cdk8s';
import { AlbIstioEdge, Bookinfo, PathMatch, RouteTarget } from '../src/index';
import { prepareTrace, readYaml } from '../src/inspect';
import { matchers } from '../src/jest';
import { backend, ingress, namespace, service, to, virtualService } from './manifests';

const app = new App();
const bookinfo = new Bookinfo(app, 'bookinfo');
const edge = new AlbIstioEdge(app, 'edge', {
  hosts: ['bookinfo.example.com'],
  alb: { certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789'] },
  gateway: { credentialName: 'bookinfo-tls' },
});
edge.addRoute('Productpage', { paths: [PathMatch.exact('/productpage')], target: RouteTarget.workload(bookinfo.productpage) });
const models = prepareTrace(app);
const PRODUCTPAGE = 'GET https://bookinfo.example.com/productpage';
const LACKING = [ingress('shop/web', { 'alb.ingress.kubernetes.io/target-type': 'ip' }, { ingressClassName: 'alb', defaultBackend: backend('web', 80) })];

/** What a matcher says when it fails, without colors. */
function failure(run: () => void): string {
  try {
    run();
  } catch (error) {
    // eslint-disable-next-line no-control-regex
    return (error as Error).message.replace(/\u001b\[\d+m/g, '');
  }
  throw new Error('the matcher does not fail');
}

describe('toRoute', () => {
  test.each([['constructs', app], ['prepared models', models]])('on %s', (_, input) => {
    expect(input).toRoute(PRODUCTPAGE, 'productpage.bookinfo:9080');
    expect(input).toRoute('GET http://bookinfo.example.com/productpage', '301 https://bookinfo.example.com/productpage');
    expect(input).not.toRoute(PRODUCTPAGE, '404');
  });

  test('follows redirects on request', () => {
    expect(models).toRoute('GET http://bookinfo.example.com/productpage', 'productpage.bookinfo:9080', { follow: true });
  });

  test('on objects and manifests', () => {
    const route = virtualService('shop/vs', { hosts: ['a'], http: [{ route: [to('b')] }] });
    const pod = '{apiVersion: v1, kind: Pod, metadata: {name: client, namespace: shop, labels: {sidecar.istio.io/inject: "true"}}, spec: {containers: [{name: app}]}}';
    const objects = [service('shop/a'), service('shop/b', [80], { selector: { app: 'b' } }), route, ...readYaml(pod).map(({ object }) => object)];
    expect(objects).toRoute('GET http://a/ via=pod:shop/client', '503 no endpoint');
    expect(readYaml(objects.map(own => JSON.stringify(own)).join('\n---\n'))).toRoute('GET http://a/ via=pod:shop/client', '503 no endpoint');
  });

  test('a failure shows both ends, the request, the hops that decide and what to do', () => {
    const text = failure(() => expect(models).toRoute('GET https://bookinfo.example.com/nowhere', 'productpage.bookinfo:9080'));
    expect(text.split('\n').slice(0, 6)).toEqual([
      'expect(input).toRoute(request, end)', '', 'Expected: "productpage.bookinfo:9080"', 'Received: "404 no route"', '', 'GET https://bookinfo.example.com/nowhere',
    ]);
    expect(text).toMatch(/\n {2}alb-rule +rule 1: host bookinfo\.example\.com, path \/\* → Service istio-ingress\/istio-ingress:443\n/);
    expect(text).toMatch(/\n {2}route +none of 1 matches\n/);
    expect(text).toContain('not route Productpage: it wants path /productpage');
    expect(text).toContain('fix: Add an entry that matches the request to spec.http of the VirtualService.');
  });

  test('a failure of .not shows the end that was not expected', () => {
    const text = failure(() => expect(models).not.toRoute(PRODUCTPAGE, 'productpage.bookinfo:9080'));
    expect(text).toContain('expect(input).not.toRoute(request, end)');
    expect(text).toContain('Expected: not "productpage.bookinfo:9080"');
    expect(text).not.toContain('Received:');
  });

  test('a line that is no request and an end that is none fail, with or without .not', () => {
    expect(() => expect(models).not.toRoute('bookinfo.example.com', '404')).toThrow('the request "bookinfo.example.com" has no method or no URL');
    expect(() => expect(models).not.toRoute(PRODUCTPAGE, 'productpage')).toThrow('the expected end "productpage" cannot be read');
  });
});

describe('what would prove nothing is an error, with or without .not', () => {
  const objects = [service('shop/a')];

  test('an end that is missing, and no request', () => {
    expect(() => (expect(models) as unknown as { toRoute(line?: string): void }).toRoute(PRODUCTPAGE)).toThrow(
      'toRoute needs a request and the end that is expected; got the end undefined');
    expect(() => (expect(models) as unknown as { toRoute(): void }).toRoute()).toThrow('got no request');
  });

  test('an input without objects', () => {
    const message = 'got no objects: pass a construct, Kubernetes objects or manifests';
    expect(() => expect([]).not.toRoute(PRODUCTPAGE, '200')).toThrow(`toRoute ${message}`);
    expect(() => expect(new App()).not.toRoute(PRODUCTPAGE, '200')).toThrow(`toRoute ${message}`);
    expect(() => expect([]).toHaveNoFindings()).toThrow(`toHaveNoFindings ${message}`);
    expect(() => expect([]).not.toMatchPlan('HTTP 80')).toThrow(`toMatchPlan ${message}`);
    for (const value of [undefined, null, 'a.yaml'] as unknown as readonly never[]) {
      const named = `got ${String(value)}: pass a construct, Kubernetes objects or manifests`;
      expect(() => expect(value).not.toHaveNoFindings()).toThrow(`toHaveNoFindings ${named}`);
      expect(() => expect(value).toMatchPlan('HTTP 80')).toThrow(`toMatchPlan ${named}`);
      expect(() => expect(value).toRoute(PRODUCTPAGE, '200')).toThrow(`toRoute ${named}`);
    }
  });

  test('an option that is none, or that models were prepared with', () => {
    const wrong = { folow: true } as object;
    expect(() => expect(objects).toRoute(PRODUCTPAGE, '404', wrong)).toThrow('toRoute has no option folow; its options: follow, controller, aws, complete, admitted, mesh');
    expect(() => expect(models).toRoute(PRODUCTPAGE, '404', wrong)).toThrow('toRoute has no option folow; its options: follow');
    expect(() => expect(models).toRoute(PRODUCTPAGE, '404', { complete: true })).toThrow('toRoute ignores complete for models that were prepared: pass it to prepareTrace');
    expect(() => expect(models).toMatchPlan('HTTP 80', { complete: true })).toThrow('toMatchPlan ignores complete for models that were prepared');
    expect(() => expect(objects).toHaveNoFindings(wrong)).toThrow('toHaveNoFindings has no option folow; its options: shelf, controller, mesh, complete, acknowledgements, today, hasAllAcknowledged');
    expect(objects).toHaveNoFindings({ mesh: {} });
    expect(() => expect(LACKING).toHaveNoFindings({ complete: true })).toThrow('Service "web" does not exist in namespace shop of the Ingress');
    expect(LACKING).toHaveNoFindings({ complete: false });
    expect(models).toRoute(PRODUCTPAGE, 'productpage.bookinfo:9080', { follow: true });
  });
});

describe('toHaveNoFindings', () => {
  const faulty = (annotations = {}) => [namespace('shop'), virtualService('shop/vs', { hosts: ['a'], http: [{ route: [to('a', { port: 81 })] }] }, annotations), service('shop/a')];

  test('on constructs and prepared models', () => {
    expect(app).toHaveNoFindings();
    expect(models).toHaveNoFindings();
    expect(prepareTrace(faulty())).not.toHaveNoFindings();
  });

  test('a failure lists the findings with their fixes', () => {
    const text = failure(() => expect(faulty()).toHaveNoFindings());
    expect(text).toMatch(/^expect\(input\)\.toHaveNoFindings\(\)\n\nerror dangling-destination: VirtualService shop\/vs\n/);
    expect(text).toContain('\n  fix: ');
    expect(text).toMatch(/\n1 error, 0 warnings, \d+ checks ran/);
  });

  test('acknowledged findings do not count', () => {
    expect(faulty({ 'checks.cdk8s-alb-istio/dangling-destination': 'made by another team' })).toHaveNoFindings();
  });
});

describe('toMatchPlan', () => {
  test('lines in their order, with others left out, blanks as they come, and … for any text', () => {
    expect(app).toMatchPlan(`
      Application Load Balancer …
        scheme internet-facing, ipv4
        HTTPS 443, …
          1 host bookinfo.example.com, path /* → Service …:443
          default → 404
    `);
    expect(models).toMatchPlan('HTTP 80\n  default → redirect to port 443, protocol HTTPS (301)');
    expect(models).not.toMatchPlan('HTTP 81');
  });

  test.each([
    ['a line that the plan lacks', 'HTTP 81', 'Missing:  "HTTP 81"\n'],
    ['an indented line that is elsewhere', 'HTTP 80\n  1 host …', 'Missing:  "1 host …"\nbelow:    "HTTP 80"\n'],
    ['another order', 'HTTPS 443, …\nHTTP 80', 'Missing:  "HTTP 80"\n'],
    ['a part of a line', 'HTTPS 443', 'Missing:  "HTTPS 443"\n'],
  ])('a failure names %s, and shows the plan', (_, lines, message) => {
    const text = failure(() => expect(models).toMatchPlan(lines));
    expect(text).toMatch(/^expect\(input\)\.toMatchPlan\(lines\)\n\n/);
    expect(text).toContain(message);
    expect(text).toMatch(/\n\nApplication Load Balancer /);
  });

  test('a line may be below any of several that are equal', () => {
    const balancer = (name: string) => ingress(name, {}, {
      ingressClassName: 'alb', rules: [{ host: `${name.replace('/', '.')}.example.com`, http: { paths: [{ path: '/', pathType: 'Exact', backend: backend('web', 80) }] } }],
    });
    const two = [balancer('one/web'), balancer('two/web')];
    expect(two).toMatchPlan('Application Load Balancer …\n  HTTP 80\n    1 host two.web.example.com, path / → …');
    expect(two).not.toMatchPlan('Application Load Balancer …\n  HTTP 80\n    1 host one.web.example.com, …\n    1 host two.web.example.com, …');
  });
});

test('the matchers are exported for expect.extend', () => {
  expect(Object.keys(matchers)).toEqual(['toRoute', 'toHaveNoFindings', 'toMatchPlan']);
});
