// Random load balancers with hosts and paths of their own (`Alb.addHost` and `Alb.addPaths`): which Ingress decides about a request, by the calls and by
// the rules that a controller built.
import { App, Chart, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { InvalidProps } from '../src/base/errors';
import { Alb, BackendProtocolVersion } from '../src/edge/alb/alb';
import { AlbAuth } from '../src/edge/alb/auth';
import { RulePath } from '../src/edge/listener/rule';
import { AlbIngressClass } from '../src/index';
import { backend } from '../test/edge/stubs';

const NEIGHBOURS = `
apiVersion: v1
kind: Service
metadata: { name: door, namespace: front }
spec:
  selector: { app: door }
  ports: [{ name: https, port: 8443 }, { name: health, port: 15021 }]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: alb }
spec: { controller: ingress.k8s.aws/alb }
`;

/** A path as the props have it: exact, or this path and everything below it. */
interface Path {
  readonly isExact: boolean;
  readonly path: string;
}

/** What a request meets: a login by its issuer, or none, and the HTTP version to the target. */
interface Settings {
  readonly issuer: string;
  readonly version: string;
}

/** One call. An empty issuer is `AlbAuth.none()`; what is not set is as in the Alb that the call is made on. */
interface Call extends Partial<Settings> {
  /** The Alb: 0 for the first one, or what the first or second call of `addHost` returned, if there was one. */
  readonly on: number;
  readonly host?: string;
  readonly paths?: readonly Path[];
  readonly hosts?: readonly string[];
}

/** A load balancer, and the calls on it. */
export interface Family extends Settings {
  readonly calls: readonly Call[];
}

const OWN_HOSTS = ['www.example.com', 'api.example.com', '*.example.org'];
const ISSUERS = ['', 'https://one.example.com', 'https://two.example.com'];
const VERSIONS = [BackendProtocolVersion.HTTP1, BackendProtocolVersion.HTTP2, BackendProtocolVersion.GRPC];
const PATHS: readonly Path[] = ['/a', '/a/b', '/c', '/c/d'].flatMap(path => [true, false].map(isExact => ({ isExact, path })));

/** The requests that are compared. */
export const REQUESTS = ['www.example.com', 'api.example.com', 'a.example.org', 'b.a.example.org', 'c.example.org', 'other.example.net'].flatMap(host => (
  ['/', '/a', '/a/', '/ab', '/a/b', '/a/b/c', '/c', '/c/d', '/c/d/e', '/d'].map(path => ({ host, path }))));

function optional<T>(values: readonly T[]): fc.Arbitrary<T | undefined> {
  return fc.option(fc.constantFrom(...values), { nil: undefined });
}

const settings = { issuer: optional(ISSUERS), version: optional<string>(VERSIONS) };
const paths = fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 2 });

/** Calls in any order, those that are refused included. */
export const family: fc.Arbitrary<Family> = fc.record({
  issuer: fc.constantFrom(...ISSUERS),
  version: fc.constantFrom<string>(...VERSIONS),
  calls: fc.array(fc.oneof(
    fc.record({ ...settings, on: fc.constant(0), host: fc.constantFrom(...OWN_HOSTS, 'a.example.org', 'b.a.example.org') }),
    fc.record({ ...settings, on: fc.constant(0), paths, hosts: fc.option(fc.subarray(OWN_HOSTS, { minLength: 1 }), { nil: undefined }) }),
    fc.record({ ...settings, on: fc.constantFrom(1, 2), paths }),
  ), { maxLength: 8, size: 'max' }),
});

/** An Ingress that the calls made. */
interface Member extends Settings {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly paths?: readonly Path[];
  /** The one whose paths these are. */
  readonly of?: Member;
}

/** A load balancer that the calls made. */
export interface MadeFamily {
  readonly yaml: string;
  readonly members: readonly Member[];
}

/** Makes the load balancer. A call that is refused changes nothing. */
export function made({ issuer, version, calls }: Family): MadeFamily {
  const chart = new Chart(new App(), 'program', { disableResourceNameHashes: true });
  const main = new Alb(chart, 'Alb', {
    ...optionsOf({ issuer, version }), backend: backend(), hosts: OWN_HOSTS, ingressClass: AlbIngressClass.fromName('alb'), certificateArns: [CERTIFICATE],
  });
  const members: Member[] = [{ name: main.ingressName, hosts: OWN_HOSTS, issuer, version }];
  const albs = [main];
  for (const call of calls) {
    const index = Math.min(call.on, albs.length - 1);
    const [owner, of] = [albs[index], members.filter(each => each.paths === undefined)[index]];
    const own = { issuer: call.issuer ?? of.issuer, version: call.version ?? of.version };
    try {
      if (call.host !== undefined) {
        const added = owner.addHost(call.host, optionsOf(call));
        albs.push(added);
        members.push({ ...own, name: added.ingressName, hosts: [call.host] });
      } else {
        const rulePaths = call.paths!.map(({ isExact, path }) => (isExact ? RulePath.exact(path) : RulePath.prefix(path)));
        const added = owner.addPaths(rulePaths, { ...optionsOf(call), ...call.hosts && { hosts: [...call.hosts] } });
        members.push({ ...own, name: added.ingressName, hosts: call.hosts ?? of.hosts, paths: call.paths, of });
      }
    } catch (error) {
      if (!(error instanceof InvalidProps)) {
        throw error;
      }
    }
  }
  return { yaml: `${Yaml.stringify(...chart.toJson() as object[])}---\n${NEIGHBOURS}`, members };
}

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';

function optionsOf({ issuer, version }: Partial<Settings>): { readonly auth?: AlbAuth; readonly protocolVersion?: BackendProtocolVersion } {
  const auth = issuer === undefined ? undefined : issuer === '' ? AlbAuth.none() : AlbAuth.jwt({ issuer, jwksEndpoint: `${issuer}/keys` });
  return { ...auth && { auth }, ...version === undefined ? {} : { protocolVersion: version as BackendProtocolVersion } };
}

/** The Ingress that decides about a request, with its settings; a dash if none does. */
export function wanted({ members }: MadeFamily, host: string, path: string): string {
  const owners = members.filter(({ paths }) => paths === undefined);
  const found = [host, ...wildcardsOf(host)].flatMap(pattern => owners.filter(({ hosts }) => hosts.includes(pattern)).map(owner => ({ pattern, owner })));
  if (found.length === 0) {
    return '-';
  }
  // A host that moved is still among those of the first one.
  const { pattern } = found[0];
  const owner = found.filter(own => own.pattern === pattern).at(-1)!.owner;
  const own = members.filter(({ of, hosts, paths }) => of === owner && hosts.includes(pattern) && paths!.some(each => matches(each, path)));
  const [first] = own.sort((a, b) => weightOf(b, path) - weightOf(a, path));
  const { name, issuer, version } = first ?? owner;
  return [name, issuer, version].join(' ');
}

function wildcardsOf(host: string): string[] {
  return host.split('.').slice(1).map((_, index, labels) => `*.${labels.slice(index).join('.')}`);
}

function matches({ isExact, path }: Path, requested: string): boolean {
  return requested === path || (!isExact && requested.startsWith(`${path}/`));
}

/** The more specific the path of a member that matches, the larger. */
function weightOf({ paths = [] }: Member, requested: string): number {
  return Math.max(...paths.filter(own => matches(own, requested)).map(({ isExact, path }) => path.length * 2 + (isExact ? 1 : 0)));
}

type Json = { readonly [key: string]: unknown };

/** The resources of a load balancer by type and id, as the controller writes them. */
export type Resources = Readonly<Record<string, Readonly<Record<string, { readonly spec: Json }>>>>;

interface Rule {
  readonly priority: number;
  readonly conditions: readonly { readonly field: string; readonly hostHeaderConfig?: Patterns; readonly pathPatternConfig?: Patterns }[];
  readonly actions: readonly {
    readonly type: string;
    readonly jwtValidationConfig?: { readonly issuer: string };
    readonly forwardConfig?: { readonly targetGroups: readonly { readonly targetGroupARN: { readonly $ref: string } }[] };
  }[];
}

interface Patterns {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}

/** What the rules of the HTTPS listener do with a request, as `wanted` says it. */
export function decided(resources: Resources, host: string, path: string): string {
  const elb = 'AWS::ElasticLoadBalancingV2';
  const rules = Object.entries(resources[`${elb}::ListenerRule`]).filter(([id]) => id.startsWith('443:')).map(([, { spec }]) => spec as unknown as Rule);
  const rule = rules.sort((a, b) => a.priority - b.priority).find(({ conditions }) => conditions.every(({ hostHeaderConfig, pathPatternConfig }) => (
    hostHeaderConfig ? isAnyOf(hostHeaderConfig, host) : isAnyOf(pathPatternConfig!, path))));
  if (rule === undefined) {
    return '-';
  }
  const last = rule.actions.at(-1)!;
  const id = /TargetGroup\/(.*)\/status/.exec(last.forwardConfig?.targetGroups[0].targetGroupARN.$ref ?? '')?.[1];
  const name = id?.replace(/^front\//, '').replace(/-door:8443$/, '') ?? last.type;
  const issuer = rule.actions.find(({ jwtValidationConfig }) => jwtValidationConfig)?.jwtValidationConfig?.issuer ?? '';
  return [name, issuer, id === undefined ? '' : resources[`${elb}::TargetGroup`][id].spec.protocolVersion].join(' ');
}

function isAnyOf({ values = [], regexValues = [] }: Patterns, text: string): boolean {
  const escaped = values.map(value => `^${value.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return [...escaped, ...regexValues].some(pattern => new RegExp(pattern).test(text));
}
