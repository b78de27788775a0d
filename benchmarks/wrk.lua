-- What wrk has counted, as one line of JSON: seconds, bytes with their headers, failures, and latencies in milliseconds.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests":%d,"seconds":%.3f,"bytes":%d,"failed":%d,"median":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, failed, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
