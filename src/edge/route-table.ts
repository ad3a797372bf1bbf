// The routes of one host list at one gateway, in the order written: one VirtualService.
import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import type { VirtualServiceSpec, VirtualServiceSpecHttp } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';
import { hostsKey, requireHosts } from '../base/host';
import { MAX_LABEL_LENGTH, requireDnsLabel, requireServiceName } from '../base/kubernetes-name';
import { recommendedLabels } from '../base/labels';
import type { IGateway } from './gateway';
import { VIRTUAL_SERVICE } from './istio-kinds';
import { PlainObject } from './plain-object';

/** Props of a `RouteTable`. */
export interface RouteTableProps {
  /** The Gateway that requests come in by. */
  readonly gateway: IGateway;
  /** Hosts of the requests. */
  readonly hosts: string[];
  /** Namespace of the VirtualService. */
  readonly namespace: string;
  /** Name of the VirtualService; by default one that is made from the hosts. */
  readonly virtualServiceName?: string;
}

/**
 * One VirtualService that collects the routes of a host list.
 *
 * Istio merges VirtualServices of one host in no defined order, so routes of one scope, gateway and host list go into one object.
 */
export class RouteTable extends Construct {
  /** @internal */
  public static _ensure(scope: Construct, props: RouteTableProps): RouteTable {
    // Names have no dots and hosts no commas, so that no two tables share an id. The values are checked when a table is made.
    const id = `Routes-${props.gateway.gatewayNamespace}.${props.gateway.gatewayName}.${props.namespace}.${hostsKey(props.hosts ?? [])}`;
    const found = scope.node.tryFindChild(id) as RouteTable | undefined;
    const { virtualServiceName = found?.virtualServiceName } = props;
    if (found && virtualServiceName !== found.virtualServiceName) {
      throw new InvalidProps('virtualServiceName', virtualServiceName, `${found.virtualServiceName}, as the first route of these hosts has it`);
    }
    return found ?? new RouteTable(scope, id, props);
  }

  private readonly virtualServiceName: string;
  private readonly http: VirtualServiceSpecHttp[] = [];

  public constructor(scope: Construct, id: string, props: RouteTableProps) {
    const { gateway } = props;
    const hosts = requireHosts('hosts', props.hosts);
    const namespace = requireDnsLabel('namespace', props.namespace);
    const name = requireServiceName('virtualServiceName', props.virtualServiceName ?? objectName(hosts));
    super(scope, id);
    this.virtualServiceName = name;
    gateway.admitRoutesFrom(namespace);
    const metadata = { name, namespace, labels: recommendedLabels(name, 'routing') };
    const gateways = [`${gateway.gatewayNamespace}/${gateway.gatewayName}`];
    new PlainObject(this, 'Resource', { ...VIRTUAL_SERVICE, metadata }, (): VirtualServiceSpec => ({ gateways, hosts, http: this.http }));
  }

  /** @internal */
  public _add(http: VirtualServiceSpecHttp): void {
    this.http.push(http);
  }
}

/** A name that a person recognises, and a hash of the list, so that no other list and no edge has the same name. */
function objectName(hosts: readonly string[]): string {
  const readable = hosts[0].replace('*', 'any').replaceAll('.', '-').slice(0, MAX_LABEL_LENGTH - 9).replace(/-+$/, '');
  return `${readable}-${createHash('sha256').update(hosts.join(',')).digest('hex').slice(0, 8)}`;
}
