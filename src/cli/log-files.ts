// Logs and recordings of traffic: files, folders of files, compressed files and standard input.
import { constants } from 'node:buffer';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../base/errors';
import { addAccessLog } from '../trace/traffic/access-log';
import { addHar } from '../trace/traffic/har';
import { Traffic } from '../trace/traffic/traffic';
import { reading, statOf } from '../settings/reading';
import type { Options, Terminal } from './command';

/** The requests of the logs that the options name. @throws UsageError if there are none */
export function readTraffic(options: Options, terminal: Terminal): Traffic {
  const traffic = new Traffic();
  const { 'from-har': recordings = [], 'from-access-log': logs = [] } = options;
  recordings.flatMap(filesOf).forEach(file => addHar(traffic, textOf(file, terminal), file));
  logs.flatMap(filesOf).forEach(file => addAccessLog(traffic, textOf(file, terminal), file));
  if (traffic.requests.length === 0) {
    const [first] = traffic.unreadable;
    const example = first === undefined ? '' : `; ${first.file}:${first.entry}: ${first.reason}`;
    throw new UsageError(`no requests in ${[...recordings, ...logs].join(', ')}${example}`);
  }
  return traffic;
}

/** All files of a folder, at any depth: AWS writes many. */
function filesOf(place: string): string[] {
  if (place === '-' || statOf(place)?.isDirectory() !== true) {
    return [place];
  }
  return reading(place, () => readdirSync(place, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name)).sort();
}

function textOf(place: string, terminal: Terminal): string {
  if (place === '-') {
    return terminal.input();
  }
  return reading(place, () => {
    const bytes = readFileSync(place);
    return (isCompressed(bytes) ? gunzipSync(bytes, { maxOutputLength: constants.MAX_STRING_LENGTH }) : bytes).toString('utf8');
  });
}

/** By its first bytes, whatever its name. */
function isCompressed([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}
