// Access logs: each line is read in the format that it has.
import { isAlbLine, readAlbLine } from './alb-log';
import { isEnvoyLine, readEnvoyLine } from './envoy-log';
import type { Traffic } from './traffic';

/** Adds the requests of a log. @param file its name, for entries that cannot be read */
export function addAccessLog(traffic: Traffic, text: string, file: string): void {
  text.split('\n').forEach((written, index) => {
    const line = written.trim();
    if (line !== '') {
      const read = isAlbLine(line) ? readAlbLine(line) : isEnvoyLine(line) ? readEnvoyLine(line) : 'the line is neither of an ALB nor of an Envoy access log';
      traffic.add(read, file, index + 1);
    }
  });
}
