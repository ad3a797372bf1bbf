// The ApplicationSet by which Argo CD applies the folders of many apps, each to its cluster.
// Facts: Argo CD 3.5, docs/operator-manual/applicationset/{Template,GoTemplate,Application-Deletion}.md.
import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
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
   * The cluster to apply to. All members of a set name theirs the same way, by server or by name.
   *
   * @default - ArgoDestination.inCluster() for a single member; where there are several, each says which
   */
  readonly destination?: ArgoDestination;

  /**
   * Path of the folder from the root of the repository.
   *
   * @default - the folder of the app, seen from the working directory
   */
  readonly path?: string;

  /**
   * Name of the Application.
   *
   * @default - the path of the folder below `dist`, with hyphens: `production` for `dist/production`, `shop-production` for
   * `dist/shop/production`
   */
  readonly applicationName?: string;
}

/** Props of an `ArgoApplicationSet`. */
export interface ArgoApplicationSetProps extends ArgoOptions {
  /** The folders, each of which gets an Application. */
  readonly members: ArgoMember[];

  /**
   * Name of the ApplicationSet.
   *
   * @default 'edge'
   */
  readonly setName?: string;

  /**
   * Whether everything that was applied is deleted when a member leaves the set, or the set is deleted.
   *
   * @default false
   */
  readonly deleteWithApplication?: boolean;
}

/** Lists of a template are replaced as a whole, so this says all of them (Argo CD 3.5 docs/operator-manual/applicationset/Template.md). */
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

/** An Argo CD ApplicationSet with an Application for each of several folders. What is said of `ArgoApplication` holds for each. */
export class ArgoApplicationSet extends Chart {
  /** The ApplicationSet. */
  public readonly applicationSet: ApiObject;

  /**
   * @param scope a `DeliveryApp`: the file is named after the id, such as `clusters/argocd.yaml`
   * @throws InvalidProps for values that Argo CD would refuse, no member, and two members of one name
   */
  public constructor(scope: Construct, id: string, props: ArgoApplicationSetProps) {
    if ('delivery' in App.of(scope)) {
      throw InvalidProps.value('scope', id, 'must be a DeliveryApp: in this app it would be applied with the folder', scope.node.path);
    }
    super(scope, id, { disableResourceNameHashes: true });
    const { path } = this.node;
    const { members, setName = 'edge', deleteWithApplication = false, ...options } = requireProps('ArgoApplicationSetProps', props, path);
    const field = destinationField(members, path);
    const elements = members.map((member, index) => elementOf(member, `members[${index}]`, path));
    elements.forEach(({ name, path: folder, destination }, index) => {
      if (elements.findIndex(element => element.name === name) !== index) {
        throw InvalidProps.value(`members[${index}].applicationName`, name, 'must be a name that no other member has', path);
      }
      if (elements.findIndex(element => element.path === folder && element.destination === destination) !== index) {
        throw InvalidProps.value(`members[${index}].path`, folder, `must be a folder that no other member applies to ${destination}`, path);
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

/** The field of the destination that all members have: a template names one. */
function destinationField(members: readonly ArgoMember[], path: string): string {
  const unsaid = members.length > 1 ? members.findIndex(({ destination }) => destination === undefined) : -1;
  if (unsaid >= 0) {
    const allowed = "a cluster, such as ArgoDestination.cluster('production'): each of several members says which";
    throw InvalidProps.value(`members[${unsaid}].destination`, undefined, `must be ${allowed}`, path);
  }
  const fields = members.map(({ destination = ArgoDestination.inCluster() }) => destination._field);
  const other = fields.findIndex(field => field !== fields[0]);
  if (members.length === 0) {
    throw InvalidProps.value('members', members, 'must be at least one folder', path);
  }
  if (other > 0) {
    const allowed = `a cluster by ${fields[0]}, as members[0] has it: all in one set alike`;
    throw InvalidProps.value(`members[${other}].destination`, `by ${fields[other]}`, `must be ${allowed}`, path);
  }
  return fields[0];
}

function elementOf({ app, destination = ArgoDestination.inCluster(), ...asked }: ArgoMember, prop: string, path: string): Element {
  const pathInRepo = pathInRepository(app, asked.path, path, `${prop}.path`);
  return { name: deliveryNameOf(pathInRepo, asked.applicationName, path, `${prop}.applicationName`), path: pathInRepo, destination: destination._value };
}

function hasManagedFields({ app }: ArgoMember): boolean {
  return managedElsewhere(app).length > 0;
}

/** Every element has the fields that the patch asks for, or none has: a key that is missing is an error there. */
function withManagedFields(elements: readonly Element[], members: readonly ArgoMember[]): object[] {
  const rules = members.map(({ app }) => ignoreDifferencesOf(managedElsewhere(app)));
  if (rules.every(({ length }) => length === 0)) {
    return [...elements];
  }
  return elements.map((element, index) => ({
    ...element, ignoreDifferences: rules[index], syncOptions: rules[index].length > 0 ? [...SYNC_OPTIONS, RESPECT_IGNORED] : SYNC_OPTIONS,
  }));
}
