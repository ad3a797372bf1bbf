// docs/report-formats.md and docs/settings.md: their tables have what there is, and their program runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { CHECK } from '../../../src/cli/check';
import { readConfig } from '../../../src/settings/config';
import { ACKNOWLEDGEMENT_FIELDS, MESH_FIELDS } from '../../../src/settings/config-fields';

const page = (name: string) => readFileSync(join(__dirname, '..', '..', '..', 'docs', name), 'utf8');

/** The names in the first column of each table. */
function tablesOf(text: string): string[][] {
  return text.split(/\n(?!\|)/).map(block => [...block.matchAll(/^\| \[?`(\w+)`/gm)].map(([, name]) => name)).filter(names => names.length > 0);
}

test('the page of reports has every format', () => {
  expect(tablesOf(page('report-formats.md'))).toEqual([CHECK.formats]);
});

test('its program prints SARIF', () => {
  const [, program] = /```ts\n([^]*?)```/.exec(page('report-formats.md'))!;
  const { outputText } = transpileModule(program, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  new Function('require', 'exports', 'text', outputText)(require, {}, 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n');
  expect(JSON.parse(log.mock.calls[0][0] as string)).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] });
  log.mockRestore();
});

test('the page of settings has every section, and every field of an entry and of the mesh', () => {
  expect(tablesOf(page('settings.md')).map(names => names.sort())).toEqual([
    Object.keys(readConfig('', 'a')).sort(), Object.keys(MESH_FIELDS).sort(), Object.keys(ACKNOWLEDGEMENT_FIELDS).sort(),
  ]);
});
