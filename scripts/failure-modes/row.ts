// What is said about one failure mode.

/** How a mode is kept out. `impossible`: the typed API cannot say it, or refuses it. `found`: a check finds it. `default`: it has to be asked for. */
export type How = 'impossible' | 'found' | 'default';

/** A test: its file in test/failure-modes, and its name as in the source, or with the values of a row of `test.each` filled in. */
export type Proof = readonly [file: 'hop' | 'mesh' | 'ingress' | 'security' | 'operations' | 'found', name: string];

/** A failure mode that is kept out. */
export interface FailureMode {
  readonly id: string;
  readonly how: How;
  /** What somebody does wrong. */
  readonly fault: string;
  /** What the client or the operator then sees. */
  readonly symptom: string;
  /** Props and classes that keep it out; and what they leave open. */
  readonly by: string;
  /** Where the reason was read, if it is not obvious: `lbc:` or `istio:` and a path. */
  readonly source?: string;
  readonly proof: readonly Proof[];
}
