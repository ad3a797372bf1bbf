// The Dockerfile: its commands run in a shell, with npm replaced; nothing is built.
import { engines } from '../../package.json';
import { StubCommands, VERSION, fileOf, routes } from './stub-commands';

/** Instructions with their arguments. */
const INSTRUCTIONS = fileOf('Dockerfile').replace(/^#.*\n/gm, '').replace(/\\\n/g, ' ').trimEnd().split('\n').map(line => {
  const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line)!;
  return { name, rest };
});

const argumentsOf = (name: string) => INSTRUCTIONS.filter(own => own.name === name).map(({ rest }) => rest);

let stub: StubCommands;
beforeEach(() => {
  stub = new StubCommands();
});
afterEach(() => stub.remove());

test('installs this version without cdk8s, and its entry point checks the working directory', () => {
  stub.write({ 'a.yaml': routes([0, 0]) });
  const [argument] = argumentsOf('ARG');
  argumentsOf('RUN').forEach(command => expect(stub.run(['sh', '-e', '-c'], `${argument}\n${command}`).code).toBe(0));
  expect(stub.calls).toEqual([`npm install --global --legacy-peer-deps --ignore-scripts --no-audit --no-fund cdk8s-alb-istio@${VERSION}`, 'npm cache clean --force']);
  const [entry, words] = [argumentsOf('ENTRYPOINT'), argumentsOf('CMD')].map(([text]) => JSON.parse(text) as string[]);
  expect(stub.run(['sh', '-c'], [...entry, ...words].join(' '))).toMatchObject({ code: 1, out: expect.stringContaining('a.yaml:4: error zero-weights') });
});

test('has the instructions that the page relies on: a user without rights, the working directory, no build context', () => {
  expect(INSTRUCTIONS.map(({ name }) => name)).toEqual(['FROM', 'ARG', 'RUN', 'USER', 'WORKDIR', 'ENTRYPOINT', 'CMD']);
  expect([argumentsOf('ARG'), argumentsOf('USER'), argumentsOf('WORKDIR')]).toEqual([[`VERSION=${VERSION}`], ['node'], ['/work']]);
  expect(fileOf('docs/container.md')).toContain(`--build-arg VERSION=${VERSION}`);
});

test('its Node is one that the package supports and that is tested', () => {
  const [, major] = /^node:(\d+)-alpine$/.exec(argumentsOf('FROM')[0])!;
  expect(Number(major)).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)![0]));
  expect(fileOf('.github/workflows/ci.yml')).toMatch(new RegExp(`node: \\[.*\\b${major}\\b`));
});
