// The settings for checks at synth: the alb-istio.yaml that `alb-istio check` reads for the files of the app.
import type { IConstruct } from 'constructs';
import type { CheckOptions } from '../checks/runner';
import { ConfigFiles } from '../settings/config-files';
import { todayInUtc } from '../settings/today';

/**
 * The settings of the folder that the app writes; those of the working directory if there are none, as in a test, whose app writes to another place.
 *
 * @throws UsageError for a file that is wrong
 */
export function settingsAtSynth(root: IConstruct): CheckOptions {
  const files = new ConfigFiles();
  const own = files.of(folderOf(root));
  const { acknowledgements, complete, controller, mesh } = own.file === undefined ? files.of('') : own;
  return { acknowledgements, complete, controller, mesh, today: todayInUtc() };
}

/** A `GitOpsApp` writes its files to another folder than that of cdk8s. */
function folderOf(root: IConstruct & { readonly folder?: unknown; readonly outdir?: unknown }): string {
  const [folder = ''] = [root.folder, root.outdir].filter(path => typeof path === 'string');
  return folder;
}
