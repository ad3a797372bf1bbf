// The errors that both wings throw, for a single call that is wrong. Two things that disagree are findings, not errors.

/** Marks the prototypes of the error classes. Registered, so that the copies in the bundles of the entry points share it. */
const ERROR_CLASS = Symbol.for('cdk8s-alb-istio.error-class');

/** Every error that this package throws on purpose is an `EdgeError`. */
export class EdgeError extends Error {
  static {
    markErrorClass(this);
  }

  /** Each entry point of the package has its own copy of this class. `instanceof` holds for errors from any of them. */
  public static override [Symbol.hasInstance](value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(this, value)
      || (Object.hasOwn(this.prototype, ERROR_CLASS) && errorClassesOf(value).includes(errorClassesOf(this.prototype)[0]));
  }

  public constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

function markErrorClass({ name, prototype }: { readonly name: string; readonly prototype: EdgeError }): void {
  Object.defineProperty(prototype, ERROR_CLASS, { value: name });
}

/** The names of the error classes on the prototype chain of a value, the most derived one first. */
function errorClassesOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const above = errorClassesOf(Object.getPrototypeOf(value));
  return Object.hasOwn(value, ERROR_CLASS) ? [(value as { [ERROR_CLASS]: unknown })[ERROR_CLASS], ...above] : above;
}

/**
 * A prop has a value that can never work. Thrown at construction. The message is one sentence: construct path, prop, reason.
 * Four makers cover what there is to say: {@link value}, {@link conflict}, {@link missing} and {@link duplicate}.
 */
export class InvalidProps extends EdgeError {
  static {
    markErrorClass(this);
  }

  // `new this`: a bundle gives a class that refers to itself another name, and errors go by the names of their classes.

  /**
   * The value is wrong: `edge/Alb: port must be an integer from 1 to 65535; got 0`.
   *
   * @param prop the prop as the caller wrote it, such as `hosts[1]` or `alb.subnets`
   * @param value the value found
   * @param requirement what the value must be, starting with "must"
   * @param path construct path; empty for value classes, which live outside the tree
   */
  public static value(prop: string, value: unknown, requirement: string, path = ''): InvalidProps {
    return new this(prop, value, requirement, path, true);
  }

  /**
   * The value conflicts with something else: `edge/Gateway: gateway.tls cannot be set when gateway.protocol is HTTP`.
   *
   * @param reason why the two exclude each other, starting with a verb
   */
  public static conflict(prop: string, value: unknown, reason: string, path = ''): InvalidProps {
    return new this(prop, value, reason, path);
  }

  /**
   * A value is needed: `edge/Gateway: gateway.credentialName is required when gateway.protocol is HTTPS`.
   *
   * @param when the condition, or what the value is for; empty if the prop is always required
   */
  public static missing(prop: string, when = '', path = ''): InvalidProps {
    return new this(prop, undefined, `is required${when && ` ${when}`}`, path);
  }

  /**
   * The value occurs once already: `chart/Route: id "All" is already the name of a route in chart`.
   *
   * @param where what the value already is, and where
   */
  public static duplicate(prop: string, value: unknown, where: string, path = ''): InvalidProps {
    return new this(prop, value, `${show(value)} is already ${where}`, path);
  }

  /** The makers call this. */
  public constructor(
    public readonly prop: string,
    public readonly value: unknown,
    /** What is wrong: the predicate of the sentence, whose subject is the prop. */
    public readonly reason: string,
    /** Construct path, or empty. */
    public readonly path: string,
    private readonly showsValue = false,
  ) {
    super(`${path && `${path}: `}${prop && `${prop} `}${reason}${showsValue ? `; got ${show(value)}` : ''}`);
  }

  /** The same error about a prop by another name. A path that is already set stays. */
  public renamed(rename: (prop: string) => string, path = ''): InvalidProps {
    return sameAbout(rename(this.prop), this, this.path || path, this.showsValue);
  }
}

function sameAbout(prop: string, { value, reason }: InvalidProps, path: string, showsValue: boolean): InvalidProps {
  return new InvalidProps(prop, value, reason, path, showsValue);
}

/** Runs a call whose props have other names than the caller's: an `InvalidProps` is renamed on its way up. A path that is already set stays. */
export function renaming<T>(rename: (prop: string) => string, call: () => T, path = ''): T {
  try {
    return call();
  } catch (error) {
    throw renamed(error, rename, path);
  }
}

/** What `renaming` throws instead of an error. */
export function renamed(error: unknown, rename: (prop: string) => string, path = ''): unknown {
  return error instanceof InvalidProps ? error.renamed(rename, path) : error;
}

/** Runs a call for a construct: an `InvalidProps` gets the construct path, and the prefix in front of its prop. */
export function refusedAt<T>(path: string, call: () => T, prefix = ''): T {
  return renaming(prop => prefix + prop, call, path);
}

/** Runs a call on a part of a value, so that an `InvalidProps` names the part. */
export function within<T>(part: string, call: () => T): T {
  return renaming(prop => part + prop, call);
}

/** A manifest cannot be read as a Kubernetes object. */
export class UnreadableManifest extends EdgeError {
  static {
    markErrorClass(this);
  }

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
export class UsageError extends EdgeError {
  static {
    markErrorClass(this);
  }
}

/** Plain values as JSON; others by what they are, because their insides tell a reader nothing. */
function show(value: unknown): string {
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
