// Requests of the examples with the ends that their authors expect: requests/<folder of dist>.txt. Beside it, <folder>.yaml has objects that the
// cluster of the example has already.
//
//   GET https://host/path?query [sni=name] [port=443] [gateway=namespace/name] [entry=mesh:namespace/workload] [-H "name: value"] -> STATUS END[, END…]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RouteCase } from './route-verdict';

const FOLDER = join(__dirname, 'requests');

/** Requests to the objects of one folder of dist. */
export interface AppRequests {
  /** The folder, such as `bookinfo` or `fleet/dev-eu-west-1`. */
  readonly app: string;
  /** Path of a file of objects that the cluster has already. */
  readonly extra?: string;
  readonly lines: readonly ExpectedRequest[];
}

/** One line. */
export interface ExpectedRequest {
  /** The request as `sim run` reads it. */
  readonly sent: string;
  /** `STATUS END[, END…]`, or `closed, REASON` for a connection that is closed. */
  readonly end: string;
}

/** The requests of all examples. */
export function readRequests(): AppRequests[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.txt')).sort();
  return files.map(file => {
    const extra = join(FOLDER, file.replace(/\.txt$/, '.yaml'));
    const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n').filter(line => line !== '' && !line.startsWith('#'));
    return {
      app: file.slice(0, -'.txt'.length),
      extra: existsSync(extra) ? extra : undefined,
      lines: lines.map(line => ({ sent: line.slice(0, line.indexOf(' -> ')), end: line.slice(line.indexOf(' -> ') + ' -> '.length) })),
    };
  });
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A line as the request that the oracle makes of it. @throws Error for a word that it does not know */
export function parseRequest(sent: string): RouteCase['request'] {
  const [method = '', url = '', ...words] = sent.match(/"[^"]*"|\S+/g) ?? [];
  const [, protocol, host, path, query = ''] = /^(https?):\/\/([^/]+)(\/[^?]*)\??(.*)$/.exec(url)!;
  const request: Mutable<RouteCase['request']> = {
    entry: 'gateway', protocol: protocol as 'http' | 'https', port: Number(/:(\d+)$/.exec(host)?.[1] ?? (protocol === 'https' ? 443 : 80)), sni: '',
    method, host, path, query, headers: {},
  };
  for (let index = 0; index < words.length; index++) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(words[index]) ?? [];
    if (words[index] === '-H') {
      const [, name, text] = /^"([^:]+):\s*(.*)"$/.exec(words[++index])!;
      request.headers = { ...request.headers, [name]: text };
    } else if (key === 'sni' || key === 'host' || key === 'gateway') {
      request[key] = value;
    } else if (key === 'port') {
      request.port = Number(value);
    } else if (key === 'entry') {
      request.entry = value.replace('mesh:', 'mesh ');
    } else {
      throw new Error(`unknown word ${words[index]} in ${sent}`);
    }
  }
  return request;
}

/** How a recorded or walked result ends, in the form of the lines. */
export function endOf({ status, ends, error }: Readonly<Record<string, any>>): string {
  const texts = ends.map(({ kind, host, port, subset, weight, location }: Record<string, any>) => {
    switch (kind) {
      case 'cluster': return `${host}:${port}${subset === undefined ? '' : ` ${subset}`}${weight === 100 ? '' : ` ${weight}%`}`;
      case 'redirect': return location;
      case 'response': return 'response';
      default: return error;
    }
  });
  const reached = error !== '' && ends.length > 0 && ends[0].kind === 'cluster' ? [error] : texts;
  return status === 0 ? `closed, ${error}` : `${status} ${reached.join(', ')}`;
}
