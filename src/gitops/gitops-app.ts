// An app whose output is a folder that kubectl, Flux and Argo CD all take unchanged, written whole or not at all.
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App, YamlOutputType } from 'cdk8s';
import { EdgeError, InvalidProps } from '../base/errors';
import { KUSTOMIZATION } from '../base/kustomization';
import { requireProps } from '../base/prop-types';
import type { InstalledGateway } from '../edge/gateway-workload/gateway-workload';
import { refuseEarlyObjects } from './apply-order';
import { requireOutsideOfCli, showToCli } from './cli-output';
import { DeliveryApp } from './delivery-app';
import { withLock } from './folder-lock';
import { foreignEntries, keepEntries, replaceFolder, requireFolder, requireReplaceable, requireWritable, sibling, writeWhole } from './gitops-folder';
import { kustomizationOf } from './kustomization';
import { refuseCollisions } from '../chart/object-collisions';
import { requireFolderBeside, requireOwnFolder } from './own-folder';
import { addPruneGuards } from './prune-guards';
import { addSyncWaves } from './sync-waves';

/** Props of a `GitOpsApp`. */
export interface GitOpsAppProps {
  /**
   * The folder to write, such as `dist/production`. It belongs to the app: files that an earlier synth wrote are replaced, others
   * are kept. It is created where it does not exist. Each app needs one of its own: of two with one folder, the last synth replaces the
   * files of the other.
   */
  readonly folder: string;

  /**
   * The folder for files that are not for the cluster, such as what installs a gateway.
   *
   * @default - `install/production` for the folder `dist/production`, and `install/fleet/production` for `dist/fleet/production`: `install`
   * in the place of `dist` or, where no folder is named so, of the first one below the working directory. Outside of that directory,
   * beside the folder that holds the applied one
   */
  readonly installFolder?: string;

  /**
   * The folder for the objects that tell Flux or Argo CD to apply `folder`.
   *
   * @default - `clusters/production` for the folder `dist/production`, by the same rule as `installFolder`; `delivery/production` for the
   * folder `clusters/production`
   */
  readonly deliveryFolder?: string;

  /**
   * Whether objects get waves of Argo CD: first Namespaces, then accounts and classes, certificates, Services and pods, what Istio reads,
   * and the load balancer last. Argo CD then waits for the health of each wave; without waves it applies all at once and waits for nothing.
   * An object that has a wave keeps it.
   *
   * @default false
   */
  readonly syncWaves?: boolean;

  /**
   * Whether Namespaces, Ingresses and Services of type LoadBalancer are kept when they leave the folder: Flux leaves them alone, and
   * Argo CD (2.14 or later) asks a person before it deletes them.
   *
   * @default false
   */
  readonly pruneGuards?: boolean;
}

type Switches = Pick<GitOpsAppProps, 'syncWaves' | 'pruneGuards'>;

/**
 * An app that writes one file per chart and a `Kustomization` that lists them.
 *
 * Chart ids become file names, so use ids that sort: `10-bookinfo`, `20-edge`. A chart without objects gets no file. A synth that
 * fails leaves the folder as it was.
 */
export class GitOpsApp extends App {
  /** The folder that is written, as an absolute path. */
  public readonly folder: string;
  /** The folder of files that are not for the cluster, as an absolute path. */
  public readonly installFolder: string;
  /** The app of the objects that tell Flux or Argo CD to apply the folder. It is written with this one. */
  public readonly delivery: DeliveryApp;
  private readonly switches: Switches;
  private written: string[] = [];
  private readonly installFiles = new Map<string, string>();

  /** @throws InvalidProps for a folder that is the working directory, or above it */
  public constructor(props: GitOpsAppProps) {
    const folder = requireOwnFolder('folder', props?.folder, 'dist/production');
    super({ outdir: sibling(folder, 'next'), yamlOutputType: YamlOutputType.FILE_PER_CHART, recordConstructMetadata: false });
    this.folder = folder;
    this.installFolder = requireFolderBeside('installFolder', props.installFolder, ['install', 'installation'], folder);
    this.delivery = new DeliveryApp({ folder: requireFolderBeside('deliveryFolder', props.deliveryFolder, ['clusters', 'delivery'], folder) })._about(folder);
    this.switches = requireProps('GitOpsAppProps', props);
  }

  /**
   * Writes the files that install a gateway, `<name>.helm-values.yaml` and `<name>.istio-operator.yaml`, at every synth.
   *
   * @throws InvalidProps for a second gateway of the name
   */
  public addGatewayInstall(gateway: InstalledGateway): void {
    if (['helmValues', 'istioOperator'].some(text => typeof (gateway as unknown as Record<string, unknown> | undefined | null)?.[text] !== 'function')) {
      throw InvalidProps.value('gateway', gateway, 'must be what GatewayWorkload.installed() returns');
    }
    const files = {
      [`${gateway.serviceName}.helm-values.yaml`]: gateway.helmValues(),
      [`${gateway.serviceName}.istio-operator.yaml`]: gateway.istioOperator(),
    };
    for (const [name, text] of Object.entries(files)) {
      if (this.installFiles.has(name)) {
        throw InvalidProps.value('gateway', gateway.serviceName, 'must be a gateway of another name: its files are written already');
      }
      this.installFiles.set(name, text);
    }
  }

  /** Names of the files that the last synth wrote, in order. */
  public get files(): string[] {
    return [...this.written];
  }

  /**
   * Writes the folder, and the objects of `delivery`.
   *
   * @throws EdgeError where two charts write the same object, an object comes before the Namespace that it is in, no chart has an object,
   * the folder holds files but none of a `GitOpsApp`, something else than a folder is in its place, or another process writes it
   */
  public override synth(): void {
    requireOutsideOfCli(this.folder);
    this.requirePlaces();
    withLock(this.folder, () => this.delivery._locked(() => this.write()));
    showToCli(this.folder);
  }

  private write(): void {
    const previous = sibling(this.folder, 'previous');
    if (!existsSync(this.folder) && existsSync(previous)) {
      renameSync(previous, this.folder); // the machine stopped between the two steps of an earlier synth
    }
    const foreign = foreignEntries(this.folder, this.outputFileExtension);
    let files: string[];
    refuseCollisions(this);
    this.addAnnotations();
    rmSync(this.outdir, { recursive: true, force: true });
    try {
      super.synth();
      refuseEarlyObjects(this);
      files = this.writtenFiles();
      writeFileSync(join(this.outdir, KUSTOMIZATION), kustomizationOf(files));
      keepEntries(foreign, this.folder, this.outdir);
      this.delivery._render();
      replaceFolder(this.outdir, this.folder, previous);
      this.delivery._publish();
    } catch (error) {
      rmSync(this.outdir, { recursive: true, force: true });
      this.delivery._discard();
      throw located(error, this.folder);
    }
    this.written = [...files, KUSTOMIZATION];
    this.installFiles.forEach((text, name) => writeWhole(join(this.installFolder, name), text));
  }

  private addAnnotations(): void {
    if (this.switches.syncWaves) {
      addSyncWaves(this);
    }
    if (this.switches.pruneGuards) {
      addPruneGuards(this);
    }
  }

  /** Before anything is written, so that no half of the files is. */
  private requirePlaces(): void {
    requireReplaceable(this.folder);
    requireWritable(this.folder);
    requireWritable(this.delivery.folder);
    if (this.installFiles.size > 0) {
      requireFolder(this.installFolder);
    }
  }

  /** cdk8s writes an empty file for a chart without objects, such as one that only holds other charts: it says nothing, so it goes. */
  private writtenFiles(): string[] {
    const files = readdirSync(this.outdir).sort();
    const empty = files.filter(file => statSync(join(this.outdir, file)).size === 0);
    empty.forEach(file => rmSync(join(this.outdir, file)));
    if (empty.length === files.length) {
      throw new EdgeError(`no chart has an object, and kustomize takes no folder without one: ${this.folder} stays as it was`);
    }
    return files.filter(file => !empty.includes(file));
  }
}

/** The error of one of many apps that a program may have says which one; ours name the folder themselves. */
function located(error: unknown, folder: string): unknown {
  if (error instanceof Error && !(error instanceof EdgeError)) {
    error.message = `${relative(process.cwd(), folder)}: ${error.message}`;
  }
  return error;
}
