// One attempt: an input goes through readers, models and renderers. Whatever it is, it is refused with an EdgeError or shown on safe lines.
import { check } from '../../src/checks/runner';
import { EdgeError } from '../../src/base/errors';
import { reasonToPassOver } from '../../src/manifests/foreign-file';
import type { Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { type Mesh, meshOf } from '../../src/mesh/mesh';
import { renderDiagramMermaid } from '../../src/output/diagram/diagram-mermaid';
import { renderDiagramSvg } from '../../src/output/diagram/diagram-svg';
import { renderMeshJson } from '../../src/output/mesh-json';
import { renderMeshText } from '../../src/output/mesh-text';
import { renderPlanChangesJson } from '../../src/output/plan-changes-json';
import { renderPlanChangesText } from '../../src/output/plan-changes-text';
import { renderPlanJson } from '../../src/output/plan-json';
import { renderPlanText } from '../../src/output/plan-text';
import { planChanges } from '../../src/plan/changes/plan-changes';
import { planOf } from '../../src/plan/plan';
import { type ClientRequest, formatRequest } from '../../src/trace/client-request';
import { describeEnds } from '../../src/trace/expectation';
import { TraceModels, prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';

/** How an attempt went: `read` if the models saw the input. */
export type Outcome = 'refused' | 'read';

/** Line breaks apart, no control character may reach a terminal. */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f]/; // eslint-disable-line no-control-regex

/** Workloads that are shown one by one: enough, because they are alike. */
const MAX_WORKLOADS = 2;

/** @throws anything but an EdgeError, which is then a fault of the package */
export function attempt(text: string): Outcome {
  let manifests: Manifest[];
  try {
    manifests = readYaml(text, 'fuzz.yaml');
  } catch (error) {
    if (!(error instanceof EdgeError)) {
      throw error;
    }
    reasonToPassOver(text, 'fuzz.yaml');
    return 'refused';
  }
  showPlan(manifests, text.length % 2 === 0);
  showMesh(meshOf(manifests));
  // What the API server refuses must not break the model either.
  showMesh(meshOf(manifests, { complete: true, admitted: true }));
  traceThrough(new TraceModels(manifests, planOf(manifests), meshOf(manifests)));
  traceThrough(prepareTrace(manifests, { complete: true, admitted: true }));
  checkAll(manifests);
  return 'read';
}

/** All checks: one that crashes makes a finding of it. */
function checkAll(manifests: readonly Manifest[]): void {
  for (const complete of [false, true]) {
    const crash = check(manifests, { complete }).findings.find(({ message }) => message.startsWith('could not be evaluated'));
    if (crash !== undefined) {
      throw new Error(`${crash.id}: ${crash.message}`);
    }
  }
}

/** Requests by every way in, for hosts and paths of the input and for others. */
function traceThrough(models: TraceModels): void {
  const { mesh, loadBalancers } = models;
  const [host = 'a.example.com'] = mesh.virtualServices.all.flatMap(({ hosts }) => hosts).map(own => own.replace('*', 'x')).filter(own => /^[^/:?#@\s[\]]+$/.test(own));
  const uris = mesh.virtualServices.all.flatMap(({ http }) => http.flatMap(({ matches }) => matches.map(({ uri }) => uri)));
  const [target = '/'] = uris.flatMap(uri => (uri?.is === 'exact' && uri.value.startsWith('/') ? [uri.value] : []));
  const ways: readonly Pick<ClientRequest, 'scheme' | 'port' | 'via'>[] = [
    ...loadBalancers.built.slice(0, MAX_WORKLOADS).flatMap(({ group, listeners }) => listeners.slice(0, MAX_WORKLOADS)
      .map(({ port, protocol }) => ({ scheme: protocol === 'HTTP' ? 'http' : 'https', port, via: { is: 'load-balancer', group } } as const))),
    ...mesh.gatewayWorkloads().slice(0, MAX_WORKLOADS).map(({ namespace, name }) => ({ scheme: 'http', port: 80, via: { is: 'gateway', port: 80, namespace, name } } as const)),
    ...mesh.workloads.all.slice(0, MAX_WORKLOADS).map(({ namespace, name }) => ({ scheme: 'http', port: 80, via: { is: 'pod', namespace, workload: name } } as const)),
    { scheme: 'https', port: 443 }, { scheme: 'https', port: 443, via: { is: 'gateway', port: 443 } },
  ];
  for (const way of ways) {
    const request: ClientRequest = { method: 'GET', host, target, headers: { 'x-a': '1' }, claims: { iss: 'a' }, ...way };
    const traced = trace(models, request, { follow: true });
    const { hops, ends } = traced;
    const total = ends.reduce((sum, { probability }) => sum + probability, 0);
    if (Math.abs(total - 1) > 1e-6) {
      throw new Error(`probabilities of ${formatRequest(request)} add up to ${total}`);
    }
    JSON.stringify([hops.map(({ detail }) => detail), describeEnds(ends)]);
    requireSafe(renderDiagramMermaid(models, traced));
    requireSafe(renderDiagramSvg(models, traced));
  }
}

function showPlan(manifests: readonly Manifest[], complete: boolean): void {
  const plan = planOf(manifests, { complete });
  requireSafe(renderPlanText(plan));
  JSON.parse(renderPlanJson(plan));
  // Without Services, target groups are missing; without the first object, its load balancer is.
  for (const others of [manifests.filter(({ object }) => object.kind !== 'Service'), manifests.slice(1)]) {
    const other = planOf(others, { complete: !complete });
    for (const changes of [planChanges(plan, other), planChanges(other, plan)]) {
      requireSafe(renderPlanChangesText(changes));
      JSON.parse(renderPlanChangesJson(changes));
    }
  }
}

function showMesh(mesh: Mesh): void {
  requireSafe(renderMeshText(mesh));
  JSON.parse(renderMeshJson(mesh));
  for (const workload of mesh.workloads.all.slice(0, MAX_WORKLOADS)) {
    requireSafe(renderMeshText(mesh, workload));
    JSON.parse(renderMeshJson([{ mesh, workload }]));
  }
}

function requireSafe(text: string): void {
  if (UNSAFE.test(text) || !text.endsWith('\n')) {
    throw new Error(`not safe to print: ${JSON.stringify(text.split('\n').find(line => UNSAFE.test(line)) ?? text.slice(-80))}`);
  }
}
