// Gateways: which of them select a workload, and how their servers merge into the listeners of its proxy.
import { namespacedName } from '../../base/kubernetes-name';
import { addTo } from '../../base/multimap';
import { Kind } from '../../manifests/kind';
import { PlainObject, asInteger, asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import { Config, Configs, Labels, Place, readLabels } from './config';
import { LabelIndex } from './label-index';
import { ProtocolClass, classOf } from '../../base/istio/protocol';
import { ServiceIndex, targetPortOf } from './service-index';
import { Workload } from './workloads';

/** `tls.mode` of a server; without a mode it is PASSTHROUGH (Istio 1.30, pkg/config/gateway/gateway.go:69). */
export type ServerTlsMode = 'PASSTHROUGH' | 'SIMPLE' | 'MUTUAL' | 'AUTO_PASSTHROUGH' | 'ISTIO_MUTUAL' | 'OPTIONAL_MUTUAL';

/** `tls` of a server. */
export interface ServerTls {
  readonly mode: ServerTlsMode;
  readonly httpsRedirect: boolean;
  readonly credentialNames: readonly string[];
  readonly caCertCredentialName?: string;
  /** Such as TLSV1_3; absent for Istio's default, TLS 1.2. */
  readonly minProtocolVersion?: string;
}

/** One server of a Gateway. */
export interface Server extends Place {
  readonly config: Config;
  /** `namespace/name` of its Gateway. */
  readonly gateway: string;
  /** The declared port. */
  readonly port: number;
  readonly portName: string;
  readonly protocol: ProtocolClass;
  /** The protocol as written. */
  readonly protocolName: string;
  readonly bind: string;
  /** Hosts, those of other namespaces with `namespace/` in front. */
  readonly hosts: readonly string[];
  readonly tls?: ServerTls;
}

/** What the proxy of a gateway workload serves. */
export interface MergedGateway {
  /** In the order in which their ports were first seen. */
  readonly ports: readonly MergedPort[];
  /** The servers of each route table. */
  readonly serversByRouteConfig: ReadonlyMap<string, readonly Server[]>;
  /** Servers that are skipped, and why. */
  readonly skipped: readonly SkippedServer[];
  /** The port of the pods behind a port of the Services that select them; the port itself where there is none. */
  listenerPort(port: number): number;
}

/** The servers of one listener port, protocol and bind address. */
export interface MergedPort {
  readonly number: number;
  readonly bind: string;
  readonly protocol: ProtocolClass;
  readonly servers: Server[];
  /** The route table of a plaintext HTTP port. */
  readonly routeConfig: string;
}

/** A server that istiod drops without a word. */
export interface SkippedServer {
  readonly server: Server;
  readonly why: 'duplicate-hosts' | 'conflicting-protocol' | 'same-port-name' | 'no-tls-options';
}

/** All Gateways, found by the labels of the pods that they select. */
export class Gateways {
  public readonly all: readonly Gateway[];
  private readonly selectors: LabelIndex<Gateway>;
  private readonly byName = new Map<string, Gateway[]>();

  public constructor(configs: Configs) {
    this.all = configs.of(Kind.GATEWAY).map(readGateway);
    this.selectors = new LabelIndex(this.all, ({ selector }) => selector);
    this.all.forEach(gateway => addTo(this.byName, namespacedName(gateway.config), gateway));
  }

  /** The Gateways of a name, `namespace/name`: several if the input mixes clusters. */
  public named(name: string): readonly Gateway[] {
    return this.byName.get(name) ?? [];
  }

  /** Whether a Gateway names labels that these labels include: what selects everything proves nothing about a pod. */
  public nameLabels(labels: Labels): boolean {
    return this.selectors.satisfiedBy(labels).some(({ selector }) => selector.size > 0);
  }

  /** The servers of all Gateways that select the workload, the oldest Gateway first, merged (Istio 1.30, pilot/pkg/model/gateway.go:165). */
  public mergedFor(workload: Workload, services: ServiceIndex): MergedGateway {
    const merger = new Merger(targetPorts(workload, services));
    this.selecting(workload).forEach(({ servers }) => servers.forEach(server => merger.add(server)));
    return merger;
  }

  /** The Gateways that select the workload, the oldest first. */
  public selecting({ labels }: Pick<Workload, 'labels'>): readonly Gateway[] {
    return this.selectors.satisfiedBy(labels);
  }

  /** For each selector that none of the workloads satisfies, the first Gateway that has it. */
  public unserved(workloads: readonly Workload[]): Gateway[] {
    const served = new Set(workloads.flatMap(workload => this.selecting(workload)));
    const open = new Map<string, Gateway>();
    for (const gateway of this.all) {
      const key = JSON.stringify([...gateway.selector].sort());
      if (!served.has(gateway) && gateway.selector.size > 0 && !open.has(key)) {
        open.set(key, gateway);
      }
    }
    return [...open.values()];
  }
}

/** A Gateway. */
export interface Gateway {
  readonly config: Config;
  readonly selector: Labels;
  readonly servers: readonly Server[];
}

/** Service port → port of the pods: the first Service of several (Istio 1.30, pilot/pkg/model/gateway.go:505). */
function targetPorts(workload: Workload, services: ServiceIndex): Map<number, number> {
  const targets = new Map<number, number>();
  for (const service of services.selecting(workload)) {
    if (!service.labels.has('experimental.istio.io/disable-gateway-port-translation')) {
      for (const port of service.ports) {
        const target = targetPortOf(port, workload);
        if (target !== undefined && !targets.has(port.port)) {
          targets.set(port.port, target);
        }
      }
    }
  }
  return targets;
}

/** Merges the servers of all Gateways of a workload (Istio 1.30, pilot/pkg/model/gateway.go:177-430). */
class Merger implements MergedGateway {
  public readonly ports: MergedPort[] = [];
  public readonly serversByRouteConfig = new Map<string, Server[]>();
  public readonly skipped: SkippedServer[] = [];
  private readonly hosts = new ClaimedHosts();
  private readonly usedPorts = new Set<number>();
  /** The last port opened for plaintext, by number, whatever address it binds to. */
  private readonly plaintext = new Map<number, MergedPort>();
  private readonly byKey = new Map<string, MergedPort>();

  public constructor(private readonly targets: ReadonlyMap<number, number>) {}

  public listenerPort(port: number): number {
    return this.targets.get(port) ?? port;
  }

  public add(server: Server): void {
    const number = this.listenerPort(server.port);
    const routeConfig = routeConfigOf(server, number);
    // Only servers with `tls` are compared, those with httpsRedirect included (Istio 1.30, pilot/pkg/model/gateway.go:289-304).
    if (server.tls !== undefined && !this.hosts.claim(server.hosts, number, server.bind)) {
      this.skip(server, 'duplicate-hosts');
      return;
    }
    const current = this.plaintext.get(number);
    const isFirst = !this.usedPorts.has(number);
    this.usedPorts.add(number);
    if (isFirst) {
      this.open(server, number, routeConfig);
    } else if (current === undefined) {
      this.addBesideTls(server, number, routeConfig);
    } else if (current.bind === server.bind) {
      this.addToPlaintext(current, server, routeConfig);
    } else {
      this.addAtOtherAddress(server, number, routeConfig);
    }
  }

  private addToPlaintext(current: MergedPort, server: Server, routeConfig: string): void {
    if (current.protocol !== 'http' || server.protocol !== 'http') {
      this.skip(server, 'conflicting-protocol');
      return;
    }
    current.servers.push(server);
    addTo(this.serversByRouteConfig, routeConfig, server);
  }

  /** Addresses are compared with the port opened last, so a server may open a port of an earlier address a second time. */
  private addAtOtherAddress(server: Server, number: number, routeConfig: string): void {
    const own = this.byKey.get(keyOf(server, number));
    if (own === undefined) {
      this.open(server, number, routeConfig);
      return;
    }
    own.servers.push(server);
    addTo(this.serversByRouteConfig, routeConfig, server);
  }

  private addBesideTls(server: Server, number: number, routeConfig: string): void {
    if (!isTlsServer(server)) {
      this.open(server, number, routeConfig);
      return;
    }
    if (isHttpServer(server)) {
      if (this.serversByRouteConfig.has(routeConfig)) {
        this.skip(server, 'same-port-name');
        return;
      }
      this.serversByRouteConfig.set(routeConfig, [server]);
    }
    const own = this.byKey.get(keyOf(server, number));
    if (own === undefined) {
      this.keep({ number, bind: server.bind, protocol: server.protocol, servers: [server], routeConfig: '' }, server);
    } else {
      own.servers.push(server);
    }
  }

  private open(server: Server, number: number, routeConfig: string): void {
    const port = { number, bind: server.bind, protocol: server.protocol, servers: [server], routeConfig: isTlsServer(server) ? '' : routeConfig };
    if (!isTlsServer(server)) {
      this.plaintext.set(number, port);
    }
    if (isHttpServer(server)) {
      this.serversByRouteConfig.set(routeConfig, [server]);
    }
    this.keep(port, server);
  }

  private keep(port: MergedPort, server: Server): void {
    this.byKey.set(keyOf(server, port.number), port);
    this.ports.push(port);
  }

  private skip(server: Server, why: SkippedServer['why']): void {
    this.skipped.push({ server, why });
  }
}

/** Ports with one number are one port if their protocol, as written, and their address are equal. */
function keyOf({ protocolName, bind }: Server, number: number): string {
  return `${number} ${protocolName} ${bind}`;
}

/** Server names of listeners. Each is remembered with the address that claimed it last (Istio 1.30, pilot/pkg/model/gateway.go CheckDuplicates). */
export class ClaimedHosts {
  private readonly binds = new Map<string, string>();

  /** Whether none of the hosts is taken for the port and address; then they are from now on. */
  public claim(hosts: readonly string[], port: number, bind: string): boolean {
    if (hosts.some(host => this.binds.get(`${port} ${host}`) === bind)) {
      return false;
    }
    hosts.forEach(host => this.binds.set(`${port} ${host}`, bind));
    return true;
  }
}

/** Whether the server's own traffic is TLS: an HTTP server with httpsRedirect is not (Istio 1.30, pkg/config/gateway/gateway.go:24). */
export function isTlsServer({ tls, protocol }: Server): boolean {
  return tls !== undefined && protocol !== 'http';
}

/** Whether the proxy decrypts TLS. */
export function terminates({ tls }: Server): boolean {
  return tls !== undefined && tls.mode !== 'PASSTHROUGH' && tls.mode !== 'AUTO_PASSTHROUGH';
}

/** Whether the server routes HTTP (Istio 1.30, pkg/config/gateway/gateway.go IsHTTPServer). */
export function isHttpServer(server: Server): boolean {
  return server.protocol === 'http' || (server.protocol === 'https' && terminates(server));
}

/** The kind of routes in a VirtualService that the server uses. */
export function routeKindOf(server: Server): 'http' | 'tls' | 'tcp' {
  return isHttpServer(server) ? 'http' : server.tls !== undefined && !terminates(server) ? 'tls' : 'tcp';
}

/** Name of the server's route table; empty when it has none (Istio 1.30, pilot/pkg/model/gateway.go:627). */
export function routeConfigOf(server: Server, listenerPort: number): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (server.protocol === 'http') {
    return `http.${listenerPort}${bind}`;
  }
  const { name, namespace } = server.config;
  return isHttpServer(server) ? `https.${server.port}.${server.portName}.${name}.${namespace}${bind}` : '';
}

function readGateway(config: Config): Gateway {
  return {
    config,
    selector: readLabels(config.spec.selector),
    servers: asList(config.spec.servers).flatMap((value, index) => {
      const server = asObject(value);
      const number = asInteger(asObject(server.port).number);
      return number === undefined ? [] : [readServer(config, server, number, `/spec/servers/${index}`)];
    }),
  };
}

function readServer(config: Config, server: PlainObject, port: number, pointer: string): Server {
  const { name, protocol } = asObject(server.port);
  const tls = server.tls === undefined || server.tls === null ? undefined : asObject(server.tls);
  const [several, single] = [asTexts(tls?.credentialNames), asText(tls?.credentialName)];
  return {
    manifest: config.manifest,
    pointer,
    config,
    gateway: namespacedName(config),
    port,
    portName: asText(name) ?? '',
    protocol: classOf(asText(protocol) ?? ''),
    protocolName: asText(protocol) ?? '',
    bind: asText(server.bind) ?? '',
    hosts: completeServerHosts(asTexts(server.hosts), config.namespace),
    ...(tls === undefined ? {} : {
      tls: {
        mode: (asText(tls.mode) ?? 'PASSTHROUGH') as ServerTlsMode,
        httpsRedirect: tls.httpsRedirect === true,
        credentialNames: several.length > 0 || !single ? several : [single],
        caCertCredentialName: asText(tls.caCertCredentialName) || undefined,
        minProtocolVersion: asText(tls.minProtocolVersion),
      },
    }),
  };
}

/** `./h` means the Gateway's namespace, and any host in any namespace replaces the whole list (Istio 1.30, pilot/pkg/model/gateway.go:677). */
function completeServerHosts(hosts: readonly string[], namespace: string): readonly string[] {
  if (hosts.includes('*/*')) {
    return ['*'];
  }
  return hosts.map(host => {
    const slash = host.indexOf('/');
    const prefix = host.slice(0, Math.max(slash, 0));
    return slash === -1 ? host : prefix === '.' ? `${namespace}/${host.slice(slash + 1)}` : prefix === '*' ? host.slice(slash + 1) : host;
  });
}

/** A server's host with the namespace of the VirtualServices that may bind to it; `*` for any. */
export function splitServerHost(host: string): [namespace: string, host: string] {
  const slash = host.indexOf('/');
  return slash === -1 ? ['*', host] : [host.slice(0, slash), host.slice(slash + 1)];
}
