// node .ci/sum.mjs REPORT STATUS: what jest counted, as the last line `N passed, N failed`. Exit 0 only when everything ran and passed.
import { existsSync, readFileSync } from 'node:fs';

const [file = '', status = '1'] = process.argv.slice(2);
const ran = existsSync(file);
const report = ran ? JSON.parse(readFileSync(file, 'utf8')) : {};
const { numPassedTests: passed = 0, numFailedTests = 0, numRuntimeErrorTestSuites: broken = 0 } = report;
const leftOut = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);

const wrong = [];
if (!ran) wrong.push('No test ran: what was before them failed (install, types, lint or format).');
else if (passed + numFailedTests + broken === 0) wrong.push('No test ran: jest found none.');
for (const suite of report.testResults ?? []) {
  for (const test of suite.assertionResults ?? []) {
    if (test.status === 'pending' || test.status === 'todo') wrong.push(`Left out: ${test.fullName}`);
  }
}
if (leftOut > 0) wrong.push(`${leftOut} tests were left out. Here every test runs or fails.`);
for (const line of wrong) console.log(line);

// Whatever else ended the command badly counts as one failure, so that the sum never looks green when it is not.
const failed = numFailedTests + broken;
const bad = wrong.length > 0 || Number(status) !== 0;
console.log(`${passed} passed, ${failed === 0 && bad ? 1 : failed} failed`);
process.exitCode = failed > 0 || bad ? 1 : 0;
