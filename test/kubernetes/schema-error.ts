// An error of a schema validator as a line of text.
import type { ErrorObject } from 'ajv';

/** Says where an object is wrong, and how: `/spec/replicas: must be integer`. */
export function faultText({ instancePath, keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties': return `${instancePath}/${params.additionalProperty}: no such field`;
    case 'enum': return `${instancePath}: must be one of ${params.allowedValues.join(', ')}`;
    default: return `${instancePath}: ${message}`;
  }
}
