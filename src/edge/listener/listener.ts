// A listener: a port of the load balancer and the protocol on it. The first stop of a request.
import { ListenerProtocol } from '../../base/alb-annotations/words';
import type { ListenerSettings, ListenPort } from '../../base/alb-annotations/listener';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import type { ClientCertificates } from './client-certificates';
import { type ListenerAttributes, renderListenerAttributes } from './attributes';
import { filled } from '../wire/bounds';

export { ListenerProtocol } from '../../base/alb-annotations/words';

/** Options of an HTTP listener. */
export interface HttpListenerOptions {
  /**
   * Headers that the listener adds, and other attributes.
   *
   * @default - the AWS defaults
   */
  readonly attributes?: ListenerAttributes;
}

/** Options of an HTTPS listener. */
export interface HttpsListenerOptions {
  /**
   * Headers that the listener adds or renames, and other attributes.
   *
   * @default - the AWS defaults
   */
  readonly attributes?: ListenerAttributes;

  /**
   * What the listener does with client certificates. Set `ClientCertificates.off()` to turn off what an earlier version of the Ingress
   * turned on.
   *
   * @default - the listener does not request client certificates
   */
  readonly clientCertificates?: ClientCertificates;
}

/** A port that an Application Load Balancer listens on. */
export class Listener {
  /**
   * Plain HTTP. If the `Alb` also has an HTTPS listener, every request is redirected to it with a 301.
   *
   * @param port 1 to 65535; 80 by default
   * @throws InvalidProps for a port or an attribute that is out of bounds
   */
  public static http(port: number = 80, options: HttpListenerOptions = {}): Listener {
    return new Listener(ListenerProtocol.HTTP, requirePort('port', port), requireProps('HttpListenerOptions', options, '', 'options').attributes);
  }

  /**
   * HTTPS. Certificates and TLS policy are props of the `Alb`, because all its HTTPS listeners share them.
   *
   * @param port 1 to 65535; 443 by default
   * @throws InvalidProps for a port or an attribute that is out of bounds
   */
  public static https(port: number = 443, options: HttpsListenerOptions = {}): Listener {
    const { attributes, clientCertificates } = requireProps('HttpsListenerOptions', options, '', 'options');
    return new Listener(ListenerProtocol.HTTPS, requirePort('port', port), attributes, clientCertificates);
  }

  private readonly attributes: { readonly [key: string]: string } | undefined;

  private constructor(
    /** The protocol. */
    public readonly protocol: ListenerProtocol,
    /** The port, 1 to 65535. */
    public readonly port: number,
    attributes?: ListenerAttributes,
    private readonly clientCertificates?: ClientCertificates,
  ) {
    this.attributes = attributes && filled(renderListenerAttributes(attributes, protocol));
  }

  /** Whether it requires a valid client certificate. @internal */
  public get _verifies(): boolean {
    return this.clientCertificates?._verifies ?? false;
  }

  /** @internal */
  public _port(): ListenPort {
    return { protocol: this.protocol, port: this.port };
  }

  /** @internal */
  public _render(): ListenerSettings {
    return {
      listenPorts: [this._port()],
      listenerAttributes: this.attributes && { [`${this.protocol}-${this.port}`]: this.attributes },
      mutualAuthentication: this.clientCertificates && [this.clientCertificates._render(this.port)],
    };
  }
}
