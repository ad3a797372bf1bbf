// The app of the objects that tell Flux and Argo CD what to apply: all of its files or none, on its own and with a GitOpsApp.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { EdgeError } from '../../src/base/errors';
import { AlbIstioEdge } from '../../src/chart/alb-istio-edge';
import { DeliveryApp } from '../../src/gitops/delivery-app';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { RouteTarget } from '../../src/edge/routing/route-target';
import { Workload } from '../../src/edge/workload/workload';
import { refusal } from '../refusal';

let scratch: string;
let folder: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'delivery-app-test-')));
  folder = join(scratch, 'clusters', 'shop');
});
afterEach(() => {
  delete process.env.CDK8S_OUTDIR;
  rmSync(scratch, { recursive: true, force: true });
});

function object(scope: Construct, name: string, spec?: unknown): ApiObject {
  return new ApiObject(scope, `Object-${name}`, { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name, namespace: 'argocd' }, spec });
}

/** An app with a chart per entry, each with objects of these names. */
function delivery(charts: Record<string, string[]>, made = new DeliveryApp({ folder })): DeliveryApp {
  Object.entries(charts).forEach(([id, names]) => {
    const chart = new Chart(made, id, { disableResourceNameHashes: true });
    names.forEach(name => object(chart, name));
  });
  return made;
}

/** All files below a folder with their bytes. */
function contents(of: string): Record<string, string> {
  const names = (readdirSync(of, { recursive: true }) as string[]).filter(name => statSync(join(of, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => [name, readFileSync(join(of, name), 'utf8')]));
}

const MARK = '# Written by cdk8s-alb-istio, and removed when the program does not write it any more.\n';
const document = (name: string) => `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\n  namespace: argocd\n`;
const yaml = (...names: string[]) => MARK + names.map(document).join('---\n');
const boom = Lazy.any({ produce: () => { throw new Error('no spec today'); } });

describe('a synth', () => {
  it('writes one file per chart, and nothing beside them', () => {
    delivery({ argocd: ['a', 'b'], flux: ['c'] }).synth();
    expect(contents(scratch)).toEqual({ 'clusters/shop/argocd.yaml': yaml('a', 'b'), 'clusters/shop/flux.yaml': yaml('c') });
    expect(readdirSync(join(scratch, 'clusters'))).toEqual(['shop']);
  });

  it('that runs twice writes the same bytes', () => {
    const made = delivery({ argocd: ['a'], flux: ['b'] });
    made.synth();
    const first = contents(scratch);
    made.synth();
    delivery({ argocd: ['a'], flux: ['b'] }).synth();
    expect(contents(scratch)).toEqual(first);
  });

  it('keeps other files and subfolders', () => {
    mkdirSync(join(folder, 'east'), { recursive: true });
    writeFileSync(join(folder, 'README.md'), 'mine\n');
    writeFileSync(join(folder, 'east', 'argocd.yaml'), 'mine too\n');
    delivery({ argocd: ['a'] }).synth();
    expect(contents(folder)).toEqual({ 'README.md': 'mine\n', 'argocd.yaml': yaml('a'), 'east/argocd.yaml': 'mine too\n' });
  });

  it('replaces the file of the last synth', () => {
    delivery({ argocd: ['a'] }).synth();
    delivery({ argocd: ['b'] }).synth();
    expect(contents(folder)).toEqual({ 'argocd.yaml': yaml('b') });
  });

  it('deletes the files that it no longer writes, and no others', () => {
    delivery({ argocd: ['a'], flux: ['b'], hub: ['c'] }).synth();
    writeFileSync(join(folder, 'hub.yaml'), document('mine'));
    writeFileSync(join(folder, 'notes.md'), MARK);
    writeFileSync(join(folder, 'flux.yaml'), yaml('b').replaceAll('\n', '\r\n')); // as Git may check it out
    mkdirSync(join(folder, 'folder.yaml'));
    delivery({ argocd: ['a'] }).synth();
    expect(contents(folder)).toEqual({ 'argocd.yaml': yaml('a'), 'hub.yaml': document('mine'), 'notes.md': MARK });
    delivery({}).synth();
    expect(readdirSync(folder)).toEqual(['folder.yaml', 'hub.yaml', 'notes.md']);
  });

  it('keeps the files of an app for another folder', () => {
    const about = (applied: string, charts: Record<string, string[]>) => delivery(charts, new DeliveryApp({ folder })._about(join(scratch, applied))).synth();
    about('dist/staging', { 'staging-flux': ['a'] });
    about('dist/production', { 'production-flux': ['b'] });
    delivery({ hub: ['c'] }).synth();
    expect(readdirSync(folder)).toEqual(['hub.yaml', 'production-flux.yaml', 'staging-flux.yaml']);
    expect(readFileSync(join(folder, 'staging-flux.yaml'), 'utf8')).toMatch(/^# Written by cdk8s-alb-istio for dist\/staging, and removed /);
    about('dist/staging', {});
    expect(readdirSync(folder)).toEqual(['hub.yaml', 'production-flux.yaml']);
  });

  it('writes nested charts', () => {
    const made = new DeliveryApp({ folder });
    object(new Chart(new Construct(made, 'Team'), 'argocd'), 'a');
    made.synth();
    expect(contents(folder)).toEqual({ [readdirSync(folder)[0]]: yaml('a') });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^team-argocd-\w+\.yaml$/)]);
  });

  it.each<[string, Record<string, string[]>]>([['without charts', {}], ['whose charts have no objects', { argocd: [], flux: [] }]])('%s writes nothing', (_, charts) => {
    delivery(charts).synth();
    expect({ contents: contents(scratch), folderExists: existsSync(folder) }).toEqual({ contents: {}, folderExists: false });
  });

  it('cleans up after a synth that was killed, even when there is nothing to write', () => {
    const both: Record<string, string[]>[] = [{ argocd: ['a'] }, {}];
    both.forEach(charts => {
      mkdirSync(join(scratch, 'clusters', '.shop.next'), { recursive: true });
      writeFileSync(join(scratch, 'clusters', '.shop.next', 'half.yaml'), 'half');
      delivery(charts).synth();
      expect(Object.keys(contents(scratch))).toEqual(Object.keys(charts).map(id => `clusters/shop/${id}.yaml`));
      expect(readdirSync(join(scratch, 'clusters'))).toEqual(['shop']);
    });
  });

  it('follows a symbolic link to the folder', () => {
    mkdirSync(join(scratch, 'elsewhere'));
    mkdirSync(join(scratch, 'clusters'));
    symlinkSync(join(scratch, 'elsewhere'), folder);
    delivery({ argocd: ['a'] }).synth();
    expect(contents(join(scratch, 'elsewhere'))).toEqual({ 'argocd.yaml': yaml('a') });
  });
});

test.each<[string, () => void]>([
  ['by hand', () => { mkdirSync(folder, { recursive: true }); writeFileSync(join(folder, 'flux.yaml'), document('mine')); }],
  ['by an app for another folder', () => delivery({ flux: ['b'] }, new DeliveryApp({ folder })._about(join(scratch, 'dist', 'other'))).synth()],
  ['as a folder', () => mkdirSync(join(folder, 'flux.yaml'), { recursive: true })],
])('a file that was created %s is not replaced', (_, make) => {
  make();
  const before = contents(scratch);
  expect(() => delivery({ argocd: ['a'], flux: ['b'] }).synth()).toThrow(new EdgeError(
    `${join(folder, 'flux.yaml')} was not written by this app, but a chart has the same file name. Give the chart another id, or delete the file`));
  expect(contents(scratch)).toEqual(before);
});

test('an unknown prop is rejected', () => {
  expect(refusal(() => new DeliveryApp({ folder, members: [] } as never))).toMatchObject({ prop: 'members', reason: 'is not a prop of DeliveryAppProps; its props are folder' });
});

test.each(['kustomization', 'Kustomization'])('a chart named %s is rejected, because kustomize would read its file as a kustomization file', id => {
  const made = delivery({ argocd: ['a'], [id]: ['b'] });
  expect(() => made.synth()).toThrow(new EdgeError(`chart ${id} would be written to ${id}.yaml, which kustomize reads as a kustomization file. Give it another id`));
  expect(contents(scratch)).toEqual({});
});

describe('a synth that fails', () => {
  const failures: [string, (made: DeliveryApp) => void, RegExp][] = [
    ['because a chart cannot be written', made => object(new Chart(made, 'zoo'), 'x', boom), /no spec today/],
    ['because a construct does not validate', made => made.node.addValidation({ validate: () => ['not like this'] }), /not like this/],
    ['because two charts contain the same object', made => delivery({ 'zoo-1': ['x'], 'zoo-2': ['x'] }, made), /^zoo-1\/Object-x and zoo-2\/Object-x both write Application argocd\/x: /],
  ];

  it.each(failures)('%s leaves the files unchanged', (_, spoil, message) => {
    delivery({ argocd: ['a'], flux: ['b'] }).synth();
    const before = contents(scratch);
    const made = delivery({ argocd: ['other'] });
    spoil(made);
    expect(() => made.synth()).toThrow(message);
    expect({ contents: contents(scratch), clusters: readdirSync(join(scratch, 'clusters')) }).toEqual({ contents: before, clusters: ['shop'] });
  });

  it.each(failures)('%s writes nothing into a new folder', (_, spoil, message) => {
    const made = delivery({ argocd: ['a'] });
    spoil(made);
    expect(() => made.synth()).toThrow(message);
    expect(contents(scratch)).toEqual({});
    expect(existsSync(folder)).toBe(false);
  });

  it('because the path is a file keeps that file', () => {
    mkdirSync(join(scratch, 'clusters'));
    writeFileSync(folder, 'mine\n');
    expect(() => delivery({ argocd: ['a'] }).synth()).toThrow(new EdgeError(`${folder} is not a folder. Use another path, or delete it`));
    expect(contents(scratch)).toEqual({ 'clusters/shop': 'mine\n' });
  });
});

test.each([[undefined, undefined], [null, undefined], [5, undefined], [{}, undefined], [{ folder: 5 }, 5], [{ folder: '' }, ''], [{ folder: '.' }, '.'], [{ folder: '/' }, '/']])(
  'JavaScript without types: %j is rejected', (props, value) => {
    expect(refusal(() => new DeliveryApp(props as { folder: string }))).toEqual({ prop: 'folder', value, path: '', reason: 'must be a folder that only this app writes, such as clusters' });
  });

describe('as the delivery of a GitOpsApp', () => {
  function app(name = 'a'): GitOpsApp {
    const made = new GitOpsApp({ folder: join(scratch, 'dist', 'shop') });
    new ApiObject(new Chart(made, '10-a'), 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    delivery({ flux: [name] }, made.delivery);
    return made;
  }

  const FILES = ['clusters/shop/flux.yaml', 'dist/shop/10-a.k8s.yaml', 'dist/shop/Kustomization'];

  it('the files are written with it, into a separate folder', () => {
    const made = app();
    made.synth();
    expect(made.delivery.folder).toBe(folder);
    expect(Object.keys(contents(scratch))).toEqual(FILES);
    expect(contents(folder)).toEqual({ 'flux.yaml': yaml('a').replace('alb-istio,', 'alb-istio for dist/shop,') });
    expect(made.files).toEqual(['10-a.k8s.yaml', 'Kustomization']);
  });

  it('a second synth writes the same bytes', () => {
    const made = app();
    made.synth();
    const first = contents(scratch);
    made.synth();
    app().synth();
    expect(contents(scratch)).toEqual(first);
  });

  it('an app without delivery objects creates no folder for them', () => {
    const made = app();
    made.delivery.node.tryRemoveChild('flux');
    made.synth();
    expect(readdirSync(scratch)).toEqual(['dist']);
  });

  const failures: [string, (made: GitOpsApp) => void, RegExp][] = [
    ['a validation of the app fails', made => made.node.addValidation({ validate: () => ['not like this'] }), /not like this/],
    ['an object of the app cannot be written', made => object(new Chart(made, '20-b'), 'x', boom), /no spec today/],
    ['a check finds an error', made => {
      const edge = new AlbIstioEdge(made, '20-edge', { hosts: ['a.b'], gateway: { credentialName: 'tls' } });
      edge.addRoute('Cart', { target: RouteTarget.workload(new Workload({ serviceName: 'cart', namespace: 'shop', port: 80 })) });
      new ApiObject(edge, 'CartService', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' }, spec: { ports: [{ port: 81 }] } });
    }, /dangling-destination/],
    ['two of its charts contain the same object', made => ['20-b', '30-c'].forEach(id => object(new Chart(made, id), 'x')), /both write Application argocd\/x/],
    ['a delivery object cannot be written', made => object(new Chart(made.delivery, 'argocd'), 'x', boom), /no spec today/],
    ['a validation of the delivery fails', made => made.delivery.node.addValidation({ validate: () => ['not like that'] }), /not like that/],
    ['two charts of the delivery contain the same object', made => delivery({ argocd: ['x'], more: ['x'] }, made.delivery), /^argocd\/Object-x and more\/Object-x both write/],
  ];

  it.each(failures)('neither folder changes if %s', (_, spoil, message) => {
    app('old').synth();
    const before = contents(scratch);
    const made = app('new');
    spoil(made);
    expect(() => made.synth()).toThrow(message);
    expect(contents(scratch)).toEqual(before);
    expect({ dist: readdirSync(join(scratch, 'dist')), clusters: readdirSync(join(scratch, 'clusters')), files: made.files })
      .toEqual({ dist: ['shop'], clusters: ['shop'], files: [] });
  });

  it.each(failures)('nothing is written if %s', (_, spoil, message) => {
    const made = app();
    spoil(made);
    expect(() => made.synth()).toThrow(message);
    expect(contents(scratch)).toEqual({});
  });

  it('nothing is written if the path of the delivery folder is a file', () => {
    writeFileSync(join(scratch, 'clusters'), 'mine\n');
    expect(() => app().synth()).toThrow(new EdgeError(`${join(scratch, 'clusters')} is not a folder. Use another path, or delete it`));
    expect(contents(scratch)).toEqual({ clusters: 'mine\n' });
  });

  it('the cdk8s CLI gets a copy of both folders', () => {
    process.env.CDK8S_OUTDIR = join(scratch, 'out');
    app().synth();
    expect(Object.keys(contents(process.env.CDK8S_OUTDIR)).map(name => name.split('/').pop()).sort()).toEqual(['10-a.k8s.yaml', 'Kustomization', 'flux.yaml']);
    expect(contents(folder)).toEqual({ 'flux.yaml': yaml('a').replace('alb-istio,', 'alb-istio for dist/shop,') });
  });
});
