// What the pods say about their proxy: the annotation `proxy.istio.io/config`, and the container of the proxy, which the injector completes.
import { type PlainObject, asList, asObject, asText } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import { readDocuments } from '../../manifests/yaml';
import type { Workload } from './workloads';

/** The annotation on pods with fields of ProxyConfig. */
export const PROXY_CONFIG = 'proxy.istio.io/config';

/** The ProxyConfig of the annotation; empty without it. */
export function proxyConfigOf({ annotations }: Workload): PlainObject {
  const text = annotations.get(PROXY_CONFIG);
  if (text === undefined) {
    return {};
  }
  try {
    const [config] = readDocuments(text, PROXY_CONFIG);
    return asObject(config);
  } catch {
    // Istio's injector refuses the pod; nothing else follows from the annotation.
    return {};
  }
}

/** The container of the proxy as written, and its place; empty if the injector adds all of it. */
export function proxyContainerOf({ manifest, pointer }: Workload): { readonly container: PlainObject; readonly pointer: string } {
  const containers = asList(valueAt(manifest.object, `${pointer}/spec/containers`)).map(asObject);
  const index = containers.findIndex(({ name }) => name === 'istio-proxy');
  return { container: containers[index] ?? {}, pointer: `${pointer}/spec/containers/${index}` };
}

/** An environment variable of the proxy: in its container, else in `proxyMetadata`. */
export function proxyVariableOf(workload: Workload, name: string): string | undefined {
  const own = asList(proxyContainerOf(workload).container.env).map(asObject).find(one => one.name === name);
  return own === undefined ? asText(asObject(proxyConfigOf(workload).proxyMetadata)[name]) : asText(own.value);
}
