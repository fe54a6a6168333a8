// What a container asks itself: `health.mjs alive` or `health.mjs ready`. Exit 0 or 1; what answers no is named.
// A worker answers on SEVENTYTWO_HEALTH_LISTEN, the API on SEVENTYTWO_LISTEN, the watchdog on SEVENTYTWO_WATCHDOG_LISTEN; whichever runs
// here, one of them answers.
const path = { alive: '/healthz', ready: '/readyz' }[process.argv[2] ?? 'alive'];
if (path === undefined) {
  process.stderr.write('health.mjs: alive or ready\n');
  process.exit(2);
}
const WITHIN_MS = 4_000;
const { SEVENTYTWO_WATCHDOG_LISTEN, SEVENTYTWO_HEALTH_LISTEN, SEVENTYTWO_LISTEN = '127.0.0.1:7272' } = process.env;
const addresses = [SEVENTYTWO_WATCHDOG_LISTEN, SEVENTYTWO_HEALTH_LISTEN, SEVENTYTWO_LISTEN]
  .filter((address) => address !== undefined && address !== '')
  .map((address) => address.replace(/^(0\.0\.0\.0|\[::\])(?=:\d+$)/, '127.0.0.1'));

let says = 'nothing answers';
for (const address of addresses) {
  try {
    const answer = await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(WITHIN_MS) });
    if (answer.ok) process.exit(0);
    const { checks = [] } = await answer.json();
    says = `not ${process.argv[2]}: ${
      checks
        .filter(({ ok }) => !ok)
        .map(({ name }) => name)
        .join(', ') || answer.status
    }`;
    break;
  } catch {
    // the other address
  }
}
process.stderr.write(`${says}\n`);
process.exit(1);
