// One row of the failure modes page.

/** `prevented`: the typed API cannot express it, or rejects it. `detected`: a check reports it. `default`: needs an explicit opt-in. */
export type How = 'prevented' | 'detected' | 'default';

/** A test: its file in test/failure-modes, and its title as in the source, or with the values of one `test.each` row. */
export type Proof = readonly [file: 'hop' | 'mesh' | 'ingress' | 'security' | 'operations' | 'found', name: string];

/** A failure mode that this package prevents, detects or turns off by default. */
export interface FailureMode {
  readonly id: string;
  readonly how: How;
  /** The mistake. */
  readonly fault: string;
  /** What the client or the operator sees then. */
  readonly symptom: string;
  /** The props and classes that prevent it, and what they do not cover. */
  readonly by: string;
  /** The source of the reason, if it is not obvious: `lbc:` or `istio:` and a path. */
  readonly source?: string;
  readonly proof: readonly Proof[];
}
