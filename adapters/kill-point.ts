import { inspect } from 'node:util';

/**
 * For the kill tests alone: a process that ends itself as `kill -9` would, at a step that shows no sign to the outside.
 * `SEVENTYTWO_KILL_AT=ledger.append.after` ends it right after the tool `ledger` has done `append` (`before`: before it);
 * `ledger.append.after:BR-7K3M-9QXD` only when the arguments name that incident; `…#3` the third time. Ignored unless NODE_ENV is `test`.
 */
const POINT = /^(?<tool>\w+)\.(?<method>\w+)\.(?<moment>before|after)(?::(?<about>[\w-]+))?(?:#(?<nth>\d+))?$/;
const wanted =
  process.env['NODE_ENV'] === 'test' ? POINT.exec(process.env['SEVENTYTWO_KILL_AT'] ?? '')?.groups : undefined;

const DEPTH = 3; // where an incident's id stands in what tools are given

type Method = (...args: unknown[]) => unknown;

/** The tool itself; in a kill test, for the one tool that is named, with the end of the process in it. */
export function killable<T extends object>(name: string, tool: T): T {
  if (wanted?.['tool'] !== name) return tool;
  const { method = '', moment, about = '', nth = '1' } = wanted;
  const original = (tool as Record<string, unknown>)[method];
  if (typeof original !== 'function') throw new Error(`SEVENTYTWO_KILL_AT: ${name} has no method ${method}.`);
  let reached = 0;
  const die = (args: readonly unknown[]): void => {
    if (inspect(args, { depth: DEPTH }).includes(about) && ++reached === Number(nth))
      process.kill(process.pid, 'SIGKILL');
  };
  const deadly: Method = (...args) => {
    if (moment === 'before') die(args);
    const result = (original as Method).apply(tool, args);
    if (moment === 'before') return result;
    if (!(result instanceof Promise)) {
      die(args);
      return result;
    }
    return result.then((value: unknown) => {
      die(args);
      return value;
    });
  };
  return { ...tool, [method]: deadly };
}
