// What a command of the command line is, and how it sees the world.

/** Input and output of a command. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Reads all of standard input. */
  readonly input: () => string;
  /** Whether {@link Terminal.out} shows colors. */
  readonly color: boolean;
}

/** The values of the options. */
export interface Options {
  /** One of {@link Command.formats}. */
  readonly format: string;
  /** `namespace/name`. */
  readonly workload?: string;
  /** A path with the manifests that are deployed. */
  readonly against?: string;
  /** Globs of files to pass over. */
  readonly ignore?: readonly string[];
  /** A file with settings, in place of those beside the manifests. */
  readonly config?: string;
  /** The least severity that fails a check run. */
  readonly 'fail-on'?: string;
  /** Ids of checks to run, several with commas in between. */
  readonly only?: readonly string[];
  /** Ids of checks to leave out, several with commas in between. */
  readonly skip?: readonly string[];
  /** Whether the manifests are all there is. */
  readonly complete?: boolean;
  /** Whether files are changed where a fix is certain. */
  readonly fix?: boolean;
  /** A request that is drawn over a diagram. */
  readonly trace?: string;
  /** Whether redirects are followed. */
  readonly follow?: boolean;
  /** Whether ends are recorded. */
  readonly write?: boolean;
  /** In percent. */
  readonly 'min-coverage'?: string;
  /** Recordings of browsers. */
  readonly 'from-har'?: readonly string[];
  /** Access logs of load balancers and gateways. */
  readonly 'from-access-log'?: readonly string[];
}

/** The options that only some commands have, besides `--format`. */
export type OptionName = Exclude<keyof Options, 'format'>;

/** A command, such as `check`. */
export interface Command {
  /** The values of `--format`, the default first; empty when the command has no such option. */
  readonly formats: readonly string[];
  /** Its other options. */
  readonly options: readonly OptionName[];
  /**
   * @param args the arguments after the command
   * @returns the exit code
   * @throws EdgeError for wrong usage or unreadable input
   */
  run(args: readonly string[], options: Options, terminal: Terminal): number;
}
