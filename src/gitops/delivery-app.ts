// An app for the objects that tell Flux and Argo CD what to apply. They stand outside of the folders that are applied.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { App, type Chart, YamlOutputType } from 'cdk8s';
import { EdgeError } from '../base/errors';
import { KUSTOMIZATION_FILES } from '../base/kustomization';
import { requireProps } from '../base/prop-types';
import { showToCli } from './cli-output';
import { withLock } from './folder-lock';
import { requireFolder, sibling } from './gitops-folder';
import { refuseCollisions } from '../chart/object-collisions';
import { requireOwnFolder } from './own-folder';

/** Props of a `DeliveryApp`. */
export interface DeliveryAppProps {
  /**
   * The folder to write into, such as `clusters`. What others put into it, and folders in it, are left alone. Two apps of this kind need
   * folders of their own: each would remove the files of the other.
   */
  readonly folder: string;
}

/**
 * An app that writes one file per chart, `<chart id>.yaml` for an id of lower case letters, digits and hyphens, each whole or not at all. A
 * chart without objects gets no file, and the file of a chart that is no longer there is removed.
 *
 * A `GitOpsApp` has one, for the objects about its own folder; make one yourself for objects about several, such as an
 * `ArgoApplicationSet`.
 */
export class DeliveryApp extends App {
  /** The folder that is written into, as an absolute path. */
  public readonly folder: string;
  private appliedFolder?: string;

  /** @throws InvalidProps for a folder that is the working directory, or above it */
  public constructor(props: DeliveryAppProps) {
    const folder = requireOwnFolder('folder', props?.folder, 'clusters');
    requireProps('DeliveryAppProps', props);
    super({ outdir: sibling(folder, 'next'), outputFileExtension: '.yaml', yamlOutputType: YamlOutputType.FILE_PER_CHART, recordConstructMetadata: false });
    this.folder = folder;
  }

  /**
   * Says that the objects are about this folder, so that apps about others may write beside them.
   *
   * @internal
   */
  public _about(appliedFolder: string): this {
    // Alike from wherever the program runs.
    this.appliedFolder = relative(this.folder, appliedFolder).split(sep).filter(part => part !== '..').join('/');
    return this;
  }

  /**
   * Writes the files.
   *
   * @throws EdgeError where two charts write the same object, a chart has the name of a kustomization, something else than a folder is in
   * the place of the folder, a file there is of somebody else, or another process writes it
   */
  public override synth(): void {
    this._locked(() => {
      this._render();
      this._publish();
    });
  }

  /**
   * Runs a piece of work while no other process writes the folder. Where there is nothing to write, there is nothing to lock.
   *
   * @internal
   */
  public _locked(work: () => void): void {
    if (this.charts.length === 0 && !existsSync(this.folder)) {
      return work();
    }
    requireFolder(dirname(this.folder));
    withLock(this.folder, work);
  }

  /**
   * Writes the files beside the folder. An error leaves nothing.
   *
   * @internal
   */
  public _render(): void {
    this._discard();
    if (this.charts.length > 0) {
      requireFolder(this.folder);
      refuseCollisions(this);
      requireUnlike(this.charts);
      try {
        super.synth();
        readdirSync(this.outdir).map(file => join(this.outdir, file)).forEach(file => markOrRemove(file, this.mark));
        this.refuseForeign(readdirSync(this.outdir));
      } catch (error) {
        this._discard();
        throw error;
      }
    }
  }

  /**
   * Puts the files that were rendered into their places, and removes those of an earlier synth that were not.
   *
   * @internal
   */
  public _publish(): void {
    const files = existsSync(this.outdir) ? readdirSync(this.outdir).sort() : [];
    if (files.length > 0) {
      mkdirSync(this.folder, { recursive: true });
    }
    files.forEach(file => renameSync(join(this.outdir, file), join(this.folder, file)));
    files.forEach(file => showToCli(join(this.folder, file)));
    this._discard();
    this.writtenBefore().filter(file => !files.includes(file)).forEach(file => rmSync(join(this.folder, file)));
  }

  /** The first line of a file of ours, by which a later synth knows that it may remove it. */
  private get mark(): string {
    const about = this.appliedFolder === undefined ? '' : ` for ${this.appliedFolder}`;
    return `# Written by cdk8s-alb-istio${about}, and removed when the program does not write it any more.`;
  }

  /** What is there and has another mark, or none, is of somebody else: another app, or a hand. */
  private refuseForeign(files: readonly string[]): void {
    const own = this.writtenBefore();
    const taken = files.find(file => existsSync(join(this.folder, file)) && !own.includes(file));
    if (taken !== undefined) {
      throw new EdgeError(`${join(this.folder, taken)} was not written for this app, which would take its place: `
        + 'give the chart another id, or remove the file');
    }
  }

  private writtenBefore(): string[] {
    return (existsSync(this.folder) ? readdirSync(this.folder, { withFileTypes: true }) : [])
      .filter(entry => entry.isFile() && entry.name.endsWith(this.outputFileExtension)).map(({ name }) => name)
      .filter(file => readFileSync(join(this.folder, file), 'utf8').split(/\r?\n/, 1)[0] === this.mark);
  }

  /**
   * Removes what was rendered.
   *
   * @internal
   */
  public _discard(): void {
    if (existsSync(this.outdir)) {
      rmSync(this.outdir, { recursive: true });
    }
  }
}

/** cdk8s writes an empty file for a chart without objects: it says nothing, so it goes. */
function markOrRemove(file: string, mark: string): void {
  const text = readFileSync(file, 'utf8');
  if (text === '') {
    rmSync(file);
  } else {
    writeFileSync(file, `${mark}\n${text}`);
  }
}

/** Refuses a file that kustomize would take for its own, and then the folder as a whole. */
function requireUnlike(charts: readonly Chart[]): void {
  const taken = charts.find(chart => KUSTOMIZATION_FILES.some(name => name.split('.')[0].toLowerCase() === chart.node.id.toLowerCase()));
  if (taken !== undefined) {
    throw new EdgeError(`chart ${taken.node.path} would be written into ${taken.node.id}.yaml, which kustomize takes for its own: give it another id`);
  }
}
