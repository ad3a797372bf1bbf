// Construct ids and object names are a promise: a change of either replaces objects in somebody's cluster.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { App } from 'cdk8s';
import { EXAMPLES, runExample } from '../running-example';
import { apiObjects } from '../synthesized';

const CONTRACT = join(__dirname, 'contract.txt');

test('construct ids and object names of the examples are those of contract.txt (UPDATE_CONTRACT=1 rewrites it)', () => {
  const lines = EXAMPLES.flatMap(example => {
    const { apps, directory } = runExample(example);
    rmSync(directory, { recursive: true });
    return apps.flatMap(app => [...linesOf(relative(join(directory, 'dist'), app.folder), app), ...linesOf(relative(directory, app.delivery.folder), app.delivery)]);
  });
  if (process.env.UPDATE_CONTRACT === '1') {
    writeFileSync(CONTRACT, `${lines.join('\n')}\n`);
  }
  expect(lines).toEqual(readFileSync(CONTRACT, 'utf8').trimEnd().split('\n'));
});

function linesOf(folder: string, app: App): string[] {
  return apiObjects(app).map(({ node, kind, metadata, name }) => `${folder}: ${node.path} = ${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${name}`);
}
