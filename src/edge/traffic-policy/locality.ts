// Which regions and zones the requests of a client go to.
import type { DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireLabelKey, requireLabels } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { listOf, NUMBER, propsOf, requireProps, STRINGS } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { requireUnique } from '../wire/bounds';

/** Where the requests of the clients in one locality go to. */
export interface LocalityShare {
  /** Locality of the clients: `region`, `region/zone` or `region/zone/subzone`, with `*` for any at the end. */
  readonly from: string;

  /** Percentages by the locality of the pods, each 1 to 100, 100 together. A locality that is not listed gets nothing. */
  readonly to: { readonly [locality: string]: number };
}

/** Where requests go to when no pod of a region is left. */
export interface RegionFailover {
  /** Region of the clients. */
  readonly from: string;

  /** Region whose pods stand in. */
  readonly to: string;
}

const SHARES = listOf(propsOf<LocalityShare>('LocalityShare'));
const FAILOVERS = listOf(propsOf<RegionFailover>('RegionFailover'));
const LOCALITY = /^(\*|[^/*\s]+(\/[^/*\s]+){0,2}|[^/*\s]+(\/[^/*\s]+)?\/\*)$/;

/** Labels that say where a pod is: regions that fail over by themselves leave no room for them. */
const PLACES = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/**
 * Which regions and zones the requests of a client go to (Istio 1.30, LocalityLoadBalancerSetting). It stands in for the mesh's own setting.
 *
 * All but `off` and `distribute` need outlier detection: without it Istio does not know that pods are left out, and no request
 * ever goes elsewhere (pilot/pkg/networking/core/cluster_traffic_policy.go).
 */
export class Locality {
  /** Any, whatever the mesh says. */
  public static off(): Locality {
    return new Locality({ enabled: false }, false);
  }

  /** The nearest first: those of the same subzone, then zone, then region. */
  public static nearest(): Locality {
    return new Locality({ enabled: true }, true);
  }

  /**
   * By percentages.
   *
   * @param shares the first whose `from` takes a client counts
   * @throws InvalidProps for a malformed locality, one that falls under another, and percentages that are not 100 together
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
   * The nearest first; when no pod of the region is left, one certain other region.
   *
   * @param regions a region, and the one that stands in
   * @param failoverPriority labels that sort the pods besides, as in `Locality.failoverPriority`; not those of region, zone and subzone
   * @throws InvalidProps for a malformed region, and one that stands in for itself
   */
  public static failover(regions: RegionFailover[], failoverPriority?: string[]): Locality {
    const failover = requireSome('regions', requireProps(FAILOVERS, regions, '', 'regions')).map(({ from, to }, index) => {
      requireRegion(`regions[${index}].from`, from);
      requireRegion(`regions[${index}].to`, to);
      if (from === to) {
        throw InvalidProps.value(`regions[${index}].to`, to, 'must be another region than that of from');
      }
      return { from, to };
    });
    const labels = failoverPriority === undefined ? undefined : requirePriority(failoverPriority);
    const place = labels?.findIndex(label => PLACES.includes(label.split('=')[0])) ?? -1;
    if (labels && place >= 0) {
      throw InvalidProps.conflict(`failoverPriority[${place}]`, labels[place], `cannot be set of ${PLACES.join(', ')} beside regions`);
    }
    return new Locality({ failover, failoverPriority: labels }, true);
  }

  /**
   * First the pods that have the same values of all labels as the client, then those that differ in the last one, and so on.
   *
   * @param labels keys of labels, or `key=value` for a value that the client need not have
   * @throws InvalidProps for a malformed label
   */
  public static failoverPriority(labels: string[]): Locality {
    return new Locality({ failoverPriority: requirePriority(labels) }, true);
  }

  /** Whether it does nothing without outlier detection. @internal */
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
    throw InvalidProps.value(prop, list, 'must be at least one');
  }
  return list;
}

function requireLocality(prop: string, locality: string, others: readonly string[]): void {
  if (!LOCALITY.test(locality)) {
    throw InvalidProps.value(prop, locality, 'must be region, region/zone or region/zone/subzone, with * for any at the end');
  }
  const wider = others.find(other => covers(other, locality));
  if (wider !== undefined) {
    throw InvalidProps.value(prop, locality, `must be a locality that does not fall under ${wider}, which is there already`);
  }
}

/** A locality stands for all below it, with an asterisk or without. */
function covers(wide: string, narrow: string): boolean {
  const [parts, below] = [wide, narrow].map(locality => locality.split('/').filter(part => part !== '*'));
  return parts.every((part, index) => part === below[index]);
}

/** Their order does not count, so none may fall under any other. */
function requireWeights(prop: string, to: { readonly [locality: string]: number }): void {
  const entries = Object.entries(to);
  entries.forEach(([locality, weight]) => {
    requireLocality(prop, locality, entries.map(([other]) => other).filter(other => other !== locality));
    requireInteger(`${prop}.${locality}`, requireProps(NUMBER, weight, '', `${prop}.${locality}`), 1, 100);
  });
  const sum = entries.reduce((total, [, weight]) => total + weight, 0);
  if (sum !== 100) {
    throw InvalidProps.value(prop, to, `must be percentages that are 100 together, not ${sum}`);
  }
}

function requireRegion(prop: string, region: string): void {
  if (!/^[^/*\s]+$/.test(region)) {
    throw InvalidProps.value(prop, region, 'must be the name of a region, without / and *');
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
