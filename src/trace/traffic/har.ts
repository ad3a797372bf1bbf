// HAR files: the requests that a browser recorded (http://www.softwareishard.com/blog/har-12-spec/).
import { UsageError } from '../../base/errors';
import { asList, asObject, asText, isObject } from '../../manifests/plain-json';
import { type ClientRequest, addHeader, isMethod, splitUrl } from '../client-request';
import { httpOf } from './http-version';
import type { LoggedRequest, Traffic } from './traffic';

/** Headers of one connection, and those that the URL and the body imply. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection', 'content-length', 'host', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade',
]);

/** Adds the requests of a file. @throws UsageError if it is no HAR file */
export function addHar(traffic: Traffic, text: string, file: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UsageError(`${file} is no HAR file: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { entries } = asObject(asObject(document).log);
  if (!Array.isArray(entries)) {
    throw new UsageError(`${file} is no HAR file: it has no log.entries`);
  }
  entries.forEach((entry, index) => traffic.add(readEntry(entry), file, index + 1));
}

function readEntry(entry: unknown): LoggedRequest | string {
  const { request, response } = asObject(entry);
  const { method: written, url, httpVersion, headers } = asObject(request);
  const method = asText(written) ?? '';
  const place = splitUrl(asText(url)?.replace(/#.*$/, '') ?? '');
  if (!isMethod(method) || place === undefined) {
    return `${method || 'a request'} ${asText(url) ?? 'without URL'} is not sent over HTTP`;
  }
  const { status } = asObject(response);
  return {
    request: { method, ...place, ...headersOf(asList(headers)), ...httpOf(asText(httpVersion) ?? '') },
    ...(typeof status === 'number' && status >= 100 ? { observed: { status } } : {}),
  };
}

function headersOf(written: readonly unknown[]): Pick<ClientRequest, 'headers' | 'repeated'> {
  const request: Pick<ClientRequest, 'headers' | 'repeated'> = { headers: {} };
  for (const { name, value } of written.filter(isObject)) {
    const key = asText(name)?.toLowerCase() ?? '';
    if (/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(key) && !OWN_HEADERS.has(key) && typeof value === 'string') {
      addHeader(request, key, value);
    }
  }
  return request;
}
