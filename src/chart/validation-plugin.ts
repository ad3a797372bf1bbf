// The validation plugin for cdk8s: `cdk8s synth` runs the checks on all files that an app wrote, if cdk8s.yaml lists the plugin.
import type { ValidationContext } from './validation-report';

/**
 * A validation plugin for cdk8s: `cdk8s synth` runs the checks of `alb-istio check` on everything that it wrote. An error that is not
 * acknowledged fails the command with exit code 2; warnings are reported.
 *
 * Add it to cdk8s.yaml:
 *
 * ```yaml
 * validations:
 *   - package: ./node_modules/cdk8s-alb-istio
 *     class: AlbIstioValidation
 *     version: 0.1.0
 * ```
 *
 * An app needs it only if it has no `AlbIstioEdge`, which runs the same checks automatically.
 */
export class AlbIstioValidation {
  /**
   * Called by the CLI.
   *
   * @param context the `ValidationContext` of cdk8s-cli 2.207 (src/plugins/validation.ts), which is not a dependency of this package
   */
  public async validate(context: unknown): Promise<void> {
    // Loaded here, because programs that only build manifests do not need the checks.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { reportFindings } = require('./validation-report') as typeof import('./validation-report');
    reportFindings(context as ValidationContext);
  }
}
