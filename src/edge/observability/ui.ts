// An observability add-on and the host that it is published under: Kiali, Prometheus, Grafana, Jaeger, Zipkin.
import { InvalidProps } from '../../base/errors';
import { requireHosts } from '../../base/host';
import { requireProps, STRING } from '../../base/prop-types';
import { type IWorkload, requireWorkload, Workload } from '../workload/workload';

/** The Service of an add-on, if it differs from Istio's samples. */
export interface ObservabilityUiOptions {
  /**
   * Namespace of the Service.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Name of the Service.
   *
   * @default - as in Istio's samples
   */
  readonly serviceName?: string;

  /**
   * Service port.
   *
   * @default - as in Istio's samples
   */
  readonly port?: number;
}

/**
 * An add-on and the host that it is published under. The default names, ports and paths are those of samples/addons in Istio 1.30 (Kiali 2,
 * Prometheus 3, Grafana 11, Jaeger 2, and Zipkin in samples/addons/extras).
 *
 * These samples have no authentication: Kiali can change the configuration of the mesh, Grafana makes every visitor an administrator, and
 * anyone can shut down Prometheus.
 */
export class ObservabilityUi {
  /** Kiali: Service kiali, port 20001. It redirects to `/kiali` on its own. */
  public static kiali(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'kiali', 20001);
  }

  /** Prometheus: Service prometheus, port 9090. */
  public static prometheus(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'prometheus', 9090);
  }

  /** Grafana: Service grafana, port 3000. */
  public static grafana(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'grafana', 3000);
  }

  /** Jaeger: Service tracing, port 80. `/` is redirected to `/jaeger/`. */
  public static jaeger(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'tracing', 80, '/jaeger/');
  }

  /** Zipkin: Service tracing, port 80. It redirects to `/zipkin/` on its own. */
  public static zipkin(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'tracing', 80);
  }

  /** Any other UI. @param home path to which `/` is redirected; none by default */
  public static of(host: string, workload: IWorkload, home?: string): ObservabilityUi {
    return new ObservabilityUi(host, requireWorkload('workload', workload), home);
  }

  private static addon(host: string, options: ObservabilityUiOptions, ownName: string, ownPort: number, home?: string): ObservabilityUi {
    const { namespace = 'istio-system', serviceName = ownName, port = ownPort } = requireProps('ObservabilityUiOptions', options, '', 'options');
    return new ObservabilityUi(host, new Workload({ serviceName, port, namespace, withoutSidecar: true }), home);
  }

  private constructor(
    /** Host that it is published under. */
    public readonly host: string,
    /** The Service. */
    public readonly workload: IWorkload,
    /** Path to which `/` is redirected; undefined if the UI redirects on its own. */
    public readonly home?: string,
  ) {
    requireHosts('host', [requireProps(STRING, host, '', 'host')]);
    if (host.includes('*')) {
      throw InvalidProps.value('host', host, 'must not be a wildcard');
    }
    if (home !== undefined && (typeof home !== 'string' || !/^\/[^\s?#]+$/.test(home))) {
      throw InvalidProps.value('home', home, 'must be a path below /');
    }
  }
}
