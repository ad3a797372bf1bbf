// `alb-istio trace`: exit codes, and which of several folders a request is traced in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from '../committed-manifests';
import { run } from './command-line';

const dist = (folder: string) => relative('', join(ROOT, 'dist', folder));

test('exits with 0 when every end is by design', () => {
  const { code, out } = run(['trace', 'GET https://reviews.example.com/reviews/0', dist('canary-blue-green')]);
  expect(out.split('\n\n').at(-1)).toBe('100 %  reviews.bookinfo:9080@v1\n       the workload sees /reviews/0 with host reviews.example.com\n');
  expect(code).toBe(0);
  expect(run(['trace', 'GET http://reviews.example.com/', dist('canary-blue-green')])).toMatchObject({ code: 0 });
});

test('exits with 1 when the request dies, and when its end is not certain', () => {
  const dead = run(['trace', 'GET https://reviews.example.com/cart', dist('canary-blue-green')]);
  expect(dead).toMatchObject({ code: 1, out: expect.stringMatching(/\n\n100 % {2}404 no route\n {7}by VirtualService .* \/spec\/hosts .*\n {7}fix: Add an entry .*\n$/) });
  const login = ['trace', 'GET https://bookinfo.example.com/static/a.css from=203.0.113.9', dist('zero-trust')];
  expect(run(login)).toMatchObject({ code: 1, out: expect.stringContaining('100 %  403 denied\n') });
});

test('follows redirects on request', () => {
  const line = 'GET http://reviews.example.com/reviews/0';
  expect(run(['trace', line, dist('canary-blue-green')]).out).toContain('100 %  301 https://reviews.example.com/reviews/0\n');
  const { out } = run(['trace', '--follow', line, dist('canary-blue-green')]);
  expect(out.match(/^ {2}alb-listener.*/gm)).toEqual([
    '  alb-listener      HTTP:80 of load balancer istio-ingress/istio-ingress',
    '  alb-listener      HTTPS:443 of load balancer istio-ingress/istio-ingress (assumed: ACM has certificates for bookinfo.example.com, reviews.example.com), '
      + 'redirected to https://reviews.example.com/reviews/0',
  ]);
  expect(out).toContain('100 %  reviews.bookinfo:9080@v1\n');
});

test('prints JSON', () => {
  const { out } = run(['trace', '--format', 'json', 'GET https://reviews.example.com/reviews/0', dist('canary-blue-green')]);
  expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, ends: [{ kind: 'workload', to: 'reviews.bookinfo:9080@v1' }] });
});

test('of several folders, the one that serves the host counts', () => {
  const folders = ['bookinfo', 'two-teams', 'echoserver'].map(dist);
  expect(run(['trace', 'GET https://www.example.com/graphql', ...folders]).out).toContain('100 %  graphql.e-commerce:80\n');
  expect(run(['trace', 'GET https://unknown.example.com/', ...folders])).toMatchObject({ code: 1, out: expect.stringContaining('100 %  404 no rule\n') });
});

test('a request that several folders serve exits with 2 and names them', () => {
  const [one, other] = ['bookinfo', 'kiali'].map(dist);
  expect(run(['trace', 'GET https://bookinfo.example.com/productpage', one, other])).toEqual({
    code: 2, out: '', err: `alb-istio: 2 folders serve the request "GET https://bookinfo.example.com/productpage": ${one}, ${other}; pass one of them\n`,
  });
});

test.each([
  [['trace'], "trace needs a 'REQUEST' and a PATH, such as 'GET https://shop.example.com/cart' dist"],
  [['trace', 'GET https://a.example.com/'], "trace needs a 'REQUEST' and a PATH, such as 'GET https://shop.example.com/cart' dist"],
  [['trace', 'GET', dist('bookinfo')], 'the request "GET" has no method or no URL\na request is: METHOD URL'],
  [['trace', dist('bookinfo'), 'GET https://a.example.com/'], `trace needs the REQUEST before the PATH: alb-istio trace 'GET https://a.example.com/' ${dist('bookinfo')}`],
  [['trace', 'GET https://a.example.com/', join(__dirname, 'nowhere')], 'nowhere does not exist'],
  [['trace', '--workload', 'a/b', 'GET https://a.example.com/', dist('bookinfo')], 'trace has no --workload'],
  [['mesh', '--follow', dist('bookinfo')], 'mesh has no --follow'],
])('alb-istio %j exits with 2: %s', (args, message) => {
  expect(run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
});

describe('what the manifests lack', () => {
  const call = (...options: readonly string[]) => run(['trace', ...options, LOST, dist('kiali')]).out.split('\n\n').at(-1)!.split('\n')[0];
  const LOST = 'GET https://kiali.ops.example.com/ via=gateway:443';

  test('may come from elsewhere, unless they are all there is', () => {
    expect(call()).toBe('100 %  unsupported: kiali.istio-system:20001, 503 no cluster');
    expect(call('--complete')).toBe('100 %  closed no certificate');
  });

  test('is told in alb-istio.yaml, too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trace-'));
    const config = join(folder, 'alb-istio.yaml');
    try {
      writeFileSync(config, 'complete: true\n');
      expect(call('--config', config)).toBe('100 %  closed no certificate');
      writeFileSync(config, 'complete: false\n');
      expect(call('--config', config)).toBe('100 %  unsupported: kiali.istio-system:20001, 503 no cluster');
      expect(call('--config', config, '--complete')).toBe('100 %  closed no certificate');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
