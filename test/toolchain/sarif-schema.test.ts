// SARIF reports are valid by the schema of OASIS. It is not part of any package on npm: SARIF_SCHEMA=FILE, or the network.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { check } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { readYaml } from '../../src/manifests/yaml';
import { renderSarif } from '../../src/output/report/sarif';
import { EMPTY, REPORT, UNJUDGED } from '../output/report/findings';

const fixtures = SHELF.map(({ id }) => join(__dirname, '..', 'checks', id, 'bad.yaml')).flatMap(file => readYaml(readFileSync(file, 'utf8'), file));

const REPORTS = { 'of every fixture': check(fixtures), 'of constructs and acknowledgements': REPORT, 'without findings': EMPTY, 'with placeholders': UNJUDGED };

async function schemaText(url: string): Promise<string | undefined> {
  const { SARIF_SCHEMA: file } = process.env;
  try {
    return file === undefined ? await (await fetch(url, { signal: AbortSignal.timeout(20_000) })).text() : readFileSync(file, 'utf8');
  } catch (error) {
    console.warn(`SARIF is not validated: ${url} cannot be read, and SARIF_SCHEMA is not set (${String(error)})`);
    return undefined;
  }
}

test.each(Object.entries(REPORTS))('a report %s', async (_, report) => {
  const sarif = JSON.parse(renderSarif(report, SHELF, { version: '1.2.3' }));
  const text = await schemaText(sarif.$schema);
  if (text === undefined) {
    return;
  }
  // The schema is of draft 4, which Ajv 8 reads only by the names of a later draft. It uses nothing else that has changed.
  const { id: $id, ...schema } = JSON.parse(text);
  delete schema.$schema;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile({ $id, ...schema });
  validate(sarif);
  expect($id).toBe(sarif.$schema);
  expect(validate.errors).toBeNull();
  delete sarif.runs[0].tool.driver.name;
  expect(validate(sarif)).toBe(false);
}, 60_000);
