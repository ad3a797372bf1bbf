// The routes of one host list at one gateway, in the order written: one VirtualService.
import { createHash } from 'node:crypto';
import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { VirtualService, type VirtualServiceSpecHttp } from '../../imports/istio/networking.istio.io';
import { ANY_HOST } from '../base/host';
import { MAX_LABEL_LENGTH } from '../base/kubernetes-name';
import { recommendedLabels } from '../base/labels';
import type { IGateway } from './gateway';

/** Props of a `RouteTable`. */
export interface RouteTableProps {
  /** The Gateway that requests come in by. */
  readonly gateway: IGateway;
  /** Hosts of the requests. */
  readonly hosts: string[];
  /** Namespace of the VirtualService. */
  readonly namespace: string;
  /** Name of the VirtualService; by default one that is made from the hosts. */
  readonly name?: string;
}

/**
 * One VirtualService that collects the routes of a host list.
 *
 * Istio merges VirtualServices of one host in no defined order, so routes of one scope, gateway and host list go into one object.
 */
export class RouteTable extends Construct {
  /** @internal */
  public static _ensure(scope: Construct, props: RouteTableProps): RouteTable {
    // Names have no dots and hosts no commas, so that no two tables share an id.
    const id = `Routes-${props.gateway.gatewayNamespace}.${props.gateway.gatewayName}.${props.namespace}.${props.hosts.join(',')}`;
    return (scope.node.tryFindChild(id) as RouteTable | undefined) ?? new RouteTable(scope, id, props);
  }

  private readonly http: VirtualServiceSpecHttp[] = [];

  public constructor(scope: Construct, id: string, { gateway, hosts, namespace, name = objectName(hosts) }: RouteTableProps) {
    super(scope, id);
    gateway.admitRoutesFrom(namespace);
    new ApiObject(this, 'Resource', {
      ...VirtualService.manifest({ metadata: { name, namespace, labels: recommendedLabels(name, 'routing') } }),
      spec: Lazy.any({
        produce: () => VirtualService.manifest({
          spec: { gateways: [`${gateway.gatewayNamespace}/${gateway.gatewayName}`], hosts, http: this.http },
        }).spec,
      }),
    });
  }

  /** @internal */
  public _add(http: VirtualServiceSpecHttp): void {
    this.http.push(http);
  }
}

/**
 * A name that a person recognises: the first host, and a hash of the list where that host alone does not say it all.
 * Hyphens are doubled, so that `shop-eu.example.com` and `shop.eu.example.com` differ.
 */
function objectName(hosts: readonly string[]): string {
  const readable = hosts[0] === ANY_HOST ? 'any-host' : hosts[0].replace(/^\*\./, 'any.').replaceAll('-', '--').replaceAll('.', '-');
  const exact = hosts.length === 1 && readable.length <= MAX_LABEL_LENGTH && !hosts[0].startsWith('*');
  const hash = createHash('sha256').update(hosts.join(',')).digest('hex').slice(0, 8);
  return exact ? readable : `${readable.slice(0, MAX_LABEL_LENGTH - 9).replace(/-+$/, '')}-${hash}`;
}
