// The errors that both wings throw: one call is wrong by itself. Two things that disagree are findings, not errors.

/** Every error that this package throws on purpose is an `EdgeError`. */
export class EdgeError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A prop has a value that can never work. Thrown at construction, with the construct path where there is one. */
export class InvalidProps extends EdgeError {
  /**
   * @param prop the prop, as the caller wrote it: `hosts[1]`, `alb.subnets`
   * @param value the value found
   * @param allowed what would have been accepted, in words
   * @param path construct path; empty for value classes, which live outside the tree
   */
  public constructor(
    public readonly prop: string,
    public readonly value: unknown,
    public readonly allowed: string,
    public readonly path: string = '',
  ) {
    super(`${prop}: found ${show(value)}, allowed: ${allowed}${path && ` (at ${path})`}`);
  }

  /** The same error, seen from the construct that was handed the value. */
  public at(path: string, prefix = ''): InvalidProps {
    return new InvalidProps(prefix + this.prop, this.value, this.allowed, this.path || path);
  }
}

/** Runs a call; what it refuses gets the construct path, where it has none yet, and the prefix before its prop. */
export function refusedAt<T>(path: string, call: () => T, prefix = ''): T {
  try {
    return call();
  } catch (error) {
    throw error instanceof InvalidProps ? error.at(path, prefix) : error;
  }
}

/** Runs a call on a part of a value; what it refuses names the part. */
export function within<T>(part: string, run: () => T): T {
  return refusedAt('', run, part);
}

/** A manifest cannot be read as a Kubernetes object. */
export class UnreadableManifest extends EdgeError {
  /**
   * @param reason what is wrong, in words
   * @param file file name, or `-` for standard input
   * @param document index of the YAML document in the file, from 1
   * @param line line in the file, from 1
   */
  public constructor(
    public readonly reason: string,
    public readonly file: string,
    public readonly document?: number,
    public readonly line?: number,
  ) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${document === undefined ? '' : `document ${document}: `}${reason}`);
  }
}

/** The command line was called wrongly. */
export class UsageError extends EdgeError {}

/** Plain values as JSON; others by what they are, because their insides tell a reader nothing. */
function show(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (typeof value === 'function') {
    return 'a function';
  }
  if (typeof value !== 'object') {
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  }
  try {
    const made = value && !Array.isArray(value) ? (Object.getPrototypeOf(value) as object | null)?.constructor : undefined;
    return made === undefined || made === Object ? JSON.stringify(value) : `an instance of ${made.name}`;
  } catch {
    return 'an object';
  }
}
