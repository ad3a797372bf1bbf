// Generates imports/, the constructs of the Istio and AWS Load Balancer Controller CRDs, with `cdk8s import`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAll } from 'js-yaml';

const ISTIO = '1.30.3';
const CONTROLLER = '3.5.0';

const USAGE = `usage: npm run import -- [--check] [--from DIR] [--into DIR]

  --check     write nothing; exit 1 and name the files when the folder is not what would be generated
  --from DIR  read istio-${ISTIO}.yaml and aws-load-balancer-controller-${CONTROLLER}.yaml there, not from GitHub
  --into DIR  the folder to write or to check (default: imports/ of this project)`;

/** One published file of CRDs and the API groups that are wanted from it. */
interface Source {
  readonly folder: string;
  readonly product: string;
  readonly file: string;
  readonly url: string;
  readonly groups: readonly string[];
}

const SOURCES: readonly Source[] = [
  {
    folder: 'istio',
    product: `Istio ${ISTIO}`,
    file: `istio-${ISTIO}.yaml`,
    url: `https://raw.githubusercontent.com/istio/istio/${ISTIO}/manifests/charts/base/files/crd-all.gen.yaml`,
    groups: ['extensions.istio.io', 'networking.istio.io', 'security.istio.io', 'telemetry.istio.io'],
  },
  {
    folder: 'elbv2',
    product: `AWS Load Balancer Controller ${CONTROLLER}`,
    file: `aws-load-balancer-controller-${CONTROLLER}.yaml`,
    url: 'https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/'
      + `v${CONTROLLER}/helm/aws-load-balancer-controller/crds/crds.yaml`,
    groups: ['elbv2.k8s.aws'],
  },
];

/** What this script needs of a CustomResourceDefinition. */
interface Crd {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly group: string; readonly names: { readonly kind: string }; readonly versions: readonly CrdVersion[] };
}

interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly schema: { readonly openAPIV3Schema: unknown };
}

/** A generated file: its text, and the kinds in it as `Kind version`. */
interface Generated {
  readonly text: string;
  readonly kinds: readonly string[];
}

/** Generated files by their path inside the target folder. */
type Files = ReadonlyMap<string, Generated>;

// ---- read -------------------------------------------------------------------------------------------------------

async function read(source: Source, from: string | undefined): Promise<string> {
  return from === undefined ? fetchText(source.url) : readText(join(from, source.file));
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`);
    return await response.text();
  } catch (error) {
    // `fetch` says only "fetch failed"; the reason (DNS, TLS, refused) is in its cause.
    const cause = (error as Error).cause;
    throw new Error(`cannot fetch ${url}: ${messageOf(error)}${cause === undefined ? '' : ` (${messageOf(cause)})`}`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

// ---- reduce -----------------------------------------------------------------------------------------------------

/** The CRDs of the wanted groups, each with its newest served version and a bare schema. */
function reduce(text: string, source: Source): Crd[] {
  const documents = loadAll(text) as (Crd | null)[];
  const crds = documents
    .filter((crd): crd is Crd => crd?.kind === 'CustomResourceDefinition' && source.groups.includes(crd.spec.group))
    .map(bareCrd)
    .sort((a, b) => compare(a.metadata.name, b.metadata.name));
  for (const group of source.groups) {
    if (!crds.some((crd) => crd.spec.group === group)) throw new Error(`no CRD of the group ${group} in ${source.product}`);
  }
  return crds;
}

function bareCrd(crd: Crd): Crd {
  const version = newest(crd);
  return {
    apiVersion: crd.apiVersion,
    kind: crd.kind,
    metadata: { name: crd.metadata.name },
    spec: {
      group: crd.spec.group,
      names: { kind: crd.spec.names.kind },
      versions: [{ name: version.name, served: true, schema: { openAPIV3Schema: bareSchema(version.schema.openAPIV3Schema) } }],
    },
  };
}

function newest(crd: Crd): CrdVersion {
  const served = crd.spec.versions.filter((version) => version.served);
  if (served.length === 0) throw new Error(`no served version of ${crd.metadata.name}`);
  return served.reduce((best, other) => (compareVersions(best.name, other.name) < 0 ? other : best));
}

/** Kubernetes version priority: v2, v1, v1beta2, v1beta1, v1alpha3, and what is no such name below them all. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  const differing = left.findIndex((number, i) => number !== right[i]);
  return differing < 0 ? 0 : left[differing] - right[differing];
}

function rank(version: string): number[] {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return [-1, 0, 0];
  return [['alpha', 'beta', undefined].indexOf(stage), Number(major), Number(minor ?? 0)];
}

/**
 * When a CRD takes two spellings of one field (jwksUri and jwks_uri, prefixListsIDs and PrefixListsIDs), the generated
 * prop writes the one that comes first: that has to be the camelCase one, the other is the legacy of the API.
 */
const CAMEL_CASE = /^[a-z][A-Za-z0-9]*$/;

/** A schema with sorted keys and without its descriptions; a property that is *named* description stays. */
function bareSchema(node: unknown, isSchema = true): unknown {
  if (Array.isArray(node)) return node.map((item) => bareSchema(item));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node)
    .filter(([key]) => !(isSchema && key === 'description'))
    .sort(([a], [b]) => Number(CAMEL_CASE.test(b)) - Number(CAMEL_CASE.test(a)) || compare(a, b));
  // The keys below `properties` are names, and the values below those names are schemas again.
  return Object.fromEntries(entries.map(([key, value]) => [key, bareSchema(value, !(isSchema && key === 'properties'))]));
}

// ---- generate ---------------------------------------------------------------------------------------------------

async function generate(from: string | undefined, scratch: string): Promise<Files> {
  const files = new Map<string, Generated>();
  for (const source of SOURCES) {
    const crds = reduce(await read(source, from), source);
    const output = runCdk8sImport(source, crds, scratch);
    for (const group of source.groups) {
      const code = readText(join(output, `${group}.ts`)).replace('// generated by cdk8s', header(source)).trimEnd();
      files.set(`${source.folder}/${group}.ts`, { text: `${code}\n`, kinds: kindsOf(crds, group) });
    }
    const exports = source.groups.map((group) => `export * from './${group}';\n`);
    files.set(`${source.folder}/index.ts`, { text: `${header(source)}\n${exports.join('')}`, kinds: [] });
  }
  return files;
}

/** The first words of every generated file, by which `swapIn` knows its own. */
const GENERATED = '// Generated by `npm run import` (cdk8s import)';

function header(source: Source): string {
  return `${GENERATED} from the CRDs of ${source.product}. Do not edit.`;
}

function kindsOf(crds: readonly Crd[], group: string): string[] {
  return crds.filter((crd) => crd.spec.group === group).map((crd) => `${crd.spec.names.kind} ${crd.spec.versions[0].name}`);
}

function runCdk8sImport(source: Source, crds: readonly Crd[], scratch: string): string {
  const input = join(scratch, `${source.folder}.yaml`);
  const output = join(scratch, source.folder);
  // JSON is YAML in which no plain word (`on`, `1.10`) can change its type.
  writeFileSync(input, crds.map((crd) => JSON.stringify(crd)).join('\n---\n'));
  const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
  const args = ['import', input, '--language', 'typescript', '--output', output, '--no-save', '--check-upgrade=false'];
  try {
    // Runs in the scratch folder, or it would read the cdk8s.yaml of this project.
    execFileSync(process.execPath, [cli, ...args], { cwd: scratch, stdio: 'pipe' });
  } catch (error) {
    throw new Error(`cdk8s import failed for ${source.product}: ${(error as { stderr?: Buffer }).stderr ?? messageOf(error)}`, { cause: error });
  }
  return output;
}

// ---- compare or write -------------------------------------------------------------------------------------------

/** One line for each file that is not as generated. */
function differences(files: Files, into: string): string[] {
  const present = listFiles(into);
  const missing = [...files.keys()].filter((file) => !present.includes(file)).map((file) => `missing: ${file}`);
  const wrong = present.filter((file) => readText(join(into, file)) !== files.get(file)?.text);
  return [...missing, ...wrong.map((file) => `${files.has(file) ? 'stale' : 'extra'}: ${file}`)];
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort(compare);
}

/** Replaces the whole folder in two renames, so that it is never half written. */
function swapIn(files: Files, into: string): void {
  const foreign = listFiles(into).find((file) => !readText(join(into, file)).startsWith(GENERATED));
  if (foreign !== undefined) throw new Error(`${join(into, foreign)} is not a generated file; move it away, or it would be lost`);
  // Siblings, because a rename cannot cross file systems.
  const [next, previous] = [`${into}.next`, `${into}.previous`];
  rmSync(next, { recursive: true, force: true });
  for (const [file, { text }] of files) {
    mkdirSync(dirname(join(next, file)), { recursive: true });
    writeFileSync(join(next, file), text);
  }
  if (existsSync(into)) renameSync(into, previous);
  try {
    renameSync(next, into);
  } catch (error) {
    if (existsSync(previous)) renameSync(previous, into);
    throw error;
  }
  rmSync(previous, { recursive: true, force: true });
}

// ---- run --------------------------------------------------------------------------------------------------------

async function run(args: string[]): Promise<number> {
  const { check, from, into } = parseOptions(args);
  const scratch = mkdtempSync(join(tmpdir(), 'import-'));
  try {
    const files = await generate(from, scratch);
    return check ? report(differences(files, into), into, files) : write(files, into);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function parseOptions(args: string[]): { check: boolean; from?: string; into: string } {
  const { values } = parseArgs({
    args,
    options: { check: { type: 'boolean', default: false }, from: { type: 'string' }, into: { type: 'string' } },
  });
  if (values.from !== undefined && !statSync(values.from, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`--from ${values.from} is not a folder`);
  }
  return { check: values.check, from: values.from, into: resolve(values.into ?? join(__dirname, '..', 'imports')) };
}

function report(wrong: readonly string[], into: string, files: Files): number {
  if (wrong.length === 0) {
    console.log(`${basename(into)}/ is up to date: ${files.size} files from ${SOURCES.map((source) => source.product).join(' and ')}`);
    return 0;
  }
  console.error([`${basename(into)}/ is not what the CRDs give; run \`npm run import\``, ...wrong].join('\n  '));
  return 1;
}

function write(files: Files, into: string): number {
  swapIn(files, into);
  for (const [file, { text, kinds }] of files) {
    console.log(`${basename(into)}/${file}: ${text.split('\n').length - 1} lines${kinds.length === 0 ? '' : `; ${kinds.join(', ')}`}`);
  }
  return 0;
}

/** By code unit: the order must not depend on a locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

run(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error) => {
    console.error(`import: ${messageOf(error)}`);
    if (String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')) console.error(USAGE);
    process.exitCode = 2;
  },
);
