// The door for cdk8s itself: `cdk8s synth` runs the checks over whatever an app wrote, where cdk8s.yaml names this plugin.
import type { ValidationContext } from './validation-report';

/**
 * A validation plugin for cdk8s: the checks of `alb-istio check`, run by `cdk8s synth` over everything that it wrote. An error that is
 * not acknowledged fails the command with exit code 2; warnings are reported.
 *
 * It is named in cdk8s.yaml, not in a program:
 *
 * ```yaml
 * validations:
 *   - package: ./node_modules/cdk8s-alb-istio
 *     class: AlbIstioValidation
 *     version: 0.1.0
 * ```
 *
 * An app needs it where no `AlbIstioEdge` is in it, which runs the same checks by itself.
 */
export class AlbIstioValidation {
  /**
   * Called by the CLI.
   *
   * @param context the `ValidationContext` of cdk8s-cli 2.207 (src/plugins/validation.ts); a program that builds manifests does without
   * the CLI, so its types are not among those of this package
   */
  public async validate(context: unknown): Promise<void> {
    // Loaded here: who imports this package to build manifests has no use for the reading wing.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { reportFindings } = require('./validation-report') as typeof import('./validation-report');
    reportFindings(context as ValidationContext);
  }
}
