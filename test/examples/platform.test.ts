// The platform: what its two environments have in common, and the order in which its load balancer decides who gets in.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../cli/command-line';
import { committedManifests, ROOT } from '../committed-manifests';
import { programOf } from '../running-example';

const FOLDER = join(programOf('platform'), '..');
const PREFIX = 'alb.ingress.kubernetes.io/';

test('is said in props alone, without a JSON patch', () => {
  const programs = readdirSync(FOLDER).filter(file => file.endsWith('.ts'));
  expect(programs.sort()).toEqual(['books.ts', 'carts.ts', 'main.ts']);
  expect(programs.filter(file => /patch/i.test(readFileSync(join(FOLDER, file), 'utf8')))).toEqual([]);
});

test('its requests reach every rule, route and policy of both environments', () => {
  const requests = join(FOLDER, 'requests.txt');
  expect(readFileSync(requests, 'utf8').match(/ -> /g)!.length).toBeGreaterThanOrEqual(40);
  expect(run(['test', '--min-coverage', '100', relative('', requests), relative('', join(ROOT, 'dist/platform'))])).toMatchObject({ code: 0, err: '' });
});

test.each(['staging', 'production'])('no check finds anything in %s', environment => {
  expect(run(['check', relative('', join(ROOT, 'dist/platform', environment))])).toMatchObject({
    code: 0, out: expect.stringMatching(/^0 errors, 0 warnings, /),
  });
});

test.each([['staging', 'staging.example.com'], ['production', 'example.com']])('in %s, exemptions precede the login, and each host has an HTTP version', (environment, domain) => {
  const members = committedManifests(`platform/${environment}`).filter(({ kind }) => kind === 'Ingress').map(({ metadata, spec }) => {
    const [order, name, auth, version] = ['group.order', 'group.name', 'auth-type', 'backend-protocol-version'].map(key => metadata.annotations?.[PREFIX + key]);
    return { order, name, auth, version, hosts: [...new Set(spec.rules.map(({ host }: { host: string }) => host))] };
  });
  expect(members.sort((a, b) => Number(a.order ?? 0) - Number(b.order ?? 0))).toEqual([
    { hosts: [`search.internal.${domain}`] },
    { name: 'public', order: '7', auth: 'none', hosts: [`www.${domain}`] },
    { name: 'public', order: '8', auth: 'oidc', hosts: [`www.${domain}`] },
    { name: 'public', order: '9', version: 'HTTP2', hosts: [`grpc.${domain}`] },
    { name: 'public', order: '10', hosts: [`api.${domain}`] },
  ]);
});
