// The ApplicationSet of many folders: what it writes, what it refuses, and that its Applications are those that an ArgoApplication writes.
import { Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { DeliveryApp } from '../../../src/gitops/delivery-app';
import type { GitOpsApp } from '../../../src/gitops/gitops-app';
import { ArgoApplication } from '../../../src/gitops/delivery/argo-application';
import { ArgoApplicationSet, type ArgoApplicationSetProps, type ArgoMember } from '../../../src/gitops/delivery/argo-application-set';
import { ArgoDestination } from '../../../src/gitops/delivery/argo-destination';
import { refusal } from '../../refusal';
import { theOnly } from '../../synthesized';
import { applied, contents, inEmptyDirectory, objectsIn, release } from './applied-app';
import { applicationsOf } from './rendered-set';

inEmptyDirectory();

const repoUrl = 'https://git.example.com/acme/platform.git';

function set(members: ArgoMember[], props: Partial<ArgoApplicationSetProps> = {}): ArgoApplicationSet {
  return new ArgoApplicationSet(new DeliveryApp({ folder: 'clusters' }), 'argocd', { repoUrl, members, ...props });
}

/** The ApplicationSet as it is written. */
function written(members: ArgoMember[], props: Partial<ArgoApplicationSetProps> = {}): any {
  return theOnly(set(members, props), 'ApplicationSet');
}

function app(name: string, releases: readonly string[] = []): GitOpsApp {
  const made = applied({ folder: `dist/fleet/${name}` });
  releases.forEach((id, index) => release(made.chart, id, { hosts: [`shop${index || ''}.example.com`] }));
  return made.app;
}

const destination = ArgoDestination.inCluster();
const east = () => ({ app: app('east'), destination });
const west = () => ({ app: app('west'), destination });

const TEMPLATE = {
  metadata: { name: '{{ .name }}', annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } },
  spec: {
    project: 'default', destination: { server: '{{ .destination }}' }, source: { repoURL: repoUrl, targetRevision: 'main', path: '{{ .path }}' },
    syncPolicy: {
      automated: { prune: true, selfHeal: true }, syncOptions: ['ServerSideApply=true', 'PruneLast=true'],
      retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
    },
  },
};
const SPEC = { goTemplate: true, goTemplateOptions: ['missingkey=error'], syncPolicy: { preserveResourcesOnDeletion: true }, template: TEMPLATE };
const elements = (...list: object[]) => [{ list: { elements: list } }];
const IN_CLUSTER = 'https://kubernetes.default.svc';
const EAST = { name: 'fleet-east', path: 'dist/fleet/east', destination: IN_CLUSTER };
const WEST = { name: 'fleet-west', path: 'dist/fleet/west', destination: IN_CLUSTER };

test('it lists the folders, and keeps the objects of a member that is removed', () => {
  expect(written([east(), west()])).toEqual({
    apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', metadata: { name: 'edge', namespace: 'argocd' }, spec: { ...SPEC, generators: elements(EAST, WEST) },
  });
});

test.each<[string, Partial<ArgoApplicationSetProps>, object]>([
  ['setName', { setName: 'fleet' }, { metadata: { name: 'fleet', namespace: 'argocd' } }],
  ['namespace', { namespace: 'delivery' }, { metadata: { name: 'edge', namespace: 'delivery' } }],
  ['deleteWithApplication', { deleteWithApplication: true }, { spec: { ...SPEC, generators: elements(EAST), syncPolicy: { preserveResourcesOnDeletion: false } } }],
  ['project', { project: 'a.b' }, { spec: { ...SPEC, generators: elements(EAST), template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, project: 'a.b' } } } }],
])('%s changes just that', (_, props, expected) => {
  expect(written([east()], props)).toEqual({ ...written([east()]), ...expected });
});

test('members have the destination, path and name from their props', () => {
  const { spec } = written([
    { app: app('east'), destination: ArgoDestination.cluster('prod-east'), path: './rendered/east/' },
    { app: app('east'), destination: ArgoDestination.cluster('prod-west'), applicationName: 'east-in-west' },
  ]);
  expect(spec.template.spec.destination).toEqual({ name: '{{ .destination }}' });
  expect(spec.generators).toEqual(elements(
    { name: 'east', path: 'rendered/east', destination: 'prod-east' }, { name: 'east-in-west', path: 'dist/fleet/east', destination: 'prod-west' },
  ));
});

test('a folder can be applied to several clusters', () => {
  const [one, other] = ['prod-east', 'prod-west'].map(cluster => ({ app: app('east'), destination: ArgoDestination.cluster(cluster), applicationName: cluster }));
  expect(written([one, other]).spec.generators).toEqual(elements(
    { name: 'prod-east', path: 'dist/fleet/east', destination: 'prod-east' }, { name: 'prod-west', path: 'dist/fleet/east', destination: 'prod-west' },
  ));
});

describe('if a controller manages weights of some members', () => {
  const PATCH = 'spec:\n  ignoreDifferences: {{ toJson .ignoreDifferences }}\n  syncPolicy:\n    syncOptions: {{ toJson .syncOptions }}\n';
  const rule = (kind: string, name: string, namespace: string, ...jqPathExpressions: string[]) => ({ group: 'networking.istio.io', kind, name, namespace, jqPathExpressions });

  it('all have the keys of the patch, because a missing key is an error', () => {
    const made = written([east(), { app: app('west', ['Cart']), destination }]);
    expect(made.spec).toEqual({
      ...SPEC,
      templatePatch: PATCH,
      generators: elements(
        { ...EAST, ignoreDifferences: [], syncOptions: ['ServerSideApply=true', 'PruneLast=true'] },
        {
          ...WEST,
          ignoreDifferences: [
            rule('VirtualService', 'shop-example-com-80a4a376', 'front', '.spec.http[] | select(.name == "Cart") | .route[].weight'),
            rule('DestinationRule', 'cart', 'shop', ...['v1', 'v2'].map(subset => `.spec.subsets[] | select(.name == "${subset}") | .labels["rollouts-pod-template-hash"]`)),
          ],
          syncOptions: ['ServerSideApply=true', 'PruneLast=true', 'RespectIgnoreDifferences=true'],
        },
      ),
    });
  });

  it('releases that are added later count', () => {
    const { app: late, chart } = applied();
    const made = set([{ app: late }]);
    expect(theOnly(made, 'ApplicationSet').spec.templatePatch).toBeUndefined();
    release(chart);
    expect(theOnly(made, 'ApplicationSet').spec.templatePatch).toBe(PATCH);
    expect(theOnly(made, 'ApplicationSet').spec.generators[0].list.elements[0].ignoreDifferences).toHaveLength(2);
  });
});

test.each<[string, () => ArgoMember[], Partial<ArgoApplicationSetProps>, string, unknown]>([
  ['no member', () => [], {}, 'members', []],
  ['a second member of a name', () => [east(), west(), east()], {}, 'members[2].applicationName', 'fleet-east'],
  ['a name that is that of another folder', () => [east(), { ...west(), applicationName: 'fleet-east' }], {}, 'members[1].applicationName', 'fleet-east'],
  ['a folder twice for a cluster', () => [east(), { ...east(), applicationName: 'again' }], {}, 'members[1].path', 'dist/fleet/east'],
  ['a name that is none', () => [{ ...east(), applicationName: 'East' }], {}, 'members[0].applicationName', 'East'],
  ['a folder whose name is none', () => [east(), { app: app('West_1'), destination }], {}, 'members[1].applicationName', 'fleet-West_1'],
  ['a path that leads out of the repository', () => [{ ...east(), path: '../dist' }], {}, 'members[0].path', '../dist'],
  ['a member of several that does not say where it goes', () => [east(), { app: app('west') }], {}, 'members[1].destination', undefined],
  ['a first member that does not say where it goes', () => [{ app: app('west') }, east()], {}, 'members[0].destination', undefined],
  ['destinations of two forms', () => [east(), { ...west(), destination: ArgoDestination.cluster('west') }], {}, 'members[1].destination', 'by name'],
  ['destinations of two forms, the other way round', () => [{ ...west(), destination: ArgoDestination.cluster('west') }, east()], {}, 'members[1].destination', 'by server'],
  ['a member that is no app', () => [{ app: new DeliveryApp({ folder: 'clusters' }) as never }], {}, 'members[0].app', expect.any(DeliveryApp)],
  ['an empty repository', () => [east()], { repoUrl: '' }, 'repoUrl', ''],
  ['an empty revision', () => [east()], { targetRevision: ' ' }, 'targetRevision', ' '],
  ['a name of the set that is none', () => [east()], { setName: 'Edge' }, 'setName', 'Edge'],
  ['a namespace that is none', () => [east()], { namespace: 'a.b' }, 'namespace', 'a.b'],
])('%s is rejected', (_, members, props, prop, value) => {
  expect(refusal(() => set(members(), props))).toMatchObject({ prop, value, path: 'argocd' });
});

test('it is written to a separate file, and its synth does not write the folders', () => {
  const hub = new DeliveryApp({ folder: 'clusters' });
  new ArgoApplicationSet(hub, 'argocd', { repoUrl, members: [east(), west()] });
  hub.synth();
  expect(Object.keys(contents('.'))).toEqual(['clusters/argocd.yaml']);
  expect(objectsIn('clusters/argocd.yaml').map(({ kind }) => kind)).toEqual(['ApplicationSet']);
});

describe('law: the Application that Argo CD generates for a member equals an ArgoApplication', () => {
  const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,8}[a-z0-9])?$/).filter(text => !text.includes('..') && !/[.-][.-]/.test(text));
  const id = fc.constantFrom('Cart', 'a"b', 'a\\b', "it's: {{ .name }}", 'käse # ☃', '- x', '<&>');
  const member = fc.record({ releases: fc.uniqueArray(id, { maxLength: 2 }), cluster: fc.constantFrom('https://10.0.0.1', 'https://west:6443') });
  const options = fc.record({
    targetRevision: fc.constantFrom('main', 'v1.2'), project: name, namespace: fc.constantFrom('argocd', 'delivery'), automated: fc.boolean(), prune: fc.boolean(), selfHeal: fc.boolean(),
    deleteWithApplication: fc.boolean(),
  }, { requiredKeys: [] });

  it('for all names of releases and all options', () => {
    fc.assert(fc.property(fc.dictionary(name, member, { minKeys: 1, maxKeys: 3 }), options, (members, chosen) => {
      const apps = Object.entries(members).map(([folder, { releases, cluster }]) => ({ app: app(folder, releases), destination: ArgoDestination.server(cluster) }));
      const hub = new DeliveryApp({ folder: 'clusters' });
      new ArgoApplicationSet(hub, 'argocd', { repoUrl, members: apps, ...chosen });
      hub.synth();
      const alone = apps.map(each => theOnly(new ArgoApplication(each.app, 'argocd', { repoUrl, destination: each.destination, ...chosen }), 'Application'));
      expect(applicationsOf(objectsIn('clusters/argocd.yaml')[0])).toEqual(alone);
    }), { numRuns: 40 });
  });
});

test('another chart can be in the same app', () => {
  const hub = new DeliveryApp({ folder: 'clusters' });
  new Chart(hub, 'empty');
  new ArgoApplicationSet(hub, 'argocd', { repoUrl, members: [east()] });
  hub.synth();
  expect(Object.keys(contents('clusters'))).toEqual(['argocd.yaml']);
});

test('it cannot be in a GitOpsApp', () => {
  const { app: applyingItself } = applied();
  expect(refusal(() => new ArgoApplicationSet(applyingItself, 'argocd', { repoUrl, members: [east()] }))).toMatchObject({ prop: 'scope', value: 'argocd' });
});
