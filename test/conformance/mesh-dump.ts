// What istiod programs for a configuration, and what the model says, in one shape.
import { type Manifest, objectNameOf } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { type Mesh, meshOf } from '../../src/mesh/mesh';
import { type GatewayProxy } from '../../src/mesh/proxies';
import { dumpedRouteConfig, envoyRouteConfig } from './envoy-routes';

type Json = Record<string, any>;

/** A configuration as YAML, and what istiod programs for it. */
export interface MeshCase {
  readonly name: string;
  readonly note?: string;
  readonly input: string;
  readonly result?: MeshDump;
}

/** The answer of `sim dump -cases` about one configuration. */
export interface MeshDump {
  readonly rejected?: readonly string[];
  /** The oracle could not judge. */
  readonly error?: string;
  /** istiod itself crashes. */
  readonly panic?: string;
  readonly proxies: readonly ProxyDump[];
}

export interface ProxyDump {
  readonly name: string;
  readonly kind: 'router' | 'sidecar';
  readonly listeners: readonly Json[];
  readonly routes: readonly Json[];
  readonly clusters: readonly Json[];
}

/** The oracle's answer as far as it is compared. */
export function dumped(dump: MeshDump): unknown {
  return plain({
    refused: { missing: [], extra: [] },
    proxies: Object.fromEntries(dump.proxies.filter(({ kind }) => kind === 'router').map(({ name, routes }) => [name, {
      routes: byName(routes.map(dumpedRouteConfig)),
    }])),
  });
}

/** The model's answer to the same configuration. What only one of both refuses is a difference, and the proxies are those of what istiod gets. */
export function modelled(yaml: string, dump: MeshDump): unknown {
  const refused = new Set((dump.rejected ?? []).map(line => line.slice(0, line.indexOf(': '))));
  const manifests = readYaml(yaml);
  const own = new Set(meshOf(manifests).refusals.map(({ config }) => nameOf(config.manifest)));
  const mesh = meshOf(manifests.filter(manifest => !refused.has(nameOf(manifest))));
  return plain({
    refused: { missing: [...refused].filter(name => !own.has(name)).sort(), extra: [...own].filter(name => !refused.has(name)).sort() },
    proxies: Object.fromEntries(dump.proxies.filter(({ kind }) => kind === 'router').map(({ name }) => [name, gatewayOf(mesh, name)])),
  });
}

function nameOf(manifest: Manifest): string {
  const { kind, namespace, name } = objectNameOf(manifest);
  return `${kind} ${namespace}/${name}`;
}

function gatewayOf(mesh: Mesh, name: string): unknown {
  const workload = mesh.gatewayWorkloads().find(one => `${one.namespace}/${one.name}` === name);
  return workload && { routes: byName(routesOf(mesh.gateway(workload))) };
}

function routesOf(proxy: GatewayProxy): Json[] {
  return [...proxy.merged.serversByRouteConfig.keys()].map(name => envoyRouteConfig(proxy.routeConfig(name)!));
}

function byName(tables: readonly Json[]): Json {
  return Object.fromEntries(tables.map(({ name, ...table }) => [name, table]));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
