// Why a YAML or JSON file is not meant for the cluster: beside manifests, folders contain files of cdk8s, Helm and other tools.
import { EdgeError } from '../base/errors';
import { isObject } from './plain-json';
import { readDocuments } from './yaml';

/** An action of a Helm template where YAML has a line or a value. There, `{{` is never useful YAML: it begins a map whose key is a map. */
const TEMPLATE_ACTION = /^[ \t]*(- )?\{\{|:[ \t]+\{\{/m;

const CHART = /(^|[/\\])Chart\.ya?ml$/;

/**
 * Why a file that cannot be read as manifests is no manifest at all, as the predicate of a sentence about it; undefined for a faulty manifest.
 *
 * A document with only one of `apiVersion` and `kind` is a faulty manifest.
 */
export function reasonToPassOver(text: string, file: string): string | undefined {
  if (CHART.test(file)) {
    return 'it describes a Helm chart; to check the chart, run helm template CHART | alb-istio check -';
  }
  if (TEMPLATE_ACTION.test(text)) {
    return 'it is a template; to check a Helm chart, run helm template CHART | alb-istio check -';
  }
  let documents: unknown[];
  try {
    documents = readDocuments(text, file);
  } catch (error) {
    if (error instanceof EdgeError) {
      return undefined;
    }
    throw error;
  }
  return documents.some(isMeantForCluster) ? undefined : 'it contains no Kubernetes object: no document has apiVersion and kind';
}

function isMeantForCluster(document: unknown): boolean {
  return isObject(document) && (document.apiVersion !== undefined || document.kind !== undefined);
}
