import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { failureConverterPath } from '../../adapters/temporal/data-converter.js';
import { ROOT } from './recordings.js';

const quiet = (): void => undefined;
const logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, log: quiet };

export const WITNESS = fileURLToPath(new URL('./witness.ts', import.meta.url));

/** The workflows as they are, with interceptors of a test. */
export const bundleWith = (interceptors: string, root = ROOT): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath: join(root, 'workflows/index.ts'),
    workflowInterceptorModules: [interceptors],
    failureConverterPath,
    logger,
  });

export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The workflows with one line changed. Throws when the line is no longer there: the mutation would prove nothing. */
export async function mutatedBundle({ file, from, to }: Mutation): Promise<WorkflowBundleWithSourceMap> {
  const root = mkdtempSync(join(tmpdir(), 'seventytwo-mutant-'));
  try {
    for (const folder of ['workflows', 'domain']) cpSync(join(ROOT, folder), join(root, folder), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    const source = readFileSync(join(root, file), 'utf8');
    if (source.split(from).length !== 2)
      throw new Error(
        `${file} holds the text to change ${source.split(from).length - 1} times, it must be once: ${from}`,
      );
    writeFileSync(
      join(root, file),
      source.replace(from, () => to),
    );
    return await bundleWith(WITNESS, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
