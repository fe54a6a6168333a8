import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { failureConverterPath } from '../adapters/temporal/data-converter.js';

const isSource = import.meta.url.endsWith('.ts');
export const BUILT_BUNDLE = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));
export const workflowsPath = createRequire(import.meta.url).resolve(
  isSource ? '../workflows/index.ts' : '../workflows/index.js',
);

/** From sources the bundle is made at start (about a second); a built image brings it along, so that what was tested is what runs. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (!isSource) return { codePath: BUILT_BUNDLE };
  const { code } = await makeBundle();
  return { code };
}

export const makeBundle = (): ReturnType<typeof bundleWorkflowCode> =>
  bundleWorkflowCode({
    workflowsPath,
    failureConverterPath,
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: loud, log: quiet },
  });

const quiet = (): void => undefined;
const loud = (message: string): void => {
  process.stderr.write(`${message}\n`);
};

/** The bundle's own identity, for the worker's build id. */
export const builtFrom = (): string => (isSource ? 'source' : String(readFileSync(BUILT_BUNDLE).length));
