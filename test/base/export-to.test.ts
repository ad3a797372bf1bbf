// Who sees an Istio object.
import { isExportedTo, requireExportTo } from '../../src/base/istio/export-to';
import { refusal } from '../refusal';

test.each([[['*']], [['.']], [['shop']], [['.', 'front', 'bank']]])('%j is a list that Istio accepts', exportTo => {
  expect(requireExportTo('exportTo', exportTo, 'shop')).toEqual(exportTo);
});

test('what the caller changes later is not seen', () => {
  const given = ['.'];
  expect(requireExportTo('exportTo', given, 'shop')).not.toBe(given);
});

test.each<[unknown, string, unknown, string]>([
  [[], 'exportTo', [], 'must have at least one entry: a namespace, . for the namespace of the object, or * for all'],
  [undefined, 'exportTo', undefined, 'must have at least one entry: a namespace, . for the namespace of the object, or * for all'],
  ['*', 'exportTo', '*', 'must have at least one entry: a namespace, . for the namespace of the object, or * for all'],
  [['shop', 'Bank'], 'exportTo[1]', 'Bank', 'must be a namespace, . for the namespace of the object, or * for all'],
  [['~'], 'exportTo[0]', '~', 'must be a namespace, . for the namespace of the object, or * for all'],
  [['shop/*'], 'exportTo[0]', 'shop/*', 'must be a namespace, . for the namespace of the object, or * for all'],
  [[''], 'exportTo[0]', '', 'must be a namespace, . for the namespace of the object, or * for all'],
  [[null], 'exportTo[0]', null, 'must be a namespace, . for the namespace of the object, or * for all'],
  [[1], 'exportTo[0]', 1, 'must be a namespace, . for the namespace of the object, or * for all'],
  [['bank', 'front', 'bank'], 'exportTo[2]', 'bank', '"bank" is already in exportTo'],
  [['.', 'shop'], 'exportTo[1]', 'shop', '"shop" is already in exportTo'],
  [['shop', '.'], 'exportTo[1]', '.', '"." is already in exportTo'],
  [['*', 'bank'], 'exportTo[0]', '*', 'must be the only entry'],
  [['bank', '*'], 'exportTo[1]', '*', 'must be the only entry'],
])('%j is rejected for an object of the namespace shop', (exportTo, prop, value, reason) => {
  expect(refusal(() => requireExportTo('exportTo', exportTo as string[], 'shop', 'chart/A'))).toEqual({ prop, value, reason, path: 'chart/A' });
});

test.each<[string, string[], boolean]>([
  ['shop', [], true], ['bank', [], true], ['bank', ['*'], true], ['shop', ['.'], true], ['bank', ['.'], false], ['bank', ['bank'], true], ['bank', ['.', 'bank'], true],
  ['shop', ['bank'], false], ['front', ['.', 'bank'], false], ['shop', ['~'], false],
])('clients in %s see an object of the namespace shop that is exported to %j: %s', (client, exportTo, expected) => {
  expect(isExportedTo(client, exportTo, 'shop')).toBe(expected);
});
