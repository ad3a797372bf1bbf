// `alb-istio diagram`: formats, which of several folders are drawn, and what cannot be drawn.
import { join, relative } from 'node:path';
import { ROOT } from '../committed-manifests';
import { run } from './command-line';

const dist = (folder: string) => relative('', join(ROOT, 'dist', folder));

test('draws Mermaid unless SVG is wanted', () => {
  expect(run(['diagram', dist('bookinfo')])).toMatchObject({ code: 0, out: expect.stringMatching(/^flowchart LR\n {2}n1\(\["client"\]\)\n/) });
  expect(run(['diagram', '--format', 'svg', dist('bookinfo')])).toMatchObject({ code: 0, out: expect.stringMatching(/^<svg [^]*<\/svg>\n$/) });
});

test('draws a request on the folder that serves it, and exits with 0 even if the request dies', () => {
  const folders = ['bookinfo', 'two-teams', 'echoserver'].map(dist);
  const { code, out } = run(['diagram', '--trace', 'GET https://www.example.com/graphql', ...folders]);
  expect(out).toContain('graphql-v1<br>Deployment, 2 pods<br>sidecar, mTLS STRICT<br>◆ ends here');
  expect(code).toBe(0);
  expect(run(['diagram', '--trace', 'GET https://unknown.example.com/', dist('bookinfo')])).toMatchObject({ code: 0, out: expect.stringContaining('"404 no rule"') });
});

test('several folders are a Markdown page, with a heading and a diagram each', () => {
  const folders = ['dev-eu-west-1', 'dev-us-east-1'].map(name => dist(join('fleet', name)));
  const { out } = run(['diagram', ...folders]);
  expect(out.split('\n').filter(line => /^(#|```|flowchart)/.test(line))).toEqual(folders.flatMap(folder => [`# ${folder}`, '```mermaid', 'flowchart LR', '```']));
});

test('several folders have no SVG picture, and the error names them', () => {
  const [one, other] = ['bookinfo', 'kiali'].map(dist);
  expect(run(['diagram', '--format', 'svg', one, other])).toEqual({
    code: 2, out: '', err: `alb-istio: an SVG picture shows one folder; pass one of ${one}, ${other}\n`,
  });
});

test('without a load balancer and a gateway there is nothing to draw', () => {
  expect(run(['diagram', '-'], 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: {}\n')).toEqual({
    code: 2, out: '', err: 'alb-istio: nothing to draw in -: no load balancer of the AWS Load Balancer Controller, and no gateway\n',
  });
});

test('a line that is no request exits with 2', () => {
  expect(run(['diagram', '--trace', 'GET', dist('bookinfo')])).toMatchObject({ code: 2, err: expect.stringContaining('has no method or no URL') });
});
