// The door to look: reads manifests and says what is wrong with them, without cdk8s and without a cluster.
export { EdgeError, InvalidProps, UnreadableManifest, UsageError } from './base/errors';
export { ACKNOWLEDGEMENT_PREFIX } from './checks/acknowledgement';
export type { Check } from './checks/check';
export { isFailing } from './checks/finding';
export type { Finding, LocatedFinding, Report, Severity, Skipped, Spot } from './checks/finding';
export { check } from './checks/runner';
export { SHELF } from './checks/shelf';
export { readConstructs } from './model/constructs';
export type { ConstructLike } from './model/constructs';
export { readObjects } from './model/input';
export type { Input } from './model/input';
export { Kind } from './model/kind';
export type { ConstructOrigin, FileOrigin, Manifest, ObjectName, Origin } from './model/manifest';
export { Model } from './model/model';
export { readYaml } from './model/yaml';
export { SCHEMA_VERSION, renderJson } from './output/json';
export { renderLine, renderText } from './output/text';
export type { TextOptions } from './output/text';
