import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import { unescapeOutput } from "../external-command/index.ts";

export type ParsedResultFile =
  | { readonly isReadable: true; readonly results: readonly PassiveCheckResult[] }
  | { readonly isReadable: false; readonly message: string };

/**
 * Reads a file of Nagios' `checkresults` directory (nagioscore base/checks.c: process_check_result_file): blocks of `key=value`, an empty line after each,
 * `#` before remarks. One block that cannot be understood makes the whole file unreadable: a file that is half written or damaged says nothing. Pure.
 */
export function parseResultFile(text: string): ParsedResultFile {
  const results: PassiveCheckResult[] = [];
  let block = new Map<string, string>();
  let firstLine = 1;
  const lines = text.split("\n");
  for (const [index, line] of [...lines, ""].entries()) {
    if (line.startsWith("#")) continue;
    if (line.trim() !== "") {
      const equals = line.indexOf("=");
      if (equals < 1) return fault(`line ${index + 1} is no key=value`);
      if (block.size === 0) firstLine = index + 1;
      block.set(line.slice(0, equals).trim(), line.slice(equals + 1));
      continue;
    }
    // The head of a file has its own time and no host.
    block.delete("file_time");
    if (block.size > 0) {
      const result = resultOf(block);
      if (typeof result === "string") return fault(`the result at line ${firstLine}: ${result}`);
      results.push(result);
    }
    block = new Map();
  }
  return { isReadable: true, results };
}

/** The result of a block, or what is wrong with it. */
function resultOf(block: ReadonlyMap<string, string>): PassiveCheckResult | string {
  const host = block.get("host_name")?.trim() ?? "";
  const service = block.get("service_description")?.trim() ?? "";
  if (host === "") return "host_name is missing";
  if (host.length > 255 || service.length > 255) return "a name is longer than 255 characters";
  const code = block.get("return_code")?.trim() ?? "";
  if (!/^-?\d{1,6}$/.test(code)) return `return_code is "${code.slice(0, 20)}"`;
  const startMs = instant(block.get("start_time"));
  const finishMs = instant(block.get("finish_time"));
  if (startMs === null || finishMs === null) return "start_time or finish_time is no number of seconds";
  const seconds = startMs > 0 && finishMs >= startMs ? (finishMs - startMs) / 1000 : null;
  const { returnCode, output } = endOf(block, Number(code), seconds ?? 0, service !== "");
  return {
    host,
    ...(service === "" ? {} : { service }),
    returnCode,
    output: output.slice(0, 65_536),
    ...(startMs > 0 ? { checkedAtMs: startMs } : {}),
    ...(seconds === null || seconds > 86_400 ? {} : { executionTimeSeconds: seconds }),
  };
}

/** Nagios' own words and states for a plugin that was ended early or did not exit by itself (service_check_timeout_state c; a host is DOWN). */
function endOf(block: ReadonlyMap<string, string>, code: number, seconds: number, isService: boolean) {
  const what = isService ? "Service" : "Host";
  const bad = isService ? 2 : 1;
  if (block.get("early_timeout")?.trim() === "1") {
    return { returnCode: bad, output: `(${what} check timed out after ${seconds.toFixed(2)} seconds)` };
  }
  if (block.get("exited_ok")?.trim() === "0") {
    return { returnCode: bad, output: `(${what} check did not exit properly)` };
  }
  return { returnCode: code, output: unescapeOutput(block.get("output") ?? "") };
}

/** Seconds with a fraction as milliseconds; 0 when missing, null when it is no number. */
function instant(text: string | undefined): number | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return 0;
  return /^\d{1,12}(\.\d{1,9})?$/.test(trimmed) ? Math.floor(Number(trimmed) * 1000) : null;
}

function fault(message: string): ParsedResultFile {
  return { isReadable: false, message };
}
