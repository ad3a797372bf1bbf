// Pods that run the gateway: ours, or there already.
import { Duration } from 'cdk8s';
import { TargetType } from '../../../src/base/alb-annotations/words';
import { GatewayEntry, ServiceExposure } from '../../../src/edge/gateway-workload/service';
import { GatewayWorkload, type GatewayWorkloadAttributes } from '../../../src/edge/gateway-workload/gateway-workload';
import type { InjectedGateway } from '../../../src/edge/gateway-workload/injected-gateway';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';

const EXISTING: GatewayWorkloadAttributes = { namespace: 'istio-system', service: 'istio-ingressgateway', labels: { istio: 'ingressgateway' } };

describe('an existing gateway', () => {
  it('renders nothing', () => {
    const chart = emptyChart();
    GatewayWorkload.fromAttributes(EXISTING)._bind(chart, 'Workload', 'door');
    expect(synthesized(chart)).toEqual([]);
  });

  it('has the ports and drain duration of Istio\'s charts', () => {
    const found = GatewayWorkload.fromAttributes(EXISTING)._bind(emptyChart(), 'Workload', 'door');
    expect(found).toMatchObject({
      workloadNamespace: 'istio-system',
      serviceName: 'istio-ingressgateway',
      selector: { istio: 'ingressgateway' },
      httpPort: 80,
      httpsPort: 443,
      statusPortName: 'status-port',
      entry: GatewayEntry.ALB,
      targetTypes: [TargetType.IP, TargetType.INSTANCE],
    });
    expect(found.drainDuration.toSeconds()).toBe(5);
  });

  it('can override them', () => {
    const options = { ...EXISTING, httpsPort: 8443, statusPortName: 'status', targetTypes: [TargetType.INSTANCE], drainDuration: Duration.seconds(60) };
    const found = GatewayWorkload.fromAttributes(options)._bind(emptyChart(), 'Workload', 'door');
    expect(found).toMatchObject({ httpsPort: 8443, statusPortName: 'status', targetTypes: [TargetType.INSTANCE] });
    expect(found.drainDuration.toSeconds()).toBe(60);
  });

  it('can be checked by number, if its Service has no status port', () => {
    const check = (options: Partial<GatewayWorkloadAttributes>) => {
      const { statusPort, targetTypes } = GatewayWorkload.fromAttributes({ ...EXISTING, ...options })._bind(emptyChart(), 'Workload', 'door');
      return { statusPort, targetTypes };
    };
    expect(check({ statusPort: 15021 })).toEqual({ statusPort: 15021, targetTypes: [TargetType.IP] });
    expect(check({ statusPort: 30021, targetTypes: [TargetType.INSTANCE] })).toEqual({ statusPort: 30021, targetTypes: [TargetType.INSTANCE] });
    expect(check({})).toEqual({ statusPort: undefined, targetTypes: [TargetType.IP, TargetType.INSTANCE] });
  });

  it.each<[Partial<GatewayWorkloadAttributes>, string]>([
    [{ namespace: 'Istio' }, 'namespace'],
    [{ service: '1' }, 'service'],
    [{ labels: {} }, 'labels'],
    [{ labels: { istio: 'a b' } }, 'labels.istio'],
    [{ httpsPort: 0 }, 'httpsPort'],
    [{ httpPort: 65536 }, 'httpPort'],
    [{ httpPort: 443 }, 'httpPort'],
    [{ entry: 'nlb' as GatewayEntry }, 'entry'],
    [{ entry: GatewayEntry.NETWORK_LOAD_BALANCER, targetTypes: [TargetType.IP] }, 'targetTypes'],
    [{ statusPortName: '' }, 'statusPortName'],
    [{ statusPort: 0 }, 'statusPort'],
    [{ statusPort: 15021, statusPortName: 'status-port' }, 'statusPort'],
    [{ statusPort: 15021, targetTypes: [TargetType.IP, TargetType.INSTANCE] }, 'statusPort'],
    [{ statusPort: 15021, targetTypes: [TargetType.INSTANCE] }, 'statusPort'],
    [{ statusPort: 15021, entry: GatewayEntry.NETWORK_LOAD_BALANCER }, 'statusPort'],
    [{ statusPortName: 'a-name-of-sixteen' }, 'statusPortName'],
    [{ targetTypes: [] }, 'targetTypes'],
    [{ tcpPorts: [5432] }, 'tcpPorts'],
    [{ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [0] }, 'tcpPorts[0]'],
    [{ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432, 5432] }, 'tcpPorts[1]'],
    [{ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432, 80] }, 'tcpPorts[1]'],
    [{ entry: GatewayEntry.NETWORK_LOAD_BALANCER, httpsPort: 8443, tcpPorts: [8443] }, 'tcpPorts[0]'],
    [{ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: 25 as never }, 'tcpPorts'],
    [{ seesClientAddress: false }, 'seesClientAddress'],
    [{ seesClientAddress: 'no' as never }, 'seesClientAddress'],
    [{ serviceAccount: 'A' }, 'serviceAccount'],
    [{ trustedProxies: -1 }, 'trustedProxies'],
  ])('is refused at once with %j', (options, prop) => {
    expect(refusal(() => GatewayWorkload.fromAttributes({ ...EXISTING, ...options })).prop).toBe(prop);
  });
});

test('a gateway behind its own Network Load Balancer may have TCP ports and may not know client addresses', () => {
  const options = { entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432, 443], httpsPort: 8443, seesClientAddress: false, serviceAccount: 'door', trustedProxies: 0 };
  expect(GatewayWorkload.fromAttributes({ ...EXISTING, ...options })._bind(emptyChart(), 'Workload', 'door')).toMatchObject(options);
  const { tcpPorts, seesClientAddress, serviceAccount, trustedProxies, plainHttpOnly } = GatewayWorkload.fromAttributes(EXISTING)._bind(emptyChart(), 'Workload', 'door');
  expect({ tcpPorts, seesClientAddress, serviceAccount, trustedProxies, plainHttpOnly }).toEqual({});
});

test('a gateway behind its own Network Load Balancer cannot be an ALB backend', () => {
  const found = GatewayWorkload.fromAttributes({ ...EXISTING, entry: GatewayEntry.NETWORK_LOAD_BALANCER })._bind(emptyChart(), 'Workload', 'door');
  expect({ entry: found.entry, targetTypes: found.targetTypes }).toEqual({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, targetTypes: [] });
});

describe('a gateway installed with Helm or istioctl', () => {
  it('renders nothing and resolves its options like an injected one', () => {
    const chart = emptyChart();
    const choices = {
      namespace: 'front', trustedProxies: 2, drainDuration: Duration.minutes(1), service: ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 }),
    };
    const installed = GatewayWorkload.installed({ gatewayName: 'istio-door', ...choices });
    const found = installed._bind(chart, 'Workload', 'ignored');
    expect(synthesized(chart)).toEqual([]);
    expect(found).toBe(installed.workload);
    const injected = GatewayWorkload.injected(choices)._bind(chart, 'Workload', 'istio-door');
    for (const name of ['workloadNamespace', 'serviceName', 'selector', 'httpPort', 'httpsPort', 'statusPortName', 'entry', 'targetTypes', 'trustedProxies', 'seesClientAddress', 'plainHttpOnly', 'noPlainHttp', 'tlsTerminated', 'tcpPorts'] as const) {
      expect({ [name]: found[name] }).toEqual({ [name]: injected[name] });
    }
    expect(found.drainDuration.toSeconds()).toBe(60);
  });

  it('is named istio-ingress by default', () => {
    expect(GatewayWorkload.installed().workload).toMatchObject({ serviceName: 'istio-ingress', workloadNamespace: 'istio-ingress', selector: { app: 'istio-ingress', istio: 'ingress' } });
  });

  it('rejects invalid options immediately', () => {
    expect(refusal(() => GatewayWorkload.installed({ gatewayName: '1' }))).toMatchObject({ prop: 'gatewayName', value: '1' });
    expect(refusal(() => GatewayWorkload.installed({ minReplicas: 1 }))).toMatchObject({ prop: 'minReplicas', value: 1 });
  });
});

test('an injected gateway gets the given name and options', () => {
  const chart = emptyChart();
  const made = GatewayWorkload.injected({ minReplicas: 3, namespace: 'front' })._bind(chart, 'Workload', 'door');
  expect({ serviceName: made.serviceName, workloadNamespace: made.workloadNamespace }).toEqual({ serviceName: 'door', workloadNamespace: 'front' });
  expect(theOnly(chart, 'HorizontalPodAutoscaler').spec.minReplicas).toBe(3);
  expect((chart.node.findChild('Workload') as InjectedGateway).workload).toBe(made);
});
