// The requests of each example end where the example promises, in the model of the mesh. `npm run conformance -- dist` sends them through Envoy.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../../src/manifests/yaml';
import { meshOf } from '../../src/mesh/mesh';
import { folders } from './dist-folders';
import { endOf, parseRequest, readRequests } from './requests';
import { walkedRoute } from './route-verdict';

const DIST = join(__dirname, '..', '..', 'dist');
const requests = readRequests();

test('each folder of dist has requests', () => {
  expect(requests.map(({ app }) => app).sort()).toEqual(folders());
});

test.each(requests.map(one => [one.app, one] as const))('requests of %s end as expected', (_, { app, extra, lines }) => {
  const files = readdirSync(join(DIST, app)).filter(file => file.endsWith('.yaml')).map(file => join(DIST, app, file));
  const mesh = meshOf([...files, ...extra === undefined ? [] : [extra]].flatMap(path => readYaml(readFileSync(path, 'utf8'), path)));
  const given = lines.map(({ sent }) => `${sent} -> ${endOf(walkedRoute(mesh, { config: app, request: parseRequest(sent), result: {} }))}`);
  expect(given).toEqual(lines.map(({ sent, end }) => `${sent} -> ${end}`));
});
