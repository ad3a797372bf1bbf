// How many pods a gateway has and who decides it: the same in its own objects, in the values for Helm, and in the overlay for istioctl.
import { k8s } from 'cdk8s-plus-28';
import { load } from 'js-yaml';
import { GatewayDisruptionBudget, UnhealthyPodEvictionPolicy } from '../../../src/edge/gateway-workload/disruption-budget';
import { GatewayWorkload } from '../../../src/edge/gateway-workload/gateway-workload';
import { InjectedGateway } from '../../../src/edge/gateway-workload/injected-gateway';
import { GatewayInstaller } from '../../../src/edge/gateway-workload/installed-gateway';
import { type GatewayScalingOptions, GatewayWorkloadKind } from '../../../src/edge/gateway-workload/scaling';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';

const CPU = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
const RATE = { type: 'External', external: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: k8s.Quantity.fromString('100') } } };
const RATE_ON_WIRE = { type: 'External', external: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '100' } } };
const SLOWLY = { scaleDown: { stabilizationWindowSeconds: 600, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } };
const { DAEMON_SET } = GatewayWorkloadKind;

function injected(options: GatewayScalingOptions): InjectedGateway {
  return new InjectedGateway(emptyChart(), 'Workload', options);
}

function kinds(options: GatewayScalingOptions): string[] {
  return synthesized(injected(options)).map(({ kind }) => kind).filter(kind => /Deployment|DaemonSet|Autoscaler|Budget/.test(kind));
}

function values(options: GatewayScalingOptions): Record<string, any> {
  return load(GatewayWorkload.installed(options).helmValues()) as Record<string, any>;
}

function operator(options: GatewayScalingOptions): Record<string, any> {
  const { spec } = load(GatewayWorkload.installed(options).istioOperator()) as Record<string, any>;
  const { hpaSpec, podDisruptionBudget } = spec.components.ingressGateways[0].k8s;
  return { hpaSpec, podDisruptionBudget, chart: spec.values.gateways['istio-ingressgateway'], global: spec.values.global };
}

test('an autoscaler measures CPU, memory and what else is given, and scales as told', () => {
  const options = { minReplicas: 3, maxReplicas: 9, targetMemoryPercent: 75, metrics: [RATE], scalingBehavior: SLOWLY };
  const memory = { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 75 } } };
  const spec = { minReplicas: 3, maxReplicas: 9, metrics: [CPU, memory, RATE_ON_WIRE], behavior: SLOWLY };
  expect(theOnly(injected(options), 'HorizontalPodAutoscaler').spec).toEqual({ ...spec, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istio-ingress' } });
  expect(operator(options)).toEqual({
    hpaSpec: spec, podDisruptionBudget: { maxUnavailable: 1 }, chart: { injectionTemplate: 'gateway', autoscaleMin: 3 }, global: undefined,
  });
});

test('Helm can measure memory and has the behavior', () => {
  expect(values({ targetMemoryPercent: 75, scalingBehavior: SLOWLY }).autoscaling).toEqual({
    enabled: true, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 80, targetMemoryUtilizationPercentage: 75, autoscaleBehavior: SLOWLY,
  });
});

test('a fixed number of pods has no autoscaler, and the Deployment has the number', () => {
  expect(kinds({ replicas: 4 })).toEqual(['Deployment', 'PodDisruptionBudget']);
  expect(theOnly(injected({ replicas: 4 }), 'Deployment').spec.replicas).toBe(4);
  expect(values({ replicas: 4 })).toMatchObject({ replicaCount: 4, autoscaling: { enabled: false }, podDisruptionBudget: { maxUnavailable: 1 } });
  expect(operator({ replicas: 4 })).toEqual({
    hpaSpec: undefined, podDisruptionBudget: { maxUnavailable: 1 }, chart: { injectionTemplate: 'gateway', autoscaleEnabled: false, replicaCount: 4 }, global: undefined,
  });
});

test('without autoscaling, another controller decides: there is neither a number nor an autoscaler', () => {
  expect(kinds({ autoscaling: false })).toEqual(['Deployment', 'PodDisruptionBudget']);
  expect(theOnly(injected({ autoscaling: false }), 'Deployment').spec).not.toHaveProperty('replicas');
  const installed = { autoscaling: false, disruptionBudget: GatewayDisruptionBudget.none() };
  expect(values(installed)).toMatchObject({ autoscaling: { enabled: false } });
  expect(values(installed)).not.toHaveProperty('replicaCount');
  expect(operator(installed)).toEqual({ chart: { injectionTemplate: 'gateway', autoscaleEnabled: false } });
});

test('the charts render no budget for pods that another controller scales, so it is refused there', () => {
  for (const call of [values, operator]) {
    expect(refusal(() => call({ autoscaling: false }))).toMatchObject({ prop: 'autoscaling', value: false });
  }
});

test('a DaemonSet has the same pods, no number, no strategy of a Deployment, no autoscaler and no budget', () => {
  expect(kinds({ kind: DAEMON_SET })).toEqual(['DaemonSet']);
  const { selector, template, ...others } = theOnly(injected({ kind: DAEMON_SET }), 'DaemonSet').spec;
  const deployment = theOnly(injected({}), 'Deployment').spec;
  expect({ selector, template, others }).toEqual({ selector: deployment.selector, template: deployment.template, others: {} });
  const { kind, autoscaling, ...helm } = values({ kind: DAEMON_SET });
  expect({ kind, autoscaling }).toEqual({ kind: 'DaemonSet', autoscaling: { enabled: false } });
  expect(Object.keys(helm)).not.toEqual(expect.arrayContaining(['strategy']));
  expect(helm).not.toHaveProperty('podDisruptionBudget');
  expect(values({})).not.toHaveProperty('kind');
});

test('istioctl installs no DaemonSet, and Helm measures nothing but CPU and memory', () => {
  expect(refusal(() => operator({ kind: DAEMON_SET }))).toMatchObject({ prop: 'kind', value: 'DaemonSet' });
  expect(refusal(() => values({ metrics: [RATE] })).prop).toBe('metrics');
});

test('the file of another installer is refused', () => {
  const helm = GatewayWorkload.installed({ installer: GatewayInstaller.HELM, kind: DAEMON_SET });
  expect(helm.helmValues()).toContain('kind: DaemonSet');
  expect(refusal(() => helm.istioOperator())).toMatchObject({ prop: 'installer', value: 'helm' });
  const istioctl = GatewayWorkload.installed({ installer: GatewayInstaller.ISTIOCTL, metrics: [RATE] });
  expect(istioctl.istioOperator()).toContain('averageValue: "100"');
  expect(refusal(() => istioctl.helmValues())).toMatchObject({ prop: 'installer', value: 'istioctl' });
});

describe('a disruption budget', () => {
  it.each<[GatewayDisruptionBudget, object]>([
    [GatewayDisruptionBudget.maxUnavailable(2), { maxUnavailable: 2 }],
    [GatewayDisruptionBudget.maxUnavailablePercent(25), { maxUnavailable: '25%' }],
    [GatewayDisruptionBudget.minAvailable(1), { minAvailable: 1 }],
    [GatewayDisruptionBudget.minAvailablePercent(50, { unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW }),
      { minAvailable: '50%', unhealthyPodEvictionPolicy: 'AlwaysAllow' }],
    [GatewayDisruptionBudget.maxUnavailable(1, { unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.IF_HEALTHY_BUDGET }),
      { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'IfHealthyBudget' }],
  ])('is the same everywhere: %#', (disruptionBudget, fields) => {
    const { selector, ...spec } = theOnly(injected({ disruptionBudget }), 'PodDisruptionBudget').spec;
    expect({ selector, spec }).toEqual({ selector: { matchLabels: { app: 'istio-ingress', istio: 'ingress' } }, spec: fields });
    expect(values({ disruptionBudget }).podDisruptionBudget).toEqual(fields);
    expect(operator({ disruptionBudget })).toMatchObject({ podDisruptionBudget: fields, chart: { autoscaleMin: 2 } });
  });

  it('can be left out, where the chart of istioctl would render one, too', () => {
    const disruptionBudget = GatewayDisruptionBudget.none();
    expect(kinds({ disruptionBudget })).toEqual(['Deployment', 'HorizontalPodAutoscaler']);
    expect(values({ disruptionBudget })).not.toHaveProperty('podDisruptionBudget');
    expect(operator({ disruptionBudget })).toMatchObject({ chart: { injectionTemplate: 'gateway' }, podDisruptionBudget: undefined, global: undefined });
    expect(operator({ disruptionBudget }).chart).not.toHaveProperty('autoscaleMin');
    expect(operator({ disruptionBudget, replicas: 3 })).toMatchObject({ global: { defaultPodDisruptionBudget: { enabled: false } }, podDisruptionBudget: undefined });
  });

  it.each<[string, GatewayScalingOptions, boolean]>([
    ['2 of 2', { disruptionBudget: GatewayDisruptionBudget.minAvailable(2) }, false],
    ['2 of 3', { disruptionBudget: GatewayDisruptionBudget.minAvailable(2), minReplicas: 3 }, true],
    ['3 of 3', { disruptionBudget: GatewayDisruptionBudget.minAvailable(3), replicas: 3 }, false],
    ['51 % of 2', { disruptionBudget: GatewayDisruptionBudget.minAvailablePercent(51) }, false],
    ['66 % of 3', { disruptionBudget: GatewayDisruptionBudget.minAvailablePercent(66), replicas: 3 }, true],
    ['67 % of 3', { disruptionBudget: GatewayDisruptionBudget.minAvailablePercent(67), replicas: 3 }, false],
    ['9 of what another controller decides', { disruptionBudget: GatewayDisruptionBudget.minAvailable(9), autoscaling: false }, true],
  ])('must let a node be drained: %s', (_, options, allowed) => {
    if (allowed) {
      expect(kinds(options)).toContain('PodDisruptionBudget');
    } else {
      expect(refusal(() => injected(options)).prop).toBe('disruptionBudget');
    }
  });

  it.each<[() => GatewayDisruptionBudget, string]>([
    [() => GatewayDisruptionBudget.maxUnavailable(0), 'pods'],
    [() => GatewayDisruptionBudget.maxUnavailablePercent(0), 'percent'],
    [() => GatewayDisruptionBudget.maxUnavailablePercent(101), 'percent'],
    [() => GatewayDisruptionBudget.minAvailable(0), 'pods'],
    [() => GatewayDisruptionBudget.minAvailablePercent(100), 'percent'],
    [() => GatewayDisruptionBudget.maxUnavailable(1, { unhealthyPodEvictionPolicy: 'Never' as never }), 'unhealthyPodEvictionPolicy'],
  ])('is refused: %#', (make, prop) => {
    expect(refusal(make).prop).toBe(prop);
  });
});

test.each<[GatewayScalingOptions, string]>([
  [{ replicas: 1 }, 'replicas'],
  [{ replicas: 3, minReplicas: 3 }, 'minReplicas'],
  [{ replicas: 3, maxReplicas: 3 }, 'maxReplicas'],
  [{ replicas: 3, metrics: [RATE] }, 'metrics'],
  [{ replicas: 3, autoscaling: true }, 'autoscaling'],
  [{ autoscaling: false, minReplicas: 3 }, 'minReplicas'],
  [{ autoscaling: false, targetCpuPercent: 70 }, 'targetCpuPercent'],
  [{ autoscaling: false, scalingBehavior: SLOWLY }, 'scalingBehavior'],
  [{ kind: DAEMON_SET, replicas: 3 }, 'replicas'],
  [{ kind: DAEMON_SET, minReplicas: 3 }, 'minReplicas'],
  [{ kind: DAEMON_SET, targetMemoryPercent: 70 }, 'targetMemoryPercent'],
  [{ kind: DAEMON_SET, autoscaling: true }, 'autoscaling'],
  [{ kind: DAEMON_SET, disruptionBudget: GatewayDisruptionBudget.maxUnavailable(1) }, 'disruptionBudget'],
  [{ kind: 'StatefulSet' as never }, 'kind'],
  [{ targetMemoryPercent: 0 }, 'targetMemoryPercent'],
  [{ targetMemoryPercent: 1001 }, 'targetMemoryPercent'],
  [{ metrics: [{ type: 'Resource', resource: CPU.resource }] }, 'metrics[0]'],
  [{ metrics: [RATE, { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 1 } } }] }, 'metrics[1]'],
  [{ metrics: [{ type: 'Pods', pod: {} } as never] }, 'metrics[0].pod'],
  [{ scalingBehavior: { scaledown: {} } as never }, 'scalingBehavior.scaledown'],
  [{ scalingBehavior: [] as never }, 'scalingBehavior'],
])('%j is refused', (options, prop) => {
  expect(refusal(() => injected(options))).toMatchObject({ prop, path: 'chart/Workload' });
});

test('what says the default is allowed', () => {
  expect(kinds({ kind: DAEMON_SET, autoscaling: false })).toEqual(['DaemonSet']);
  expect(kinds({ replicas: 2, autoscaling: false })).toEqual(['Deployment', 'PodDisruptionBudget']);
  expect(kinds({ autoscaling: true, kind: GatewayWorkloadKind.DEPLOYMENT })).toEqual(['Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']);
});
