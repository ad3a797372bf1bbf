// Laws of the annotation table: what is written is read back, and reading never fails.
import * as fc from 'fast-check';
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, decodeAlbAnnotations, encodeAlbAnnotations } from '../../src/base/alb-annotations/annotations';
import { LEGAL } from './alb-settings';

/** Names of members of families. */
const MEMBERS: Partial<Record<keyof AlbSettings, string>> = {
  listenerAttributes: 'HTTPS-443',
  targetControlPorts: 'gateway.http',
  actions: 'shop',
  conditions: 'shop',
  transforms: 'shop',
};

describe.each(Object.keys(ALB_ANNOTATIONS) as (keyof AlbSettings)[])('%s', prop => {
  const legal = LEGAL[prop] as fc.Arbitrary<object>;

  it('is read back as it was written, and the controller reads the same', () => {
    fc.assert(fc.property(legal, value => {
      const settings = { [prop]: value };
      const annotations = encodeAlbAnnotations(settings);
      expect(decodeAlbAnnotations(annotations)).toEqual({ settings, malformed: [], unknown: [] });
      expect(decodeAlbAnnotations(annotations, 'read')).toEqual({ settings, malformed: [], unknown: [] });
    }), { numRuns: 50 });
  });

  it('is read from any text, or called malformed; what was read is written and read as the same', () => {
    const member = MEMBERS[prop];
    const key = `${ALB_PREFIX}${ALB_ANNOTATIONS[prop].key}${member === undefined ? '' : `.${member}`}`;
    const almost = fc.tuple(legal, fc.string({ maxLength: 3 })).map(([value, more]) => Object.values(encodeAlbAnnotations({ [prop]: value }))[0] + more);
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), almost), text => {
      const { settings, malformed, unknown } = decodeAlbAnnotations({ [key]: text });
      expect({ understood: Object.keys(settings).length + malformed.length, unknown }).toEqual({ understood: 1, unknown: [] });
      const read = decodeAlbAnnotations({ [key]: text }, 'read');
      expect({ understood: Object.keys(read.settings).length + read.malformed.length, unknown: read.unknown }).toEqual({ understood: 1, unknown: [] });
      if (malformed.length === 0) {
        expect(read.settings).toEqual(settings);
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
