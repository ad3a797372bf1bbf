// Recorded cases as files: JSON with one case a line, so that a change of one case is a change of one line.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RouteCases } from './route-verdict';

/** What all cases have. */
export interface RecordedCase {
  readonly topic?: string;
  /** Name of the configuration of a request. */
  readonly config?: string;
  /** The version that gave the answer, where the version that `oracles/` builds gives another one. */
  readonly answeredBy?: string;
}

/** Cases of a file in this folder: inputs with what an oracle answered. A file that does not exist has none. */
export function readCases<T>(file: string): readonly T[] {
  const content = read<readonly T[] | { readonly cases: readonly T[] }>(file, []);
  return 'cases' in content ? content.cases : content;
}

/** Requests of a file in this folder, with the configurations that they are sent to. */
export function readRoutes(file: string): RouteCases {
  return read(file, { configs: {}, cases: [] });
}

/** Writes cases, one a line. */
export function writeCases(file: string, cases: readonly unknown[]): void {
  writeFileSync(join(__dirname, file), `${lines(cases)}\n`);
}

/** Writes configurations and requests, one a line. */
export function writeRoutes(file: string, { configs, cases }: RouteCases): void {
  const named = Object.entries(configs).map(([name, yaml]) => `${JSON.stringify(name)}: ${JSON.stringify(yaml)}`);
  writeFileSync(join(__dirname, file), `{\n"configs": {\n${named.join(',\n')}\n},\n"cases": ${lines(cases)}\n}\n`);
}

function lines(cases: readonly unknown[]): string {
  return `[\n${cases.map(one => JSON.stringify(one)).join(',\n')}\n]`;
}

function read<T>(file: string, none: T): T {
  const path = join(__dirname, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as T : none;
}
