-- Asks a running hb serve as people do, for wrk(1): each connection asks, reads, waits a random time, asks again.
-- wrk -s load.lua ADDRESS -- COOKIE PAUSE PATH...   PAUSE is the mean of the waits in milliseconds, 0 for none.
-- Waits are random so that requests fall where they fall, and not all at the beginning of a second.
local paths, pause, headers, number = {}, 0, {}, 0

function init(args)
  headers["cookie"] = args[1]
  pause = tonumber(args[2])
  for index = 3, #args do paths[#paths + 1] = args[index] end
  number = math.random(#paths)
  math.randomseed(1703)
end

function request()
  number = number % #paths + 1
  return wrk.format("GET", paths[number], headers)
end

function delay()
  return pause > 0 and math.random(0, 2 * pause) or 0
end

function done(summary, latency, requests)
  local wrong = summary.errors
  io.write(string.format(
    '{"answered": %d, "seconds": %.3f, "bytes": %d, "errors": %d, "not2xx": %d, "p50": %.3f, "p90": %.3f, ' ..
    '"p99": %.3f, "p999": %.3f, "max": %.3f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    wrong.connect + wrong.read + wrong.write + wrong.timeout, wrong.status,
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3,
    latency:percentile(99.9) / 1e3, latency.max / 1e3))
end
