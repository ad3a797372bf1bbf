// Command line, validation plugin, synth and API find the same faults in the same objects, under the same settings.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { AlbIstioValidation } from '../../src';
import { checkAtSynth } from '../../src/chart/synth-checks';
import { type Finding, isFailing } from '../../src/checks/finding';
import { check } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { identityOf } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { renderLine } from '../../src/output/text';
import { readConfig } from '../../src/settings/config';
import { fixture } from '../checks/fixture';
import { run } from '../cli/command-line';

const SETTINGS = `
mesh: { rootNamespace: mesh-config }
controller: { defaultTargetType: ip }
acknowledgements:
- { id: zero-weights, object: { kind: VirtualService, name: '*' }, reason: known }
- { id: unknown-subset, object: { kind: VirtualService, name: '*' }, reason: expired, expires: 2020-01-31 }
- { id: dangling-backend, object: { kind: Ingress, name: none }, reason: for an object that is elsewhere }
`;

let folder: string;
const home = process.cwd();
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'entry-points-')));
  process.chdir(folder);
  writeFileSync('alb-istio.yaml', SETTINGS);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** An object of each name once: an app cannot write one twice, and `kubectl apply` would merge them. */
function objectsOf(id: string): object[] {
  const seen = new Map(readYaml(fixture(id, 'bad'), 'bad.yaml').map(manifest => [identityOf(manifest), manifest.object]));
  return [...seen.values()];
}

const showName = ({ object: { kind, namespace, name } }: Pick<Finding, 'object'>) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
const show = (finding: Pick<Finding, 'id' | 'object' | 'pointer' | 'message'>) => `${finding.id}: ${showName(finding)}${finding.pointer && ` ${finding.pointer}`}: ${finding.message}`;

function fromApi(objects: object[]): Finding[] {
  const { acknowledgements, complete, controller, mesh } = readConfig(readFileSync('alb-istio.yaml', 'utf8'), 'alb-istio.yaml');
  return [...check(objects as never, { acknowledgements, complete, controller, mesh, today: new Date().toISOString().slice(0, 10) }).findings];
}

function fromCli(file: string): Finding[] {
  return JSON.parse(run(['check', '--format', 'json', file]).out).findings;
}

async function fromPlugin(file: string): Promise<string[]> {
  const shown: string[] = [];
  const addViolation = ({ ruleName, violatingResources }: any) => violatingResources.forEach((own: any) => shown.push(...own.locations
    .map((location: string) => `${ruleName}: ${location.replace(/^line \d+: /, '')}`)));
  await new AlbIstioValidation().validate({ manifests: [file], report: { addViolation, submit: () => undefined } });
  return shown;
}

function fromSynth(objects: object[]): string[] {
  const app = new App({ outdir: join(folder, 'dist') });
  const chart = new Chart(app, 'chart');
  objects.forEach((object, index) => new ApiObject(chart, `object-${index}`, object as never));
  checkAtSynth(chart);
  try {
    app.synth();
    return [];
  } catch (error) {
    return String(error).split('\n').map(line => /: error (.*)$/.exec(line)?.[1]).filter(line => line !== undefined);
  }
}

test.each(SHELF.map(({ id }) => id))('of %s', async id => {
  const objects = objectsOf(id);
  writeFileSync('all.yaml', objects.map(object => JSON.stringify(object)).join('\n---\n'));
  const expected = fromApi(objects);
  expect(expected.length).toBeGreaterThan(0);
  expect(fromCli('all.yaml').map(show).sort()).toEqual(expected.map(show).sort());
  const open = expected.filter(({ acknowledged }) => acknowledged === undefined);
  expect((await fromPlugin('all.yaml')).sort()).toEqual(open.map(show).sort());
  const errors = expected.filter(isFailing).map(own => renderLine({ ...own, origin: {}, line: undefined }).replace(/^error /, ''));
  expect(fromSynth(objects).sort()).toEqual(errors.sort());
});
