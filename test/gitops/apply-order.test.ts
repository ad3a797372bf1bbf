// `kubectl apply -f` takes what an app wrote from the first file to the last: no object may come before the Namespace that it is in.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiObjectMetadata, ApiObject, App, Chart, DependencyGraph, JsonPatch, Lazy } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { refuseEarlyObjects } from '../../src/gitops/apply-order';

let app: App;
beforeEach(() => {
  app = new App({ outdir: mkdtempSync(join(tmpdir(), 'apply-order-test-')), outputFileExtension: '.k8s.yaml' });
});
afterEach(() => rmSync(app.outdir, { recursive: true, force: true }));

function chartOf(id: string, scope: App | Chart = app): Chart {
  return (scope.node.tryFindChild(id) ?? new Chart(scope, id, { disableResourceNameHashes: true })) as Chart;
}

function object(chart: string | Chart, id: string, metadata: ApiObjectMetadata = { namespace: 'shop' }, kind = 'ConfigMap', apiVersion = 'v1'): ApiObject {
  return new ApiObject(typeof chart === 'string' ? chartOf(chart) : chart, id, { apiVersion, kind, metadata });
}

function namespace(chart: string | Chart, metadata: ApiObjectMetadata = { name: 'shop' }): ApiObject {
  return object(chart, 'Namespace', metadata, 'Namespace');
}

/** What the app is refused for, once it is written. */
function refused(): string | undefined {
  app.synth();
  try {
    refuseEarlyObjects(app);
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeError);
    return (error as EdgeError).message;
  }
  return undefined;
}

/** Kinds in the order in which kubectl takes them. */
function applied(): string[] {
  const text = readdirSync(app.outdir).sort().map(file => readFileSync(join(app.outdir, file), 'utf8')).join('');
  return [...text.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind);
}

describe('in two files', () => {
  it('a Namespace in the earlier one is accepted', () => {
    object('20-edge', 'A');
    namespace('10-base');
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: ['Namespace', 'ConfigMap'] });
  });

  it('a Namespace in the later one is rejected, whichever is created first', () => {
    namespace('30-base');
    object('20-edge', 'A');
    expect({ refused: refused(), applied: applied() }).toEqual({
      refused: '20-edge/A is in namespace shop, which 30-base/Namespace creates, but 20-edge.k8s.yaml is applied before 30-base.k8s.yaml. '
      + 'Give chart 30-base an id that sorts before chart 20-edge',
      applied: ['ConfigMap', 'Namespace'],
    });
  });

  it('the names of files are compared, where a dash sorts before the dot of the extension', () => {
    namespace('base');
    object('base-2', 'A');
    expect({ refused: refused(), applied: applied() })
      .toEqual({ refused: expect.stringContaining('but base-2.k8s.yaml is applied before base.k8s.yaml'), applied: ['ConfigMap', 'Namespace'] });
  });

  it.each(['Edge_A', 'edge.a'])('an id that is no name of a file, %s, is compared as cdk8s writes it', id => {
    namespace('f');
    object(id, 'A');
    expect(refused()).toContain(`but ${readdirSync(app.outdir)[0]} is applied before f.k8s.yaml`);
    expect(readdirSync(app.outdir)[0]).toMatch(/^edge.a-c8\w{6}\.k8s\.yaml$/);
  });
});

describe('in files with numbers', () => {
  it('a chart that depends on the chart of its Namespace is accepted, whatever their ids', () => {
    object('10-edge', 'A');
    namespace('20-base');
    chartOf('10-edge').addDependency(chartOf('20-base'));
    expect({ refused: refused(), files: readdirSync(app.outdir).sort() }).toEqual({ refused: undefined, files: ['0000-20-base.k8s.yaml', '0001-10-edge.k8s.yaml'] });
  });

  it('a chart with an object that depends on the Namespace is accepted', () => {
    const made = namespace('20-base');
    object('10-edge', 'A').addDependency(made);
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: ['Namespace', 'ConfigMap'] });
  });

  it('a chart on which the chart of its Namespace depends is rejected, although its id sorts later', () => {
    object('20-edge', 'A');
    namespace('10-base').addDependency(chartOf('20-edge'));
    expect({ refused: refused(), applied: applied() }).toEqual({
      refused: '20-edge/A is in namespace shop, which 10-base/Namespace creates, but 0000-20-edge.k8s.yaml is applied before 0001-10-base.k8s.yaml. '
      + 'Create the Namespace in a chart that chart 20-edge depends on',
      applied: ['ConfigMap', 'Namespace'],
    });
  });

  it('a chart inside the chart of its Namespace is rejected, because cdk8s writes it first', () => {
    namespace('10-base');
    object(chartOf('edge', chartOf('10-base')), 'A');
    expect(refused()).toMatch(/^10-base\/edge\/A is in .* but 0000-10-base-edge-\w+\.k8s\.yaml is applied before 0001-10-base\.k8s\.yaml\. Create the Namespace in /);
  });

  it('a Namespace in a chart inside the chart of the object is accepted', () => {
    object('10-edge', 'A');
    namespace(chartOf('base', chartOf('10-edge')));
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: ['Namespace', 'ConfigMap'] });
  });

  it('charts without objects count for the numbers', () => {
    chartOf('00-empty');
    namespace('20-base');
    object('10-edge', 'A').addDependency(chartOf('20-base'));
    object('30-more', 'A', {});
    expect({ refused: refused(), files: readdirSync(app.outdir).sort() })
      .toEqual({ refused: undefined, files: ['0000-00-empty', '0001-20-base', '0002-10-edge', '0003-30-more'].map(name => `${name}.k8s.yaml`) });
  });
});

describe('in one file', () => {
  it('a Namespace that is created first is accepted', () => {
    namespace('10-base');
    object('10-base', 'A');
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: ['Namespace', 'ConfigMap'] });
  });

  it('a Namespace that is created later is rejected', () => {
    object('10-base', 'A');
    namespace('10-base');
    expect({ refused: refused(), applied: applied() }).toEqual({
      refused: '10-base/A is in namespace shop, which 10-base/Namespace creates further down in 10-base.k8s.yaml. Create the Namespace first, or add a dependency on it',
      applied: ['ConfigMap', 'Namespace'],
    });
  });

  it('a Namespace that the object depends on is accepted although it is created later', () => {
    const early = object('10-base', 'A');
    early.addDependency(namespace('10-base'));
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: ['Namespace', 'ConfigMap'] });
  });

  it('a Namespace that depends on the object is rejected although it is created first', () => {
    const made = namespace('10-base');
    const early = object('10-base', 'A');
    object('10-base', 'B');
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: ['Namespace', 'ConfigMap', 'ConfigMap'] });
    made.addDependency(early);
    expect({ refused: refused(), applied: applied() })
      .toEqual({ refused: expect.stringMatching(/^10-base\/A is in namespace shop/), applied: ['ConfigMap', 'Namespace', 'ConfigMap'] });
  });
});

describe('nothing is rejected', () => {
  beforeEach(() => namespace('90-late'));

  it.each<[string, ApiObjectMetadata, string, string]>([
    ['of another namespace', { namespace: 'other' }, 'ConfigMap', 'v1'],
    ['without a namespace', {}, 'ConfigMap', 'v1'],
    ['of the whole cluster, though its chart gives it the namespace', { namespace: 'shop' }, 'ClusterRole', 'rbac.authorization.k8s.io/v1'],
    ['of the name of the namespace', { name: 'shop' }, 'ConfigMap', 'v1'],
  ])('for an object %s', (_, metadata, kind, apiVersion) => {
    object('10-a', 'A', metadata, kind, apiVersion);
    expect({ refused: refused(), applied: applied() }).toEqual({ refused: undefined, applied: [kind, 'Namespace'] });
    object('10-a', 'B');
    expect(refused()).toMatch(/^10-a\/B is in namespace shop/);
  });

  it.each(['default', 'kube-system'])('for what is in %s, which every cluster has', name => {
    namespace('91-later', { name });
    object('10-a', 'A', { namespace: name });
    expect(refused()).toBeUndefined();
  });

  it('for a Namespace of another API group', () => {
    object('91-later', 'A', { name: 'other' }, 'Namespace', 'example.com/v1');
    object('10-a', 'A', { namespace: 'other' });
    expect(refused()).toBeUndefined();
  });
});

describe('names are compared as rendered', () => {
  it('including patches of either namespace', () => {
    const made = namespace('20-base', { name: 'other' });
    const early = object('10-edge', 'A');
    expect(refused()).toBeUndefined();
    made.addJsonPatch(JsonPatch.replace('/metadata/name', 'shop'));
    expect(refused()).toMatch(/^10-edge\/A is in namespace shop, which 20-base\/Namespace creates/);
    early.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    expect(refused()).toBeUndefined();
  });

  it('including lazy values', () => {
    namespace('20-base', { name: Lazy.any({ produce: () => 'shop' }) as string });
    object('10-edge', 'A', { namespace: Lazy.any({ produce: () => 'other' }) as string });
    expect(refused()).toBeUndefined();
    object('10-edge', 'B', { namespace: Lazy.any({ produce: () => 'shop' }) as string });
    expect(refused()).toMatch(/^10-edge\/B is in namespace shop/);
  });
});

describe('it costs little', () => {
  it('an object without patches is not rendered', () => {
    namespace('10-base');
    const objects = [object('10-base', 'A'), object('20-edge', 'A')];
    app.synth();
    const rendered = objects.map(each => jest.spyOn(each, 'toJson'));
    refuseEarlyObjects(app);
    expect(rendered.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });

  it('nothing is sorted without dependencies', () => {
    namespace('10-base');
    object('10-base', 'A');
    object('20-edge', 'B');
    app.synth();
    const sorted = jest.spyOn(DependencyGraph.prototype, 'topology');
    refuseEarlyObjects(app);
    expect(sorted).not.toHaveBeenCalled();
    app.node.findAll().filter(each => ApiObject.isApiObject(each))[1].addDependency(chartOf('10-base').apiObjects[0]);
    refuseEarlyObjects(app);
    expect(sorted).toHaveBeenCalledTimes(1);
    sorted.mockRestore();
  });
});
