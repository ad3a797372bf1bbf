// `alb-istio trace`: shows where one request goes, hop by hop.
import { UsageError } from '../base/errors';
import { renderTraceJson } from '../output/trace/trace-json';
import { renderTraceText } from '../output/trace/trace-text';
import { parseRequest } from '../trace/client-request';
import { trace } from '../trace/trace';
import { isByDesign } from '../trace/hops/trace-end';
import type { Command } from './command';
import { readTracedUnits, servingUnit } from './traced-units';

/** Exits with 1 when an end is not by design. */
export const TRACE: Command = {
  formats: ['text', 'json'],
  options: ['follow', 'complete', 'ignore', 'config'],
  run([line, ...paths], { format, follow, ...options }, terminal) {
    if (line === undefined || paths.length === 0) {
      throw new UsageError("trace needs a 'REQUEST' and a PATH, such as 'GET https://shop.example.com/cart' dist");
    }
    const swapped = line.includes('://') ? undefined : paths.find(path => /^\S+\s+https?:\/\//i.test(path));
    if (swapped !== undefined) {
      throw new UsageError(`trace needs the REQUEST before the PATH: alb-istio trace '${swapped}' ${line}`);
    }
    const request = parseRequest(line);
    const { models } = servingUnit(readTracedUnits(paths, options, terminal), request);
    const found = trace(models, request, { follow });
    terminal.out(format === 'json' ? renderTraceJson(found) : renderTraceText(found));
    return found.ends.every(isByDesign) ? 0 : 1;
  },
};
