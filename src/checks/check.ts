// A check: one fault that manifests can have, how to find it, and how to describe it.
import { Kind } from '../manifests/kind';
import type { LocatedFinding, Severity, Spot } from './finding';
import type { Subject } from './subject';

/** A check. Its id is also the name of its file, its fixtures and its page, and never changes. */
export interface Check {
  readonly id: string;
  readonly severity: Severity;
  /** The fault in one line, without a period. */
  readonly title: string;
  /** The consequences, in complete sentences. */
  readonly why: string;
  readonly fix: string;
  /** Codes for the same fault in other tools, such as IST0101. */
  readonly related: readonly string[];
  /** The check is skipped if the input contains none of these kinds; empty means every kind. */
  readonly about: readonly Kind[];
  /** Other kinds that it reads. */
  readonly reads: readonly Kind[];
  /**
   * What a fault depends on: the field alone, its object, or the whole input. A placeholder of a template in it makes the check silent, and so does one
   * in an object that it {@link reads}.
   *
   * @default 'input'
   */
  readonly reach?: 'field' | 'object' | 'input';
  /** Finds its fault only in an input that is `complete`: in any other, what an object refers to may come from elsewhere. */
  readonly needsComplete?: true;
  /** Runs after all other checks and receives their findings; its own findings cannot be acknowledged. */
  readonly last?: true;
  /**
   * Finds the fault. Pure: the same subject yields the same spots. Yields nothing where the subject is not conclusive.
   *
   * @param found the findings of the other checks; empty unless this check runs {@link last}
   * @param deselected ids of checks that the caller leaves out, so that nothing is known about their faults
   */
  run(subject: Subject, found: readonly LocatedFinding[], deselected?: ReadonlySet<string>): Iterable<Spot>;
}
