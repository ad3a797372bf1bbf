// The ApplicationSet with which Argo CD applies the folders of several apps, each to its cluster.
// Facts: Argo CD 3.5, docs/operator-manual/applicationset/{Template,GoTemplate,Application-Deletion}.md.
import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import { requireScopeAndId } from '../../base/scope';
import type { GitOpsApp } from '../gitops-app';
import { deliveryNameOf, pathInRepository } from './applied-folder';
import { ArgoDestination } from './argo-destination';
import { type ArgoOptions, ignoreDifferencesOf, RESPECT_IGNORED, SERVER_SIDE_DIFF, sourceOf, SYNC_OPTIONS, syncPolicyOf } from './argo-options';
import { managedElsewhere } from './managed-elsewhere';

/** One folder of an `ArgoApplicationSet`. */
export interface ArgoMember {
  /** The app whose folder is applied. */
  readonly app: GitOpsApp;

  /**
   * The cluster to apply to. All members of a set must identify their cluster in the same way, by server or by name.
   *
   * @default - ArgoDestination.inCluster() for a single member; required if there are several
   */
  readonly destination?: ArgoDestination;

  /**
   * The path of the folder relative to the root of the repository.
   *
   * @default - the path of the folder relative to the working directory
   */
  readonly path?: string;

  /**
   * The name of the Application.
   *
   * @default - the path of the folder below `dist`, with hyphens: `production` for `dist/production`, `shop-production` for
   * `dist/shop/production`
   */
  readonly applicationName?: string;
}

/** Props of an `ArgoApplicationSet`. */
export interface ArgoApplicationSetProps extends ArgoOptions {
  /** The folders. Each gets an Application. */
  readonly members: ArgoMember[];

  /**
   * The name of the ApplicationSet.
   *
   * @default 'edge'
   */
  readonly setName?: string;

  /**
   * Whether Argo CD deletes everything it applied when a member is removed from the set, or the set is deleted.
   *
   * @default false
   */
  readonly deleteWithApplication?: boolean;
}

/** A patch replaces whole lists of a template, so this one has all entries (Argo CD 3.5 docs/operator-manual/applicationset/Template.md). */
const MANAGED_ELSEWHERE_PATCH = `spec:
  ignoreDifferences: {{ toJson .ignoreDifferences }}
  syncPolicy:
    syncOptions: {{ toJson .syncOptions }}
`;

interface Element {
  readonly name: string;
  readonly path: string;
  readonly destination: string;
}

/** An Argo CD ApplicationSet with one Application per folder. See `ArgoApplication` for what each of them does. */
export class ArgoApplicationSet extends Chart {
  /** The ApplicationSet. */
  public readonly applicationSet: ApiObject;

  /**
   * @param scope a `DeliveryApp`
   * @param id the name of the file: `argocd` for `clusters/argocd.yaml`
   * @throws InvalidProps for values that Argo CD would reject, an empty list of members, and two members with the same name
   */
  public constructor(scope: Construct, id: string, props: ArgoApplicationSetProps) {
    requireScopeAndId(scope, id);
    if ('delivery' in App.of(scope)) {
      throw InvalidProps.value('scope', id, 'must be in a DeliveryApp: in a GitOpsApp it would be applied together with the folder', scope.node.path);
    }
    super(scope, id, { disableResourceNameHashes: true });
    const { path } = this.node;
    const { members, setName = 'edge', deleteWithApplication = false, ...options } = requireProps('ArgoApplicationSetProps', props, path);
    const field = destinationField(members, path);
    const elements = members.map((member, index) => elementOf(member, `members[${index}]`, path));
    elements.forEach(({ name, path: folder, destination }, index) => {
      if (elements.findIndex(element => element.name === name) !== index) {
        throw InvalidProps.duplicate(`members[${index}].applicationName`, name, 'the name of another member', path);
      }
      if (elements.findIndex(element => element.path === folder && element.destination === destination) !== index) {
        throw InvalidProps.duplicate(`members[${index}].path`, folder, `applied to ${destination} by another member`, path);
      }
    });
    this.applicationSet = new ApiObject(this, 'ApplicationSet', {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet',
      metadata: { name: requireDnsSubdomain('setName', setName, path), namespace: requireDnsLabel('namespace', options.namespace ?? 'argocd', path) },
      spec: {
        goTemplate: true,
        goTemplateOptions: ['missingkey=error'],
        generators: Lazy.any({ produce: () => [{ list: { elements: withManagedFields(elements, members) } }] }),
        syncPolicy: { preserveResourcesOnDeletion: !deleteWithApplication },
        template: {
          metadata: { name: '{{ .name }}', annotations: SERVER_SIDE_DIFF },
          spec: {
            project: requireDnsSubdomain('project', options.project ?? 'default', path),
            destination: { [field]: '{{ .destination }}' },
            source: refusedAt(path, () => sourceOf(options, '{{ .path }}')),
            syncPolicy: syncPolicyOf(options, SYNC_OPTIONS),
          },
        },
        templatePatch: Lazy.any({ produce: () => (members.some(hasManagedFields) ? MANAGED_ELSEWHERE_PATCH : undefined) }),
      },
    });
  }
}

/** The field of the destination, which is the same for all members, because the template has only one. */
function destinationField(members: readonly ArgoMember[], path: string): string {
  const missing = members.length > 1 ? members.findIndex(({ destination }) => destination === undefined) : -1;
  if (missing >= 0) {
    throw InvalidProps.missing(`members[${missing}].destination`, 'when there are several members', path);
  }
  const fields = members.map(({ destination = ArgoDestination.inCluster() }) => destination._field);
  const other = fields.findIndex(field => field !== fields[0]);
  if (members.length === 0) {
    throw InvalidProps.value('members', members, 'must have at least one member', path);
  }
  if (other > 0) {
    const requirement = `must identify the cluster by ${fields[0]}, like members[0]: a set has one template for all members`;
    throw InvalidProps.value(`members[${other}].destination`, `by ${fields[other]}`, requirement, path);
  }
  return fields[0];
}

function elementOf({ app, destination = ArgoDestination.inCluster(), ...requested }: ArgoMember, prop: string, path: string): Element {
  const pathInRepo = pathInRepository(app, requested.path, path, `${prop}.path`);
  return { name: deliveryNameOf(pathInRepo, requested.applicationName, path, `${prop}.applicationName`), path: pathInRepo, destination: destination._value };
}

function hasManagedFields({ app }: ArgoMember): boolean {
  return managedElsewhere(app).length > 0;
}

/** Either all elements have the fields that the patch uses, or none has: a missing key is an error in the patch. */
function withManagedFields(elements: readonly Element[], members: readonly ArgoMember[]): object[] {
  const rules = members.map(({ app }) => ignoreDifferencesOf(managedElsewhere(app)));
  if (rules.every(({ length }) => length === 0)) {
    return [...elements];
  }
  return elements.map((element, index) => ({
    ...element, ignoreDifferences: rules[index], syncOptions: rules[index].length > 0 ? [...SYNC_OPTIONS, RESPECT_IGNORED] : SYNC_OPTIONS,
  }));
}
