// Records the fixed objects for the plain program: those of an edge that do not depend on its routes.
//
//   record DEMAND SIZE FIXED-OBJECTS-FILE
import { writeFileSync } from 'node:fs';
import { ApiObject, App } from 'cdk8s';
import { type DemandName, demanded } from './demand';
import { build } from './ours';
import { ROUTED_KINDS } from './plain';

const [demand, size, fixedFile] = process.argv.slice(2);
const edges = demanded(demand as DemandName, Number(size));
const app = new App();
build(app, edges);
const fixed = edges.map(({ name }) => [
  name,
  app.node.findChild(name).node.findAll()
    .filter(construct => ApiObject.isApiObject(construct))
    .filter(({ kind }) => !ROUTED_KINDS.includes(kind))
    .map(object => object.toJson()),
]);
writeFileSync(fixedFile, JSON.stringify(Object.fromEntries(fixed)));
