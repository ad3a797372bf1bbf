// Traffic: the requests that a log contains, equal ones counted once.
import { type ClientRequest, formatRequest } from '../client-request';

/** What a log says about the response. */
export interface Observed {
  readonly status: number;
  /** Whether the one that wrote the log passed the request on. Absent if the log does not say. */
  readonly isForwarded?: boolean;
}

/** One request of a log. */
export interface LoggedRequest {
  readonly request: ClientRequest;
  /** Absent if the response says nothing about routes, as after a client that went away. */
  readonly observed?: Observed;
}

/** A request, how often it occurs, and what was observed. */
export interface CountedRequest {
  /** The request as its line. */
  readonly line: string;
  readonly request: ClientRequest;
  readonly count: number;
  readonly observed: readonly (Observed & { readonly count: number })[];
}

/** An entry of a log without a request, or with one that cannot be read. */
export interface UnreadableEntry {
  readonly file: string;
  /** Number of the line or entry, from 1. */
  readonly entry: number;
  readonly reason: string;
}

type Counting<T> = { -readonly [K in keyof T]: T[K] };

type Counted = Counting<Omit<CountedRequest, 'observed'>> & { readonly observed: Counting<CountedRequest['observed'][number]>[] };

/** Collects the requests of several logs. */
export class Traffic {
  public readonly unreadable: UnreadableEntry[] = [];
  private readonly byLine = new Map<string, Counted>();

  /** The requests in the order in which each occurs first. */
  public get requests(): readonly CountedRequest[] {
    return [...this.byLine.values()];
  }

  /** How many requests there are, equal ones included. */
  public get count(): number {
    return this.requests.reduce((sum, { count }) => sum + count, 0);
  }

  /** Adds a request, or says why an entry has none. */
  public add(read: LoggedRequest | string, file: string, entry: number): void {
    if (typeof read === 'string') {
      this.unreadable.push({ file, entry, reason: read });
      return;
    }
    const line = formatRequest(read.request);
    const known: Counted = this.byLine.get(line) ?? { line, request: read.request, count: 0, observed: [] };
    this.byLine.set(line, known);
    known.count++;
    const { observed } = read;
    if (observed !== undefined) {
      const same = known.observed.find(({ status, isForwarded }) => status === observed.status && isForwarded === observed.isForwarded);
      if (same === undefined) {
        known.observed.push({ ...observed, count: 1 });
      } else {
        same.count++;
      }
    }
  }
}
