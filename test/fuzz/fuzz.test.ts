// A small part of `npm run fuzz`, always the same.
import { attempt } from './attempt';
import { Chance } from './chance';
import { readCorpus } from './corpus';
import { FAMILIES, inputOf } from './inputs';

const corpus = readCorpus();
const SEED = 7;

test.each(FAMILIES)('%s: no input makes a reader, a model or a renderer throw anything but an EdgeError', family => {
  const outcomes = Array.from({ length: 150 }, (_, index) => attempt(inputOf(family, corpus, new Chance(SEED, index))));
  expect(outcomes.filter(outcome => outcome === 'read').length).toBeGreaterThan(family === 'bytes' ? 5 : 100);
});
