// Stubs of the parts around the one that is tested, so that its tests do not depend on other parts.
import { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../src/base/alb-annotations/words';
import type { IAlbBackend } from '../../src/edge/listener/backend';
import type { IGateway } from '../../src/edge/gateway/reference';
import { GatewayEntry, type IGatewayWorkload } from '../../src/edge/gateway-workload/service';
import { type IWorkload, Subset } from '../../src/edge/workload/workload';

/** A Service that an ALB can forward to. */
export function backend(overrides: Partial<IAlbBackend> = {}): IAlbBackend {
  return {
    backendNamespace: 'front',
    backendService: 'door',
    backendPort: 8443,
    backendProtocol: BackendProtocol.HTTPS,
    healthCheckPort: 'health',
    healthCheckProtocol: BackendProtocol.HTTP,
    healthCheckPath: '/ready',
    targetTypes: [TargetType.IP, TargetType.INSTANCE],
    drainDuration: Duration.seconds(20),
    ...overrides,
  };
}

/** Pods that run a gateway. */
export function gatewayPods(overrides: Partial<IGatewayWorkload> = {}): IGatewayWorkload {
  return {
    workloadNamespace: 'front',
    serviceName: 'door',
    selector: { app: 'door' },
    httpPort: 8080,
    httpsPort: 8443,
    statusPortName: 'health',
    entry: GatewayEntry.ALB,
    targetTypes: [TargetType.IP],
    drainDuration: Duration.seconds(20),
    ...overrides,
  };
}

/** A Gateway that records which namespaces, hosts and ports it admitted. */
export class HandMadeGateway implements IGateway {
  public readonly admitted: string[] = [];

  public constructor(public readonly gatewayName = 'door', public readonly gatewayNamespace = 'front') {}

  public admitRoutesFrom(namespace: string, hosts: string[] = []): void {
    this.admitted.push(`${namespace}: ${hosts.join(', ')}`);
  }

  public passTlsThrough(namespace: string, hosts: string[]): void {
    this.admitted.push(`${namespace}: TLS ${hosts.join(', ')}`);
  }

  public passTcpThrough(namespace: string, port: number): void {
    this.admitted.push(`${namespace}: TCP ${port}`);
  }
}

/** A Service of the mesh. */
export function service(overrides: Partial<IWorkload> = {}): IWorkload {
  const made: IWorkload = {
    serviceName: 'cart',
    namespace: 'shop',
    port: 8080,
    host: 'cart.shop.svc.cluster.local',
    selector: { app: 'cart' },
    versions: ['v1', 'v2'],
    versionLabel: 'version',
    subset: version => new Subset(made, version),
    ...overrides,
  };
  return made;
}
