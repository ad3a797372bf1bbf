// A check: one fault that manifests can have, how to find it, and what to tell people about it.
import { Kind } from '../model/kind';
import { Model } from '../model/model';
import type { LocatedFinding, Severity, Spot } from './finding';

/** A check. Its id is also its file name, the name of its fixtures and of its page, and it is for ever. */
export interface Check {
  readonly id: string;
  readonly severity: Severity;
  /** The fault in one line, without a full stop. */
  readonly title: string;
  /** What happens to requests, in plain sentences. */
  readonly why: string;
  readonly fix: string;
  /** Codes of the same fault elsewhere, such as IST0101. */
  readonly related: readonly string[];
  /** The check is skipped when the input holds none of these; empty: it is about every kind. */
  readonly about: readonly Kind[];
  /** Further kinds that it reads. */
  readonly reads: readonly Kind[];
  /** Runs after all others and is shown what they found; its own findings cannot be acknowledged. */
  readonly last?: true;
  /**
   * Finds the fault. Pure: the same model gives the same spots, and what cannot be known from it is silence.
   *
   * @param found what other checks found before; only for a check that runs {@link last}
   */
  run(model: Model, found: readonly LocatedFinding[]): Iterable<Spot>;
}
