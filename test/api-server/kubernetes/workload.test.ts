// What the API server refuses of workloads and their pods. The words are ours; the verdicts are those of Kubernetes 1.34.1.
import { type Change, faultsAfter } from './changed';

const container = {
  name: 'app', image: 'shop:1',
  ports: [{ name: 'http', containerPort: 8080 }, { name: 'dns', containerPort: 8080, protocol: 'UDP' }],
  env: [{ name: 'A', value: '1' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi', 'nvidia.com/gpu': 1 } },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  readinessProbe: { httpGet: { path: '/', port: 'http' }, successThreshold: 2 },
  livenessProbe: { tcpSocket: { port: 8080 } },
  securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false },
};

const deployment = {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    replicas: 2, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    selector: { matchLabels: { app: 'shop' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['web', 'api'] }] },
    template: {
      metadata: { labels: { app: 'shop', tier: 'web' } },
      spec: {
        serviceAccountName: 'shop', containers: [container],
        initContainers: [{ name: 'first', image: 'a' }, { name: 'proxy', image: 'b', restartPolicy: 'Always', livenessProbe: { grpc: { port: 80 } } }],
        volumes: [{ name: 'tmp', emptyDir: {} }, { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'istio-ca' } }] } }],
        tolerations: [{ operator: 'Exists' }, { key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 5 }],
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
        affinity: {
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: 'zone' } }] },
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }] } },
        },
      },
    },
  },
};

const pod = '/spec/template/spec';
const app = `${pod}/containers/0`;
const inPod = (change: Change): Change => ({ spec }) => change(spec.template.spec);
const inApp = (change: Change): Change => ({ spec }) => change(spec.template.spec.containers[0]);

test('a valid Deployment has no fault', () => {
  expect(faultsAfter(deployment)).toEqual([]);
});

test.each<[string, Change, string]>([
  ['no selector', ({ spec }) => { delete spec.selector; }, '/spec/selector: is required'],
  ['an empty selector', ({ spec }) => { spec.selector = {}; }, '/spec/selector: cannot be empty'],
  ['a selector without matchLabels', ({ spec }) => { spec.selector = { app: 'shop' }; }, '/spec/selector/app: /spec/selector has no field app'],
  ['labels that the selector does not match', ({ spec }) => { spec.template.metadata.labels.tier = 'db'; }, '/spec/template/metadata/labels: must have the labels'],
  ['an operator without values', ({ spec }) => { spec.selector.matchExpressions[0].values = []; }, '/spec/selector/matchExpressions/0/values: is required when'],
  ['a label of the pods with a plus', ({ spec }) => { spec.template.metadata.labels.v = '1.0+b'; }, '/spec/template/metadata/labels/v: must be empty, or at most'],
  ['negative replicas', ({ spec }) => { spec.replicas = -1; }, '/spec/replicas: must be at least 0; got -1'],
  ['replicas in quotes', ({ spec }) => { spec.replicas = '2'; }, '/spec/replicas: must be an integer; got the string 2: remove the quotes'],
  ['too many replicas', ({ spec }) => { spec.replicas = 2 ** 31; }, '/spec/replicas: must be an integer of 32 bits'],
  ['a surge that is no percentage', ({ spec }) => { spec.strategy.rollingUpdate.maxSurge = '2'; }, '/spec/strategy/rollingUpdate/maxSurge: must be a percentage'],
  ['more than all unavailable', ({ spec }) => { spec.strategy.rollingUpdate.maxUnavailable = '101%'; }, '/spec/strategy/rollingUpdate/maxUnavailable: must be at most 100%'],
  ['a strategy that cannot proceed', ({ spec }) => { spec.strategy.rollingUpdate.maxSurge = '0%'; }, '/spec/strategy/rollingUpdate/maxUnavailable: cannot be 0 when'],
  ['a rolling update of Recreate', ({ spec }) => { spec.strategy.type = 'Recreate'; }, '/spec/strategy/rollingUpdate: cannot be set when the type is Recreate'],
  ['a deadline before pods are ready', ({ spec }) => { spec.minReadySeconds = 600; }, '/spec/minReadySeconds: must be less than progressDeadlineSeconds, which is 600'],
  ['pods that end', inPod(spec => { spec.restartPolicy = 'OnFailure'; }), `${pod}/restartPolicy: must be Always; got OnFailure`],
  ['no container', inPod(spec => { spec.containers = []; }), `${pod}/containers: is required`],
  ['a service account with capitals', inPod(spec => { spec.serviceAccountName = 'My_SA'; }), `${pod}/serviceAccountName: must be 1 to 253`],
  ['a boolean in the node selector', inPod(spec => { spec.nodeSelector = { gpu: true }; }), `${pod}/nodeSelector/gpu: must be a string; got the boolean true`],
  ['a volume of two types', inPod(spec => { spec.volumes[0].configMap = { name: 'a' }; }), `${pod}/volumes/0/configMap: cannot be set together with emptyDir`],
  ['a volume twice', inPod(spec => { spec.volumes[1].name = 'tmp'; }), `${pod}/volumes/1/name: must be unique in the pod`],
  ['a probe of an init container', inPod(spec => { spec.initContainers[0].readinessProbe = { grpc: { port: 1 } }; }), `${pod}/initContainers/0/readinessProbe: cannot be set`],
  ['a toleration without key', inPod(spec => { spec.tolerations[0].operator = 'Equal'; }), `${pod}/tolerations/0/operator: must be Exists when there is no key`],
  ['seconds of another effect', inPod(spec => { spec.tolerations[1].effect = 'NoSchedule'; }), `${pod}/tolerations/1/tolerationSeconds: cannot be set`],
  ['a spread without action', inPod(spec => { delete spec.topologySpreadConstraints[0].whenUnsatisfiable; }), `${pod}/topologySpreadConstraints/0/whenUnsatisfiable: is required`],
  ['a weight of 101', inPod(spec => { spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight = 101; }),
    `${pod}/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0/weight: must be from 1 to 100; got 101`],
  ['a seccomp profile without file', inPod(spec => { spec.securityContext = { seccompProfile: { type: 'Localhost' } }; }),
    `${pod}/securityContext/seccompProfile/localhostProfile: is required`],
  ['no image', inApp(own => { delete own.image; }), `${app}/image: is required`],
  ['a name with an underscore', inApp(own => { own.name = 'my_app'; }), `${app}/name: must be 1 to 63 lowercase letters`],
  ['a command that is no list', inApp(own => { own.command = 'sleep 1'; }), `${app}/command: must be a list; got the string sleep 1`],
  ['a port name twice', inApp(own => { own.ports[1].name = 'http'; }), `${app}/ports/1/name: must be unique in the container`],
  ['a port name of 16 characters', inApp(own => { own.ports[1].name = 'http-web-service'; }), `${app}/ports/1/name: must be 1 to 15`],
  ['port 70000', inApp(own => { own.ports[0].containerPort = 70000; }), `${app}/ports/0/containerPort: must be from 1 to 65535; got 70000`],
  ['a variable that is a boolean', inApp(own => { own.env[0].value = true; }), `${app}/env/0/value: must be a string; got the boolean true: put it in quotes`],
  ['a variable of an unknown field', inApp(own => { own.env[1].valueFrom.fieldRef.fieldPath = 'spec.foo'; }), `${app}/env/1/valueFrom/fieldRef/fieldPath: must be a field`],
  ['a variable of two sources', inApp(own => { own.env[1].valueFrom.secretKeyRef = { name: 'a', key: 'b' }; }), `${app}/env/1/valueFrom: must have exactly one of`],
  ['a mount of no volume', inApp(own => { own.volumeMounts[0].name = 'data'; }), `${app}/volumeMounts/0/name: must be one of the volumes of the pod`],
  ['a path that is mounted twice', inApp(own => { own.volumeMounts.push({ name: 'tmp', mountPath: '/tmp' }); }), `${app}/volumeMounts/1/mountPath: must be unique`],
  ['a quantity in megabytes', inApp(own => { own.resources.requests.memory = '512MB'; }), `${app}/resources/requests/memory: must be a quantity`],
  ['a request above its limit', inApp(own => { own.resources.requests.memory = '1Gi'; }), `${app}/resources/requests/memory: must be at most the limit, which is 128Mi`],
  ['half a GPU', inApp(own => { own.resources.limits['nvidia.com/gpu'] = '500m'; }), `${app}/resources/limits/nvidia.com~1gpu: must be an integer`],
  ['a resource that does not exist', inApp(own => { own.resources.requests.gpu = 1; }), `${app}/resources/requests/gpu: gpu is no resource of a container`],
  ['a probe of two handlers', inApp(own => { own.livenessProbe.exec = { command: ['a'] }; }), `${app}/livenessProbe/tcpSocket: cannot be set together with exec`],
  ['a probe without handler', inApp(own => { delete own.livenessProbe.tcpSocket; }), `${app}/livenessProbe: must have one of`],
  ['two successes of a liveness probe', inApp(own => { own.livenessProbe.successThreshold = 2; }), `${app}/livenessProbe/successThreshold: must be 1`],
  ['a scheme in lower case', inApp(own => { own.readinessProbe.httpGet.scheme = 'https'; }), `${app}/readinessProbe/httpGet/scheme: must be one of HTTP, HTTPS`],
  ['a privileged container without escalation', inApp(own => { own.securityContext.privileged = true; }), `${app}/securityContext/allowPrivilegeEscalation: cannot be false`],
  ['a user in quotes', inApp(own => { own.securityContext.runAsUser = '1000'; }), `${app}/securityContext/runAsUser: must be an integer; got the string 1000`],
])('a Deployment with %s', (_, change, fault) => {
  expect(faultsAfter(deployment, change)).toEqual([expect.stringContaining(fault)]);
});

test.each<[string, Change]>([
  ['nulls', ({ spec }) => { spec.replicas = null; spec.strategy = null; }],
  ['a variable twice', inApp(own => { own.env.push({ name: 'A', value: '2' }); })],
  ['a port twice', inApp(own => { own.ports[1] = { name: 'other', containerPort: 8080 }; })],
  ['a volume without type', inPod(spec => { delete spec.volumes[0].emptyDir; })],
  ['numbers as quantities', inApp(own => { own.resources = { requests: { cpu: 0.5, memory: '1e9' }, limits: { cpu: '500m', memory: 1e9 } }; })],
  ['a mount of a volume with a placeholder', inPod(spec => { spec.volumes[0].name = '${VOLUME}'; })],
  ['a selector with a placeholder', ({ spec }) => { spec.selector.matchLabels.app = '${APP}'; }],
  ['replicas by a placeholder', ({ spec }) => { spec.replicas = '${REPLICAS}'; }],
  ['a privileged container', inApp(own => { own.securityContext = { privileged: true }; })],
])('a Deployment with %s is accepted', (_, change) => {
  expect(faultsAfter(deployment, change)).toEqual([]);
});

test('pods of a Job end, and those of a StatefulSet mount its claims', () => {
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', image: 'b', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } };
  const of = (kind: string, spec: object) => faultsAfter({ apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, metadata: { name: 'a' }, spec });
  expect(of('StatefulSet', { serviceName: 'a', selector: { matchLabels: { app: 'a' } }, template, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] })).toEqual([]);
  expect(of('Job', { template })).toEqual([expect.stringContaining('/name: must be one of the volumes'), '/spec/template/spec/restartPolicy: must be set to Never or OnFailure']);
});
