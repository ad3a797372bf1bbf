// Headers whose values only their maker knows, such as the id of a request: that they are there is known, and no more.

/** Stands for the value. No header can have it. */
export const UNKNOWN_VALUE = '\0';

/** Whether the value of a header, or a part of it, is not known. */
export function isUnknownValue(value: string | undefined): boolean {
  return value?.includes(UNKNOWN_VALUE) === true;
}

/** The id of a request. A gateway makes a new one, and a sidecar one where there is none (Envoy 1.40, conn_manager_utility.cc). */
export const REQUEST_ID = 'x-request-id';
