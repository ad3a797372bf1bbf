// Props of the sample workloads.
export { type BookinfoProps } from '../samples/bookinfo';
export { type CurlClientProps } from '../samples/curl-client';
export { type EchoserverProps } from '../samples/echoserver';
export { type EcommerceImages, type EcommerceProps } from '../samples/ecommerce';
