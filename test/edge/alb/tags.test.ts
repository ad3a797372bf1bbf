// Tags, within the bounds of AWS and of the controller.
import { requireTags } from '../../../src/edge/alb/tags';
import { refusal } from '../../refusal';

const many = (count: number) => Object.fromEntries([...Array(count).keys()].map(index => [`tag${index}`, '']));

test('tags are rendered unchanged', () => {
  const tags = { Team: 'Edge & co'.replace('&', '+'), 'cost:center': '42', Größe: '', ['k'.repeat(128)]: 'v'.repeat(256) };
  expect(requireTags('tags', tags)).toBe(tags);
  expect(Object.keys(requireTags('tags', many(47))!)).toHaveLength(47);
});

test('no tags render nothing', () => {
  expect(requireTags('tags', {})).toBeUndefined();
});

test.each<[string, { [key: string]: string }, string, unknown]>([
  ['a tag too many', many(48), 'tags', 48],
  ['an empty key', { '': 'a' }, 'tags', ''],
  ['a long key', { ['k'.repeat(129)]: 'a' }, 'tags', 'k'.repeat(129)],
  ['a key of AWS', { 'aws:team': 'a' }, 'tags', 'aws:team'],
  ['a key of AWS in upper case', { 'AWS:team': 'a' }, 'tags', 'AWS:team'],
  ['a key with an equals sign, which would end it', { 'a=b': 'c' }, 'tags', 'a=b'],
  ['a key with a blank at an end', { 'a ': 'c' }, 'tags', 'a '],
  ['a key with a comma', { 'a,b': 'c' }, 'tags', 'a,b'],
  ['a long value', { a: 'v'.repeat(257) }, 'tags.a', 'v'.repeat(257)],
  ['a value with a mark', { a: '#1' }, 'tags.a', '#1'],
  ['a text for the tags', 'a' as never, 'tags', 'a'],
  ['a value that is no text', { a: 1 as never }, 'tags.a', 1],
  ['a tag of the controller', { 'ingress.k8s.aws/stack': 'mine' }, 'tags.ingress.k8s.aws/stack', 'mine'],
])('%s is rejected', (_, tags, prop, value) => {
  expect(refusal(() => requireTags('tags', tags, 'chart/Alb'))).toMatchObject({ prop, value, path: 'chart/Alb' });
});
