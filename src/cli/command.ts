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

/** A command, such as `check`. */
export interface Command {
  /** The values of `--format`, the default first; empty when the command has no such option. */
  readonly formats: readonly string[];
  /**
   * @param args the arguments after the command
   * @param format one of {@link Command.formats}
   * @returns the exit code
   * @throws EdgeError for wrong usage or unreadable input
   */
  run(args: readonly string[], format: string, terminal: Terminal): number;
}
