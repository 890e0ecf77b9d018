// Asks a running hb serve at a constant rate with autocannon, and prints what it measured as JSON.
// node load.mjs ADDRESS COOKIE RATE SECONDS CONNECTIONS PATH...
// autocannon sends when a request is due and counts the wait of those that had to wait (coordinated omission).
import { createRequire } from "node:module";

const autocannon = createRequire(process.cwd() + "/")("autocannon");
const [url, cookie, rate, duration, connections, ...paths] = process.argv.slice(2);
const result = await autocannon({
  url,
  duration: Number(duration),
  connections: Number(connections),
  ...(Number(rate) ? { overallRate: Number(rate) } : {}),
  headers: { cookie },
  requests: paths.map((path) => ({ method: "GET", path })),
});
const { latency, requests, throughput } = result;
console.log(JSON.stringify({
  sent: requests.sent, answered: requests.total, rate: requests.average, bytes: throughput.total,
  errors: result.errors, timeouts: result.timeouts, not2xx: result.non2xx,
  p50: latency.p50, p90: latency.p90, p99: latency.p99, p999: latency.p99_9, max: latency.max,
}));
