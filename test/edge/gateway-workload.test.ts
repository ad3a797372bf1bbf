// Pods that run the gateway: ours, or there already.
import { Duration } from 'cdk8s';
import { TargetType } from '../../src/base/alb-words';
import { type ExistingGatewayOptions, GatewayWorkload } from '../../src/edge/gateway-workload';
import { refusal } from '../refusal';
import { emptyChart, synthesized, theOnly } from '../synthesized';

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
      httpsPort: 443,
      statusPortName: 'status-port',
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
    [{ statusPortName: '' }, 'statusPortName'],
    [{ statusPortName: 'a-name-of-sixteen' }, 'statusPortName'],
    [{ targetTypes: [] }, 'targetTypes'],
  ])('is refused at once with %j', (options, prop) => {
    expect(refusal(() => GatewayWorkload.existing({ ...EXISTING, ...options })).prop).toBe(prop);
  });
});

test('a gateway of our own has the name that it is given, and its options', () => {
  const chart = emptyChart();
  const made = GatewayWorkload.injected({ minReplicas: 3, namespace: 'front' })._bind(chart, 'Workload', 'door');
  expect([made.serviceName, made.workloadNamespace]).toEqual(['door', 'front']);
  expect(theOnly(chart, 'HorizontalPodAutoscaler').spec.minReplicas).toBe(3);
  expect(chart.node.tryFindChild('Workload')).toBe(made);
});
