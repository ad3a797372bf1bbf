// docs/progressive-delivery.md shows what the delivery objects write for the release above it: that is what they write.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { load } from 'js-yaml';
import { ArgoApplication } from '../../../src/gitops/delivery/argo-application';
import { FluxDelivery } from '../../../src/gitops/delivery/flux-delivery';
import { FluxSource } from '../../../src/gitops/delivery/flux-source';
import { Subsets } from '../../../src/edge/traffic-policy/subsets';
import { Workload } from '../../../src/edge/workload/workload';
import { theOnly } from '../../synthesized';
import { applied, AT_GATEWAY, inEmptyDirectory, release } from './applied-app';

const PAGE = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'progressive-delivery.md'), 'utf8');

inEmptyDirectory();

/** The first YAML block behind a line. */
function shown(line: string): { readonly spec: object } {
  const [, block] = /```yaml\n([\s\S]*?)```/.exec(PAGE.slice(PAGE.indexOf(`\n${line}\n`)))!;
  return load(block) as { spec: object };
}

test('the rules on the page are those that are written for its program', () => {
  const { app } = applied();
  const chart = new Chart(app, '30-team', { namespace: 'checkout', disableResourceNameHashes: true });
  const checkout = new Workload({ serviceName: 'checkout', namespace: 'checkout', port: 80, versions: ['stable', 'canary'] });
  const labels = { app: 'checkout' };
  new Subsets(chart, 'Subsets', { workload: checkout, versions: { stable: { labels }, canary: { labels } } });
  release(chart, 'Checkout', { ...AT_GATEWAY, workload: checkout, stable: 'stable', canary: 'canary', virtualServiceName: 'checkout-release' });
  new FluxDelivery(app, 'flux', { source: FluxSource.fromName('flux-system') });
  new ArgoApplication(app, 'argocd', { repoUrl: 'https://git.example.com/acme/platform.git' });
  expect(theOnly(app.delivery, 'Application')).toMatchObject({ spec: shown('Argo CD:').spec });
  expect(theOnly(app.delivery, 'Kustomization')).toMatchObject({ spec: shown('Flux, kustomize-controller 1.9 or later:').spec });
});
