// Replays what the real AWS Load Balancer Controller answered: for each input the same load balancers, or the same refusal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planned, recorded, type Verdict } from './verdict';

const VERDICTS = JSON.parse(readFileSync(join(__dirname, 'plans.json'), 'utf8')) as readonly Verdict[];

test.each([...new Set(VERDICTS.map(({ topic }) => topic))])('the plan agrees with the controller on %s', topic => {
  const verdicts = VERDICTS.filter(own => own.topic === topic);
  expect(Object.fromEntries(verdicts.map(own => [own.name, planned(own)]))).toEqual(Object.fromEntries(verdicts.map(own => [own.name, recorded(own)])));
});
