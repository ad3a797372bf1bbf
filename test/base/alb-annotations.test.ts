// The annotation table: what it writes, what it reads, and whether it agrees with the facts about the controller.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbAnnotation, type AlbSettings, decodeAlbAnnotations, encodeAlbAnnotations } from '../../src/base/alb-annotations';
import { AlbScheme, BackendProtocol, ListenerProtocol, TargetType } from '../../src/base/alb-words';
import { refusal } from '../refusal';

const EVERYTHING: Required<AlbSettings> = {
  loadBalancerName: 'shop',
  scheme: AlbScheme.INTERNET_FACING,
  subnets: ['subnet-0a1b2c3d', 'public 1b'],
  listenPorts: [{ protocol: ListenerProtocol.HTTP, port: 80 }, { protocol: ListenerProtocol.HTTPS, port: 443 }],
  sslRedirect: 443,
  certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/a', 'arn:aws:iam::123456789012:server-certificate/b'],
  sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  targetType: TargetType.IP,
  backendProtocol: BackendProtocol.HTTPS,
  targetGroupAttributes: { 'deregistration_delay.timeout_seconds': '30' },
  healthcheckPort: 'status-port',
  healthcheckProtocol: BackendProtocol.HTTP,
  healthcheckPath: '/healthz/ready',
  successCodes: '200,204-299',
};

const WRITTEN: Record<keyof AlbSettings, [key: string, value: string]> = {
  loadBalancerName: ['load-balancer-name', 'shop'],
  scheme: ['scheme', 'internet-facing'],
  subnets: ['subnets', 'subnet-0a1b2c3d,public 1b'],
  listenPorts: ['listen-ports', '[{"HTTP":80},{"HTTPS":443}]'],
  sslRedirect: ['ssl-redirect', '443'],
  certificateArns: ['certificate-arn', 'arn:aws:acm:us-east-1:123456789012:certificate/a,arn:aws:iam::123456789012:server-certificate/b'],
  sslPolicy: ['ssl-policy', 'ELBSecurityPolicy-TLS13-1-2-2021-06'],
  targetType: ['target-type', 'ip'],
  backendProtocol: ['backend-protocol', 'HTTPS'],
  targetGroupAttributes: ['target-group-attributes', 'deregistration_delay.timeout_seconds=30'],
  healthcheckPort: ['healthcheck-port', 'status-port'],
  healthcheckProtocol: ['healthcheck-protocol', 'HTTP'],
  healthcheckPath: ['healthcheck-path', '/healthz/ready'],
  successCodes: ['success-codes', '200,204-299'],
};

test('every setting is written under its key and read back', () => {
  const annotations = encodeAlbAnnotations(EVERYTHING);
  expect(annotations).toEqual(Object.fromEntries(Object.values(WRITTEN).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value])));
  expect(decodeAlbAnnotations(annotations)).toEqual({ settings: EVERYTHING, malformed: [], unknown: [] });
});

test('a setting that is not given is not written', () => {
  expect(encodeAlbAnnotations({})).toEqual({});
  expect(encodeAlbAnnotations({ sslRedirect: undefined, scheme: AlbScheme.INTERNAL })).toEqual({ [`${ALB_PREFIX}scheme`]: 'internal' });
});

test.each<[AlbSettings, string, unknown]>([
  [{ loadBalancerName: '' }, 'loadBalancerName', ''],
  [{ loadBalancerName: 'internal-x' }, 'loadBalancerName', 'internal-x'],
  [{ loadBalancerName: '-x' }, 'loadBalancerName', '-x'],
  [{ loadBalancerName: 'x-' }, 'loadBalancerName', 'x-'],
  [{ loadBalancerName: 'a'.repeat(33) }, 'loadBalancerName', 'a'.repeat(33)],
  [{ scheme: 'public' as AlbScheme }, 'scheme', 'public'],
  [{ subnets: [] }, 'subnets', []],
  [{ subnets: ['a'] }, 'subnets', ['a']],
  [{ subnets: ['a', 'a'] }, 'subnets[1]', 'a'],
  [{ subnets: ['a', 'subnet-1'] }, 'subnets[1]', 'subnet-1'],
  [{ listenPorts: [] }, 'listenPorts', []],
  [{ listenPorts: [{ protocol: ListenerProtocol.HTTP, port: 0 }] }, 'listenPorts[0].port', 0],
  [{ listenPorts: [{ protocol: 'TCP' as ListenerProtocol, port: 80 }] }, 'listenPorts[0].protocol', 'TCP'],
  [{ listenPorts: [...EVERYTHING.listenPorts, { protocol: ListenerProtocol.HTTPS, port: 80 }] }, 'listenPorts[2].port', 80],
  [{ sslRedirect: 65536 }, 'sslRedirect', 65536],
  [{ certificateArns: [] }, 'certificateArns', []],
  [{ certificateArns: ['arn:aws:s3:::b'] }, 'certificateArns[0]', 'arn:aws:s3:::b'],
  [{ sslPolicy: 'TLS13' }, 'sslPolicy', 'TLS13'],
  [{ targetType: 'pod' as TargetType }, 'targetType', 'pod'],
  [{ backendProtocol: 'https' as BackendProtocol }, 'backendProtocol', 'https'],
  [{ targetGroupAttributes: { 'a=b': '' } }, 'targetGroupAttributes', 'a=b'],
  [{ healthcheckPort: 'Status' }, 'healthcheckPort', 'Status'],
  [{ healthcheckPort: '0' }, 'healthcheckPort', '0'],
  [{ healthcheckPort: '65536' }, 'healthcheckPort', '65536'],
  [{ healthcheckProtocol: 'TCP' as BackendProtocol }, 'healthcheckProtocol', 'TCP'],
  [{ healthcheckPath: 'ready' }, 'healthcheckPath', 'ready'],
  [{ healthcheckPath: `/${'a'.repeat(1024)}` }, 'healthcheckPath', `/${'a'.repeat(1024)}`],
  [{ successCodes: '199' }, 'successCodes', '199'],
  [{ successCodes: '500' }, 'successCodes', '500'],
  [{ successCodes: '200;204' }, 'successCodes', '200;204'],
])('%j is not written, because of %s', (settings, prop, value) => {
  expect(refusal(() => encodeAlbAnnotations(settings))).toMatchObject({ prop, value, path: '' });
});

test('what cannot be understood is told apart from what is not known, and other annotations are none of its business', () => {
  expect(decodeAlbAnnotations({
    [`${ALB_PREFIX}scheme`]: 'public',
    [`${ALB_PREFIX}listen-ports`]: '{"HTTP":80}',
    [`${ALB_PREFIX}ssl-redirect`]: '443',
    [`${ALB_PREFIX}shceme`]: 'internal',
    'kubernetes.io/ingress.class': 'alb',
  })).toEqual({
    settings: { sslRedirect: 443 },
    malformed: [
      { key: `${ALB_PREFIX}scheme`, value: 'public', allowed: 'one of internal, internet-facing' },
      { key: `${ALB_PREFIX}listen-ports`, value: '{"HTTP":80}', allowed: 'a JSON list' },
    ],
    unknown: [`${ALB_PREFIX}shceme`],
  });
});

test.each(['[{"HTTP":80},{"HTTP":80}]', '[{"TCP":80}]', '[{"HTTP":"80"}]', '[null]', '[]', '[80]', 'x'])('listen-ports %s is malformed', value => {
  expect(decodeAlbAnnotations({ [`${ALB_PREFIX}listen-ports`]: value })).toMatchObject({ settings: {}, malformed: [{ value }] });
});

test('two ports in one object are read as the controller reads them', () => {
  expect(decodeAlbAnnotations({ [`${ALB_PREFIX}listen-ports`]: '[{"HTTP":80,"HTTPS":443}]' }).settings.listenPorts).toEqual(EVERYTHING.listenPorts);
});

const FACTS = join(__dirname, '..', '..', '..', 'shared', 'reference', 'alb-annotations.json');

interface Fact {
  readonly name: string;
  readonly valueType: string;
  readonly values?: string[];
  readonly min?: number;
  readonly max?: number;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default: unknown;
  readonly appliesTo: string[];
  readonly mergeBehavior: string;
}

describe('the table agrees with the facts', () => {
  if (!existsSync(FACTS)) {
    it('or could not be compared', () => console.warn('not compared: there is no ../shared/reference/alb-annotations.json beside this repository'));
    return;
  }
  const facts = new Map((JSON.parse(readFileSync(FACTS, 'utf8')) as Fact[]).map(fact => [fact.name, fact]));

  it.each(Object.entries(ALB_ANNOTATIONS) as [keyof AlbSettings, AlbAnnotation<any>][])('about %s', (prop, { key, codec, default: stated, on, merge }) => {
    const fact = facts.get(ALB_PREFIX + key)!;
    expect(on.map(kind => kind.toLowerCase())).toEqual(fact.appliesTo);
    expect(merge).toBe(fact.mergeBehavior === 'n/a' ? 'none' : fact.mergeBehavior);
    const literal = statedLiteral(fact.default);
    expect([stated, literal !== undefined && stated.startsWith(`\`${literal}\``)]).toEqual([stated, literal !== undefined]);

    const accepts = (value: string) => ALB_PREFIX + key in annotationsReadable(key, value);
    fact.values?.forEach(value => expect([value, accepts(value)]).toEqual([value, true]));
    if (fact.values) {
      expect(codec.syntax).toBe(`one of ${fact.values.join(', ')}`);
    }
    if (fact.min !== undefined && fact.max !== undefined) {
      expect([fact.min - 1, fact.min, fact.max, fact.max + 1].map(String).map(accepts)).toEqual([false, true, true, false]);
    }
    if (fact.minItems !== undefined) {
      const items = WRITTEN[prop][1].split(',').slice(0, fact.minItems);
      expect([accepts(items.join(',')), accepts(items.slice(1).join(','))]).toEqual([true, false]);
    }
    if (fact.maxLength !== undefined) {
      const longest = WRITTEN[prop][1].padEnd(fact.maxLength, 'a');
      expect([accepts(longest), accepts(`${longest}a`)]).toEqual([true, false]);
    }
    if (fact.pattern !== undefined) {
      const samples = ['shop', 'internal-x', '-x', 'x-', 'X', 'a.b', '', 'a'.repeat(32), 'a'.repeat(33)];
      expect(samples.map(accepts)).toEqual(samples.map(sample => new RegExp(fact.pattern!).test(sample)));
    }
  });
});

/** The value in backticks that the docs have to show; nothing where the controller's default is no value of the annotation. */
function statedLiteral(value: unknown): string | undefined {
  const perVersion = value as { HTTP1?: string } | null;
  const literal = Array.isArray(value) ? JSON.stringify(value) : perVersion?.HTTP1 ?? value;
  return typeof literal !== 'string' || literal.includes('<') || literal === 'discovery' ? undefined : literal;
}

function annotationsReadable(key: string, value: string): Record<string, unknown> {
  const { malformed, unknown } = decodeAlbAnnotations({ [ALB_PREFIX + key]: value });
  return malformed.length + unknown.length === 0 ? { [ALB_PREFIX + key]: value } : {};
}
