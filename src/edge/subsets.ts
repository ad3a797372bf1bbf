// The subsets of a workload: the one DestinationRule that tells Istio about its versions.
import { Construct } from 'constructs';
import type { DestinationRuleSpec } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';
import { recommendedLabels } from '../base/labels';
import { oncePerApp } from '../base/once-per-app';
import { DESTINATION_RULE } from './istio-kinds';
import { PlainObject } from './plain-object';
import type { IWorkload } from './workload';

const DECLARED = oncePerApp<Subsets>();

/** Props of `Subsets`. */
export interface SubsetsProps {
  /** The workload; every version of it becomes a subset. */
  readonly workload: IWorkload;
}

/**
 * One DestinationRule with all versions of a workload.
 *
 * It stands in the Service's namespace, where every gateway and sidecar looks for it, and leaves TLS alone, so that Istio's automatic
 * mTLS stays on. All versions are listed, whether a route uses them or not: a subset has to be there before its route is.
 */
export class Subsets extends Construct {
  /**
   * The subsets of a workload, made in `scope` unless another chart of the app has them already: two DestinationRules for one host
   * would compete.
   *
   * @internal
   */
  public static _ensure(scope: Construct, workload: IWorkload): Subsets {
    const found = DECLARED(scope).get(workload.host);
    if (found && found.workload.versionLabel !== workload.versionLabel) {
      throw new InvalidProps('versionLabel', workload.versionLabel,
        `${found.workload.versionLabel}, as ${found.node.path} has it for ${workload.host}`, scope.node.path);
    }
    const missing = found && workload.versions.find(version => !found.workload.versions.includes(version));
    if (found && missing !== undefined) {
      throw new InvalidProps('versions', missing,
        `the versions that ${found.node.path} declares for ${workload.host}: ${found.workload.versions.join(', ')}`, scope.node.path);
    }
    return found ?? new Subsets(scope, `Subsets-${workload.host}`, { workload });
  }

  /** The workload. */
  public readonly workload: IWorkload;

  /** @throws InvalidProps for a workload without versions, or one whose subsets exist already */
  public constructor(scope: Construct, id: string, props: SubsetsProps) {
    super(scope, id);
    const { workload } = props;
    this.workload = workload;
    const known = DECLARED(this);
    const other = known.get(workload.host);
    if (other) {
      throw new InvalidProps('workload', workload.host, `a workload whose subsets are not declared yet; ${other.node.path} has them`, this.node.path);
    }
    if (workload.versions.length === 0) {
      throw new InvalidProps('workload', workload.host, 'a workload with versions', this.node.path);
    }
    known.set(workload.host, this);

    const metadata = { name: workload.serviceName, namespace: workload.namespace, labels: recommendedLabels(workload.serviceName, 'routing') };
    new PlainObject(this, 'Resource', { ...DESTINATION_RULE, metadata }, (): DestinationRuleSpec => ({
      host: workload.host,
      subsets: workload.versions.map(version => ({ name: version, labels: { [workload.versionLabel]: version } })),
    }));
  }
}
