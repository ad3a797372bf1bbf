// Who sees an Istio object.
import { requireExportTo } from '../../src/base/export-to';
import { refusal } from '../refusal';

test.each([[['*']], [['.']], [['shop']], [['.', 'front', 'bank']]])('%j is a list that Istio takes', exportTo => {
  expect(requireExportTo('exportTo', exportTo, 'shop')).toEqual(exportTo);
});

test('what the caller changes later is not seen', () => {
  const given = ['.'];
  expect(requireExportTo('exportTo', given, 'shop')).not.toBe(given);
});

test.each<[unknown, string, unknown, string]>([
  [[], 'exportTo', [], 'at least one namespace, or . for that of the object, or * for all'],
  [undefined, 'exportTo', undefined, 'at least one namespace, or . for that of the object, or * for all'],
  ['*', 'exportTo', '*', 'at least one namespace, or . for that of the object, or * for all'],
  [['shop', 'Bank'], 'exportTo[1]', 'Bank', 'a namespace, or . for that of the object, or * for all'],
  [['~'], 'exportTo[0]', '~', 'a namespace, or . for that of the object, or * for all'],
  [['shop/*'], 'exportTo[0]', 'shop/*', 'a namespace, or . for that of the object, or * for all'],
  [[''], 'exportTo[0]', '', 'a namespace, or . for that of the object, or * for all'],
  [[1], 'exportTo[0]', 1, 'a namespace, or . for that of the object, or * for all'],
  [['bank', 'front', 'bank'], 'exportTo[2]', 'bank', 'every namespace once'],
  [['.', 'shop'], 'exportTo[1]', 'shop', 'every namespace once'],
  [['shop', '.'], 'exportTo[1]', '.', 'every namespace once'],
  [['*', 'bank'], 'exportTo[0]', '*', '* alone'],
  [['bank', '*'], 'exportTo[1]', '*', '* alone'],
])('%j is refused for an object of the namespace shop', (exportTo, prop, value, allowed) => {
  expect(refusal(() => requireExportTo('exportTo', exportTo as string[], 'shop', 'chart/A'))).toEqual({ prop, value, reason: `must be ${allowed}`, path: 'chart/A' });
});
