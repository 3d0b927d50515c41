-- A load for wrk: posts one row, and counts statuses and the models that answered.
local threads = {}
local number = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  good, bad, models = 0, 0, ""
  wrk.method = "POST"
  wrk.body = "1,2,3\n"
  wrk.headers["Content-Type"] = "text/csv"
end

function response(status, headers, body)
  if status == 200 then good = good + 1 else bad = bad + 1 end
  local model = headers["X-Atelier-Model"] or headers["x-atelier-model"] or "none"
  if not string.find(models, model, 1, true) then models = models .. model .. " " end
end

function done(summary, latency, requests)
  local good, bad, models = 0, 0, ""
  for _, thread in ipairs(threads) do
    good = good + thread:get("good")
    bad = bad + thread:get("bad")
    models = models .. thread:get("models")
  end
  local e = summary.errors
  print(string.format("RESULT good=%d bad=%d broken=%d models=%s", good, bad,
    e.connect + e.read + e.write + e.timeout, models))
end
