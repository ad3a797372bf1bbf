// What the API server refuses of a NetworkPolicy (Kubernetes 1.34.1 pkg/apis/networking/validation/validation.go, ValidateNetworkPolicySpec).
import { coversBlock, isCidr } from '../../base/ip';
import type { Field } from './field';
import { checkCidr, checkPort, checkPortName, checkSelector, oneOf } from './values';

/** Refuses a NetworkPolicy. */
export function checkNetworkPolicy(policy: Field): void {
  const spec = policy.at('spec');
  checkSelector(spec.at('podSelector'));
  for (const [direction, peers] of [['ingress', 'from'], ['egress', 'to']]) {
    for (const rule of spec.at(direction).items) {
      rule.at('ports').items.forEach(checkRulePort);
      rule.at(peers).items.forEach(checkPeer);
    }
  }
  const types = spec.at('policyTypes');
  if (types.items.length > 2) {
    types.refuse('cannot have more than two entries');
  }
  types.items.forEach(type => oneOf(type, ['Egress', 'Ingress'], false));
}

function checkRulePort(rule: Field): void {
  const [port, end] = [rule.at('port'), rule.at('endPort')];
  oneOf(rule.at('protocol'), ['SCTP', 'TCP', 'UDP'], false);
  if (port.number === undefined) {
    checkPortName(port);
    if (end.isSet) {
      end.refuse('cannot be set unless port is a number');
    }
    return;
  }
  checkPort(port);
  checkPort(end);
  if (end.isSet && end.number! < port.number) {
    end.mustBe(`at least port, which is ${port.number}`);
  }
}

function checkPeer(peer: Field): void {
  const [pods, namespaces, block] = [peer.at('podSelector'), peer.at('namespaceSelector'), peer.at('ipBlock')];
  if (![pods, namespaces, block].some(({ isSet }) => isSet)) {
    peer.refuse('must have podSelector, namespaceSelector or ipBlock');
  }
  if (block.isSet && (pods.isSet || namespaces.isSet)) {
    peer.refuse('cannot have ipBlock together with a selector');
  }
  checkSelector(pods);
  checkSelector(namespaces);
  if (block.isSet) {
    checkBlock(block.at('cidr'), block.at('except'));
  }
}

function checkBlock(cidr: Field, except: Field): void {
  if (cidr.text === '') {
    cidr.require();
    return;
  }
  checkCidr(cidr);
  for (const part of except.items) {
    checkCidr(part);
    const isRead = isCidr(cidr.text) && isCidr(part.text);
    if (isRead && (!coversBlock(cidr.text, part.text) || cidr.text.split('/')[1] === part.text.split('/')[1])) {
      part.mustBe(`a smaller block in cidr, which is ${cidr.text}`);
    }
  }
}
