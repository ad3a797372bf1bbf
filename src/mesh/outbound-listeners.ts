// Listeners of a sidecar for what its workload sends (Istio 1.30, pilot/pkg/networking/core/listener.go:815-1040): where each Service listens, and which
// filter chain gets a connection.
import { HostIndex } from '../base/host-index';
import { coversBlock, isIpAddress } from '../base/ip';
import { WeightedCluster } from './route/route-actions';
import { RouteConfig } from './route/virtual-hosts';
import { Service, portAt } from './objects/services';

/** The address of the listener for connections to all addresses that have none of their own. */
export const ANY_ADDRESS = '0.0.0.0';

/** What a client dials. */
export interface Dialed {
  /** The Service that has the host or the address. */
  readonly service: Service | undefined;
  /** An IP address, the CIDR block that it is from, or what stands for an address that the input does not tell; empty if no Service has one. */
  readonly address: string;
}

/** Where a port of a Service listens. */
export interface Binding {
  readonly address: string;
  /** The CIDR block that the client must have dialed; empty for any address. */
  readonly block: string;
}

/** Where a port of a Service listens: HTTP at all addresses, anything else at the addresses of the Service if it has some. */
export function bindingsOf(service: Service, port: number): readonly Binding[] {
  const protocol = portAt(service, port)?.protocol;
  if (protocol === undefined || service.resolution === 'alias') {
    return [];
  }
  if (protocol === 'http') {
    return EVERYWHERE;
  }
  const { registry, addresses } = service;
  const own = registry === 'kubernetes' || addresses.length === 0 ? [addressOf(service)] : addresses.map(withoutFullLength);
  return own.map(address => (address === '' ? EVERYWHERE[0] : address.includes('/') ? { address: ANY_ADDRESS, block: address } : { address, block: '' }));
}

const EVERYWHERE: readonly Binding[] = [{ address: ANY_ADDRESS, block: '' }];

/** The address, or the block, that clients of a Service dial. Of an ExternalName they dial the address that it stands for. */
export function addressOf(service: Service): string {
  const { registry, hostname, addresses: [first], resolution } = service;
  return isHeadless(service) ? `(pods of ${hostname})`
    : first !== undefined ? withoutFullLength(first)
      : registry === 'kubernetes' && resolution !== 'alias' ? `(address of ${hostname})` : '';
}

/** Whether clients dial the pods, each of which has a listener of its own for what is no HTTP (Istio 1.30, pilot/pkg/networking/core/listener.go:499-545). */
export function isHeadless({ registry, resolution, addresses, selector }: Service): boolean {
  return resolution === 'passthrough' && (registry === 'kubernetes' || (addresses.length === 0 && selector !== undefined));
}

/** The block of a single address is that address. */
function withoutFullLength(block: string): string {
  const [address, length] = block.split('/');
  return isIpAddress(address) && length === (address.includes(':') ? '128' : '32') ? address : block;
}

/** A filter chain of a sidecar's listener for what is no HTTP. */
export interface OutboundChain {
  /** Empty for all connections. */
  readonly serverName: string;
  /** The CIDR block that the client must have dialed; empty for any address. */
  readonly block: string;
  readonly clusters: readonly WeightedCluster[];
}

/** The chains for one CIDR block, or for addresses in none. */
interface Chains {
  readonly named: HostIndex<OutboundChain>;
  other?: OutboundChain;
}

type Served = Pick<OutboundListener, 'routeConfig' | 'service'>;

/** How a connection begins: the server name counts in TLS alone. */
interface Opening {
  readonly scheme: 'http' | 'https';
  readonly serverName: string;
}

/** A listener of a sidecar for what its workload sends. */
export class OutboundListener {
  public readonly name: string;
  /** For what is no HTTP. What none of them matches passes through, or is blocked. */
  public readonly chains: readonly OutboundChain[];
  /** For HTTP. */
  public readonly routeConfig?: RouteConfig;
  /** The first Service of a listener for one address. */
  public readonly service?: Service;
  private readonly byBlock = new Map<string, Chains>();

  /** @param chains of which the first counts where several have the same conditions */
  public constructor(public readonly port: number, address: string, chains: readonly OutboundChain[], { routeConfig, service }: Served) {
    this.name = `${address}_${port}`;
    this.routeConfig = routeConfig;
    this.service = service;
    this.chains = chains.filter(chain => this.add(chain));
  }

  private add(chain: OutboundChain): boolean {
    const { block, serverName } = chain;
    const chains = this.byBlock.get(block) ?? { named: new HostIndex<OutboundChain>() };
    this.byBlock.set(block, chains);
    if (serverName === '' ? chains.other !== undefined : chains.named.at(serverName).length > 0) {
      return false;
    }
    if (serverName === '') {
      chains.other = chain;
    } else {
      chains.named.add(serverName, chain);
    }
    return true;
  }

  /**
   * The route table or the chain of a connection; nothing if there is none. Only the chains of the longest block that covers the address count, then those of
   * the closest server name (Envoy 1.40, source/common/listener_manager/filter_chain_manager_impl.cc). The chain without conditions gets what no other does.
   */
  public select({ address }: Dialed, { scheme, serverName }: Opening): RouteConfig | OutboundChain | undefined {
    const block = this.blockOf(address);
    if (scheme === 'http' && block === '' && this.routeConfig !== undefined) {
      return this.routeConfig;
    }
    const chains = this.byBlock.get(block);
    const named = scheme === 'http' || serverName === '' ? undefined : chains?.named.mostSpecific(serverName.toLowerCase())[0];
    return named ?? chains?.other ?? this.byBlock.get('')?.other;
  }

  private blockOf(address: string): string {
    let longest = '';
    for (const block of this.byBlock.keys()) {
      if (block !== '' && coversBlock(block, address) && lengthOf(block) > lengthOf(longest)) {
        longest = block;
      }
    }
    return longest;
  }
}

/** The length of the prefix; -1 without a block. */
function lengthOf(block: string): number {
  return block === '' ? -1 : Number(block.slice(block.indexOf('/') + 1));
}
