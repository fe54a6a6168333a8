import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createCodec } from './codec.js';

/** For client, worker and bundle alike: `bundleWorkflowCode({ failureConverterPath })`. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** Payloads and failure messages encrypted; plain JSON inside. One per process, so that its data key is shared. */
export const dataConverter = ({ masterKey }: { masterKey: Uint8Array }): DataConverter => ({
  failureConverterPath,
  payloadCodecs: [createCodec({ masterKey })],
});
