// The annotation table against the catalogue of facts about the controller, both ways.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlbAnnotation } from '../../../src/base/alb-annotations/annotation';
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, UNSUPPORTED_ANNOTATIONS, decodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { GOLDEN } from './golden';
import { type JsonSchema, refusedNeighbours } from './json-neighbours';

const FACTS = join(__dirname, '..', '..', '..', '..', 'shared', 'reference', 'alb-annotations.json');

interface Fact {
  readonly name: string;
  readonly valueType: string;
  readonly values?: string[];
  readonly min?: number;
  readonly max?: number;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly keyPattern?: string;
  readonly default: unknown;
  readonly appliesTo: string[];
  readonly mergeBehavior: string;
  readonly mergeScope?: string;
  readonly mergeNote?: string;
  readonly errors: string[];
  readonly silentlyIgnored?: string[];
  readonly ingressClassParams?: { readonly field: string | null };
  readonly jsonSchema?: JsonSchema;
  readonly acceptedLiterals?: string[];
}

type AnyRow = AlbAnnotation<unknown>;
const ROWS = Object.entries(ALB_ANNOTATIONS) as [keyof AlbSettings, AnyRow][];

/** Defaults that are no value of the annotation; the docs tell them in words. */
const IN_WORDS: Partial<Record<keyof AlbSettings, unknown>> = {
  loadBalancerName: 'k8s-<derived>',
  subnets: 'discovery',
  securityGroups: 'one managed security group',
  healthcheckProtocol: '<backend-protocol>',
  frontendNlbSubnets: 'discovery by scheme',
  frontendNlbSecurityGroups: 'security groups of the application load balancer',
  frontendNlbListenerPortMapping: 'every ALB port of the Ingress to the same NLB port',
  frontendNlbTags: 'tags of the application load balancer',
};

const BOUNDED = /^(enum|integer|json|boolean)$/;

describe('the table agrees with the catalogue', () => {
  if (!existsSync(FACTS)) {
    it('or could not be compared', () => console.warn('not compared: there is no ../shared/reference/alb-annotations.json beside this repository'));
    return;
  }
  const all = JSON.parse(readFileSync(FACTS, 'utf8')) as Fact[];
  const keyOf = ({ name }: Fact) => (name.startsWith(ALB_PREFIX) ? name.slice(ALB_PREFIX.length).replace(/\.<.*$/, '') : name);
  const facts = new Map(all.map(fact => [keyOf(fact), fact]));

  it('every entry is a row or unsupported for a reason, and nothing else is', () => {
    const unsupported = Object.keys(UNSUPPORTED_ANNOTATIONS).map(key => key.replace(ALB_PREFIX, ''));
    expect([...ROWS.map(([, { key }]) => key), ...unsupported].sort()).toEqual([...facts.keys()].sort());
    expect(Object.values(UNSUPPORTED_ANNOTATIONS).filter(reason => !/^[a-z].{10,}\.$|^[A-Z].{10,}\.$/.test(reason))).toEqual([]);
  });

  describe.each(ROWS)('about %s', (prop, row) => {
    const fact = facts.get(row.key)!;
    const [, key, golden] = GOLDEN[prop];
    const accepts = (text: string) => decodeAlbAnnotations({ [ALB_PREFIX + key]: text }).malformed.length === 0;

    it('it is read from the same kinds, and members of a group combine in the same way', () => {
      expect(row.on.map(kind => kind.toLowerCase())).toEqual(fact.appliesTo);
      expect(row.merge).toBe(fact.mergeBehavior === 'n/a' ? 'none' : fact.mergeBehavior);
      const scopes: Record<string, string | undefined> = { listenPort: 'port', nlbListenerPort: 'nlbPort' };
      expect(row.scope ?? 'group').toBe(scopes[fact.mergeScope ?? ''] ?? 'group');
      const words = [fact.mergeNote, ...fact.errors].join('; ');
      expect(row.unordered ?? false).toBe(row.merge === 'exclusive' && /without regard to order|equal sets|Different sets/.test(words));
      const silent = [fact.mergeNote, ...fact.silentlyIgnored ?? []].join('; ');
      expect([prop, row.emptyIsAbsent ?? false]).toEqual([prop, prop === 'securityGroupPrefixLists' || /Empty value$|empty list: treated as absent|give none/m.test(silent) && row.merge === 'exclusive']);
    });

    it('the same field of the class replaces it, and a family has the same names', () => {
      expect(row.classField).toBe(fact.ingressClassParams?.field?.replace(/^spec\./, '').split(' ')[0]);
      expect(row.family === undefined).toBe(fact.keyPattern === undefined);
      const names = ['', 'a', 'A.b', 'HTTP-80', 'HTTPS-443', 'TCP-80', 'HTTP-0', 'HTTPS-', 'gateway.http', 'gateway.80', 'Gateway.http', 'a.b.c'];
      const full = (name: string) => `${ALB_PREFIX}${row.key}.${name}`;
      expect(names.filter(name => row.family?.test(name))).toEqual(names.filter(name => fact.keyPattern !== undefined && new RegExp(fact.keyPattern).test(full(name))));
    });

    it('the stated default is the same', () => {
      const { default: value } = fact;
      const perVersion = value as { HTTP1?: string; GRPC?: string } | null;
      const literals = prop === 'listenPorts' ? [JSON.stringify(value)] : Array.isArray(value) ? value : perVersion?.HTTP1 !== undefined ? [perVersion.HTTP1, perVersion.GRPC] : [value];
      const stated = [...row.default.matchAll(/`([^`]*)`/g)].map(([, literal]) => literal);
      if (value === null || prop in IN_WORDS) {
        expect(IN_WORDS[prop]).toEqual(value ?? undefined);
        expect(row.default).not.toMatch(/^`/);
      } else {
        expect(stated.slice(0, literals.length)).toEqual(literals.map(String));
      }
    });

    it('the values at its bounds are accepted, and their neighbours refused', () => {
      expect(accepts(golden)).toBe(true);
      if (fact.values) {
        expect(row.codec.syntax).toBe(`one of ${fact.values.join(', ')}`);
        expect([...fact.values.map(accepts), ...fact.values.map(value => accepts(`${value}x`))]).toEqual([...fact.values.map(() => true), ...fact.values.map(() => false)]);
      }
      if (fact.min !== undefined && fact.max !== undefined) {
        expect([fact.min - 1, fact.min, fact.max, fact.max + 1].map(String).map(accepts)).toEqual([false, true, true, false]);
      }
      if (fact.minItems !== undefined) {
        const items = golden.split(',').slice(0, fact.minItems);
        expect({ full: accepts(items.join(',')), oneMissing: accepts(items.slice(1).join(',')) }).toEqual({ full: true, oneMissing: false });
      }
      if (fact.maxLength !== undefined) {
        const longest = golden.padEnd(fact.maxLength, 'a');
        expect({ longest: accepts(longest), oneMore: accepts(`${longest}a`) }).toEqual({ longest: true, oneMore: false });
      }
      if (fact.pattern !== undefined) {
        const samples = ['shop', 'internal-x', '-x', 'x-', 'X', 'a.b', '', 'a'.repeat(32), 'ipam-pool-1', 'ipam-pool-', 'ipv4pool-coip-1', 'ipv4pool-coip-_', golden, `${golden} `];
        expect(samples.filter(accepts)).toEqual(samples.filter(sample => new RegExp(fact.pattern!).test(sample)));
      }
      fact.acceptedLiterals?.forEach(literal => expect([literal, accepts(literal)]).toEqual([literal, true]));
      expect(BOUNDED.test(fact.valueType) && accepts('')).toBe(false);
    });

    it('what its JSON schema bounds is bounded', () => {
      const neighbours = fact.jsonSchema ? refusedNeighbours(fact.jsonSchema, JSON.parse(golden)) : [];
      expect(neighbours.filter(({ json }) => accepts(JSON.stringify(json))).map(({ why }) => why)).toEqual([]);
      expect(neighbours.length > 0).toBe(fact.jsonSchema !== undefined);
    });
  });
});
