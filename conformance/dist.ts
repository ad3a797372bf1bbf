// Judges the folders of dist as the real systems judge them: Istio's webhook validation and analyzers, the plans of the AWS Load Balancer Controller, and
// where Envoys that istiod programs send the requests of each example.
//
//   tsx conformance/dist.ts [APP…]
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, namespaceOf } from '../src/manifests/manifest';
import { readYaml } from '../src/manifests/yaml';
import { planOf } from '../src/plan/plan';
import { folders } from '../test/conformance/dist-folders';
import { endOf, readRequests } from '../test/conformance/requests';
import { recordedRoute, type RouteCase } from '../test/conformance/route-verdict';
import { runOracle, withFolder } from './oracle';
import { writeRun } from './results';
import { Judge } from './versions';

const DIST = join(__dirname, '..', 'dist');

/** What one judge says about one folder. */
interface Judged {
  /** How many objects, load balancers or requests it judged. */
  readonly count: number;
  /** `OBJECT: MESSAGE`. */
  readonly errors: readonly string[];
  /** Worth a look, but no error. */
  readonly warnings?: readonly string[];
}

interface Validation {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Admission by Istio: strict decoding, the CRDs with their CEL rules, and the validation of the webhook. */
function validated(paths: readonly string[]): Judged {
  const { stdout, stderr, status } = runOracle('check', 'validate', ...paths);
  const all = jsonLines<Validation>(stdout);
  const texts = (key: 'errors' | 'warnings') => all.flatMap(({ kind, namespace, name, [key]: own }) => (
    own.map(text => `${kind} ${namespace}/${name}: ${text}`)));
  return { count: all.length, errors: [...texts('errors'), ...status > 1 ? [stderr] : []], warnings: texts('warnings') };
}

/** `istioctl analyze` in a cluster. */
function analyzed(paths: readonly string[]): Judged {
  const { stdout, stderr, status } = runOracle('analyze-live', ...paths);
  if (status > 1) {
    return { count: 0, errors: [stderr] };
  }
  const found = JSON.parse(stdout) as readonly { readonly code: string; readonly level: string; readonly origin: string; readonly message: string }[];
  const texts = (wanted: string) => found.filter(({ level }) => level === wanted).map(({ code, origin, message }) => `${origin}: ${code} ${message}`);
  return { count: found.length, errors: texts('Error'), warnings: texts('Warning') };
}

interface Planned {
  readonly groups?: readonly { readonly group: string; readonly error?: string }[];
  readonly services?: readonly { readonly service: string; readonly managed: boolean; readonly error?: string }[];
  readonly webhooks?: readonly { readonly object: string; readonly check: string; readonly error?: string }[];
  readonly unmanaged?: readonly { readonly ingress: string; readonly reason: string }[];
}

/** The members of load balancers that EKS Auto Mode builds: `namespace/name`. */
function membersOfAutoMode(app: string): string[] {
  const files = readdirSync(join(DIST, app)).filter(file => file.endsWith('.yaml'));
  const { loadBalancers } = planOf(files.flatMap(file => readYaml(readFileSync(join(DIST, app, file), 'utf8'), file)));
  return loadBalancers.filter(({ autoMode }) => autoMode).flatMap(({ members }) => members.map(own => `${namespaceOf(own)}/${nameOf(own)}`));
}

/** The load balancers of the controller. An Ingress that it does not manage is an error, too, unless it belongs to EKS Auto Mode. */
function planned(app: string, paths: readonly string[]): Judged {
  const { stdout, stderr } = runOracle('lbc-plan', ...paths);
  if (stdout === '') {
    return { count: 0, errors: [stderr] };
  }
  const { groups = [], services = [], webhooks = [], unmanaged = [] } = JSON.parse(stdout) as Planned;
  const built = services.filter(({ managed }) => managed);
  const others = membersOfAutoMode(app);
  return {
    count: groups.length + built.length,
    errors: [
      ...groups.filter(({ error }) => error).map(({ group, error }) => `group ${group}: ${error}`),
      ...built.filter(({ error }) => error).map(({ service, error }) => `Service ${service}: ${error}`),
      ...webhooks.map(({ object, check, error }) => `${object}: refused by ${check}: ${error}`),
      ...unmanaged.filter(({ ingress }) => !others.includes(ingress)).map(({ ingress, reason }) => `Ingress ${ingress}: not managed: ${reason}`),
    ],
  };
}

/** The requests of an example through Envoys that istiod programs. */
function requested(app: string): Judged {
  const { lines, extra } = readRequests().find(one => one.app === app) ?? { lines: [], extra: undefined };
  const { stdout, stderr } = withFolder(folder => {
    const file = join(folder, 'requests.txt');
    writeFileSync(file, lines.map(({ sent }) => `${sent}\n`).join(''));
    return runOracle('sim', 'run', ...extra === undefined ? [] : ['-extra', extra], join(DIST, app), file);
  });
  const ends = jsonLines<RouteCase>(stdout).map(one => endOf(recordedRoute(one)));
  return {
    count: lines.length,
    errors: [
      ...lines.flatMap(({ sent, end }, index) => (ends[index] === end ? [] : [`${sent}: ends as ${ends[index] ?? stderr}, expected ${end}`])),
      ...stderr.split('\n').filter(line => line.startsWith('rejected by the webhook')),
    ],
  };
}

function jsonLines<T>(text: string): T[] {
  return text.split('\n').filter(Boolean).map(line => JSON.parse(line) as T);
}

function main(wanted: readonly string[]): number {
  const began = Date.now();
  const apps = wanted.length > 0 ? wanted : folders();
  const counts = {
    folders: apps.length, 'Istio objects validated': 0, 'load balancers built': 0, 'requests through Envoy': 0, 'warnings of analyzers': 0, errors: 0,
  };
  for (const app of apps) {
    const { extra } = readRequests().find(one => one.app === app) ?? {};
    const paths = [join(DIST, app), ...extra === undefined ? [] : [extra]];
    const judged = {
      'Istio validation': validated(paths), 'istioctl analyze': analyzed(paths), 'load balancer controller': planned(app, paths), requests: requested(app),
    };
    for (const [judge, { errors, warnings = [] }] of Object.entries(judged)) {
      errors.forEach(error => console.log(`error: dist/${app}: ${judge}: ${error}`));
      warnings.forEach(warning => console.log(`warning: dist/${app}: ${judge}: ${warning}`));
      counts.errors += errors.length;
    }
    counts['Istio objects validated'] += judged['Istio validation'].count;
    counts['load balancers built'] += judged['load balancer controller'].count;
    counts['requests through Envoy'] += judged.requests.count;
    counts['warnings of analyzers'] += judged['istioctl analyze'].warnings?.length ?? 0;
  }
  console.log(`dist: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ')}`);
  if (wanted.length === 0) {
    writeRun('dist', { judges: [Judge.ISTIO, Judge.ENVOY, Judge.CONTROLLER], began, counts });
  }
  return counts.errors > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
