import { maximumResultsPerRequest, type PassiveCheckResult } from "@mycloud/protocol/check-result";

export type ParsedPush =
  | { readonly isPush: true; readonly results: readonly PassiveCheckResult[] }
  | { readonly isPush: false; readonly message: string };

/**
 * Reads the form of /push_check_result: `host_name`, `service_description`, `return_code`, `output` and `time_stamp` (seconds), repeated for several
 * results and paired by their position. Without services they are hosts' own, as is one with an empty service; without times they are of now. Other
 * counts than that of `return_code` are refused, which Shinken's module logs and then forgets. Pure.
 */
export function parsePush(form: URLSearchParams, nowMs: number): ParsedPush {
  const codes = form.getAll("return_code");
  const hosts = form.getAll("host_name");
  const outputs = form.getAll("output");
  const services = form.getAll("service_description");
  const times = form.getAll("time_stamp");
  if (codes.length === 0) return fault("there is no return_code; send host_name, return_code and output");
  if (codes.length > maximumResultsPerRequest) {
    return fault(`${codes.length} results in one request; send at most ${maximumResultsPerRequest}`);
  }
  for (const [name, values, mayBeMissing] of [
    ["host_name", hosts, false],
    ["output", outputs, false],
    ["service_description", services, true],
    ["time_stamp", times, true],
  ] as const) {
    if (values.length === codes.length || (mayBeMissing && values.length === 0)) continue;
    return fault(`${codes.length} times return_code, but ${values.length} times ${name}; they are paired by position`);
  }
  const results: PassiveCheckResult[] = [];
  for (const [index, code] of codes.entries()) {
    const [host = "", service = "", output = "", time = ""] = [hosts, services, outputs, times].map(
      (all) => all[index],
    );
    const result = resultOf(code, host.trim(), service.trim(), output, time.trim(), nowMs);
    if (typeof result === "string") return fault(codes.length === 1 ? result : `result ${index + 1}: ${result}`);
    results.push(result);
  }
  return { isPush: true, results };
}

/** One result, or what is wrong with it. */
function resultOf(
  code: string,
  host: string,
  service: string,
  output: string,
  time: string,
  nowMs: number,
): PassiveCheckResult | string {
  if (host === "" || host.length > 255) return "host_name is empty or longer than 255 characters";
  if (service.length > 255) return "service_description is longer than 255 characters";
  if (!/^\s*-?\d{1,6}\s*$/.test(code)) return `return_code is "${code.slice(0, 20)}", which is no whole number`;
  if (!/^\d{0,12}(\.\d{1,9})?$/.test(time))
    return `time_stamp is "${time.slice(0, 40)}", which is no number of seconds`;
  if (output.length > 65_536) return "output is longer than 65536 characters";
  return {
    host,
    ...(service === "" ? {} : { service }),
    returnCode: Number(code),
    output,
    checkedAtMs: time === "" ? nowMs : Math.floor(Number(time) * 1000),
  };
}

function fault(message: string): ParsedPush {
  return { isPush: false, message };
}
