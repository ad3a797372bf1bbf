// Fixtures of checks: YAML with comments `# expect: <pointer> <part of the message>` directly above the line at fault.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { EVENT_ID, Event, getScalarValue, parseEvents } from 'js-yaml';
import { pointer } from '../../src/manifests/pointer';

export interface Expectation {
  /** Index of the document, from 1. */
  readonly document: number;
  /** Line of the field, from 1. */
  readonly line: number;
  readonly pointer: string;
  readonly fragment: string;
}

export function fixturePath(id: string, name: 'bad' | 'good'): string {
  return path.join(__dirname, id, `${name}.yaml`);
}

export function fixture(id: string, name: 'bad' | 'good'): string {
  return fs.readFileSync(fixturePath(id, name), 'utf8');
}

/** The expectations in the comments of a fixture. */
export function expectationsIn(text: string): Expectation[] {
  const lines = text.split('\n');
  const expectations: Expectation[] = [];
  let document = 1;
  lines.forEach((line, index) => {
    if (line.startsWith('---')) {
      document++;
    }
    const [, place, fragment] = /^\s*# expect: (\S+) (.+)$/.exec(line) ?? [];
    if (place !== undefined) {
      const next = lines.findIndex((own, after) => after > index && !/^\s*#/.test(own));
      expectations.push({ document, line: next + 1, pointer: place, fragment });
    }
  });
  return expectations;
}

/** The line of every field of every document: `document` to pointer to line. */
export function linesOf(text: string): Map<string, number>[] {
  const events = parseEvents(text, {});
  const documents: Map<string, number>[] = [];
  let next = 0;
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const walk = (steps: (string | number)[], line: number | undefined, places: Map<string, number>): void => {
    const event = events[next++];
    places.set(pointer(...steps), line ?? lineAt(offsetOf(event)));
    if (event.type === EVENT_ID.MAPPING) {
      while (events[next].type !== EVENT_ID.POP) {
        const key = events[next++];
        const name = key.type === EVENT_ID.SCALAR ? getScalarValue(text, key) : '';
        walk([...steps, name], lineAt(offsetOf(key)), places);
      }
      next++;
    } else if (event.type === EVENT_ID.SEQUENCE) {
      for (let index = 0; events[next].type !== EVENT_ID.POP; index++) {
        walk([...steps, index], undefined, places);
      }
      next++;
    }
  };
  while (next < events.length) {
    next++;
    documents.push(new Map());
    walk([], undefined, documents[documents.length - 1]);
    next++;
  }
  return documents;
}

function offsetOf(event: Event): number {
  return 'start' in event ? event.start : 'valueStart' in event ? event.valueStart : 0;
}
