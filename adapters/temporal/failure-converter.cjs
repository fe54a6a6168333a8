// CommonJS and plain JavaScript, because Temporal loads it by require() in the worker, in the workflow bundle and in tests alike.
// Messages and stack traces of failures become payloads, which the codec encrypts: a refusal may quote what a person typed elsewhere.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
