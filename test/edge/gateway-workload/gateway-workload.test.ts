// Pods that run the gateway: ours, or there already.
import { Duration } from 'cdk8s';
import { TargetType } from '../../../src/base/alb-annotations/words';
import { GatewayEntry, ServiceExposure } from '../../../src/edge/gateway-workload/service';
import { type ExistingGatewayOptions, GatewayWorkload } from '../../../src/edge/gateway-workload/gateway-workload';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';

const EXISTING: ExistingGatewayOptions = { namespace: 'istio-system', service: 'istio-ingressgateway', labels: { istio: 'ingressgateway' } };

describe('a gateway that is there already', () => {
  it('renders nothing', () => {
    const chart = emptyChart();
    GatewayWorkload.existing(EXISTING)._bind(chart, 'Workload', 'door');
    expect(synthesized(chart)).toEqual([]);
  });

  it('has the ports and the drain of Istio\'s own charts', () => {
    const found = GatewayWorkload.existing(EXISTING)._bind(emptyChart(), 'Workload', 'door');
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

  it('can differ from them', () => {
    const options = { ...EXISTING, httpsPort: 8443, statusPortName: 'status', targetTypes: [TargetType.INSTANCE], drainDuration: Duration.seconds(60) };
    const found = GatewayWorkload.existing(options)._bind(emptyChart(), 'Workload', 'door');
    expect(found).toMatchObject({ httpsPort: 8443, statusPortName: 'status', targetTypes: [TargetType.INSTANCE] });
    expect(found.drainDuration.toSeconds()).toBe(60);
  });

  it.each<[Partial<ExistingGatewayOptions>, string]>([
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
    expect(refusal(() => GatewayWorkload.existing({ ...EXISTING, ...options })).prop).toBe(prop);
  });
});

test('a gateway behind a Network Load Balancer of its own may have ports for TCP, and not know its clients', () => {
  const options = { entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432, 443], httpsPort: 8443, seesClientAddress: false, serviceAccount: 'door', trustedProxies: 0 };
  expect(GatewayWorkload.existing({ ...EXISTING, ...options })._bind(emptyChart(), 'Workload', 'door')).toMatchObject(options);
  const { tcpPorts, seesClientAddress, serviceAccount, trustedProxies, plainHttpOnly } = GatewayWorkload.existing(EXISTING)._bind(emptyChart(), 'Workload', 'door');
  expect([tcpPorts, seesClientAddress, serviceAccount, trustedProxies, plainHttpOnly]).toEqual(Array(5).fill(undefined));
});

test('a gateway behind a Network Load Balancer of its own is nothing for an ALB', () => {
  const found = GatewayWorkload.existing({ ...EXISTING, entry: GatewayEntry.NETWORK_LOAD_BALANCER })._bind(emptyChart(), 'Workload', 'door');
  expect([found.entry, found.targetTypes]).toEqual([GatewayEntry.NETWORK_LOAD_BALANCER, []]);
});

describe('a gateway that Helm or istioctl installs', () => {
  it('renders nothing, and is known by the same choices as one of our own', () => {
    const chart = emptyChart();
    const choices = {
      namespace: 'front', trustedProxies: 2, drainDuration: Duration.minutes(1), service: ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 }),
    };
    const installed = GatewayWorkload.installed({ gatewayName: 'istio-door', ...choices });
    const found = installed._bind(chart, 'Workload', 'ignored');
    expect(synthesized(chart)).toEqual([]);
    expect(found).toBe(installed);
    const injected = GatewayWorkload.injected(choices)._bind(chart, 'Workload', 'istio-door');
    for (const name of ['workloadNamespace', 'serviceName', 'selector', 'httpPort', 'httpsPort', 'statusPortName', 'entry', 'targetTypes', 'trustedProxies', 'seesClientAddress', 'plainHttpOnly', 'tcpPorts'] as const) {
      expect([name, found[name]]).toEqual([name, injected[name]]);
    }
    expect(found.drainDuration.toSeconds()).toBe(60);
  });

  it('is called istio-ingress where nothing else is said', () => {
    expect(GatewayWorkload.installed()).toMatchObject({ serviceName: 'istio-ingress', workloadNamespace: 'istio-ingress', selector: { app: 'istio-ingress', istio: 'ingress' } });
  });

  it('is refused at once for a value that cannot work', () => {
    expect(refusal(() => GatewayWorkload.installed({ gatewayName: '1' }))).toMatchObject({ prop: 'gatewayName', value: '1' });
    expect(refusal(() => GatewayWorkload.installed({ minReplicas: 1 }))).toMatchObject({ prop: 'minReplicas', value: 1 });
  });
});

test('a gateway of our own has the name that it is given, and its options', () => {
  const chart = emptyChart();
  const made = GatewayWorkload.injected({ minReplicas: 3, namespace: 'front' })._bind(chart, 'Workload', 'door');
  expect([made.serviceName, made.workloadNamespace]).toEqual(['door', 'front']);
  expect(theOnly(chart, 'HorizontalPodAutoscaler').spec.minReplicas).toBe(3);
  expect(chart.node.tryFindChild('Workload')).toBe(made);
});
