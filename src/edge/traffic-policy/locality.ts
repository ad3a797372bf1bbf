// Locality load balancing: which regions and zones receive a client's requests.
import type { DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireLabelKey, requireLabels } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { listOf, NUMBER, propsOf, requireProps, STRINGS } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { requireUnique } from '../wire/bounds';

/** How the requests of the clients in one locality are distributed. */
export interface LocalityShare {
  /** Locality of the clients: `region`, `region/zone` or `region/zone/subzone`, with a trailing `*` for any. */
  readonly from: string;

  /** Percentage per locality of the pods, each 1 to 100, adding up to 100. A locality that is not listed receives no requests. */
  readonly to: { readonly [locality: string]: number };
}

/** Where requests fail over to when a region has no healthy pods. */
export interface RegionFailover {
  /** Region of the clients. */
  readonly from: string;

  /** Region to fail over to. */
  readonly to: string;
}

const SHARES = listOf(propsOf<LocalityShare>('LocalityShare'));
const FAILOVERS = listOf(propsOf<RegionFailover>('RegionFailover'));
const LOCALITY = /^(\*|[^/*\s]+(\/[^/*\s]+){0,2}|[^/*\s]+(\/[^/*\s]+)?\/\*)$/;

/** Topology labels of a pod, which cannot be combined with region failover. */
const PLACES = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/**
 * Which regions and zones receive a client's requests (Istio 1.30, LocalityLoadBalancerSetting). Overrides the mesh-wide setting.
 *
 * All except `off` and `distribute` need outlier detection: without it Istio does not know that pods are ejected, and requests
 * never fail over (pilot/pkg/networking/core/cluster_traffic_policy.go).
 */
export class Locality {
  /** All localities alike, overriding the mesh-wide setting. */
  public static off(): Locality {
    return new Locality({ enabled: false }, false);
  }

  /** The nearest pods first: the same subzone, then zone, then region. */
  public static nearest(): Locality {
    return new Locality({ enabled: true }, true);
  }

  /**
   * By percentages.
   *
   * @param shares the first one whose `from` matches a client applies
   * @throws InvalidProps for a malformed locality, one that another covers, and percentages that do not add up to 100
   */
  public static distribute(shares: LocalityShare[]): Locality {
    const checked = requireSome('shares', requireProps(SHARES, shares, '', 'shares'));
    checked.forEach(({ from, to }, index) => {
      requireLocality(`shares[${index}].from`, from, checked.slice(0, index).map(each => each.from));
      requireWeights(`shares[${index}].to`, to);
    });
    return new Locality({ distribute: checked.map(({ from, to }) => ({ from, to: { ...to } })) }, false);
  }

  /**
   * The nearest pods first; if the region has no healthy pods, a specific other region.
   *
   * @param regions pairs of a region and the region it fails over to
   * @param failoverPriority labels that rank the pods in addition, as in `Locality.failoverPriority`; not those of region, zone and subzone
   * @throws InvalidProps for a malformed region, and a region that fails over to itself
   */
  public static failover(regions: RegionFailover[], failoverPriority?: string[]): Locality {
    const failover = requireSome('regions', requireProps(FAILOVERS, regions, '', 'regions')).map(({ from, to }, index) => {
      requireRegion(`regions[${index}].from`, from);
      requireRegion(`regions[${index}].to`, to);
      if (from === to) {
        throw InvalidProps.value(`regions[${index}].to`, to, 'must be a region other than from');
      }
      return { from, to };
    });
    const labels = failoverPriority === undefined ? undefined : requirePriority(failoverPriority);
    const place = labels?.findIndex(label => PLACES.includes(label.split('=')[0])) ?? -1;
    if (labels && place >= 0) {
      throw InvalidProps.conflict(`failoverPriority[${place}]`, labels[place], `cannot be one of ${PLACES.join(', ')} together with regions`);
    }
    return new Locality({ failover, failoverPriority: labels }, true);
  }

  /**
   * First the pods that share all label values with the client, then those that differ in the last label, and so on.
   *
   * @param labels label keys, or `key=value` for a value that the client does not need to have
   * @throws InvalidProps for a malformed label
   */
  public static failoverPriority(labels: string[]): Locality {
    return new Locality({ failoverPriority: requirePriority(labels) }, true);
  }

  /** Whether it has no effect without outlier detection. @internal */
  public readonly _needsOutlierDetection: boolean;

  private constructor(private readonly fields: Setting, needsOutlierDetection: boolean) {
    this._needsOutlierDetection = needsOutlierDetection;
  }

  /** @internal */
  public _render(): Setting {
    return this.fields;
  }
}

type Setting = Fields<DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting>;

function requireSome<T>(prop: string, list: T[]): T[] {
  if (list.length === 0) {
    throw InvalidProps.value(prop, list, 'must have at least one entry');
  }
  return list;
}

function requireLocality(prop: string, locality: string, others: readonly string[]): void {
  if (!LOCALITY.test(locality)) {
    throw InvalidProps.value(prop, locality, 'must be region, region/zone or region/zone/subzone, with a trailing * for any');
  }
  const wider = others.find(other => covers(other, locality));
  if (wider !== undefined) {
    throw InvalidProps.value(prop, locality, `must not be covered by ${wider}, which is listed too`);
  }
}

/** A locality covers everything below it, with or without an asterisk. */
function covers(wide: string, narrow: string): boolean {
  const [parts, below] = [wide, narrow].map(locality => locality.split('/').filter(part => part !== '*'));
  return parts.every((part, index) => part === below[index]);
}

/** Their order is irrelevant, so none may cover another. */
function requireWeights(prop: string, to: { readonly [locality: string]: number }): void {
  const entries = Object.entries(to);
  entries.forEach(([locality, weight]) => {
    requireLocality(prop, locality, entries.map(([other]) => other).filter(other => other !== locality));
    requireInteger(`${prop}.${locality}`, requireProps(NUMBER, weight, '', `${prop}.${locality}`), 1, 100);
  });
  const sum = entries.reduce((total, [, weight]) => total + weight, 0);
  if (sum !== 100) {
    throw InvalidProps.value(prop, to, `must have percentages that add up to 100, not ${sum}`);
  }
}

function requireRegion(prop: string, region: string): void {
  if (!/^[^/*\s]+$/.test(region)) {
    throw InvalidProps.value(prop, region, 'must be a region name without / and *');
  }
}

function requirePriority(labels: string[]): string[] {
  requireSome('failoverPriority', requireProps(STRINGS, labels, '', 'failoverPriority')).forEach((label, index) => {
    const prop = `failoverPriority[${index}]`;
    const [key, ...value] = label.split('=');
    requireLabelKey(prop, key);
    if (value.length > 0) {
      requireLabels(prop, { [key]: value.join('=') });
    }
  });
  requireUnique('failoverPriority', labels);
  return [...labels];
}
