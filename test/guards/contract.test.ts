// Construct ids and object names are a promise: a change of either replaces objects in somebody's cluster.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES, runExample } from '../running-example';
import { apiObjects } from '../synthesized';

const CONTRACT = join(__dirname, 'contract.txt');

test('construct ids and object names of the examples are those of contract.txt (UPDATE_CONTRACT=1 rewrites it)', () => {
  const lines = EXAMPLES.flatMap(example => {
    const app = runExample(example);
    rmSync(join(app.folder, '..', '..'), { recursive: true });
    return apiObjects(app).map(({ node, kind, metadata, name }) => `${example}: ${node.path} = ${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${name}`);
  });
  if (process.env.UPDATE_CONTRACT === '1') {
    writeFileSync(CONTRACT, `${lines.join('\n')}\n`);
  }
  expect(lines).toEqual(readFileSync(CONTRACT, 'utf8').trimEnd().split('\n'));
});
