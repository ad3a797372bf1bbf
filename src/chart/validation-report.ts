// The report of the validation plugin: the findings in the files of one synth, in the format of cdk8s.
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UnreadableManifest } from '../base/errors';
import { groupBy } from '../base/multimap';
import { type Finding, isFailing } from '../checks/finding';
import { checkUnits } from '../checks/runner';
import { KUSTOMIZATION_FILES } from '../manifests/kustomization';
import { type ObjectName, nameOf } from '../manifests/manifest';
import { type ManifestFile, appliedTogether } from '../manifests/units';
import { readYaml } from '../manifests/yaml';
import { ConfigFiles, type FoundConfig, settingsOf } from '../settings/config-files';
import { todayInUtc } from '../settings/today';

/** The argument of a plugin of cdk8s-cli 2.207 (src/plugins/validation.ts), reduced to what is used here. */
export interface ValidationContext {
  /** Paths of the files that the app wrote, as cdk8s prints them. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure', metadata: Readonly<Record<string, string>>): void;
  };
}

/** One fault with all its occurrences. */
interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly ViolatingResource[];
}

interface ViolatingResource {
  /** The CLI uses it to look up the construct path, in a table that has only the names of objects. */
  readonly resourceName: string;
  readonly locations: readonly string[];
  readonly manifestPath: string;
}

/** A file that was read, or the reason why it is unreadable. */
interface ReadFile extends ManifestFile {
  readonly path: string;
  readonly config: FoundConfig;
  readonly unreadable?: string;
}

/** A finding and its file. */
interface FiledFinding {
  readonly finding: Finding;
  readonly path: string;
}

/**
 * Checks the files, each unit separately and with the settings in alb-istio.yaml, and submits the report.
 *
 * @throws UsageError for settings that are wrong
 */
export function reportFindings({ manifests, report }: ValidationContext): void {
  const configs = new ConfigFiles();
  const files = manifests.filter(path => !KUSTOMIZATION_FILES.includes(basename(path)) && configs.reasonToIgnore(path) === undefined)
    .map(path => readManifestFile(path, configs));
  const unreadable = files.filter(file => file.unreadable !== undefined);
  const found = findingsIn(appliedTogether(files));
  const open = found.filter(({ finding }) => finding.acknowledged === undefined);
  const errors = open.filter(({ finding }) => isFailing(finding));
  const warnings = open.filter(({ finding }) => !isFailing(finding));
  const violations = [...unreadableViolations(unreadable), ...violationsOf([...errors, ...warnings], resourceNames(files))];
  violations.forEach(violation => report.addViolation(violation));
  report.submit(errors.length + unreadable.length > 0 ? 'failure' : 'success', {
    Errors: String(errors.length), Warnings: String(warnings.length), Acknowledged: String(found.length - open.length),
    ...unreadable.length > 0 ? { 'Unreadable files': String(unreadable.length) } : {},
  });
}

/** Reads a file as `alb-istio check` does. The parser of the context has no line numbers, and reads scalars differently from kubectl. */
function readManifestFile(path: string, configs: ConfigFiles): ReadFile {
  const folder = resolve(dirname(path));
  const place = { path, folder, kustomizedFolder: kustomizedFolder(folder), config: configs.of(folder) };
  try {
    return { ...place, manifests: readYaml(readFileSync(path, 'utf8'), path) };
  } catch (error) {
    if (error instanceof UnreadableManifest) {
      return { ...place, manifests: [], unreadable: error.message };
    }
    throw error;
  }
}

/** The nearest folder with a kustomization file, at the folder or above it. */
function kustomizedFolder(folder: string): string | undefined {
  if (KUSTOMIZATION_FILES.some(name => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())) {
    return folder;
  }
  return folder === dirname(folder) ? undefined : kustomizedFolder(dirname(folder));
}

function unreadableViolations(files: readonly ReadFile[]): Violation[] {
  return files.length === 0 ? [] : [{
    ruleName: 'unreadable-manifest',
    recommendation: 'kubectl treats every YAML file in the folder as a manifest, and rejects files that are not.',
    fix: 'Write files that are not manifests to another folder.',
    violatingResources: files.map(({ path, unreadable }) => ({ resourceName: basename(path), manifestPath: path, locations: [unreadable!] })),
  }];
}

function findingsIn(units: readonly (readonly ReadFile[])[]): FiledFinding[] {
  const today = todayInUtc();
  const { findings } = checkUnits(units.map(files => {
    const { acknowledgements, complete, controller, mesh } = settingsOf(files);
    return { input: files.flatMap(({ manifests }) => manifests), acknowledgements, complete, controller, mesh, today };
  }));
  return findings.map(finding => ({ finding, path: 'file' in finding.origin ? finding.origin.file : '' }));
}

function violationsOf(found: readonly FiledFinding[], resourceName: (object: ObjectName) => string): Violation[] {
  const faults = groupBy(found, ({ finding: { id, fix } }) => JSON.stringify([id, fix]));
  return [...faults.values()].map(alike => {
    const { id, severity, why, fix } = alike[0].finding;
    const places = [...groupBy(alike, ({ finding: { object }, path }) => JSON.stringify([object, path])).values()];
    return {
      ruleName: id,
      recommendation: severity === 'warning' ? `(a warning, which does not fail the synth) ${why}` : why,
      fix,
      violatingResources: places.map(place => ({
        resourceName: resourceName(place[0].finding.object),
        manifestPath: place[0].path,
        locations: place.map(({ finding }) => locationOf(finding)),
      })),
    };
  });
}

function locationOf({ object, pointer, message, line }: Finding): string {
  return `${line === undefined ? '' : `line ${line}: `}${titleOf(object)}${pointer && ` ${pointer}`}: ${message}`;
}

/** If several objects have the same name, the CLI shows the construct path of the last one. Their full names match no construct path. */
function resourceNames(files: readonly ManifestFile[]): (object: ObjectName) => string {
  const uses = new Map<string, number>();
  files.flatMap(({ manifests }) => manifests).map(nameOf).forEach(name => uses.set(name, (uses.get(name) ?? 0) + 1));
  return object => (uses.get(object.name) === 1 ? object.name : titleOf(object));
}

function titleOf({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
