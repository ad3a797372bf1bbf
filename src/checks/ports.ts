// The ports of a Service, as a message shows them.

/** `80 (http), 443`, in numeric order. */
export function showPorts(ports: readonly { readonly port: number; readonly name?: string }[]): string {
  const shown = ports.map(({ port, name }) => (name ? `${port} (${name})` : String(port)));
  return [...new Set(shown)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1)).join(', ');
}
