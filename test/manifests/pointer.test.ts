import { annotationAt, comparePointers, pointer } from '../../src/manifests/pointer';

test('pointers are escaped, and sorted in reading order', () => {
  expect(pointer('metadata', 'annotations', 'a/b~c', 0)).toBe('/metadata/annotations/a~1b~0c/0');
  expect(['/a/10', '/a/9/b', '/b', '/a/9', '/a/x', ''].sort(comparePointers)).toEqual(['', '/a/9', '/a/9/b', '/a/10', '/a/x', '/b']);
});

test('the key of an annotation is read from its pointer', () => {
  expect(annotationAt(pointer('metadata', 'annotations', 'example.com/a~b'))).toBe('example.com/a~b');
  expect(['', '/metadata', '/metadata/annotations', '/spec/metadata/annotations/a'].map(annotationAt)).toEqual([undefined, undefined, undefined, undefined]);
});
