// The schemes of requests and redirects.

/** Scheme of a request. */
export enum HttpScheme {
  HTTP = 'http',
  HTTPS = 'https',
}
