// An app whose output is a folder that kubectl, Flux and Argo CD all take unchanged, written whole or not at all.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ApiObject, App, YamlOutputType } from 'cdk8s';
import { EdgeError, InvalidProps } from '../base/errors';
import type { InstalledGateway } from '../edge/gateway-workload';

/** Props of a `GitOpsApp`. */
export interface GitOpsAppProps {
  /**
   * The folder to write, such as `dist/production`. It belongs to the app: files that an earlier synth wrote are replaced, others
   * are kept. It is created where it does not exist.
   */
  readonly folder: string;

  /**
   * The folder for files that are not for the cluster, such as what installs a gateway.
   *
   * @default - `install/` and the name of `folder`, beside the folder that holds `folder`
   */
  readonly installFolder?: string;
}

/** kustomize knows three names; this one is passed over by `kubectl apply -f -R`, by Flux's scan and by Argo CD's directory mode. */
const KUSTOMIZATION = 'Kustomization';

/**
 * An app that writes one file per chart and a `Kustomization` that lists them.
 *
 * Chart ids become file names, so use ids that sort: `10-bookinfo`, `20-edge`. A synth that fails leaves the folder as it was.
 */
export class GitOpsApp extends App {
  /** The folder that is written, as an absolute path. */
  public readonly folder: string;
  /** The folder of files that are not for the cluster, as an absolute path. */
  public readonly installFolder: string;
  private written: string[] = [];
  private readonly installFiles = new Map<string, string>();

  /** @throws InvalidProps for a folder that is the working directory, or above it */
  public constructor(props: GitOpsAppProps) {
    const folder = resolve(props.folder ?? '');
    if (!props.folder || folder === dirname(folder) || (process.cwd() + sep).startsWith(folder + sep)) {
      throw new InvalidProps('folder', props.folder, 'a folder of its own, such as dist/production');
    }
    super({ outdir: sibling(folder, 'next'), yamlOutputType: YamlOutputType.FILE_PER_CHART, recordConstructMetadata: false });
    this.folder = folder;
    this.installFolder = resolve(props.installFolder ?? defaultInstallFolder(folder));
    if ((this.installFolder + sep).startsWith(folder + sep) || (folder + sep).startsWith(this.installFolder + sep)) {
      throw new InvalidProps('installFolder', props.installFolder, `a folder neither inside nor above ${props.folder}, all of which is applied`);
    }
  }

  /**
   * Writes the files that install a gateway, `<name>.helm-values.yaml` and `<name>.istio-operator.yaml`, at every synth.
   *
   * @throws InvalidProps for a second gateway of the name
   */
  public addGatewayInstall(gateway: InstalledGateway): void {
    const files = {
      [`${gateway.serviceName}.helm-values.yaml`]: gateway.helmValues(),
      [`${gateway.serviceName}.istio-operator.yaml`]: gateway.istioOperator(),
    };
    for (const [name, text] of Object.entries(files)) {
      if (this.installFiles.has(name)) {
        throw new InvalidProps('gateway', gateway.serviceName, 'a gateway of another name: its files are written already');
      }
      this.installFiles.set(name, text);
    }
  }

  /** Names of the files that the last synth wrote, in order. */
  public get files(): string[] {
    return [...this.written];
  }

  /**
   * Writes the folder.
   *
   * @throws EdgeError where two charts write the same object, or the folder holds files but none of a `GitOpsApp`
   */
  public override synth(): void {
    const previous = sibling(this.folder, 'previous');
    if (!existsSync(this.folder) && existsSync(previous)) {
      renameSync(previous, this.folder); // an earlier synth was killed between its two renames
    }
    const foreign = foreignEntries(this.folder);
    let files: string[];
    refuseCollisions(this);
    rmSync(this.outdir, { recursive: true, force: true });
    try {
      super.synth();
      files = readdirSync(this.outdir).sort();
      writeFileSync(join(this.outdir, KUSTOMIZATION), kustomization(files));
      this.keep(foreign, files);
    } catch (error) {
      rmSync(this.outdir, { recursive: true, force: true });
      throw error;
    }
    replaceFolder(this.outdir, this.folder, previous);
    this.written = [...files, KUSTOMIZATION];
    this.installFiles.forEach((text, name) => writeWhole(join(this.installFolder, name), text));
    showToCli(this.folder);
  }

  private keep(foreign: readonly string[], files: readonly string[]): void {
    for (const entry of foreign) {
      if (files.includes(entry)) {
        throw new EdgeError(`${join(this.folder, entry)} was not written by this app, but a chart would take its place: rename one of them`);
      }
      cpSync(join(this.folder, entry), join(this.outdir, entry), { recursive: true });
    }
  }
}

/** Beside the folder that holds `folder`, but never outside of the project that the app runs in. */
function defaultInstallFolder(folder: string): string {
  const holder = dirname(folder);
  return join(holder === process.cwd() ? holder : dirname(holder), 'install', basename(folder));
}

function sibling(folder: string, suffix: string): string {
  return join(dirname(folder), `.${basename(folder)}.${suffix}`);
}

function kustomization(files: readonly string[]): string {
  return ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:', ...files.map(file => `  - ${file}`), ''].join('\n');
}

/** What is in the folder without being listed in its Kustomization: it was not written by us, so it is not ours to remove. */
function foreignEntries(folder: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  if (entries.length === 0) {
    return [];
  }
  if (!entries.includes(KUSTOMIZATION)) {
    throw new EdgeError(`${folder} was not written by a GitOpsApp: it has no file named ${KUSTOMIZATION}; name an empty folder, or remove it`);
  }
  const own = new Set(readFileSync(join(folder, KUSTOMIZATION), 'utf8').split('\n').map(line => line.replace(/^\s*- /, '')));
  return entries.filter(entry => entry !== KUSTOMIZATION && !own.has(entry));
}

/** kustomize, and so Flux, refuses two documents for one object; `kubectl apply -f` would silently let the last one win. */
function refuseCollisions(app: App): void {
  const seen = new Map<string, string>();
  for (const construct of app.node.findAll()) {
    if (ApiObject.isApiObject(construct)) {
      const { apiGroup, kind, name, metadata, node } = construct;
      const object = `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${name}`;
      const key = `${apiGroup} ${object}`;
      const other = seen.get(key);
      if (other !== undefined) {
        throw new EdgeError(`${other} and ${node.path} both write ${object}: give one of them another name or namespace`);
      }
      seen.set(key, node.path);
    }
  }
}

function replaceFolder(next: string, folder: string, previous: string): void {
  rmSync(previous, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder)) {
    renameSync(folder, previous);
  }
  renameSync(next, folder);
  rmSync(previous, { recursive: true, force: true });
}

function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}

/**
 * `cdk8s synth` empties its output folder before it runs the app, and expects manifests there afterwards. So that a failed synth
 * loses nothing, that folder is another one (`output:` in cdk8s.yaml), and gets a copy.
 */
function showToCli(folder: string): void {
  const output = process.env.CDK8S_OUTDIR && resolve(process.env.CDK8S_OUTDIR);
  if (output && !(folder + sep).startsWith(output + sep)) {
    cpSync(folder, join(output, relative(process.cwd(), folder).replaceAll(`..${sep}`, '')), { recursive: true });
  }
}
