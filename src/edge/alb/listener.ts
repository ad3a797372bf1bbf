// A listener: one port of the load balancer and the protocol that clients speak to it. The first stop of a request.
import { ListenerProtocol } from '../../base/alb-annotations/words';
import type { ListenerSettings, ListenPort } from '../../base/alb-annotations/listener';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import type { ClientCertificates } from './client-certificates';
import { type ListenerAttributes, renderListenerAttributes } from './listener-attributes';
import { filled } from '../wire/bounds';

export { ListenerProtocol } from '../../base/alb-annotations/words';

/** The choices about an HTTP listener. */
export interface HttpListenerOptions {
  /**
   * Headers that the listener adds, and other attributes.
   *
   * @default - those of AWS
   */
  readonly attributes?: ListenerAttributes;
}

/** The choices about an HTTPS listener. */
export interface HttpsListenerOptions {
  /**
   * Headers that the listener adds or renames, and other attributes.
   *
   * @default - those of AWS
   */
  readonly attributes?: ListenerAttributes;

  /**
   * What the listener does with client certificates. Say `ClientCertificates.off()` to switch off what an earlier version of the Ingress
   * has switched on.
   *
   * @default - it asks for none
   */
  readonly clientCertificates?: ClientCertificates;
}

/** A port that an Application Load Balancer listens on. */
export class Listener {
  /**
   * Plain HTTP. Where there is an HTTPS listener too, an `Alb` answers every request here with a 301 to it.
   *
   * @param port 1 to 65535; 80 by default
   * @throws InvalidProps for a port that is none, or an attribute out of bounds
   */
  public static http(port: number = 80, options: HttpListenerOptions = {}): Listener {
    return new Listener(ListenerProtocol.HTTP, requirePort('port', port), requireProps('HttpListenerOptions', options, '', 'options').attributes);
  }

  /**
   * HTTPS; the certificates and the TLS policy are props of the `Alb`, which has them in common for all its HTTPS listeners.
   *
   * @param port 1 to 65535; 443 by default
   * @throws InvalidProps for a port that is none, or an attribute out of bounds
   */
  public static https(port: number = 443, options: HttpsListenerOptions = {}): Listener {
    const { attributes, clientCertificates } = requireProps('HttpsListenerOptions', options, '', 'options');
    return new Listener(ListenerProtocol.HTTPS, requirePort('port', port), attributes, clientCertificates);
  }

  private readonly attributes: { readonly [key: string]: string } | undefined;

  private constructor(
    /** The protocol that clients speak. */
    public readonly protocol: ListenerProtocol,
    /** The port, 1 to 65535. */
    public readonly port: number,
    attributes?: ListenerAttributes,
    private readonly clientCertificates?: ClientCertificates,
  ) {
    this.attributes = attributes && filled(renderListenerAttributes(attributes, protocol));
  }

  /** Whether it can only be asked with a client certificate. @internal */
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
