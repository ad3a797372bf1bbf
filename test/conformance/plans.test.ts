// Replays what the real AWS Load Balancer Controller answered: for each input the same load balancers, or the same refusal.
import { readCases } from './case-file';
import { planned, recorded, type Verdict } from './verdict';

describe.each(['plans.json', 'plans-own.json'])('%s', file => {
  const all = readCases<Verdict>(file);

  test('names of cases are unique, and each has its answer', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.filter(({ result }) => result === undefined).map(({ name }) => name)).toEqual([]);
  });

  test.each([...new Set(all.map(({ topic }) => topic))])('the plan agrees with the controller on %s', topic => {
    const verdicts = all.filter(own => own.topic === topic);
    expect(Object.fromEntries(verdicts.map(own => [own.name, planned(own)]))).toEqual(Object.fromEntries(verdicts.map(own => [own.name, recorded(own)])));
  });
});
