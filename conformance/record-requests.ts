// Cases for Istio and Envoy: a configuration, a request to it, and where the request ends in Envoys that istiod programs.
import { readFileSync } from 'node:fs';
import { readRoutes, writeRoutes } from '../test/conformance/case-file';
import { parseRequest } from '../test/conformance/requests';
import { PASSING_HEADERS, recordedRoute, type RouteCase, routeName, without } from '../test/conformance/route-verdict';
import { answer } from './oracle';
import type { Added } from './record';
import { type Recorded, updated } from './recorded';

/** Sends the requests of a file again. */
export function recordRequests(file: string): Recorded {
  const { configs, cases } = readRoutes(file);
  const asked = Object.entries(configs).map(([name, yaml]) => ({
    name, yaml, requests: cases.filter(({ config }) => config === name).map(({ request }) => request),
  }));
  const answers = new Map(answer<RouteCase>('sim', asked).map(one => [routeName(one), one]));
  const answered = cases.map(one => {
    const now = answers.get(routeName(one));
    return now && { ...one, result: lasting(now), rejectedByWebhook: now.rejectedByWebhook };
  });
  const [now, counts] = updated(cases, answered, one => [recordedRoute(one), one.rejectedByWebhook]);
  writeRoutes(file, { configs, cases: now });
  return counts;
}

/** The result without what differs from run to run: ports and addresses of the oracle, the pod where there are several, headers as sent. */
export function lasting({ request, result }: RouteCase): RouteCase['result'] {
  const { envoy = {}, served, ...rest } = without(result, ['domains', 'sim', 'mirrored']);
  const { details, flags, conn } = envoy as Record<string, string>;
  return {
    ...rest,
    ...(served === undefined ? {} : { served: lastingView(served as Served, request.headers, result.ends) }),
    envoy: { details, flags: flags === '-' ? undefined : flags, conn },
  };
}

/** What a pod saw. */
type Served = Readonly<Record<string, unknown>> & { readonly headers?: Readonly<Record<string, string>> };

function lastingView(served: Served, sent: Readonly<Record<string, string>>, ends: readonly { readonly endpoints: number }[]): Record<string, unknown> {
  const asSent = new Map(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]));
  const own = Object.entries(served.headers ?? {}).filter(([name, value]) => (
    name === 'x-forwarded-proto' || (!PASSING_HEADERS.test(name) && name !== 'x-forwarded-for' && asSent.get(name) !== value)
  ));
  const isOne = ends.length === 1 && ends[0].endpoints === 1;
  return { ...without(served, isOne ? ['addr'] : ['addr', 'pod', 'version']), headers: Object.fromEntries(own) };
}

/** Adds a configuration with requests, or replaces the one of that name. */
export function addRequests(file: string, { name, note, yaml, requests }: Added): void {
  if (requests === undefined) {
    throw new Error('--requests must name a file of requests, one a line');
  }
  const { configs, cases } = readRoutes(file);
  const lines = readFileSync(requests, 'utf8').split('\n').filter(line => line !== '' && !line.startsWith('#'));
  const added = answer<RouteCase>('sim', [{ name, yaml, requests: lines.map(parseRequest) }]).map(one => (
    { config: name, request: one.request, result: lasting(one), note, rejectedByWebhook: one.rejectedByWebhook }));
  if (added.length < lines.length) {
    throw new Error(`sim answered ${added.length} of ${lines.length} requests`);
  }
  writeRoutes(file, { configs: { ...configs, [name]: yaml }, cases: [...cases.filter(({ config }) => config !== name), ...added] });
}
