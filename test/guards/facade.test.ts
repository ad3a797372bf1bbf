// AlbIstioEdge composes parts and does nothing else.
import * as ts from 'typescript';
import { nodesBelow, parsed, textOf } from './source-tree';

const FILE = 'src/chart/alb-istio-edge.ts';
const NODES = nodesBelow(parsed(FILE));

function inConstructor(): ts.Node[] {
  return nodesBelow(NODES.find(ts.isConstructorDeclaration)!.body!);
}

test('it is short', () => {
  expect(textOf(FILE).trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test('it knows no manifest: neither API versions nor kinds nor fields of them', () => {
  const fields = ['apiVersion', 'kind', 'metadata', 'annotations', 'labels', 'spec', 'selector', 'servers', 'tls', 'http', 'match', 'protocol', 'rules', 'ports', 'entry', 'targetTypes'];
  const named = NODES.filter(node => ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node) || ts.isPropertyAccessExpression(node))
    .map(node => (node as ts.PropertyAssignment | ts.PropertyAccessExpression).name.getText());
  expect(named.filter(name => fields.includes(name))).toEqual([]);
  expect(NODES.filter(ts.isStringLiteral).map(({ text }) => text).filter(text => /^[\w.]+\/v\d|\.(io|aws)\//.test(text))).toEqual([]);
  expect(textOf(FILE)).not.toMatch(/ApiObject|KubeIngress|toJson|alb\.ingress/);
});

test('it decides nothing', () => {
  expect(NODES.filter(node => ts.isIfStatement(node) || ts.isSwitchStatement(node) || ts.isIterationStatement(node, false) || ts.isTryStatement(node))).toEqual([]);
  const choices = NODES.filter(ts.isConditionalExpression).map(node => node.getText());
  expect(choices.filter(choice => /protocol|HTTP|Listener|TargetType|scheme/i.test(choice))).toEqual([]);
});

test('its constructor makes parts, joins them, leaves it to those that are optional whether they are wanted, and requires what it is given', () => {
  const called = inConstructor().filter(ts.isCallExpression).map(({ expression }) => (ts.isPropertyAccessExpression(expression) ? expression.name : expression).getText());
  expect([...new Set(called)].sort()).toEqual(['_bind', '_ifWanted', '_onWorkload', 'checkAtSynth', 'flat', 'forEach', 'injected', 'requireHosts', 'requireProps', 'requireScopeAndId', 'requireServiceName', 'super']);
  expect(inConstructor().filter(ts.isNewExpression).map(({ expression }) => expression.getText())).toEqual(['EdgeGateway', 'MeshTls', 'Set']);
});
