// Listeners: a port and the protocol that clients speak on it.
import { Listener, ListenerProtocol } from '../../src/edge/listener';
import { refusal } from '../refusal';

test('a listener has the usual port of its protocol, or another', () => {
  expect([Listener.http(), Listener.https(), Listener.http(8080), Listener.https(65535)].map(listener => listener._render())).toEqual([
    { protocol: ListenerProtocol.HTTP, port: 80 },
    { protocol: ListenerProtocol.HTTPS, port: 443 },
    { protocol: ListenerProtocol.HTTP, port: 8080 },
    { protocol: ListenerProtocol.HTTPS, port: 65535 },
  ]);
});

test('a listener has a port from 1 to 65535', () => {
  for (const port of [0, 65536, -1, 1.5, NaN]) {
    expect(refusal(() => Listener.http(port))).toEqual({ prop: 'port', value: port, allowed: 'a whole number from 1 to 65535', path: '' });
  }
});
