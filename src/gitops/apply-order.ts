// `kubectl apply -f` takes files by name and the documents of one in order, so a Namespace has to be written before the objects in it.
import { ApiObject, type App, Chart, DependencyGraph, Names } from 'cdk8s';
import { EdgeError } from '../base/errors';
import { identityOf, isClusterWide } from '../chart/object-collisions';

/** Namespaces that every cluster has, so that nothing waits for an object that labels one. */
const ALWAYS_THERE: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Refuses an object that would be applied before the Namespace that it is in, where a chart of the app makes that one: for it,
 * `kubectl apply -f` (1.28) fails with `namespaces "shop" not found`. kustomize, Flux and Argo CD sort Namespaces first by themselves.
 *
 * @param app an app of one file per chart. Ask after its `synth()`: only then do its charts depend on what their objects depend on
 * @throws EdgeError that names both constructs, their files, and what to do
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

/** Where an app writes its objects. What nobody asks for is not worked out. */
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
    const early = `${object.node.path} is in the namespace ${identityOf(made).name}, which ${made.node.path} makes`;
    const [file, later] = [object, made].map(({ chart }) => this.fileOf(chart));
    if (file === later) {
      return `${early} further down in ${file}: make the Namespace first, or let the object depend on it`;
    }
    const [id, laterId] = [object, made].map(({ chart }) => `chart ${chart.node.path}`);
    const remedy = isNumbered(chartsOf(this.app)) ? `make the Namespace in a chart that ${id} depends on` : `give ${laterId} an id that sorts before ${id}`;
    return `${early}, but ${file} is applied before ${later}: ${remedy}`;
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

/** As cdk8s 2.70 writes them (src/app.ts): what an object depends on first, else as they were made. */
function inOrder(chart: Chart): ApiObject[] {
  const made = chart.node.findAll();
  const sorted = made.some(({ node }) => node.dependencies.length > 0) ? new DependencyGraph(chart.node).topology() : made;
  return sorted.filter(construct => ApiObject.isApiObject(construct));
}

/** As cdk8s 2.70 names them (src/app.ts): by id, and where charts depend on one another by number first. */
function fileNames(app: App): Map<Chart, string> {
  const charts = chartsOf(app);
  const nameOf = (chart: Chart) => `${Names.toDnsLabel(chart)}${app.outputFileExtension}`;
  return new Map(isNumbered(charts)
    ? app.charts.map((chart, index) => [chart, `${String(index).padStart(4, '0')}-${nameOf(chart)}`])
    : charts.map(chart => [chart, nameOf(chart)]));
}

/** Those of `app.charts`, which sorts them; that takes longer than all the rest. */
function chartsOf(app: App): Chart[] {
  return app.node.findAll().filter(construct => Chart.isChart(construct));
}

/** Once it is written, a chart depends on those nested in it, and on those of all that its objects depend on. */
function isNumbered(charts: readonly Chart[]): boolean {
  return charts.some(chart => chart.node.dependencies.some(dependency => Chart.of(dependency) !== chart));
}
