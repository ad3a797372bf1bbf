// Objects that the API server takes, and what it says when one of their fields is changed.
import { faultsOf } from '../../../src/api-server/admission';

/** A change of a copy of an object. */
export type Change = (object: any) => void;

/** The faults of an object after a change, each as its pointer, a colon and the message. */
export function faultsAfter(object: object, change: Change = () => undefined): string[] {
  const copy = structuredClone(object);
  change(copy);
  return faultsOf({ object: copy as never, origin: { file: 'a.yaml', document: 1, line: 1 } }).map(({ pointer, message }) => `${pointer}: ${message}`);
}
