// Access logs, metrics and traces of a scope: one Telemetry object.
import { Construct } from 'constructs';
import { Telemetry, type TelemetrySpec } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import type { Fields } from '../wire/istio-fields';
import { PlainObject } from '../wire/plain-object';
import { type PolicyScope } from '../security/policy-scope';
import { registerScopedObject } from '../security/security-policy';
import { type AccessLog, renderAccessLog } from './access-log';
import { type Metrics, renderMetrics } from './metrics';
import { renderTracing, type Tracing } from './tracing';

/** Props of a `MeshTelemetry`. */
export interface MeshTelemetryProps {
  /** The sidecars and gateways that this applies to: of a workload, a gateway, single pods, a namespace or the mesh. */
  readonly scope: PolicyScope;

  /**
   * Access logs. Use several entries for different sides.
   *
   * @default - the settings of the wider scope
   */
  readonly accessLogs?: AccessLog[];

  /**
   * Metrics.
   *
   * @default - the settings of the wider scope
   */
  readonly metrics?: Metrics[];

  /**
   * Tracing.
   *
   * @default - the settings of the wider scope
   */
  readonly tracing?: Tracing;

  /**
   * Name of the Telemetry.
   *
   * @default 'default' for a namespace or the mesh; otherwise the id of the construct, in lower case with hyphens
   */
  readonly telemetryName?: string;
}

/**
 * One Telemetry object: access logs, metrics and traces of the mesh, a namespace or a workload. Settings that you leave out come from the
 * wider scope, and finally from the mesh configuration, which also defines the providers. If several Telemetry objects select the same
 * pods, Istio applies the oldest (Istio 1.30, pilot/pkg/model/telemetry.go).
 */
export class MeshTelemetry extends Construct {
  /** Namespace of the Telemetry. */
  public readonly namespace: string;

  /** @throws InvalidProps for values that Istio would reject or warn about, and for a scope that another Telemetry of the app already has */
  public constructor(scope: Construct, id: string, props: MeshTelemetryProps) {
    super(requireChartScopeAndId(scope, id), id);
    const path = this.node.path;
    const { scope: where, telemetryName } = requireProps('MeshTelemetryProps', props, path);
    this.namespace = where.policyNamespace;
    const name = registerScopedObject(this, { kind: 'Telemetry', nameProp: 'telemetryName', name: telemetryName, scope: where });
    const metadata = { name, namespace: this.namespace, labels: recommendedLabels(name, 'observability') };
    const spec = refusedAt(path, (): Fields<TelemetrySpec> => ({ ...where._render(), ...rendered(props) }));
    new PlainObject(this, 'Resource', { ...Telemetry.GVK, metadata, spec });
  }
}

function rendered({ accessLogs = [], metrics = [], tracing }: MeshTelemetryProps): Pick<Fields<TelemetrySpec>, 'accessLogging' | 'metrics' | 'tracing'> {
  if (accessLogs.length === 0 && metrics.length === 0 && !tracing) {
    throw InvalidProps.missing('accessLogs', 'when neither metrics nor tracing is set');
  }
  return {
    accessLogging: accessLogs.length > 0 ? accessLogs.map((log, index) => renderAccessLog(`accessLogs[${index}]`, log)) : undefined,
    metrics: metrics.length > 0 ? metrics.map((entry, index) => renderMetrics(`metrics[${index}]`, entry)) : undefined,
    tracing: tracing && [renderTracing('tracing', tracing)],
  };
}
