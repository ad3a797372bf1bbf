// An app for the objects that tell Flux and Argo CD what to apply. They stand outside of the folders that are applied.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { requireFolder, sibling } from './gitops-folder';
import { refuseCollisions } from './object-collisions';
import { requireOwnFolder } from './own-folder';

/** Props of a `DeliveryApp`. */
export interface DeliveryAppProps {
  /** The folder to write into, such as `clusters`. Files of other names in it are left alone. */
  readonly folder: string;
}

/**
 * An app that writes one file per chart, `<chart id>.yaml`, each whole or not at all. A chart without objects gets no file.
 *
 * A `GitOpsApp` has one, for the objects about its own folder; make one yourself for objects about several, such as an
 * `ArgoApplicationSet`.
 */
export class DeliveryApp extends App {
  /** The folder that is written into, as an absolute path. */
  public readonly folder: string;

  /** @throws InvalidProps for a folder that is the working directory, or above it */
  public constructor(props: DeliveryAppProps) {
    const folder = requireOwnFolder(props?.folder, 'clusters');
    super({ outdir: sibling(folder, 'next'), outputFileExtension: '.yaml', yamlOutputType: YamlOutputType.FILE_PER_CHART, recordConstructMetadata: false });
    this.folder = folder;
  }

  /**
   * Writes the files.
   *
   * @throws EdgeError where two charts write the same object, or something else than a folder is in the place of the folder
   */
  public override synth(): void {
    this._render();
    this._publish();
  }

  /**
   * Writes the files beside the folder. An error leaves nothing.
   *
   * @internal
   */
  public _render(): void {
    this._discard();
    if (this.node.findAll().some(each => Chart.isChart(each))) {
      requireFolder(this.folder);
      refuseCollisions(this);
      try {
        super.synth();
        readdirSync(this.outdir).map(file => join(this.outdir, file)).filter(file => statSync(file).size === 0).forEach(file => rmSync(file));
      } catch (error) {
        this._discard();
        throw error;
      }
    }
  }

  /**
   * Puts the files that were rendered into their places.
   *
   * @internal
   */
  public _publish(): void {
    const files = existsSync(this.outdir) ? readdirSync(this.outdir).sort() : [];
    if (files.length > 0) {
      mkdirSync(this.folder, { recursive: true });
    }
    files.forEach(file => renameSync(join(this.outdir, file), join(this.folder, file)));
    this._discard();
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
