// The law about Istio's objects, for every test that emits some: the CRDs take them, the webhook would, and their names are names.
import { type App, Yaml } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { validateManifest } from '../../src/inspect';
import { apiObjects, type Synthesized } from '../synthesized';
import { addPaths } from './emitted-paths';
import { refusedByWebhook } from './webhook';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const CHECKED = /(^|\.)(istio\.io|elbv2\.k8s\.aws)\//;

/** Names that DNS-1123 takes, and labels that Kubernetes does. */
function misnamed({ metadata: { name, namespace = 'a', labels = {} } }: Synthesized): string[] {
  const wrong = [...name.split('.'), namespace].filter(part => !LABEL.test(part)).concat(name.length > 253 ? [name] : []);
  return [...wrong.map(part => `name ${part}`), ...Object.values(labels).filter(value => !LABEL_VALUE.test(value)).map(value => `label ${value}`)];
}

/** What is wrong with the objects of an app, and with two of one name; nothing, if the law holds. @param found gets the paths of all fields */
export function brokenBy(app: App, found: Set<string>): string[] {
  const objects = apiObjects(app).map(object => object.toJson() as Synthesized);
  const seen = new Set<string>();
  return objects.flatMap(object => {
    const { apiVersion, kind, metadata } = object;
    const at = `${apiVersion} ${kind} ${metadata.namespace}/${metadata.name}`;
    const twice = seen.has(at) ? ['is there twice'] : [];
    seen.add(at);
    const faults: string[] = [];
    if (CHECKED.test(apiVersion)) {
      addPaths(found, object.spec, `${kind}.spec`);
      faults.push(...(validateManifest(object) ?? [{ message: 'unknown to validateManifest' }]).map(fault => JSON.stringify(fault)), ...refusedByWebhook(object));
    }
    return [...twice, ...misnamed(object), ...faults].map(fault => `${at}: ${fault}`);
  });
}

/** Whether the documents of an app are read back as they were written. */
export function readsBack(app: App): boolean {
  const objects = apiObjects(app).map(object => object.toJson() as Synthesized).filter(({ apiVersion }) => CHECKED.test(apiVersion));
  return JSON.stringify(loadAll(Yaml.stringify(...objects))) === JSON.stringify(objects);
}
