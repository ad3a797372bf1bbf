// What the API server refuses of Secrets and ConfigMaps (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, ValidateSecret, ValidateConfigMap).
import type { Field } from './field';
import { checkKeys } from './values';

/** Keys that a Secret of a type must have. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

const ACCOUNT = 'kubernetes.io/service-account.name';

/** Refuses a Secret. */
export function checkSecret(secret: Field): void {
  const [type, data, stringData] = [secret.at('type'), secret.at('data'), secret.at('stringData')];
  checkKeys(data, 'key');
  checkKeys(stringData, 'key');
  const has = (key: string) => data.at(key).value !== undefined || stringData.at(key).value !== undefined;
  (Object.hasOwn(KEYS, type.text) ? KEYS[type.text] : []).filter(key => !has(key)).forEach(key => {
    data.refuse(`must have the key ${key} when the type is ${type.text}`);
  });
  if (type.text === 'kubernetes.io/basic-auth' && !has('username') && !has('password')) {
    data.refuse('must have the key username or password when the type is kubernetes.io/basic-auth');
  }
  if (type.text === 'kubernetes.io/service-account-token') {
    secret.at('metadata', 'annotations', ACCOUNT).require(`the type is ${type.text}`);
  }
}

/** Refuses a ConfigMap. */
export function checkConfigMap(configMap: Field): void {
  const [data, binaryData] = [configMap.at('data'), configMap.at('binaryData')];
  checkKeys(data, 'key');
  checkKeys(binaryData, 'key');
  data.entries.filter(([key]) => binaryData.at(key).value !== undefined).forEach(([key, field]) => field.refuse(`${key} is in binaryData too`));
}
