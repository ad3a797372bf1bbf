// Six clusters from one table: what the folders of the fleet have in common, and how little changes when one line of the table does.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { programOf, runChanged } from '../running-example';

const ROOT = join(__dirname, '..', '..');
const README = readFileSync(join(programOf('fleet'), '..', 'README.md'), 'utf8');
const SHOWN = [...README.matchAll(/`([^`\n]+)` → `([^`\n]+)`[\s\S]*?\n```diff\n([^`]+)```/g)].map(([, from, to, diff]) => ({ from, to, diff }));
const FILES = ['10-echoserver.k8s.yaml', '20-edge.k8s.yaml', 'Kustomization'];

/** The files that the fleet has below a folder of a project, as paths below that folder. */
function filesBelow(folder: string, root = ROOT): string[] {
  const path = join(root, folder);
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile()).map(entry => relative(path, join(entry.parentPath, entry.name))).sort();
}

/** The text of a committed file of the fleet; empty where there is none. */
function textOf(file: string, root = ROOT): string {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The lines that one text has and the other has not, as often as it has them more often. */
function linesOnlyIn(text: string, other: string): string[] {
  const left = other.split('\n');
  return text.split('\n').filter(line => {
    const index = left.indexOf(line);
    if (index >= 0) {
      left.splice(index, 1);
    }
    return index < 0;
  }).map(line => line.trim());
}

/** What a folder of the fleet has and another one has not, file by file. */
function onlyIn(site: string, other: string): string[] {
  return FILES.flatMap(file => linesOnlyIn(textOf(`dist/fleet/${site}/${file}`), textOf(`dist/fleet/${other}/${file}`)));
}

/** The files that a change in the program changes, with the number of lines that go and come. */
function changedFiles(directory: string): Record<string, [gone: number, come: number]> {
  const files = ['dist/fleet', 'clusters/fleet'].flatMap(folder => [ROOT, directory].flatMap(root => filesBelow(folder, root).map(file => `${folder}/${file}`)));
  return Object.fromEntries([...new Set(files)].map(file => [file, textOf(file), textOf(file, directory)] as const)
    .filter(([, before, after]) => before !== after)
    .map(([file, before, after]) => [file, [linesOnlyIn(before, after).length, linesOnlyIn(after, before).length]]));
}

test('each environment and region has its folder, and its objects for Flux and for Argo CD', () => {
  const sites = ['dev', 'production', 'staging'].flatMap(environment => ['eu-west-1', 'us-east-1'].map(region => `${environment}-${region}`));
  expect(filesBelow('dist/fleet')).toEqual(sites.flatMap(site => FILES.map(file => `${site}/${file}`)));
  expect(filesBelow('clusters/fleet')).toEqual(['argocd.yaml', ...sites.flatMap(site => [`${site}/argocd.yaml`, `${site}/flux.yaml`])]);
});

test.each([
  ['dev', '111111111111', '0d', 'echo.dev.example.com'],
  ['staging', '222222222222', '05', 'echo.staging.example.com'],
  ['production', '333333333333', '0f', 'echo.example.com'],
])('the regions of %s differ in certificate, subnets and the host of the region', (environment, account, id, host) => {
  const [east, west] = [`${environment}-us-east-1`, `${environment}-eu-west-1`];
  expect(onlyIn(east, west)).toEqual([
    `alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:${account}:certificate/${id}000000-0000-4000-8000-000000000001`,
    `alb.ingress.kubernetes.io/subnets: ${environment}-use1-public-a,${environment}-use1-public-b`,
    `- host: us-east-1.${host}`,
    `- us-east-1.${host}`,
  ]);
  expect(onlyIn(west, east)).toEqual([
    `alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:${account}:certificate/${id}000000-0000-4000-8000-000000000002`,
    `alb.ingress.kubernetes.io/subnets: ${environment}-euw1-public-a,${environment}-euw1-public-b`,
    `- host: eu-west-1.${host}`,
    `- eu-west-1.${host}`,
  ]);
});

test('staging has twice the pods of dev, more room for gateways, and half of the requests on the old version', () => {
  expect(onlyIn('staging-us-east-1', 'dev-us-east-1')).toEqual([
    'replicas: 2',
    'replicas: 2',
    'maxReplicas: 4',
    'alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:222222222222:certificate/05000000-0000-4000-8000-000000000001',
    'alb.ingress.kubernetes.io/subnets: staging-use1-public-a,staging-use1-public-b',
    '- host: echo.staging.example.com',
    '- host: us-east-1.echo.staging.example.com',
    '- echo.staging.example.com',
    '- us-east-1.echo.staging.example.com',
    'weight: 50',
    'weight: 50',
  ]);
});

test('production has more of all, the first requests on the new version, and guards against pruning', () => {
  expect(onlyIn('production-us-east-1', 'staging-us-east-1').filter(line => line !== 'annotations:')).toEqual([
    'argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm',
    'kustomize.toolkit.fluxcd.io/prune: disabled',
    'replicas: 6',
    'replicas: 6',
    'argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm',
    'kustomize.toolkit.fluxcd.io/prune: disabled',
    'maxReplicas: 12',
    'minReplicas: 3',
    'alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:333333333333:certificate/0f000000-0000-4000-8000-000000000001',
    'alb.ingress.kubernetes.io/subnets: production-use1-public-a,production-use1-public-b',
    'argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm',
    'kustomize.toolkit.fluxcd.io/prune: disabled',
    '- host: echo.example.com',
    '- host: us-east-1.echo.example.com',
    '- echo.example.com',
    '- us-east-1.echo.example.com',
    'weight: 95',
    'weight: 5',
  ]);
});

test('the README shows how to promote the canary, and how to change a host', () => {
  expect(SHOWN.map(({ from, to }) => [from, to])).toEqual([
    ['canaryPercent: 5 }', 'canaryPercent: 20 }'],
    ["host: 'echo.staging.example.com'", "host: 'hello.staging.example.com'"],
  ]);
});

test.each([
  [0, 'production', 2],
  [1, 'staging', 4],
])('change %i of the README touches %s alone, and nothing in clusters/', (index, environment, lines) => {
  const { from, to, diff } = SHOWN[index];
  const { directory } = runChanged('fleet', from, to);
  try {
    expect(changedFiles(directory)).toEqual({
      [`dist/fleet/${environment}-eu-west-1/20-edge.k8s.yaml`]: [lines, lines],
      [`dist/fleet/${environment}-us-east-1/20-edge.k8s.yaml`]: [lines, lines],
    });
    const file = `dist/fleet/${environment}-us-east-1/20-edge.k8s.yaml`;
    const done = spawnSync('diff', ['-U', '4', join(ROOT, file), join(directory, file)], { encoding: 'utf8' });
    if (done.error) {
      console.warn(`the diff shown is not compared: diff does not run here (${done.error.message})`);
      return;
    }
    // The first two lines name the files, and line numbers say nothing to a reader.
    expect(done.stdout.split('\n').slice(2).join('\n').replaceAll(/^@@ .* @@$/gm, '@@ … @@')).toBe(diff);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
