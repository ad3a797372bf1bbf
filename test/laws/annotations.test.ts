// Laws of the annotation table: what is written is read back, and reading never fails.
import * as fc from 'fast-check';
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, decodeAlbAnnotations, encodeAlbAnnotations } from '../../src/base/alb-annotations';
import { AlbScheme, BackendProtocol, ListenerProtocol, TargetType } from '../../src/base/alb-words';
import { certificate, name, port, subnet } from './edge-plan';

const backendProtocol = fc.constantFrom(...Object.values(BackendProtocol));
const code = fc.integer({ min: 200, max: 499 });
const trimmed = fc.string({ unit: 'grapheme' }).map(text => text.trim());

/** Legal values of every row. */
const LEGAL: { readonly [P in keyof AlbSettings]-?: fc.Arbitrary<NonNullable<AlbSettings[P]>> } = {
  loadBalancerName: name,
  scheme: fc.constantFrom(...Object.values(AlbScheme)),
  subnets: fc.uniqueArray(subnet, { minLength: 2, maxLength: 5 }),
  listenPorts: fc.uniqueArray(fc.record({ protocol: fc.constantFrom(...Object.values(ListenerProtocol)), port }), { minLength: 1, selector: each => each.port }),
  sslRedirect: port,
  certificateArns: fc.uniqueArray(certificate, { minLength: 1 }),
  sslPolicy: fc.stringMatching(/^ELBSecurityPolicy-[A-Za-z0-9-]{1,20}$/),
  targetType: fc.constantFrom(...Object.values(TargetType)),
  backendProtocol,
  targetGroupAttributes: fc.dictionary(trimmed.filter(key => key !== '' && !key.includes('=')), trimmed),
  healthcheckPort: fc.oneof(port.map(String), name, fc.constant('traffic-port')),
  healthcheckProtocol: backendProtocol,
  healthcheckPath: fc.stringMatching(/^\/[!-~]{0,40}$/),
  successCodes: fc.array(fc.oneof(code.map(String), fc.tuple(code, code).map(([from, to]) => `${from}-${to}`)), { minLength: 1 }).map(codes => codes.join(',')),
};

describe.each(Object.keys(ALB_ANNOTATIONS) as (keyof AlbSettings)[])('%s', prop => {
  it('is read back as it was written', () => {
    fc.assert(fc.property(LEGAL[prop] as fc.Arbitrary<unknown>, value => {
      const settings = { [prop]: value };
      expect(decodeAlbAnnotations(encodeAlbAnnotations(settings))).toEqual({ settings, malformed: [], unknown: [] });
    }), { numRuns: 50 });
  });

  it('is read from any text, or called malformed; what was read is written and read as the same', () => {
    const key = ALB_PREFIX + ALB_ANNOTATIONS[prop].key;
    const almost = LEGAL[prop] as fc.Arbitrary<never>;
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.tuple(almost, fc.string({ maxLength: 3 })).map(([value, more]) => encodeAlbAnnotations({ [prop]: value })[key] + more));
    fc.assert(fc.property(texts, text => {
      const { settings, malformed, unknown } = decodeAlbAnnotations({ [key]: text });
      expect([Object.keys(settings).length + malformed.length, unknown]).toEqual([1, []]);
      if (malformed.length === 0) {
        expect(decodeAlbAnnotations(encodeAlbAnnotations(settings)).settings).toEqual(settings);
      }
    }), { numRuns: 100 });
  });
});

test('settings do not disturb each other', () => {
  fc.assert(fc.property(fc.record(LEGAL, { requiredKeys: [] }), settings => {
    expect(decodeAlbAnnotations(encodeAlbAnnotations(settings)).settings).toEqual(settings);
  }), { numRuns: 50 });
});
