// A page that shows what goes on in the mesh: Kiali, Prometheus, Grafana, traces.
import { InvalidProps } from '../../base/errors';
import { requireHosts } from '../../base/host';
import { requireProps, STRING } from '../../base/prop-types';
import { type IWorkload, requireWorkload, Workload } from '../workload/workload';

/** Where an add-on is, if not where Istio's own samples put it. */
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
   * @default - that of Istio's samples
   */
  readonly serviceName?: string;

  /**
   * Service port.
   *
   * @default - that of Istio's samples
   */
  readonly port?: number;
}

/**
 * An add-on, and the host that it is published under. Names, ports and paths are those of samples/addons of Istio 1.30 (Kiali 2,
 * Prometheus 3, Grafana 11, Jaeger 2, and Zipkin in samples/addons/extras).
 *
 * These samples ask nobody for a password: Kiali changes the configuration of the mesh, Grafana makes everybody an administrator,
 * Prometheus can be told to quit.
 */
export class ObservabilityUi {
  /** Kiali: Service kiali, port 20001. It leads to `/kiali` by itself. */
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

  /** Jaeger: Service tracing, port 80. Its page is at `/jaeger/`, and the host leads there. */
  public static jaeger(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'tracing', 80, '/jaeger/');
  }

  /** Zipkin: Service tracing, port 80. It leads to `/zipkin/` by itself. */
  public static zipkin(host: string, options: ObservabilityUiOptions = {}): ObservabilityUi {
    return ObservabilityUi.addon(host, options, 'tracing', 80);
  }

  /** Any other page. @param home path that the host leads to; none by default */
  public static of(host: string, workload: IWorkload, home?: string): ObservabilityUi {
    return new ObservabilityUi(host, requireWorkload('workload', workload), home);
  }

  private static addon(host: string, options: ObservabilityUiOptions, ownName: string, ownPort: number, home?: string): ObservabilityUi {
    const { namespace = 'istio-system', serviceName = ownName, port = ownPort } = requireProps('ObservabilityUiOptions', options, '', 'options');
    return new ObservabilityUi(host, new Workload({ serviceName, port, namespace, withoutSidecar: true }), home);
  }

  private constructor(
    /** The host that it is published under. */
    public readonly host: string,
    /** The Service. */
    public readonly workload: IWorkload,
    /** Path that the host leads to; none where the page finds it by itself. */
    public readonly home?: string,
  ) {
    requireHosts('host', [requireProps(STRING, host, '', 'host')]);
    if (host.includes('*')) {
      throw InvalidProps.value('host', host, 'must be one host, without a wildcard');
    }
    if (home !== undefined && (typeof home !== 'string' || !/^\/[^\s?#]+$/.test(home))) {
      throw InvalidProps.value('home', home, 'must be a path below /');
    }
  }
}
