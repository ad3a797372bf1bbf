// Two constructs that write one object are refused by name, before any file is written.
import { type ApiObjectMetadata, ApiObject, App, Chart, JsonPatch, Lazy } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { refuseCollisions } from '../../src/chart/object-collisions';

let app: App;
let chart: Chart;
beforeEach(() => {
  app = new App();
  chart = new Chart(app, 'chart', { disableResourceNameHashes: true });
});

function object(id: string, metadata: ApiObjectMetadata, kind = 'ConfigMap', apiVersion = 'v1'): ApiObject {
  return new ApiObject(chart, id, { apiVersion, kind, metadata });
}

function collision(): string | undefined {
  try {
    refuseCollisions(app);
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeError);
    return (error as EdgeError).message;
  }
  return undefined;
}

test('objects with the same name collide only if kind, group and namespace are equal; the version does not matter', () => {
  object('A', { name: 'x', namespace: 'n' });
  object('B', { name: 'x', namespace: 'm' });
  ['v1', 'networking.istio.io/v1', 'gateway.networking.k8s.io/v1'].forEach(apiVersion => object(apiVersion.replaceAll('/', '.'), { name: 'x', namespace: 'n' }, 'Gateway', apiVersion));
  expect(collision()).toBeUndefined();
  object('Beta', { name: 'x', namespace: 'n' }, 'Gateway', 'networking.istio.io/v1beta1');
  expect(collision()).toBe('chart/networking.istio.io.v1 and chart/Beta both write Gateway n/x: change the name or namespace of one');
});

test('an omitted namespace is the namespace default', () => {
  object('A', { name: 'x' });
  expect(collision()).toBeUndefined();
  object('B', { name: 'x', namespace: 'default' });
  expect(collision()).toBe('chart/A and chart/B both write ConfigMap default/x: change the name or namespace of one');
});

test('cluster-scoped objects collide even if two charts have different namespaces', () => {
  object('A', { name: 'x', namespace: 'n' }, 'ClusterRole', 'rbac.authorization.k8s.io/v1');
  object('C', { name: 'x', namespace: 'n' }, 'Role', 'rbac.authorization.k8s.io/v1');
  object('D', { name: 'x', namespace: 'm' }, 'Role', 'rbac.authorization.k8s.io/v1');
  expect(collision()).toBeUndefined();
  object('B', { name: 'x', namespace: 'm' }, 'ClusterRole', 'rbac.authorization.k8s.io/v1');
  expect(collision()).toMatch(/^chart\/A and chart\/B both write ClusterRole m\/x/);
});

test.each([
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', /^chart\/A and chart\/B both write ValidatingWebhookConfiguration m\/x/],
  ['ClusterIssuer', 'cert-manager.io/v1', /^chart\/A and chart\/B both write ClusterIssuer m\/x/],
  ['Issuer', 'cert-manager.io/v1', undefined],
])('cluster-scoped kinds of common add-ons collide too: %s', (kind, apiVersion, message) => {
  object('A', { name: 'x', namespace: 'n' }, kind, apiVersion);
  object('B', { name: 'x', namespace: 'm' }, kind, apiVersion);
  expect(collision()).toEqual(message && expect.stringMatching(message));
});

describe('a patch', () => {
  const patches: [string, JsonPatch][] = [
    ['name', JsonPatch.replace('/metadata/name', 'x')],
    ['namespace', JsonPatch.replace('/metadata/namespace', 'n')],
    ['kind', JsonPatch.replace('/kind', 'ConfigMap')],
    ['apiVersion', JsonPatch.replace('/apiVersion', 'v1')],
  ];
  const different: Record<string, () => ApiObject> = {
    name: () => object('B', { name: 'y', namespace: 'n' }),
    namespace: () => object('B', { name: 'x', namespace: 'm' }),
    kind: () => object('B', { name: 'x', namespace: 'n' }, 'Secret'),
    apiVersion: () => object('B', { name: 'x', namespace: 'n' }, 'ConfigMap', 'example.com/v1'),
  };

  it.each(patches)('of the %s that makes two objects collide is detected', (field, patch) => {
    object('A', { name: 'x', namespace: 'n' });
    const other = different[field]();
    expect(collision()).toBeUndefined();
    other.addJsonPatch(patch);
    expect(collision()).toMatch(/^chart\/A and chart\/B both write ConfigMap n\/x/);
  });

  it('that resolves a collision is detected', () => {
    object('A', { name: 'x' });
    object('B', { name: 'x' }).addJsonPatch(JsonPatch.add('/metadata/namespace', 'n'));
    expect(collision()).toBeUndefined();
  });
});

test('lazy names are compared after they are resolved', () => {
  const lazy = (name: string) => Lazy.any({ produce: () => name }) as string;
  object('A', { name: lazy('x') });
  object('B', { name: lazy('y') });
  expect(collision()).toBeUndefined();
  object('C', { name: lazy('x') });
  expect(collision()).toMatch(/^chart\/A and chart\/C both write ConfigMap x/);
});

test('an object without a patch is not rendered', () => {
  const rendered = jest.spyOn(object('A', { name: 'x' }), 'toJson');
  expect(collision()).toBeUndefined();
  expect(rendered).not.toHaveBeenCalled();
});
