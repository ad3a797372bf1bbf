// `kubectl apply -f` applies files in the order of their names, and documents in the order of the file, so a Namespace must precede its objects.
import { ApiObject, type App, Chart, DependencyGraph, Names } from 'cdk8s';
import { EdgeError } from '../base/errors';
import { identityOf, isClusterWide } from '../chart/object-collisions';

/** Namespaces that every cluster has, even before an app applies labels to one. */
const ALWAYS_THERE: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Rejects an object that would be applied before its Namespace, if the app contains that Namespace: `kubectl apply -f` (1.28) would fail
 * with `namespaces "shop" not found`. kustomize, Flux and Argo CD apply Namespaces first anyway.
 *
 * @param app an app with one file per chart, after its `synth()`: only then do charts depend on what their objects depend on
 * @throws EdgeError that names both constructs, their files, and the fix
 */
export function refuseEarlyObjects(app: App): void {
  const objects = app.node.findAll().filter(construct => ApiObject.isApiObject(construct));
  const namespaces = new Map(objects.filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1')
    .map(made => [identityOf(made).name, made] as const)
    .filter(([name]) => !ALWAYS_THERE.includes(name)));
  if (namespaces.size === 0) {
    return;
  }
  const written = new Written(app);
  for (const object of objects) {
    const { kind, namespace } = identityOf(object);
    const made = namespace === undefined || isClusterWide(kind) ? undefined : namespaces.get(namespace);
    if (made !== undefined && written.isBefore(object, made)) {
      throw new EdgeError(written.refusal(object, made));
    }
  }
}

/** Where an app writes its objects. Computed on demand. */
class Written {
  private files?: Map<Chart, string>;
  private readonly orders = new Map<Chart, Map<ApiObject, number>>();

  public constructor(private readonly app: App) {}

  public isBefore(object: ApiObject, other: ApiObject): boolean {
    if (object.chart !== other.chart) {
      return this.fileOf(object.chart) < this.fileOf(other.chart);
    }
    const order = this.orderIn(object.chart);
    return order.get(object)! < order.get(other)!;
  }

  public refusal(object: ApiObject, made: ApiObject): string {
    const early = `${object.node.path} is in namespace ${identityOf(made).name}, which ${made.node.path} creates`;
    const [file, later] = [object, made].map(({ chart }) => this.fileOf(chart));
    if (file === later) {
      return `${early} further down in ${file}. Create the Namespace first, or add a dependency on it`;
    }
    const [id, laterId] = [object, made].map(({ chart }) => `chart ${chart.node.path}`);
    const remedy = isNumbered(chartsOf(this.app)) ? `Create the Namespace in a chart that ${id} depends on` : `Give ${laterId} an id that sorts before ${id}`;
    return `${early}, but ${file} is applied before ${later}. ${remedy}`;
  }

  private fileOf(chart: Chart): string {
    this.files ??= fileNames(this.app);
    return this.files.get(chart)!;
  }

  private orderIn(chart: Chart): Map<ApiObject, number> {
    const order = this.orders.get(chart) ?? new Map(inOrder(chart).map((object, index) => [object, index]));
    this.orders.set(chart, order);
    return order;
  }
}

/** The order in which cdk8s 2.70 writes them (src/app.ts): dependencies first, otherwise in the order of creation. */
function inOrder(chart: Chart): ApiObject[] {
  const made = chart.node.findAll();
  const sorted = made.some(({ node }) => node.dependencies.length > 0) ? new DependencyGraph(chart.node).topology() : made;
  return sorted.filter(construct => ApiObject.isApiObject(construct));
}

/** The names that cdk8s 2.70 gives them (src/app.ts): by id, with a number in front if charts depend on each other. */
function fileNames(app: App): Map<Chart, string> {
  const charts = chartsOf(app);
  const nameOf = (chart: Chart) => `${Names.toDnsLabel(chart)}${app.outputFileExtension}`;
  return new Map(isNumbered(charts)
    ? app.charts.map((chart, index) => [chart, `${String(index).padStart(4, '0')}-${nameOf(chart)}`])
    : charts.map(chart => [chart, nameOf(chart)]));
}

/** The same as `app.charts`, without sorting, which would take longer than everything else here. */
function chartsOf(app: App): Chart[] {
  return app.node.findAll().filter(construct => Chart.isChart(construct));
}

/** After the synth, a chart depends on the charts in it, and on the charts of everything that its objects depend on. */
function isNumbered(charts: readonly Chart[]): boolean {
  return charts.some(chart => chart.node.dependencies.some(dependency => Chart.of(dependency) !== chart));
}
