// Hosts and paths with Ingresses of their own, at random: the plan decides about each request as the calls say.
// `npm run conformance -- families` compares the same programs with the controller.
import * as fc from 'fast-check';
import { decided, family, made, REQUESTS, type Resources, wanted } from '../../conformance/family';
import { runs } from '../runs';
import { planned } from './verdict';

const resourcesOf = (yaml: string) => {
  const { groups } = planned({ name: '', topic: '', input: yaml, result: {} }) as { groups: readonly { stack: { resources: Resources } }[] };
  expect(groups).toHaveLength(1);
  return groups[0].stack.resources;
};

test('the most specific host decides, and on it the most specific path', () => {
  fc.assert(fc.property(family, own => {
    const program = made(own);
    const resources = resourcesOf(program.yaml);
    expect(REQUESTS.map(({ host, path }) => `${host}${path} ${decided(resources, host, path)}`))
      .toEqual(REQUESTS.map(({ host, path }) => `${host}${path} ${wanted(program, host, path)}`));
  }), runs(60));
});

test('the calls make Ingresses of both kinds, and many are not refused', () => {
  const programs = fc.sample(family, { numRuns: 60, seed: 1 }).map(made);
  const members = programs.flatMap(program => program.members.slice(1));
  expect(members.filter(({ paths }) => paths === undefined).length).toBeGreaterThan(20);
  expect(members.filter(({ of }) => of !== undefined).length).toBeGreaterThan(20);
  expect(members.filter(({ of }) => of !== undefined && of.name !== 'door').length).toBeGreaterThan(5);
});

test('a login that goes to another Ingress is a difference', () => {
  const program = made({ issuer: '', version: 'HTTP1', calls: [{ on: 0, issuer: 'https://one.example.com', paths: [{ isExact: false, path: '/a' }] }] });
  const [open, closed] = [made({ issuer: '', version: 'HTTP1', calls: [] }), program].map(({ yaml }) => resourcesOf(yaml));
  expect([decided(closed, 'www.example.com', '/a/b'), wanted(program, 'www.example.com', '/a/b')])
    .toEqual(['door-a https://one.example.com HTTP1', 'door-a https://one.example.com HTTP1']);
  expect(decided(open, 'www.example.com', '/a/b')).toBe('door  HTTP1');
  expect(decided(closed, 'www.example.com', '/x/../a')).toBe('fixed-response https://one.example.com ');
});
