import * as fc from 'fast-check';
import { type Labels, selects } from '../../src/mesh/objects/config';
import { LabelIndex } from '../../src/mesh/objects/label-index';
import { runs } from '../runs';

const labels: fc.Arbitrary<Labels> = fc.uniqueArray(fc.tuple(fc.constantFrom('app', 'version', 'team'), fc.constantFrom('a', 'b')), { selector: ([key]) => key, maxLength: 3 })
  .map(pairs => new Map(pairs));

test('finds what comparing all selectors finds, in order', () => {
  fc.assert(fc.property(fc.array(labels, { maxLength: 20 }), labels, (selectors, wanted) => {
    const index = new LabelIndex(selectors, own => own);
    expect(index.satisfiedBy(wanted)).toEqual(selectors.filter(selector => selects(selector, wanted)));
    expect(index.including(wanted)).toEqual(wanted.size === 0 ? [] : selectors.filter(selector => selects(wanted, selector)));
  }), runs(2000));
});
