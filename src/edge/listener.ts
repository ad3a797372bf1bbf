// A listener: one port of the load balancer and the protocol that clients speak to it. The first stop of a request.
import type { ListenPort } from '../base/alb-annotations';
import { ListenerProtocol } from '../base/alb-words';
import { requirePort } from '../base/kubernetes-name';

export { ListenerProtocol } from '../base/alb-words';

/** A port that an Application Load Balancer listens on. */
export class Listener {
  /**
   * Plain HTTP. Where there is an HTTPS listener too, an `Alb` answers every request here with a 301 to it.
   *
   * @param port default 80
   */
  public static http(port: number = 80): Listener {
    return new Listener(ListenerProtocol.HTTP, port);
  }

  /**
   * HTTPS; the certificates and the TLS policy are props of the `Alb`, which has them in common for all its HTTPS listeners.
   *
   * @param port default 443
   */
  public static https(port: number = 443): Listener {
    return new Listener(ListenerProtocol.HTTPS, port);
  }

  private constructor(
    /** The protocol that clients speak. */
    public readonly protocol: ListenerProtocol,
    /** The port, 1 to 65535. */
    public readonly port: number,
  ) {
    requirePort('port', port);
  }

  /** @internal */
  public _render(): ListenPort {
    return { protocol: this.protocol, port: this.port };
  }
}
