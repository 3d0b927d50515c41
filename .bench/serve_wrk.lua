-- Posts the rows of a file and prints what serve_cases.py reads.
function init(args)
  local file = io.open(args[1])
  wrk.method = "POST"
  wrk.body = file:read("*a")
  wrk.headers["Content-Type"] = "text/csv"
  file:close()
end

function done(summary, latency, requests)
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.timeout + e.status))
end
