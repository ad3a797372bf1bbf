// Consistent hashing algorithms.
import type { DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import type { Fields } from '../wire/istio-fields';

/** Envoy 1.38, envoy.config.cluster.v3.Cluster.RingHashLbConfig: maximum ring size. */
const MAX_RING_SIZE = 8388608;

/** Istio 1.30, pkg/config/validation/validation.go: the table must be smaller. */
const MAGLEV_LIMIT = 5000011;

/** How consistent hashing maps a key to a pod. */
export class HashTable {
  /**
   * A hash ring on which every pod has many points. When a pod is added or removed, only its own keys move.
   *
   * @param minimumRingSize points on the ring, 1 to 8388608; 1024 by default
   * @throws InvalidProps for another size
   */
  public static ring(minimumRingSize?: number): HashTable {
    const size = minimumRingSize === undefined ? undefined : requireInteger('minimumRingSize', minimumRingSize, 1, MAX_RING_SIZE);
    return new HashTable({ ringHash: { minimumRingSize: size } });
  }

  /**
   * A Maglev table, which distributes keys more evenly than a ring and is faster; more keys move when a pod is added or removed.
   *
   * @param tableSize a prime number below 5000011, larger than the number of pods; 65537 by default
   * @throws InvalidProps for another size
   */
  public static maglev(tableSize: number = 65537): HashTable {
    if (!Number.isInteger(tableSize) || tableSize >= MAGLEV_LIMIT || !isPrime(tableSize)) {
      throw InvalidProps.value('tableSize', tableSize, `must be a prime number below ${MAGLEV_LIMIT}`);
    }
    return new HashTable({ maglev: { tableSize } });
  }

  private constructor(private readonly fields: Fields<DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash>) {}

  /** @internal */
  public _render(): Fields<DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash> {
    return this.fields;
  }
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) {
    if (value % divisor === 0) {
      return false;
    }
  }
  return value > 1;
}
