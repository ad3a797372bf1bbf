// What a rule judges a request by. Not every proxy sees all of it, and not every action may ask for it.

/** Kinds of evidence that are missing at some proxies, or to some actions. What a request says of itself is always there. */
export enum Evidence {
  /** The identity of the peer, from its certificate of the mesh. */
  IDENTITY = 'the identity of the peer',
  /** A validated token. */
  TOKEN = 'a token',
  /** The address that the connection comes from. */
  PEER_ADDRESS = 'the address of the peer',
  /** The address of the client behind all proxies. */
  CLIENT_ADDRESS = 'the address of the client',
}
