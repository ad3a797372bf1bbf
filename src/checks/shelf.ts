// The shelf: every check, in alphabetical order. Written by scripts/checks.ts from the files in rules/.
import type { Check } from './check';
import { conflictingGroupMembers } from './rules/conflicting-group-members';
import { danglingBackend } from './rules/dangling-backend';
import { danglingDestination } from './rules/dangling-destination';
import { malformedAnnotation } from './rules/malformed-annotation';
import { unknownSubset } from './rules/unknown-subset';
import { uselessAcknowledgement } from './rules/useless-acknowledgement';
import { weightsNot100 } from './rules/weights-not-100';
import { zeroWeights } from './rules/zero-weights';

/** All checks. */
export const SHELF: readonly Check[] = [
  conflictingGroupMembers,
  danglingBackend,
  danglingDestination,
  malformedAnnotation,
  unknownSubset,
  uselessAcknowledgement,
  weightsNot100,
  zeroWeights,
];
