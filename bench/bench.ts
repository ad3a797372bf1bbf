// `npm run bench`: performance as a ratio to plain cdk8s. Exits with code 1 if a limit is exceeded.
import { parseArgs } from 'node:util';
import { checkRows } from './checks';
import { environmentRows } from './environments';
import { exampleRows } from './examples';
import { loadingRows } from './loading';
import { meshRows } from './meshes';
import { planRows } from './plans';
import { passes, type Row, toJson, toTable } from './row';
import { Stage } from './stage';
import { chartRows, routeRows } from './synth';
import { traceRows } from './traces';

const USAGE = `usage: npm run bench -- [--json] [--only PART]

  --json       print a JSON array, not a table
  --only PART  only the groups of rows whose name contains this: routes, charts, checks, plans, meshes, traces, environments, require, examples`;

const GROUPS: Readonly<Record<string, (stage: Stage) => Row[]>> = {
  routes: routeRows,
  charts: chartRows,
  checks: checkRows,
  plans: planRows,
  meshes: meshRows,
  traces: traceRows,
  environments: environmentRows,
  require: loadingRows,
  examples: exampleRows,
};

function main(): number {
  const { json, only, help } = parseArgs({
    options: { json: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
  }).values;
  const groups = Object.entries(GROUPS).filter(([name]) => name.includes(only ?? ''));
  if (help || groups.length === 0) {
    console.error(USAGE);
    return help ? 0 : 2;
  }
  const stage = new Stage();
  try {
    const rows = groups.flatMap(([name, measure]) => {
      console.error(`measuring ${name} …`);
      return measure(stage);
    });
    console.log(json ? JSON.stringify(rows.map(toJson), undefined, 2) : toTable(rows));
    return rows.every(passes) ? 0 : 1;
  } finally {
    stage.clear();
  }
}

process.exitCode = main();
