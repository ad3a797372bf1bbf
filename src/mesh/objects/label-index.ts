// Selectors, found by the labels that satisfy them.
import { addTo } from '../../base/multimap';
import { Labels, selects } from './config';

interface Entry<T> {
  readonly item: T;
  readonly selector: Labels;
  readonly position: number;
}

/** Items with selectors. Each is kept under the label of its selector that the fewest others have: teams often share all labels but one. */
export class LabelIndex<T> {
  private readonly byRarest = new Map<string, Entry<T>[]>();
  private readonly byAny = new Map<string, Entry<T>[]>();
  /** Those with an empty selector, which all labels satisfy. */
  private readonly general: Entry<T>[] = [];

  public constructor(items: readonly T[], selectorOf: (item: T) => Labels) {
    const entries = items.map((item, position): Entry<T> => ({ item, selector: selectorOf(item), position }));
    entries.forEach(entry => entry.selector.forEach((value, key) => addTo(this.byAny, `${key}=${value}`, entry)));
    for (const entry of entries) {
      const rarest = this.rarest(entry.selector);
      if (rarest === undefined) {
        this.general.push(entry);
      } else {
        addTo(this.byRarest, rarest, entry);
      }
    }
  }

  /** The items whose selector the labels satisfy, in the order in which they were given. */
  public satisfiedBy(labels: Labels): T[] {
    const found = [...this.general];
    labels.forEach((value, key) => found.push(...(this.byRarest.get(`${key}=${value}`) ?? []).filter(({ selector }) => selects(selector, labels))));
    return inOrder(found);
  }

  /** The items whose selector includes all of the labels, of which there is one at least. */
  public including(labels: Labels): T[] {
    const rarest = this.rarest(labels);
    return rarest === undefined ? [] : inOrder((this.byAny.get(rarest) ?? []).filter(({ selector }) => selects(labels, selector)));
  }

  private rarest(labels: Labels): string | undefined {
    let best: string | undefined;
    let fewest = Infinity;
    labels.forEach((value, key) => {
      const label = `${key}=${value}`;
      const count = this.byAny.get(label)?.length ?? 0;
      [best, fewest] = count < fewest ? [label, count] : [best, fewest];
    });
    return best;
  }
}

function inOrder<T>(entries: readonly Entry<T>[]): T[] {
  return [...entries].sort((a, b) => a.position - b.position).map(({ item }) => item);
}
