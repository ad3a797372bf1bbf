// What fails a synth: two constructs that write the same object, or errors that the checks find. Reading wing: synth-checks.ts loads it.
import type { IConstruct } from 'constructs';
import { isFailing } from '../checks/finding';
import { findingsIn } from '../checks/runner';
import { SHELF } from '../checks/shelf';
import { renderLine } from '../output/text';
import { collisionIn } from './object-collisions';
import { settingsAtSynth } from './synth-settings';

/** Warnings are not printed at synth, so their checks do not run: a third of the time. */
const SEVERE = SHELF.filter(({ severity }) => severity === 'error');

/** A sentence about each error. */
export function errorsIn(root: IConstruct): string[] {
  const collision = collisionIn(root);
  // The checks find objects by name, so their findings would be misleading if two objects have the same name.
  return collision !== undefined ? [collision] : findingsIn(root, { ...settingsAtSynth(root), shelf: SEVERE }).filter(isFailing).map(renderLine);
}
