// An app for the objects that tell Flux and Argo CD what to apply. Its folder is outside of the folders that they apply.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { App, type Chart, YamlOutputType } from 'cdk8s';
import { EdgeError } from '../base/errors';
import { requireProps } from '../base/prop-types';
import { refuseCollisions } from '../chart/object-collisions';
import { KUSTOMIZATION_FILES } from '../manifests/kustomization';
import { showToCli } from './cli-output';
import { asDiskError } from './disk-error';
import { withLock } from './folder-lock';
import { requireFolder, sibling } from './gitops-folder';
import { requireOwnFolder } from './output-folders';

/** Props of a `DeliveryApp`. */
export interface DeliveryAppProps {
  /**
   * The folder to write into, such as `clusters`. Subfolders, and files that this app did not write, are kept. Two apps of this kind need
   * separate folders, because each deletes the files of the other.
   */
  readonly folder: string;
}

/**
 * An app that writes one file per chart, `<chart id>.yaml` for an id of lowercase letters, digits and hyphens. A chart without objects gets
 * no file, and the file of a chart that no longer exists is deleted.
 *
 * Every `GitOpsApp` has one for the objects that apply its own folder. Create one yourself for objects that apply several folders, such as
 * an `ArgoApplicationSet`.
 */
export class DeliveryApp extends App {
  /** The folder to write into, as an absolute path. */
  public readonly folder: string;
  private appliedFolder?: string;

  /** @throws InvalidProps for a folder that is the working directory or above it */
  public constructor(props: DeliveryAppProps) {
    const folder = requireOwnFolder('folder', props?.folder, 'clusters');
    requireProps('DeliveryAppProps', props);
    super({ outdir: sibling(folder, 'next'), outputFileExtension: '.yaml', yamlOutputType: YamlOutputType.FILE_PER_CHART, recordConstructMetadata: false });
    this.folder = folder;
  }

  /**
   * Marks the files as those for one applied folder, so that apps for other folders can write beside them.
   *
   * @internal
   */
  public _about(appliedFolder: string): this {
    // The same wherever the program runs.
    this.appliedFolder = relative(this.folder, appliedFolder).split(sep).filter(part => part !== '..').join('/');
    return this;
  }

  /**
   * Writes the files.
   *
   * @throws EdgeError if two charts contain the same object, a chart is named like a kustomization file, the path is not a folder, a file
   * would replace one that this app did not write, the folder cannot be written, or another process writes it
   */
  public override synth(): void {
    try {
      this._locked(() => {
        this._render();
        this._publish();
      });
    } catch (error) {
      throw asDiskError(error, this.folder, [dirname(this.folder)]);
    }
  }

  /**
   * Runs `work` while no other process writes the folder. Without anything to write there is nothing to lock.
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
   * Renders the files into a temporary folder. An error leaves nothing behind.
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
   * Moves the rendered files into the folder, and deletes those of an earlier synth that were not rendered again.
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

  /** The first line of a file of this app. A later synth deletes only files with this line. */
  private get mark(): string {
    const about = this.appliedFolder === undefined ? '' : ` for ${this.appliedFolder}`;
    return `# Written by cdk8s-alb-istio${about}, and removed when the program does not write it any more.`;
  }

  /** A file with another mark, or without one, was written by another app or by hand. */
  private refuseForeign(files: readonly string[]): void {
    const own = this.writtenBefore();
    const taken = files.find(file => existsSync(join(this.folder, file)) && !own.includes(file));
    if (taken !== undefined) {
      throw new EdgeError(`${join(this.folder, taken)} was not written by this app, but a chart has the same file name. `
        + 'Give the chart another id, or delete the file');
    }
  }

  private writtenBefore(): string[] {
    return (existsSync(this.folder) ? readdirSync(this.folder, { withFileTypes: true }) : [])
      .filter(entry => entry.isFile() && entry.name.endsWith(this.outputFileExtension)).map(({ name }) => name)
      .filter(file => readFileSync(join(this.folder, file), 'utf8').split(/\r?\n/, 1)[0] === this.mark);
  }

  /**
   * Deletes the rendered files.
   *
   * @internal
   */
  public _discard(): void {
    if (existsSync(this.outdir)) {
      rmSync(this.outdir, { recursive: true });
    }
  }
}

/** cdk8s writes an empty file for a chart without objects. */
function markOrRemove(file: string, mark: string): void {
  const text = readFileSync(file, 'utf8');
  if (text === '') {
    rmSync(file);
  } else {
    writeFileSync(file, `${mark}\n${text}`);
  }
}

/** Rejects a file that kustomize would read as a kustomization file. */
function requireUnlike(charts: readonly Chart[]): void {
  const taken = charts.find(chart => KUSTOMIZATION_FILES.some(name => name.split('.')[0].toLowerCase() === chart.node.id.toLowerCase()));
  if (taken !== undefined) {
    const { path, id } = taken.node;
    throw new EdgeError(`chart ${path} would be written to ${id}.yaml, which kustomize reads as a kustomization file. Give it another id`);
  }
}
