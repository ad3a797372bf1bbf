// The order of creation: older objects come first. Where the input does not tell the ages, there are several orders that the cluster may have.
import { compareText } from '../../base/order';
import { Manifest } from '../../manifests/manifest';

/** An object with its age. */
export interface Created {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly name: string;
  /** `metadata.creationTimestamp` in milliseconds; absent when the input does not have it, as YAML on disk never does. */
  readonly created?: number;
}

/** One order in which objects may have been created. */
export class CreationOrder {
  private readonly ranks: ReadonlyMap<Manifest, number>;

  /**
   * @param oldest the objects that are older than all others, in order; none of them has a known age
   * @param unknown whether the other objects of unknown age count as old, with the first name first, or as young, with the last name first
   */
  public constructor(oldest: readonly Manifest[] = [], private readonly unknown: 'old' | 'young' = 'old') {
    this.ranks = new Map(oldest.map((manifest, rank) => [manifest, rank]));
  }

  /** Older first; 0 where the names decide. */
  public compareAges(a: Created, b: Created): number {
    const [left, right] = [this.rankOf(a), this.rankOf(b)];
    if (left !== right) {
      return left - right;
    }
    if (this.unknown === 'old') {
      return (a.created ?? 0) - (b.created ?? 0);
    }
    return a.created === undefined ? (b.created === undefined ? compareNames(b, a) : 1) : b.created === undefined ? -1 : a.created - b.created;
  }

  /** Older first, then by name, then by namespace (Istio 1.30, pilot/pkg/model/config.go:317-333). */
  public compare(a: Created, b: Created): number {
    return this.compareAges(a, b) || compareNames(a, b);
  }

  private rankOf({ manifest }: Created): number {
    return this.ranks.size === 0 ? 0 : this.ranks.get(manifest) ?? this.ranks.size;
  }
}

/** The order that models show first. */
export const USUAL_ORDER = new CreationOrder();

/** Whether the cluster will agree with any order on which of two objects comes first: not if an age is unknown. */
export function isPrecedenceKnown(a: Created, b: Created): boolean {
  return a === b || (a.created !== undefined && b.created !== undefined);
}

/** How many orders are tried besides the usual one: enough for six objects that claim the same. */
const MAX_ORDERS = 12;

/**
 * Other orders than the usual one, for objects that claim the same: in one order or another, each object is the oldest of its claim, and the others
 * follow as the names go and against them. So all orders of three objects are among them.
 *
 * @param claims for each thing that is claimed, the objects that claim it
 */
export function otherOrders(claims: readonly (readonly Created[])[]): CreationOrder[] {
  const contested = claims.map(members => [...new Set(members)]).filter(members => members.length > 1 && members.some(({ created }) => created === undefined));
  if (contested.length === 0) {
    return [];
  }
  const [usual, reverse] = [USUAL_ORDER, new CreationOrder([], 'young')];
  const oldestIn = (order: CreationOrder, members: readonly Created[]) => members.reduce((first, one) => (order.compare(one, first) < 0 ? one : first));
  const oldest = [usual, reverse].map(order => contested.map(members => oldestIn(order, members)));
  const orders = [reverse];
  for (const [index, unknown] of (['old', 'young'] as const).entries()) {
    const open = contested.map((members, claim) => (
      new Set(members.length === 2 ? [] : members.filter(one => one.created === undefined && one !== oldest[index][claim]))));
    orders.push(...promotions(open).map(promoted => new CreationOrder(promoted.map(({ manifest }) => manifest), unknown)));
  }
  return orders.slice(0, MAX_ORDERS);
}

/** Sets of objects, of each claim one at most, that together have all objects of all claims. */
function promotions(claims: readonly ReadonlySet<Created>[]): Created[][] {
  const claimsOf = new Map<Created, number[]>();
  claims.forEach((members, claim) => members.forEach(member => claimsOf.set(member, [...claimsOf.get(member) ?? [], claim])));
  const sets: Created[][] = [];
  let left = [...claimsOf];
  while (left.length > 0 && sets.length < MAX_ORDERS) {
    const taken = new Set<number>();
    const chosen = new Set<Created>();
    for (const [member, own] of left) {
      if (!own.some(claim => taken.has(claim))) {
        own.forEach(claim => taken.add(claim));
        chosen.add(member);
      }
    }
    sets.push([...chosen]);
    left = left.filter(([member]) => !chosen.has(member));
  }
  return sets;
}

function compareNames(a: Created, b: Created): number {
  return compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}
