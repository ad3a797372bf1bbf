// Fills the diagrams of the examples' pages, and draws the picture of README.md and docs/diagram.md: what `alb-istio diagram` prints for the committed YAML.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../src/manifests/yaml';
import { renderDiagramMermaid } from '../src/output/diagram/diagram-mermaid';
import { renderDiagramSvg } from '../src/output/diagram/diagram-svg';
import { type TraceModels, prepareTrace } from '../src/trace/models';
import { trace } from '../src/trace/trace';
import { ROOT } from './command';

/** What is drawn: a folder of dist/, and a request on it. */
interface Drawing {
  readonly folder: string;
  readonly request?: string;
}

/** Diagrams of pages that show another folder than that of their name, or requests, by the name of the block. */
const OTHERS: Readonly<Record<string, Drawing>> = {
  'diagram-production': { folder: 'fleet/production-us-east-1', request: 'GET https://echo.example.com/' },
  'diagram-canary': { folder: 'canary-blue-green', request: 'GET http://reviews:9080/ via=pod:bookinfo/productpage-v1' },
  'diagram-platform': { folder: 'platform/production', request: 'GET https://www.example.com/search login' },
  'diagram-preview': { folder: 'canary-blue-green', request: 'GET https://reviews.example.com/reviews/0 x-preview=1' },
};

/** The picture of README.md and docs/diagram.md. */
const PICTURE: Drawing = { folder: 'canary-blue-green', request: 'GET https://reviews.example.com/reviews/0' };

/** The pages of the examples with fresh diagrams, and the picture. */
export function diagramPages(): [path: string, text: string][] {
  const pages = readdirSync(join(ROOT, 'examples')).map(name => `examples/${name}/README.md`).filter(path => existsSync(join(ROOT, path)));
  return [
    ...pages.map((path): [string, string] => [path, withDiagrams(readFileSync(join(ROOT, path), 'utf8'), path.split('/')[1])]),
    ['docs/diagram.svg', drawn(PICTURE, renderDiagramSvg)],
  ];
}

/** Fills the blocks of a page. @throws Error for a block whose name is not known */
export function withDiagrams(page: string, example: string): string {
  return page.replace(/(<!-- output: (diagram[\w-]*) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start: string, name: string, end: string) => {
    const drawing = name === 'diagram' ? { folder: example } : OTHERS[name];
    if (drawing === undefined) {
      throw new Error(`examples/${example}/README.md: no diagram is named ${name}`);
    }
    return `${start}\`\`\`mermaid\n${drawn(drawing, renderDiagramMermaid)}\`\`\`\n${end}`;
  });
}

function drawn({ folder, request }: Drawing, render: typeof renderDiagramMermaid): string {
  const models = modelsOf(join('dist', folder));
  return render(models, request === undefined ? undefined : trace(models, request));
}

function modelsOf(folder: string): TraceModels {
  const files = readdirSync(join(ROOT, folder)).filter(file => file.endsWith('.k8s.yaml')).sort();
  return prepareTrace(files.flatMap(file => readYaml(readFileSync(join(ROOT, folder, file), 'utf8'), join(folder, file))));
}
