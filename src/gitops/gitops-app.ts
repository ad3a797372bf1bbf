// An app that writes a folder which kubectl, Flux and Argo CD can apply as is. A synth writes the whole folder, or fails and leaves it unchanged.
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { App, YamlOutputType } from 'cdk8s';
import { EdgeError, InvalidProps } from '../base/errors';
import { CHECKED_LATER, propsOf, requireProps } from '../base/prop-types';
import { refuseCollisions } from '../chart/object-collisions';
import { gatewaysWithoutFile, type InstalledGateway } from '../edge/gateway-workload/gateway-workload';
import { KUSTOMIZATION, kustomizationOf } from '../manifests/kustomization';
import { recordApp, type RecordedApp, recordUse, recordWriter, requireSoleWriter } from './app-record';
import { refuseEarlyObjects } from './apply-order';
import { requireOutsideOfCli, showToCli } from './cli-output';
import { DeliveryApp } from './delivery-app';
import { asDiskError } from './disk-error';
import { withLock } from './folder-lock';
import { foreignEntries, keepEntries, reportStray } from './foreign-entries';
import { discardTree, recoverFolder, replaceFolder, requireFolder, requireReplaceable, requireWritable, sibling, writeWhole } from './gitops-folder';
import { requireOutsideOfApps, requireUnnested } from './nested-folders';
import { requireFolderBeside, requireOwnFolder } from './output-folders';
import { addPruneGuards, addSyncWaves } from './sync-annotations';

/** Props of a `GitOpsApp`. */
export interface GitOpsAppProps {
  /**
   * The folder to write, such as `dist/production`; it is created if it does not exist. The app owns it: files that an earlier synth wrote
   * are replaced, other files are kept. Each app needs a separate folder, because each deletes the files of the other.
   */
  readonly folder: string;

  /**
   * The folder for files that are not applied, such as the Helm values of a gateway.
   *
   * @default - `install/production` for the folder `dist/production`, and `install/fleet/production` for `dist/fleet/production`: `install`
   * replaces `dist` or, if no folder has that name, the first folder below the working directory. For a folder outside of the working
   * directory, it is beside the parent of that folder
   */
  readonly installFolder?: string;

  /**
   * The folder for the objects with which Flux or Argo CD apply `folder`.
   *
   * @default - `clusters/production` for the folder `dist/production`, by the same rule as `installFolder`; `delivery/production` for the
   * folder `clusters/production`
   */
  readonly deliveryFolder?: string;

  /**
   * Whether to add sync waves for Argo CD: first Namespaces, then accounts and classes, certificates, Services and pods, the configuration of
   * Istio, and the load balancer last. Argo CD then waits until each wave is healthy; without waves it applies everything at once without
   * waiting. Objects that already have a wave keep it.
   *
   * @default false
   */
  readonly syncWaves?: boolean;

  /**
   * Whether Namespaces, Ingresses and Services of type LoadBalancer survive when they are removed from the folder: Flux does not delete them,
   * and Argo CD (2.14 or later) deletes them only after a person confirms it.
   *
   * @default false
   */
  readonly pruneGuards?: boolean;
}

/** The folder has a check of its own. */
const PROPS = propsOf<GitOpsAppProps>('GitOpsAppProps', { folder: CHECKED_LATER, installFolder: CHECKED_LATER, deliveryFolder: CHECKED_LATER });

type Switches = Pick<GitOpsAppProps, 'syncWaves' | 'pruneGuards'>;

/**
 * An app that writes one file per chart and a `Kustomization` that lists them.
 *
 * Chart ids become file names, so use ids that sort: `10-bookinfo`, `20-edge`. A chart without objects gets no file. A synth that fails
 * leaves the folder unchanged.
 */
export class GitOpsApp extends App {
  /** The folder that is written, as an absolute path. */
  public readonly folder: string;
  /** The folder of files that are not applied, as an absolute path. */
  public readonly installFolder: string;
  /** The app of the objects with which Flux or Argo CD apply the folder. It is synthesized with this one. */
  public readonly delivery: DeliveryApp;
  private readonly switches: Switches;
  private readonly recorded: RecordedApp;
  private readonly number: number;
  private written: string[] = [];
  private readonly installFiles = new Map<string, string>();

  /** @throws InvalidProps for a folder that is the working directory or above it */
  public constructor(props: GitOpsAppProps) {
    requireProps(PROPS, props);
    const folder = requireOwnFolder('folder', props.folder, 'dist/production');
    super({ outdir: sibling(folder, 'next'), yamlOutputType: YamlOutputType.FILE_PER_CHART, recordConstructMetadata: false });
    this.folder = folder;
    this.installFolder = requireFolderBeside('installFolder', props.installFolder, ['install', 'installation'], folder);
    this.delivery = new DeliveryApp({ folder: requireFolderBeside('deliveryFolder', props.deliveryFolder, ['clusters', 'delivery'], folder) })._about(folder);
    this.switches = props;
    this.recorded = { folder, hasCharts: () => this.charts.length > 0 };
    this.number = recordApp(this.recorded);
    this.node.addValidation({
      validate: () => {
        recordUse(this.recorded);
        return [];
      },
    });
  }

  /**
   * Adds the files to install a gateway with, `<name>.helm-values.yaml` and `<name>.istio-operator.yaml`, or only that of its `installer`.
   *
   * @throws InvalidProps for a second gateway with the same name, and for an option that one of the files cannot express
   */
  public addGatewayInstall(gateway: InstalledGateway): void {
    if (typeof (gateway as Partial<InstalledGateway> | undefined | null)?._files !== 'function') {
      throw InvalidProps.value('gateway', gateway, 'must be a gateway from GatewayWorkload.installed()');
    }
    for (const [name, text] of Object.entries(gateway._files())) {
      if (this.installFiles.has(name)) {
        throw InvalidProps.duplicate('gateway', gateway.workload.serviceName, 'the name of a gateway in this app');
      }
      this.installFiles.set(name, text);
    }
  }

  /** The names of the files that the last synth wrote, in order. */
  public get files(): string[] {
    return [...this.written];
  }

  /**
   * Writes the folder, and the objects of `delivery`. Names on standard error the files of the folder that have Kubernetes objects of others:
   * `kubectl apply -f` applies them, but Kustomize, Flux and Argo CD do not. Also names gateways from `GatewayWorkload.installed` for which
   * this app has no file.
   *
   * @throws EdgeError if two charts contain the same object, an object precedes its Namespace, no chart contains an object, the folder
   * contains files but no Kustomization of a `GitOpsApp`, it is inside the folder of another `GitOpsApp`, it cannot be written, its path is
   * not a folder, another process writes it, or another app of this program has written it since this one was created
   */
  public override synth(): void {
    recordUse(this.recorded);
    requireOutsideOfCli(this.folder);
    requireSoleWriter(this.folder, this.number);
    try {
      this.requirePlaces();
      withLock(this.folder, () => this.delivery._locked(() => this.write()));
      recordWriter(this.folder, this.number);
      showToCli(this.folder);
    } catch (error) {
      throw asDiskError(error, this.folder, [dirname(this.folder), dirname(this.delivery.folder), this.installFolder]);
    }
  }

  private write(): void {
    requireUnnested(this.folder, this.outputFileExtension);
    recoverFolder(this.folder, this.outputFileExtension);
    const foreign = foreignEntries(this.folder, this.outputFileExtension);
    let files: string[];
    refuseCollisions(this);
    this.addAnnotations();
    try {
      super.synth();
      refuseEarlyObjects(this);
      files = this.writtenFiles();
      writeFileSync(join(this.outdir, KUSTOMIZATION), kustomizationOf(files));
      keepEntries(foreign, this.folder, this.outdir);
      this.delivery._render();
      replaceFolder(this.folder, this.outputFileExtension);
      this.delivery._publish();
    } catch (error) {
      discardTree(this.outdir);
      discardTree(this.delivery.outdir);
      throw located(error, this.folder);
    }
    reportStray(foreign, this.folder);
    gatewaysWithoutFile(this).forEach(name => process.stderr.write(`This app has no file to install gateway ${name} with: call addGatewayInstall, `
      + 'or use GatewayWorkload.fromAttributes if it is installed from elsewhere\n'));
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

  /** Checks all folders before anything is written. */
  private requirePlaces(): void {
    requireReplaceable(this.folder);
    requireWritable(dirname(this.folder));
    requireWritable(this.folder);
    requireUnnested(this.folder, this.outputFileExtension);
    if (this.delivery.charts.length > 0 || existsSync(this.delivery.folder)) {
      requireFolder(dirname(this.delivery.folder));
      requireWritable(dirname(this.delivery.folder));
      requireWritable(this.delivery.folder);
      requireOutsideOfApps(this.delivery.folder, this.outputFileExtension);
    }
    if (this.installFiles.size > 0) {
      requireFolder(this.installFolder);
      requireWritable(this.installFolder);
      requireOutsideOfApps(this.installFolder, this.outputFileExtension);
    }
  }

  /** cdk8s writes an empty file for a chart without objects, such as one that only contains other charts. It is deleted. */
  private writtenFiles(): string[] {
    const files = readdirSync(this.outdir).sort();
    const empty = files.filter(file => statSync(join(this.outdir, file)).size === 0);
    empty.forEach(file => rmSync(join(this.outdir, file)));
    if (empty.length === files.length) {
      throw new EdgeError(`nothing to write: no chart contains an API object, and kustomize rejects an empty folder. ${this.folder} was left unchanged`);
    }
    return files.filter(file => !empty.includes(file));
  }
}

/** A program may have many apps, so the error says which one failed. Our own errors already name the folder. */
function located(error: unknown, folder: string): unknown {
  if (error instanceof Error && !(error instanceof EdgeError) && !('syscall' in error)) {
    error.message = `${relative(process.cwd(), folder)}: ${error.message}`;
  }
  return error;
}
